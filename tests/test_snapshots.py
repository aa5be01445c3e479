"""A stored result comes back whole or not at all."""

from __future__ import annotations

import hashlib
import json
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import WorkspaceError
from data.store.results import keys, load, save
from data.store.workspace import home

COLUMNS = pd.MultiIndex.from_tuples([("01", "a"), ("01", "b"), ("2", "a")], names=["area_id", "category"])
PANEL = pd.DataFrame(
    np.arange(9.0).reshape(3, 3),
    index=pd.date_range("2024-01-01", periods=3, freq="D", name="period", unit="ns"),
    columns=COLUMNS,
)


def test_tables_and_record_come_back() -> None:
    tables = {
        "panel": PANEL,
        "quantiles": pd.DataFrame({0.1: [1, 2], 0.9: [3, 4]}),
        "no/such file": pd.DataFrame({"x": ["é"]}),
    }
    save("backtest", "k-1", tables=tables, record={"seed": 1, "names": ["a"]})
    stored = load("backtest", "k-1")
    assert stored is not None
    assert stored.record == {"seed": 1, "names": ["a"]}
    assert list(stored.tables) == list(tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(stored.tables[name], table, check_freq=False)


def test_keys_are_those_saved() -> None:
    assert keys("backtest") == ()
    for key in ("b", "a"):
        save("backtest", key, tables={}, record={})
    save("forecast", "c", tables={}, record={})
    assert keys("backtest") == ("a", "b")


def test_what_was_never_saved_is_none() -> None:
    assert load("backtest", "k") is None


def test_the_last_saving_counts() -> None:
    for seed in (1, 2):
        save("backtest", "k", tables={"panel": PANEL * seed}, record={"seed": seed})
    stored = load("backtest", "k")
    assert stored is not None
    assert stored.record == {"seed": 2}
    assert stored.tables["panel"].to_numpy().sum() == 72
    assert [path.name for path in (home() / "results" / "backtest").iterdir()] == ["k.result"]


@pytest.mark.parametrize("where", [0.0, 0.001, 0.01, 0.25, 0.5, 0.75])
def test_a_flipped_bit_reads_as_none(where: float) -> None:
    file = save("backtest", "k", tables={"panel": pd.concat([PANEL] * 400)}, record={"seed": 12345})
    assert load("backtest", "k") is not None
    content = bytearray(file.read_bytes())
    content[int(len(content) * where)] ^= 1
    file.write_bytes(content)
    assert load("backtest", "k") is None


@pytest.mark.parametrize("keep", [0, 10, 100, -1])
def test_a_cut_file_reads_as_none(keep: int) -> None:
    file = save("backtest", "k", tables={"panel": PANEL}, record={"a": 1})
    file.write_bytes(file.read_bytes()[:keep])
    assert load("backtest", "k") is None


def save_as_before(kind: str, key: str, *, table: pd.DataFrame, record: dict[str, object]) -> Path:
    """What 0.5 stored: a folder with a file a table and a record that holds their digests."""
    folder = home() / "results" / kind / key
    folder.mkdir(parents=True)
    table.to_parquet(folder / "0-ab.parquet")

    def digest(content: bytes) -> str:
        return hashlib.blake2b(content, digest_size=16).hexdigest()

    files = {"panel": ["0-ab.parquet", digest((folder / "0-ab.parquet").read_bytes())]}
    body = json.dumps({"tables": files, "record": record}).encode()
    (folder / "record.json").write_bytes(digest(body).encode() + b"\n" + body)
    return folder


def test_what_was_kept_by_an_earlier_version_is_found_until_it_is_saved_again() -> None:
    folder = save_as_before("said", "k-2024", table=PANEL, record={"model": "a"})
    earlier = load("said", "k-2024")
    assert earlier is not None
    assert earlier.record == {"model": "a"}
    pd.testing.assert_frame_equal(earlier.tables["panel"], PANEL, check_freq=False)
    assert keys("said") == ("k-2024",)
    save("said", "k-2024", tables={}, record={"model": "b"})
    now = load("said", "k-2024")
    assert now is not None
    assert now.record == {"model": "b"}
    assert (keys("said"), folder.exists()) == (("k-2024",), False)


def test_a_damaged_result_of_an_earlier_version_reads_as_none() -> None:
    folder = save_as_before("said", "k", table=PANEL, record={})
    (folder / "0-ab.parquet").write_bytes(b"")
    assert load("said", "k") is None


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a\\b"])
def test_a_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a stored result"):
        save("backtest", name, tables={}, record={})
    with pytest.raises(ValueError, match="no name for a stored result"):
        load(name, "k")


def test_a_workspace_that_cannot_be_written_to_says_so(workspace: Path) -> None:
    (workspace / "results").write_text("in the way")
    with pytest.raises(WorkspaceError, match="CIVICAST_HOME"):
        save("backtest", "k", tables={}, record={})


def _save_often(number: int, times: int) -> None:
    for _ in range(times):
        save("backtest", "k", tables={"panel": PANEL * 0 + number}, record={"number": number})


def test_a_reader_beside_writers_always_finds_the_old_or_the_new() -> None:
    save("backtest", "k", tables={"panel": PANEL * 0}, record={"number": 0})
    context = get_context("fork")
    writers = [context.Process(target=_save_often, args=(number, 40)) for number in (1, 2)]
    for writer in writers:
        writer.start()
    numbers = set()
    while any(writer.is_alive() for writer in writers):
        stored = load("backtest", "k")
        assert stored is not None
        assert (stored.tables["panel"] == stored.record["number"]).all(axis=None)
        numbers.add(stored.record["number"])
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert numbers & {1, 2}
