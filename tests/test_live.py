"""Sources that grow: no row is lost, none counts twice, the last good data stay, and what is wrong is known since when."""

from __future__ import annotations

import http.server
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_city import TOML, write_city

from data import open_city
from data.__main__ import main
from data.city import stamp_of
from data.errors import CityFileError
from data.live import Followed, follow, follow_once, followed_in, sources
from data.store.feeds import FeedState

LIVE = """
[series.air]
source = "air.csv"
live = "{live}"
period = "hour"
value = "value"
freq = "h"
unit = "µg/m³"
value_type = "continuous"
utc = true
"""
FIRST = pd.Timestamp("2024-03-01 00:00")
NOON = datetime(2024, 3, 2, 12, tzinfo=UTC)
HEADER = "hour,value,note\n"


def line(hour: int, value: float | None = None) -> str:
    """An hour's row; its value is its number."""
    return f"{FIRST + pd.Timedelta(hours=hour):%Y-%m-%d %H:%M},{hour if value is None else value},x\n"


def lines(first: int, end: int) -> str:
    return "".join(line(hour) for hour in range(first, end))


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city with ten hours of air in a file, and a folder in which more come."""
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "home"))
    (tmp_path / "feed").mkdir()
    (tmp_path / "air.csv").write_text(HEADER + lines(0, 10))
    return write_city(tmp_path, toml=TOML + LIVE.format(live="feed"))


def look(city: Path, *, at: datetime = NOON) -> FeedState:
    [followed] = followed_in(city)
    return follow_once(followed, now=lambda: at)


def values(city: Path) -> list[float]:
    return [float(each) for each in open_city(city).series["air"].values.iloc[:, 0]]


def findings(city: Path) -> dict[str, str]:
    return {each.code: each.message for each in open_city(city).series["air"].findings}


def test_new_rows_are_read_as_they_come(city: Path) -> None:
    feed = city.parent / "feed" / "march.csv"
    assert look(city).rows == 0
    feed.write_text(HEADER + lines(10, 12))
    assert look(city).rows == 2
    assert values(city) == list(range(12))
    with feed.open("a") as file:
        file.write(lines(12, 13))
    state = look(city)
    assert (state.rows, state.newest) == (3, "2024-03-01 12:00")
    assert look(city).rows == 3  # nothing new
    (city.parent / "feed" / "next.csv").write_text(HEADER + lines(13, 20))
    assert look(city).rows == 10
    assert values(city) == list(range(20))


def test_a_line_that_is_not_ended_waits(city: Path) -> None:
    feed = city.parent / "feed" / "march.csv"
    whole = HEADER + lines(10, 12)
    for end in range(1, len(whole) + 1):  # written byte by byte
        feed.write_text(whole[:end])
        state = look(city)
        assert state.failure is None
        assert state.rows == whole[:end].count("\n") - (1 if end >= len(HEADER) else 0)
    assert values(city) == list(range(12))


def test_a_file_that_is_cut_short_and_comes_back_loses_and_doubles_nothing(city: Path) -> None:
    feed = city.parent / "feed" / "march.csv"
    whole = HEADER + lines(10, 30)
    feed.write_text(whole)
    assert look(city).rows == 20
    for end in (len(whole) // 2, 5, 0):
        feed.write_text(whole[:end])
        assert look(city).rows == 20
        assert values(city) == list(range(30))
    feed.write_text(whole + lines(30, 33))
    assert look(city).rows == 23
    assert values(city) == list(range(33))
    assert "live_renewed" not in findings(city)


def test_a_file_that_always_shows_the_last_hours_adds_each_once(city: Path) -> None:
    feed = city.parent / "feed" / "last.csv"
    for end in range(15, 40):
        feed.write_text(HEADER + lines(max(10, end - 6), end))
        look(city)
    assert values(city) == list(range(40 - 1))
    assert look(city).rows == 29


def test_other_columns_leave_the_last_good_data_and_say_since_when(city: Path) -> None:
    feed = city.parent / "feed" / "march.csv"
    feed.write_text(HEADER + lines(10, 12))
    good = look(city, at=NOON)
    before = stamp_of(city)
    feed.write_text(HEADER.replace("value", "pm25") + lines(10, 14))
    for hours in (1, 2, 3):
        broken = look(city, at=NOON + timedelta(hours=hours))
    assert broken.failure is not None
    assert (broken.failure.code, broken.failure.since) == ("columns_changed", "2024-03-02T13:00:00+00:00")
    assert broken.read_at == good.read_at
    assert broken.age(NOON + timedelta(hours=3)) == 3 * 3600
    assert values(city) == list(range(12))
    assert "has no column value" in findings(city)["live_broken"]
    assert "2 March 2024" in findings(city)["live_broken"]
    assert stamp_of(city) != before  # so that pages draw what is wrong
    feed.write_text(HEADER + lines(10, 14))
    mended = look(city, at=NOON + timedelta(hours=4))
    assert (mended.failure, mended.rows, mended.age(NOON + timedelta(hours=4))) == (None, 4, 0)
    assert values(city) == list(range(14))
    assert "live_broken" not in findings(city)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("2024-03-01 12:00,12\n", "ragged"),
        ('2024-03-01 12:00,"12,x\n', "no_row"),
        ("yesterday,much,x\n", "unreadable"),
    ],
)
def test_a_line_that_does_not_fit_stops_the_file_there_until_it_is_mended(city: Path, bad: str, code: str) -> None:
    feed = city.parent / "feed" / "march.csv"
    feed.write_text(HEADER + lines(10, 12))
    look(city)
    feed.write_text(HEADER + lines(10, 12) + bad)
    state = look(city)
    assert state.failure is not None
    assert state.failure.code == code
    assert values(city) == list(range(12))
    feed.write_text(HEADER + lines(10, 14))
    assert look(city).failure is None
    assert values(city) == list(range(14))


def test_a_file_of_bytes_that_are_no_text_stops_no_other(city: Path) -> None:
    (city.parent / "feed" / "a.csv").write_bytes(HEADER.encode() + b"\xff\xfe,1,x\n")
    (city.parent / "feed" / "b.csv").write_text(HEADER + lines(10, 12))
    state = look(city)
    assert state.failure is not None
    assert state.failure.code == "not_utf8"
    assert values(city) == list(range(12))


def test_a_later_value_takes_the_place_of_an_earlier_one(city: Path) -> None:
    (city.parent / "feed" / "march.csv").write_text(HEADER + line(9, 90.5) + line(10) + line(10, 100.5))
    look(city)
    assert values(city) == [*range(9), 90.5, 100.5]
    assert "2 rows were stated anew" in findings(city)["live_renewed"]


def test_a_folder_that_is_gone_is_told_and_nothing_is_lost(city: Path) -> None:
    feed = city.parent / "feed"
    (feed / "march.csv").write_text(HEADER + lines(10, 12))
    look(city)
    feed.rename(city.parent / "elsewhere")
    state = look(city)
    assert state.failure is not None
    assert state.failure.code == "no_folder"
    assert values(city) == list(range(12))


def test_links_and_pipes_are_not_followed(city: Path) -> None:
    secret = city.parent / "secret.csv"
    secret.write_text(HEADER + lines(10, 12))
    (city.parent / "feed" / "link.csv").symlink_to(secret)
    state = look(city)
    assert (state.rows, state.failure and state.failure.code) == (0, "no_file")
    (city.parent / "feed" / "link.csv").unlink()
    os.mkfifo(city.parent / "feed" / "pipe.csv")
    state = look(city)
    assert (state.rows, state.failure and state.failure.code) == (0, "no_plain_file")


def test_what_a_killed_process_had_begun_to_add_is_written_over(city: Path) -> None:
    feed = city.parent / "feed" / "march.csv"
    feed.write_text(HEADER + lines(10, 12))
    look(city)
    [followed] = followed_in(city)
    with (followed.feed.folder / "rows.csv").open("a") as file:
        file.write("2024-03-01 12:00,1")  # killed within a row, before the state was kept
    assert values(city) == list(range(12))
    feed.write_text(HEADER + lines(10, 13))
    assert look(city).rows == 3
    assert values(city) == list(range(13))


def test_a_thread_follows_until_it_is_stopped(city: Path) -> None:
    seen, stop, come = [], threading.Event(), threading.Event()

    def after(_: Followed, state: FeedState) -> None:
        seen.append(state.rows)
        if state.rows:
            come.set()

    thread = threading.Thread(
        target=follow, args=(lambda: [city],), kwargs={"stop": stop, "every": 0.02, "after": after}
    )
    thread.start()
    (city.parent / "feed" / "march.csv").write_text(HEADER + lines(10, 12))
    assert come.wait(10)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert seen[-1] == 2


@pytest.mark.parametrize("address", ["file:///etc", "ftp://example.org/x.csv", "https://", "http://["])
def test_only_folders_and_web_addresses_may_be_named(city: Path, address: str) -> None:
    write_city(city.parent, toml=TOML + LIVE.format(live=address))
    with pytest.raises(CityFileError, match="name a folder, or an address"):
        followed_in(city)


@contextmanager
def served(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed.csv"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(status: int, content: str, **headers: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content.encode())

    return answer


def test_an_address_is_followed_like_a_folder(city: Path) -> None:
    content = [HEADER + lines(10, 12)]
    with served(lambda request: page(200, content[0])(request)) as address:
        write_city(city.parent, toml=TOML + LIVE.format(live=address))
        assert look(city).rows == 2
        content[0] += lines(12, 14)
        assert look(city).rows == 4
        content[0] = HEADER + lines(12, 15)
        assert look(city).rows == 5
    assert values(city) == list(range(15))
    state = look(city)  # the server is gone
    assert (state.rows, state.failure and state.failure.code) == (5, "unreachable")


def test_a_redirect_is_not_followed(city: Path) -> None:
    for target in ("file:///etc/passwd", "http://127.0.0.1:1/x"):
        with served(page(302, "", Location=target)) as address:
            write_city(city.parent, toml=TOML + LIVE.format(live=address))
            state = look(city)
            assert (state.rows, state.failure and state.failure.code) == (0, "redirected")


def test_an_answer_that_is_no_table_or_too_large_is_refused(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(page(503, "busy")) as address:
        write_city(city.parent, toml=TOML + LIVE.format(live=address))
        failure = look(city).failure
        assert failure is not None
        assert str(failure.why) == "the address answers with status 503."
    monkeypatch.setattr(sources, "MOST_BYTES", 4096)
    with served(page(200, HEADER + lines(10, 500))) as address:
        write_city(city.parent, toml=TOML + LIVE.format(live=address))
        state = look(city)
        assert (state.rows, state.failure and state.failure.code) == (0, "too_large")


def test_the_command_follows_once(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (city.parent / "feed" / "march.csv").write_text(HEADER + lines(10, 12))
    assert main(["follow", str(city), "--once", "--json"]) == 0
    [told] = json.loads(capsys.readouterr().out)["followed"]
    assert (told["section"], told["rows"], told["newest"], told["failure"]) == (
        "[series.air]",
        2,
        "2024-03-01 11:00",
        None,
    )
    (city.parent / "feed" / "march.csv").write_text("hour\n")
    assert main(["follow", str(city), "--once"]) == 0
    assert "has no column value" in capsys.readouterr().out
    write_city(city.parent)
    assert main(["follow", str(city), "--once"]) == 2
    assert "No table of Tiny has a source that grows" in capsys.readouterr().err


# Points and requests

POINTS = """
[incidents.thefts]
source = "log.csv"
live = "feed"
id = "id"
time = "when"
longitude = "lon"
latitude = "lat"
areas = "ward"
until = 2024-12-31
"""
ASKED = """
[requests.asked]
source = "log.csv"
live = "feed"
id = "id"
opened = "when"
completed = "done"
longitude = "lon"
latitude = "lat"
areas = "ward"
until = 2024-12-31

[series.asked]
from_points = "log.csv"
time = "when"
longitude = "lon"
latitude = "lat"
areas = "ward"
freq = "D"
unit = "requests"
until = 2024-12-31
"""
LOG = "id,when,done,lon,lat,officer\n"


def entry(number: int, done: str = "") -> str:
    return f"{number},2024-03-{number:02} 10:00,{done},15.05,50.05,x\n"


def entries(first: int, end: int) -> str:
    return "".join(entry(number) for number in range(first, end))


@pytest.fixture(params=["incidents", "requests"])
def log(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A city with five entries of a log in a file, and a folder in which more come; and the kind of table that they are."""
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "home"))
    (tmp_path / "feed").mkdir()
    (tmp_path / "log.csv").write_text(LOG + entries(1, 6))
    return write_city(tmp_path, toml=TOML + (POINTS if request.param == "incidents" else ASKED)), request.param


def table_of(log: tuple[Path, str]) -> Any:
    path, kind = log
    return open_city(path).incidents["thefts"] if kind == "incidents" else open_city(path).requests["asked"]


def test_points_and_requests_grow_and_lose_nothing(log: tuple[Path, str]) -> None:
    path, _ = log
    feed, before = path.parent / "feed" / "march.csv", stamp_of(path)
    assert table_of(log).rows == 5
    whole = LOG + entries(6, 12)
    feed.write_text(whole)
    assert look(path).newest == "2024-03-11 10:00"
    assert table_of(log).rows == 11
    assert stamp_of(path) != before
    feed.write_text(whole[: len(whole) // 2])  # cut short, and then whole again with more
    assert look(path).rows == 6
    assert table_of(log).rows == 11
    feed.write_text(whole + entries(12, 15))
    assert look(path).rows == 9
    assert table_of(log).rows == 14


def test_other_columns_of_points_and_requests_leave_the_last_good_data(log: tuple[Path, str]) -> None:
    path, _ = log
    feed = path.parent / "feed" / "march.csv"
    feed.write_text(LOG + entries(6, 8))
    look(path)
    feed.write_text("number,when,done,x,y\n" + entries(8, 9))
    state = look(path)
    assert state.failure is not None
    assert state.failure.code == "columns_changed"
    found = table_of(log)
    assert found.rows == 7
    assert "live_broken" in {each.code for each in found.findings}
    feed.write_text(LOG + entries(6, 9))
    assert look(path).failure is None
    assert table_of(log).rows == 8


def test_places_that_are_no_numbers_are_not_taken(log: tuple[Path, str]) -> None:
    path, _ = log
    (path.parent / "feed" / "march.csv").write_text(LOG + entries(6, 8).replace("15.05", "nowhere"))
    state = look(path)
    assert state.rows == 0
    assert state.failure is not None
    assert state.failure.code == "unreadable"


@pytest.mark.parametrize("log", ["requests"], indirect=True)
def test_a_request_that_is_stated_anew_is_one_request(log: tuple[Path, str]) -> None:
    path, _ = log
    (path.parent / "feed" / "march.csv").write_text(LOG + entry(2, done="2024-03-09 12:00"))
    look(path)
    found = table_of(log)
    assert found.rows == 5
    assert found.frame["closed"].notna().tolist() == [False, True, False, False, False]
    assert "live_renewed" in {each.code for each in found.findings}


def test_rows_without_an_id_may_not_grow(log: tuple[Path, str]) -> None:
    path, kind = log
    path.write_text(path.read_text().replace('id = "id"\n', ""))
    with pytest.raises(CityFileError, match=f"{kind}.* must be told apart: add the key “id”"):
        open_city(path)
