"""The records: entries that are only ever added, a chain that shows every change, and writers who wait for each other."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgres import postgres  # noqa: F401  (a fixture)

from data.errors import RecordsError
from data.store.records import Records, open_records, records_url, verify
from data.store.records.database import ENTRIES, FORM, engine_of
from data.store.records.head import known_head

FIELDS = ("city", "kind", "slot", "at", "author", "body", "previous", "digest")


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))
    if request.param == "postgresql":
        monkeypatch.setenv("CIVICAST_RECORDS", request.getfixturevalue("postgres")())
    else:
        monkeypatch.delenv("CIVICAST_RECORDS", raising=False)
    found = open_records()
    yield found
    found.engine.dispose()


def fill(records: Records, n: int = 6) -> None:
    for number in range(n):
        records.append(
            "note", {"number": number, "text": f"ä “{number}”"}, city="meridian", author="A", slot=f"s{number}"
        )


def test_what_is_recorded_is_read_back(records: Records) -> None:
    made = records.append("note", {"b": [1, 2.5, None], "a": "ä"}, city="meridian", author="Who decides", slot="one")
    records.append("other", {}, city="elsewhere", author="")
    assert records.entries()[0] == made
    assert made.body == {"a": "ä", "b": [1, 2.5, None]}
    assert [each.number for each in records.entries()] == [1, 2]
    assert records.entries(city="elsewhere", kind="note") == ()
    assert [each.kind for each in records.entries(city="elsewhere")] == ["other"]
    assert records.entries()[1].previous == made.digest
    assert verify(records).sound


def test_one_entry_takes_a_slot(records: Records) -> None:
    fill(records, 2)
    with pytest.raises(RecordsError, match="a moment ago"):
        records.append("note", {}, city="meridian", author="B", slot="s1")
    assert len(records.entries()) == 2
    records.append("note", {}, city="meridian", author="B")
    records.append("note", {}, city="meridian", author="B")  # no slot is nobody's


@pytest.mark.parametrize("statement", ["UPDATE entries SET author = 'B'", "DELETE FROM entries"])
def test_the_database_itself_refuses_changes(records: Records, statement: str) -> None:
    fill(records, 2)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added"), records.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert [each.author for each in records.entries()] == ["A", "A"]


def test_many_writers_make_one_chain(records: Records) -> None:
    refused: list[RecordsError] = []

    def write(writer: int) -> None:
        for number in range(8):
            try:
                records.append("note", {"writer": writer}, city="meridian", author="A", slot=f"shared-{number}")
            except RecordsError as error:
                refused.append(error)

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert len(records.entries()) == 8
    assert len(refused) == 24
    assert verify(records).sound


def test_tables_are_those_of_the_newest_migration(records: Records) -> None:
    found = sa.inspect(records.engine)
    assert [each["name"] for each in found.get_columns("entries")] == [each.name for each in ENTRIES.columns]
    unique = {column for each in found.get_unique_constraints("entries") for column in each["column_names"]}
    assert unique == {"slot", "previous", "digest"}
    assert found.get_pk_constraint("entries")["constrained_columns"] == ["number"]
    with records.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM records_version")).scalars().all() == [FORM]


# By hand: what somebody may do to the file who has it


def by_hand(place: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    connection = sqlite3.connect(place)
    connection.execute("DROP TRIGGER IF EXISTS no_update")
    connection.execute("DROP TRIGGER IF EXISTS no_delete")
    for statement, values in statements:
        connection.execute(statement, values)
    connection.commit()
    connection.close()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Records, Path]]:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))
    monkeypatch.delenv("CIVICAST_RECORDS", raising=False)
    found = open_records()
    fill(found)
    yield found, tmp_path / "records" / "records.sqlite"
    found.engine.dispose()


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_changed_field_is_seen(own: tuple[Records, Path], field: str, number: int) -> None:
    records, place = own
    by_hand(place, (f"UPDATE entries SET {field} = {field} || ' ' WHERE number = ?", (number,)))
    found = verify(records)
    assert not found.sound
    assert found.faults[0].number in (number, number + 1)


@pytest.mark.parametrize("number", [1, 3, 6])
def test_an_entry_that_was_taken_out_is_seen(own: tuple[Records, Path], number: int) -> None:
    records, place = own
    by_hand(place, ("DELETE FROM entries WHERE number = ?", (number,)))
    assert not verify(records).sound


def test_entries_that_changed_places_are_seen(own: tuple[Records, Path]) -> None:
    records, place = own
    swap = [("UPDATE entries SET number = ? WHERE number = ?", pair) for pair in ((99, 2), (2, 3), (3, 99))]
    by_hand(place, *swap)
    assert [each.number for each in verify(records).faults][:1] == [2]


def test_a_chain_made_anew_is_seen_by_the_workspace(own: tuple[Records, Path]) -> None:
    records, place = own
    kept = records.entries()[-1].digest
    end = next(place.parent.glob("end-*.json"))
    noted = end.read_text()
    by_hand(place, ("DELETE FROM entries", ()))
    end.unlink()
    fill(records)
    end.write_text(noted)
    assert [str(each.sentence)[:8] for each in verify(records).faults] == ["Entry 6 "]
    end.unlink()
    assert verify(records).sound  # nothing here knows better, but who kept a digest does
    assert not verify(records, expected=kept).sound


def test_a_workspace_that_was_never_told_learns_the_end(own: tuple[Records, Path]) -> None:
    records, place = own
    next(place.parent.glob("end-*.json")).unlink()
    assert verify(records).sound
    assert known_head(records.url) == (6, records.entries()[-1].digest)


def test_a_killed_writer_leaves_a_whole_chain(tmp_path: Path) -> None:
    writer = (
        "import os\n"
        "from data.store.records import open_records\n"
        "records = open_records()\n"
        "while True:\n"
        "    print(records.append('note', {'text': 'x' * 2000}, city='meridian', author='A').number, flush=True)\n"
    )
    about = os.environ | {"CIVICAST_HOME": str(tmp_path)}
    about.pop("CIVICAST_RECORDS", None)
    rng, confirmed = random.Random(4), 0
    for _ in range(3):
        running = subprocess.Popen([sys.executable, "-c", writer], env=about, stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        for _ in range(rng.randint(1, 20)):
            confirmed = int(running.stdout.readline())
        running.send_signal(signal.SIGKILL)
        rest = running.communicate()[0].split()
        confirmed = int(rest[-1]) if rest else confirmed
    ask = (
        "from data.store.records import open_records, verify\n"
        "found = verify(open_records())\n"
        "print(found.entries, found.sound)"
    )
    told = subprocess.run([sys.executable, "-c", ask], env=about, capture_output=True, text=True, check=True).stdout
    entries, sound = told.split()
    assert sound == "True"
    assert confirmed <= int(entries) <= confirmed + 1


# Where they cannot be opened


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "cannot be opened"),
        ("mystery://somewhere/else", "cannot be opened"),
        ("postgresql+psycopg://user:secret@127.0.0.1:1/none", "cannot be opened"),
        ("sqlite:////proc/none/records.sqlite", "cannot be opened"),
    ],
)
def test_records_that_cannot_be_opened_are_told_in_a_sentence(url: str, why: str) -> None:
    with pytest.raises(RecordsError, match=why) as refusal:
        open_records(url)
    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    place = tmp_path / "records.sqlite"
    place.write_text("minutes of a meeting\n" * 100)
    with pytest.raises(RecordsError, match="not a database"):
        open_records(f"sqlite:///{place}")
    assert place.read_text().startswith("minutes")


def test_records_of_a_newer_version_are_left_alone(own: tuple[Records, Path]) -> None:
    _, place = own
    by_hand(place, ("UPDATE records_version SET version_num = '9999'", ()))
    engine_of.cache_clear()
    with pytest.raises(RecordsError, match="newer version"):
        open_records()


def test_tables_without_a_version_are_brought_up_to_date(own: tuple[Records, Path]) -> None:
    _, place = own
    by_hand(place, ("DROP TABLE entries", ()), ("DELETE FROM records_version", ()))
    engine_of.cache_clear()
    again = open_records()
    assert again.entries() == ()
    assert "no_update" in {name for (name,) in sqlite3.connect(place).execute("SELECT name FROM sqlite_master")}


def test_a_body_that_was_written_by_hand_is_refused(own: tuple[Records, Path]) -> None:
    records, place = own
    by_hand(place, ("UPDATE entries SET body = ? WHERE number = 2", ("[",)))
    with pytest.raises(RecordsError, match="Entry 2"):
        records.entries()


def test_usual_records_lie_in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))
    monkeypatch.delenv("CIVICAST_RECORDS", raising=False)
    assert records_url() == f"sqlite:///{tmp_path}/records/records.sqlite"
    found = open_records()
    fill(found, 1)
    found.engine.dispose()
    assert json.loads(next((tmp_path / "records").glob("end-*.json")).read_text())["number"] == 1
