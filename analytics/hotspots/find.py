"""Find hotspots: score cells by the method that past windows speak for, and keep how well it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from analytics.errors import HotspotError
from analytics.hotspots.assembly import assembled
from analytics.hotspots.backtesting.scoring import Evaluation, evaluate, window_starts
from analytics.hotspots.backtesting.standing import JUDGED_AT, hit_rates_at, level_with_best
from analytics.hotspots.backtesting.store import SCORING, MapRecord, keep_evaluation, load_evaluation
from analytics.hotspots.cells import Cells, cells_over
from analytics.hotspots.congestion import SERIAL
from analytics.hotspots.contract import Method, fit_method, run_method
from analytics.hotspots.registry import find_method, methods
from analytics.hotspots.results import Hotspots
from analytics.parallel import BY_ANOTHER, Progress, quiet
from data import Incidents, Network, fingerprint_of
from data.calendar import mostly_midnight
from data.store.claims import claimed

__all__ = ["DEFAULT", "JUDGED_AT", "PartOfWeek", "find_hotspots", "flagged", "hit_rate_at", "of_category"]

DEFAULT = "kernel_mixture"
FEWEST_WINDOWS = 3


@dataclass(frozen=True)
class PartOfWeek:
    """Some hours of some days: incidents from ``first`` to before ``last`` o'clock (past midnight where that is earlier).

    ``days`` are of the week, Monday 0; none named are all. What lies past midnight belongs to the day before: Friday from 22
    to 6 ends on Saturday morning. 0 to 24 is the whole day.
    """

    first: int = 0
    last: int = 24
    days: tuple[int, ...] = ()

    def of(self, incidents: Incidents) -> Incidents:
        """The incidents in that part of the week.

        Raises
        ------
        HotspotError
            When it is a part of the day and most incidents have no time of day.
        """
        if self == PartOfWeek():
            return incidents
        if (self.first, self.last) != (0, 24) and mostly_midnight(incidents.frame["time"]):
            raise HotspotError("no_time_of_day", incidents=incidents.title)
        time = incidents.frame["time"].dt
        hour, day = time.hour, time.day_of_week
        inside = (hour >= self.first) & (hour < self.last)
        if self.first >= self.last:
            inside = (hour >= self.first) | (hour < self.last)
            day = (day - (hour < self.last)) % 7
        if self.days:
            inside &= day.isin(self.days)
        return replace(incidents, frame=incidents.frame.loc[inside])


def find_hotspots(
    incidents: Incidents,
    *,
    horizon_days: int = 28,
    cell_size: float = 200.0,
    cell_kind: str | None = None,
    network: Network | None = None,
    windows: int = 12,
    method: str | None = None,
    category: str | None = None,
    part: PartOfWeek | None = None,
    as_of: pd.Timestamp | None = None,
    slow: bool = False,
    judged: bool = True,
    seed: int = 0,
    progress: Progress = quiet,
) -> Hotspots:
    """Where the next incidents are expected: by the kernel mixture, unless another method has clearly done better.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    horizon_days : days ahead, also the length of each past window that methods are judged on.
    cell_size, cell_kind : squares (the default) or hexagons of so many metres, areas (the default for congestion, whose hours
        all fall on its counters), or street segments of a ``network``.
    network : streets, for segments.
    windows : past windows, fewer where the history is short.
    method : a method to use whatever the past says; all are judged all the same.
    category : only incidents of this category (default: all that the police do not start themselves).
    part : only incidents in this part of the week.
    as_of : the first day that is not known (default: the day after the last complete one).
    slow : judge the slow methods too.
    judged : False for the map alone, by the kernel mixture or the method that is named, before any past map was judged: it is
        there long before, without scores, chances, memberships, change and what they would limit.
    seed : of everything drawn by lot.
    progress : told how far the work is.

    Returns
    -------
    The map, its scores on past windows, and its caveats.

    Raises
    ------
    HotspotError
        In one sentence: no such category or method, too many cells, too short a history, nothing that happened.
    """
    whole = incidents
    asked = part or PartOfWeek()
    kept = of_category(incidents, category)
    chosen = asked.of(kept)
    day = (as_of or incidents.until + pd.Timedelta(days=1)).normalize()
    wanted = None if method is None else find_method(method)
    starts = window_starts(chosen, as_of=day, horizon_days=horizon_days, windows=windows)
    if len(starts) < FEWEST_WINDOWS:
        raise HotspotError(
            "too_few_windows", incidents=incidents.title, windows=len(starts), days=horizon_days, least=FEWEST_WINDOWS
        )
    if not (chosen.frame["time"] < starts[0]).any():
        raise HotspotError("nothing_before", incidents=incidents.title, as_of=starts[0], since=incidents.since)
    kind = cell_kind or ("areas" if any(each.code == SERIAL for each in incidents.findings) else "squares")
    cells = cells_over(whole, size=cell_size, kind=kind, network=network, before=starts[0])
    chosen = replace(chosen, frame=cells.located(chosen.frame))
    ready = [each for each in methods().values() if slow or not each.slow or each is wanted]
    key = (asked, category, kind, network.provenance.fingerprint if network else "")
    evaluation = (
        _evaluated(
            ready, chosen, cells, starts, of=whole, key=key, horizon_days=horizon_days, seed=seed, progress=progress
        )
        if judged
        else evaluate([], chosen, cells, starts=[], horizon_days=horizon_days, seed=seed)
    )
    used = wanted or find_method(_best(evaluation.shares) if judged else DEFAULT)
    fitted = fit_method(used, chosen, cells, as_of=day, horizon_days=horizon_days, seed=seed)
    rate = run_method(used, chosen, cells, as_of=day, horizon_days=horizon_days, seed=seed, fitted=fitted)
    return assembled(
        chosen, category=category, method=used, cells=cells, rate=rate, fitted=fitted, evaluation=evaluation, as_of=day,
        horizon_days=horizon_days, judged_at=JUDGED_AT, seed=seed, part=None if asked == PartOfWeek() else asdict(asked),
        left_out=[] if category else [each for each in incidents.police_initiated if each not in kept.reported_by],
    )  # fmt: skip


def of_category(incidents: Incidents, category: str | None) -> Incidents:
    """The incidents of a category; without one all but those that the police start, unless there are no others.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    category : one of theirs, or None.

    Returns
    -------
    Incidents of fewer categories.

    Raises
    ------
    HotspotError
        When there is no such category, naming those that there are.
    """
    known = sorted(incidents.reported_by)
    if category is None:
        others = {each: who for each, who in incidents.reported_by.items() if who != "police"}
        if not others or len(others) == len(known):
            return incidents
        return replace(incidents, frame=_only(incidents.frame, list(others)), reported_by=others)
    if category not in known:
        raise HotspotError("no_such_category", category=category, incidents=incidents.title, categories=known)
    only = {category: incidents.reported_by[category]}
    return replace(incidents, frame=_only(incidents.frame, [category]), reported_by=only)


def _only(frame: pd.DataFrame, categories: list[str]) -> pd.DataFrame:
    return frame.loc[frame["category"].isin(categories)]


def _evaluated(
    ready: Sequence[Method], incidents: Incidents, cells: Cells, starts: list[pd.Timestamp], *, of: Incidents,
    key: tuple[PartOfWeek, str | None, str, str], horizon_days: int, seed: int, progress: Progress,
) -> Evaluation:  # fmt: skip
    """The evaluation of every method, kept in the workspace under what it depends on."""
    versions = {each.name: each.version for each in ready}
    content = (incidents.provenance.fingerprint, starts, horizon_days, cells.size, len(cells), len(incidents.frame))
    stored_as = fingerprint_of(content, repr(key), seed, list(versions.items()), SCORING)
    part, category, kind, _ = key
    record = MapRecord(
        incidents=of.name, table=of.provenance.fingerprint, category=category, kind=kind, size=cells.size,
        whole_week=part == PartOfWeek(), horizon_days=horizon_days, windows=len(starts), versions=versions,
    )  # fmt: skip
    with claimed(f"map-{stored_as}", waiting=lambda: progress(0.0, BY_ANOTHER)):
        found = load_evaluation(stored_as, record, seed=seed)
        if found is None:
            found = evaluate(
                ready, incidents, cells, starts=starts, horizon_days=horizon_days, seed=seed, progress=progress
            )
            keep_evaluation(stored_as, found, record, seed=seed)
    return found


def _best(shares: pd.DataFrame) -> str:
    """The kernel mixture, unless it fell behind the best at 5 % of area by more than two standard errors.

    Then the simplest method that did not. Errors are of the paired difference over windows.
    """
    level = level_with_best(hit_rates_at(shares))
    if not level:
        return DEFAULT
    return DEFAULT if DEFAULT in level else min(level, key=lambda name: find_method(name).complexity)


def flagged(hotspots: Hotspots, share: float) -> np.ndarray:
    """Which cells are the first ``share`` of the area to look at; the rank is known, so this only compares.

    Parameters
    ----------
    hotspots : a finished map.
    share : of the area to look at, between 0 and 1.

    Returns
    -------
    True for the cells that are looked at.
    """
    return hotspots.cells.looked_at(hotspots.rank.to_numpy(), share)


def hit_rate_at(hotspots: Hotspots, share: float, *, method: str | None = None) -> tuple[float, float, float]:
    """Share of later incidents that so much of the area held in the past windows, with its 95 % interval.

    Parameters
    ----------
    hotspots : a finished map.
    share : of the area to look at, between 0 and 1.
    method : its own by default.

    Returns
    -------
    The share, and the interval's lower and upper end.
    """
    curve = hotspots.capture[hotspots.capture["method"] == (method or hotspots.method)].sort_values("share")
    values = [float(np.interp(share, curve["share"], curve[name])) for name in ("hit_rate", "low", "high")]
    return values[0], values[1], values[2]
