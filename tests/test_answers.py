"""Answers are kept until something they depend on changes, and a damaged one is computed anew; refresh makes them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.answers import _key, _slot, answered, cost_of, kept
from analytics.errors import ForecastError
from analytics.parallel import Progress, quiet
from analytics.refresh import refresh
from analytics.requests import CityRequest, Request
from data.store.answers import keep_answer, kept_answer
from data.store.workspace import home

ASKED: list[str] = []


@dataclass(frozen=True)
class Squares(Request):
    """A request that counts how often it is answered."""

    city: CityRequest
    most: int = 3

    def answer(self, city: Any, *, progress: Progress = quiet) -> list[int]:
        ASKED.append(self.city.name)
        return [each * each for each in range(self.most)]


@dataclass(frozen=True)
class OfTable(Squares):
    """A request about one of a city's tables."""

    table: str = ""


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))
    ASKED.clear()


REQUEST = Squares(CityRequest("somewhere/city.toml", stamp="1"))


def is_kept(request: Squares) -> bool:
    return kept_answer(_slot(request), _key(request)) is not None


def files() -> list[Path]:
    """The answers that are kept, without what they cost."""
    return [path for path in (home() / "answers").iterdir() if not path.name.endswith("-cost")]


def asked(request: Squares) -> Any:
    return answered(request, lambda _: None)  # type: ignore[arg-type, return-value]


def test_the_second_asker_waits_for_nothing() -> None:
    assert not is_kept(REQUEST)
    assert asked(REQUEST) == asked(REQUEST) == [0, 1, 4]
    assert len(ASKED) == 1
    assert is_kept(REQUEST)


@pytest.mark.parametrize(
    "changed",
    [
        replace(REQUEST, most=4),
        replace(REQUEST, city=replace(REQUEST.city, stamp="2")),
        replace(REQUEST, city=replace(REQUEST.city, asker="another")),
        replace(REQUEST, city=replace(REQUEST.city, name="elsewhere/city.toml")),
    ],
)
def test_whatever_changes_the_answer_asks_anew(changed: Squares) -> None:
    asked(REQUEST)
    assert not is_kept(changed)
    assert asked(changed) == [each * each for each in range(changed.most)]
    assert len(ASKED) == 2


def test_tables_of_one_city_have_answers_of_their_own() -> None:
    first, second = (OfTable(REQUEST.city, table=name) for name in ("series.a", "incidents.a"))
    assert asked(first) == asked(second)
    assert kept(first) == kept(second) == [0, 1, 4]
    assert len(files()) == 2


def test_what_an_answer_cost_is_known_before_the_next_is_made() -> None:
    assert cost_of(REQUEST) is None
    asked(REQUEST)
    cost = cost_of(REQUEST)
    assert cost == cost_of(replace(REQUEST, city=replace(REQUEST.city, stamp="2"), most=9))
    assert cost is not None
    assert 0 <= cost.seconds < 60
    assert abs(cost.at - pd.Timestamp.now()) < pd.Timedelta(minutes=5)
    asked(REQUEST)
    assert cost_of(REQUEST) == cost


def test_other_code_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked(REQUEST)
    monkeypatch.setattr("analytics.answers.code_version", lambda: "another")
    assert not is_kept(REQUEST)


def test_a_city_that_changes_leaves_one_answer_and_no_heap() -> None:
    for stamp in "123":
        asked(replace(REQUEST, city=replace(REQUEST.city, stamp=stamp)))
    assert [path.name for path in files()] == [_slot(REQUEST)]


@pytest.mark.parametrize("damage", [b"", b"x", b"key digest\n"])
def test_a_damaged_answer_is_computed_anew(damage: bytes) -> None:
    asked(REQUEST)
    (path,) = files()
    path.write_bytes(damage)
    assert asked(REQUEST) == [0, 1, 4]
    assert len(ASKED) == 2
    assert is_kept(REQUEST)


def test_any_flipped_bit_is_damage() -> None:
    keep_answer("slot", "key", b"content")
    (path,) = (home() / "answers").iterdir()
    sound = path.read_bytes()
    assert kept_answer("slot", "key") == b"content"
    assert kept_answer("slot", "other") is None
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        assert kept_answer("slot", "key") is None


def test_a_workspace_that_cannot_be_written_costs_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "file"))
    assert asked(REQUEST) == [0, 1, 4]


def test_what_cannot_be_made_stops_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(progress: Progress) -> None:
        raise ForecastError("nothing_to_watch", city="X")

    seen: list[float] = []
    work = [("a", failing), ("b", lambda progress: progress(0.5, ""))]
    monkeypatch.setattr("analytics.refresh.opening", lambda city, request: work)
    first, second = refresh(None, REQUEST.city, progress=lambda share, doing: seen.append(share))  # type: ignore[arg-type]
    assert first.why_not is not None
    assert second.why_not is None
    assert seen == [0.0, 0.5, 0.75]
