"""Of several processes on one workspace one does a piece of work; a killed one holds up nobody, and who waits can stop."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analytics.answers import answered
from analytics.errors import Cancelled
from analytics.forecasting import backtest
from analytics.forecasting.backtesting.backtest import key_of
from analytics.forecasting.contract import find_model
from analytics.parallel import BY_ANOTHER, Progress, quiet
from analytics.requests import CityRequest, Request
from data.store.claims import claimed
from data.words import Words
from tests.forecasting_panels import counts, frame, series

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied on this system"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]
SECONDS = 20.0


@dataclass(frozen=True)
class Noted(Request):
    """A request that notes in a file each time that it is answered, which takes a while."""

    city: CityRequest

    def answer(self, city: Any, *, progress: Progress = quiet) -> int:
        with Path(self.city.name).open("a") as file:
            file.write("made\n")
        time.sleep(0.3)
        return os.getpid()


def in_copy(work: Callable[[], object]) -> int:
    """The number of a copy of this process that does the work and ends with status 0."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001 - whatever happens, the copy must not go on with the tests
        os._exit(1)
    os._exit(0)


def ended_well(*children: int) -> bool:
    return all(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_several_processes_ask_for_at_once_is_made_once(tmp_path: Path) -> None:
    request = Noted(CityRequest(str(tmp_path / "notes")))
    ask = lambda: answered(request, lambda _: None)  # type: ignore[arg-type, return-value]  # noqa: E731
    assert ended_well(*(in_copy(ask) for _ in range(4)))
    assert (tmp_path / "notes").read_text() == "made\n"
    assert ask() != os.getpid()


def test_a_killed_claimant_holds_up_nobody(tmp_path: Path) -> None:
    held = tmp_path / "held"

    def hold() -> None:
        with claimed("work"):
            held.touch()
            time.sleep(SECONDS)

    child = in_copy(hold)
    until(held.exists)
    waits: list[float] = []

    def waiting() -> None:
        waits.append(time.monotonic())
        if len(waits) == 2:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    with claimed("work", waiting=waiting):
        pass
    assert 2 <= len(waits) <= 4


def test_who_waits_is_told_and_can_stop(tmp_path: Path) -> None:
    request = Noted(CityRequest(str(tmp_path / "notes")))
    child = in_copy(lambda: answered(request, lambda _: None))  # type: ignore[arg-type, return-value]
    until((tmp_path / "notes").exists)

    def stopping(share: float, doing: Words) -> None:
        assert (share, doing) == (0.0, BY_ANOTHER)
        raise Cancelled

    with pytest.raises(Cancelled):
        answered(request, lambda _: None, progress=stopping)  # type: ignore[arg-type, return-value]
    assert ended_well(child)


def test_other_work_is_not_waited_for() -> None:
    with claimed("one"), claimed("another", waiting=lambda: pytest.fail("it waits")):
        pass


def test_a_claim_is_given_back_when_the_work_fails() -> None:
    with pytest.raises(ZeroDivisionError), claimed("work"):
        raise ZeroDivisionError
    with claimed("work", waiting=lambda: pytest.fail("it waits")):
        pass


def test_work_in_a_workspace_that_cannot_be_written_is_done_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "file"))
    done = []
    with claimed("work", waiting=lambda: pytest.fail("it waits")):
        done.append("work")
    assert done == ["work"]


def test_a_backtest_that_another_process_makes_is_waited_for_and_read_back(tmp_path: Path) -> None:
    panel = series(frame(counts(periods=200, columns=2)))
    key = key_of(panel, find_model("seasonal_naive"), horizon=14, seed=0)
    made = tmp_path / "made"

    def make() -> None:
        with claimed(f"backtest-{key}"):
            made.touch()
            time.sleep(0.3)

    child = in_copy(make)
    until(made.exists)
    told: list[Words] = []
    backtest(panel, "seasonal_naive", horizon=14, progress=lambda share, doing: told.append(doing))
    assert told[0] == BY_ANOTHER
    assert ended_well(child)
