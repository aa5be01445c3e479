"""A method file before it is used: does it keep the contract, how fast is it, and what does it catch on the sample city."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.errors import HotspotError
from analytics.hotspots.backtesting.scoring import evaluate, window_starts
from analytics.hotspots.backtesting.summary import summarise
from analytics.hotspots.cells import Cells, cells_over
from analytics.hotspots.checks.suite import Check, check_hotspot_method
from analytics.hotspots.contract import METHODS, Method, find_method, fit_method, run_method
from analytics.hotspots.find import DEFAULT, JUDGED_AT
from analytics.plugins.checks import Report
from analytics.plugins.files import new_file, opened_file
from data import Incidents, open_city
from data.words import Words

__all__ = ["Caught", "MethodReport", "Standing", "check_file", "new_method", "opened_method"]

SAMPLE_CITY, SAMPLE_INCIDENTS = "meridian", "assault"
HORIZON, WINDOWS, CELL = 28, 12, 200.0
AGAINST = ("count_last_year", DEFAULT)


@dataclass(frozen=True)
class Caught:
    """What a method caught over what another did, window by window, with the 95 % interval."""

    title: Words
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Standing:
    """What a method caught on Meridian at a share of the area, as a share of what came, and beside others."""

    incidents: Words
    windows: int
    days: int
    share: float
    hit_rate: float
    low: float
    high: float
    against: tuple[Caught, ...]


@dataclass(frozen=True)
class MethodReport(Report):
    """What is known of a method file: its checks, seconds a map, and its standing once all checks passed."""

    seconds: float | None = None
    cells: int | None = None
    standing: Standing | None = None


def new_method(name: str, *, folder: Path) -> Path:
    """The file of a new hotspot method of this name; see ``new_file``.

    Parameters
    ----------
    name : a lower-case Python name.
    folder : where the file is written.

    Returns
    -------
    The path of the new file.
    """
    return new_file(name, kind=METHODS, folder=folder)


def opened_method(path: Path) -> AbstractContextManager[Method]:
    """The one method of a file, registered for as long as the context lasts; see ``opened_file``."""
    return opened_file(path, kind=METHODS)


def check_file(path: Path, *, seed: int = 0) -> MethodReport:
    """Everything that a method's author wants to know; the registry is as before afterwards.

    A method that breaks the contract is not measured.

    Parameters
    ----------
    path : a file that registers one method.
    seed : of everything drawn by lot.

    Returns
    -------
    The checks, its seconds, and how it does on Meridian.

    Raises
    ------
    HotspotError
        When the file is missing, is no Python, fails, holds no method or several, or takes a name that is in use.
    """
    with opened_method(path) as method:
        report = MethodReport(method.name, method.title, method.slow, check_hotspot_method(method, seed=seed))
        if report.failed:
            return report
        incidents = open_city(SAMPLE_CITY).incidents[SAMPLE_INCIDENTS]
        cells = cells_over(incidents, size=CELL)
        incidents = replace(incidents, frame=cells.located(incidents.frame))
        try:
            seconds = _seconds(method, incidents, cells, seed=seed)
            standing = _standing(method, incidents, cells, seed=seed)
        except HotspotError as error:
            return replace(report, checks=(*report.checks, Check("sample_city", False, error.sentence)))
        return replace(report, seconds=seconds, cells=len(cells), standing=standing)


def _seconds(method: Method, incidents: Incidents, cells: Cells, *, seed: int) -> float:
    """What one map takes, learning included."""
    began = time.perf_counter()
    day = incidents.until
    fitted = fit_method(method, incidents, cells, as_of=day, horizon_days=HORIZON, seed=seed)
    run_method(method, incidents, cells, as_of=day, horizon_days=HORIZON, seed=seed, fitted=fitted)
    return time.perf_counter() - began


def _standing(method: Method, incidents: Incidents, cells: Cells, *, seed: int) -> Standing:
    others = [find_method(name) for name in AGAINST if name != method.name]
    starts = window_starts(
        incidents, as_of=incidents.until + pd.Timedelta(days=1), horizon_days=HORIZON, windows=WINDOWS
    )
    found = evaluate([method, *others], incidents, cells, starts=starts, horizon_days=HORIZON, seed=seed)
    table = summarise(found.shares, seed=seed, yardsticks={each.name: each.name for each in others})
    ours = table[(table["method"] == method.name) & np.isclose(table["share"], JUDGED_AT)].iloc[0]

    def beside(other: Method) -> Caught:
        ratio, low, high = (float(ours[f"vs_{other.name}{bound}"]) for bound in ("", "_low", "_high"))
        return Caught(other.title, ratio, low, high)

    return Standing(
        incidents=incidents.title, windows=len(starts), days=HORIZON, share=JUDGED_AT, hit_rate=float(ours["hit_rate"]),
        low=float(ours["low"]), high=float(ours["high"]), against=tuple(beside(each) for each in others),
    )  # fmt: skip
