"""Find hotspots: score cells by the method that did best on past windows, and keep how well it did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.caveats import assess
from analytics.errors import HotspotError
from analytics.hotspots.cells import Cells, cells_over
from analytics.hotspots.contract import Method, run_method
from analytics.hotspots.registry import find_method, methods
from analytics.hotspots.results import Hotspots
from analytics.hotspots.scoring import RANDOM, SHARES, evaluate, ranking, summarise, window_starts
from analytics.parallel import Progress, quiet
from data import Incidents, fingerprint_of
from data.snapshots import load, save

__all__ = ["find_hotspots", "flagged", "hit_rate_at"]

JUDGED_AT = 0.05  # the share of area at which methods are compared: about what a service can visit in a month
FEWEST_WINDOWS = 3
SCORING = 1  # raise when scores change: what is stored no longer matches then
RANDOM_TITLE = "Chance"


def find_hotspots(
    incidents: Incidents,
    *,
    horizon_days: int = 28,
    cell_size: float = 200.0,
    windows: int = 12,
    method: str | None = None,
    category: str | None = None,
    as_of: pd.Timestamp | None = None,
    seed: int = 0,
    progress: Progress = quiet,
) -> Hotspots:
    """Where the next incidents are expected, by the simplest method within one standard error of the best.

    Parameters
    ----------
    horizon_days : days ahead, also the length of each past window that methods are judged on.
    cell_size : side of a cell in metres.
    windows : past windows, fewer where the history is short.
    method : a method to use whatever the past says; all are judged all the same.
    category : only incidents of this category.
    as_of : the first day that is not known (default: the day after the last complete one).

    Raises
    ------
    HotspotError
        In one sentence: no such category or method, too many cells, too short a history.
    """
    chosen = _of_category(incidents, category)
    day = (as_of or incidents.until + pd.Timedelta(days=1)).normalize()
    if method is not None:
        find_method(method)
    cells = cells_over(incidents, size=cell_size)
    starts = window_starts(chosen, as_of=day, horizon_days=horizon_days, windows=windows)
    if len(starts) < FEWEST_WINDOWS:
        raise HotspotError(
            "too_few_windows", incidents=incidents.title, windows=len(starts), days=horizon_days, least=FEWEST_WINDOWS
        )
    evaluation = _evaluated(chosen, cells, starts, horizon_days=horizon_days, seed=seed, progress=progress)
    used = find_method(method or _best(evaluation))
    summary = summarise(evaluation, seed=seed)
    score = run_method(used, chosen, cells, as_of=day, horizon_days=horizon_days, seed=seed)
    return _assembled(
        chosen, category, used, cells, score, evaluation, summary, day, horizon_days=horizon_days, seed=seed
    )


def _of_category(incidents: Incidents, category: str | None) -> Incidents:
    if category is None:
        return incidents
    known = sorted(incidents.reported_by)
    if category not in known:
        raise HotspotError("no_such_category", category=category, incidents=incidents.title, categories=known)
    frame = incidents.frame.loc[incidents.frame["category"] == category]
    return replace(incidents, frame=frame, reported_by={category: incidents.reported_by[category]})


def _evaluated(
    incidents: Incidents, cells: Cells, starts: list[pd.Timestamp], *, horizon_days: int, seed: int, progress: Progress
) -> pd.DataFrame:
    """The evaluation of every method, kept in the workspace under what it depends on."""
    versions = [(each.name, each.version) for each in methods().values()]
    content = (
        incidents.provenance.fingerprint,
        sorted(incidents.reported_by),
        starts,
        horizon_days,
        cells.size,
        len(cells),
    )
    key = fingerprint_of(content, seed, versions, SCORING)
    stored = load("hotspots", key)
    if stored is not None:
        return stored.tables["evaluation"]
    ready = list(methods().values())
    evaluation = evaluate(
        ready, incidents, cells, starts=starts, horizon_days=horizon_days, seed=seed, progress=progress
    )
    save("hotspots", key, tables={"evaluation": evaluation}, record={"incidents": incidents.name})
    return evaluation


def _best(evaluation: pd.DataFrame) -> str:
    """The simplest method within one standard error (of the paired difference over windows) of the best at 5 % of area."""
    at = evaluation[np.isclose(evaluation["share"], JUDGED_AT) & (evaluation["method"] != RANDOM)]
    rates = at.pivot_table(index="as_of", columns="method", values="hit_rate").dropna()
    best = rates.mean().idxmax()
    behind = rates[[best]].to_numpy() - rates
    errors = behind.std(ddof=1) / np.sqrt(len(rates))
    tied = [str(name) for name in rates.columns if behind[name].mean() <= errors[name]]
    return min(tied, key=lambda name: find_method(name).complexity)


def _assembled(
    incidents: Incidents, category: str | None, method: Method, cells: Cells, score: npt.NDArray[np.float64],
    evaluation: pd.DataFrame, summary: pd.DataFrame, day: pd.Timestamp, *, horizon_days: int, seed: int,
) -> Hotspots:  # fmt: skip
    place = pd.Index(cells.index, name="cell")
    year = incidents.frame["time"].between(day - pd.Timedelta(days=365), day, inclusive="left")
    counts = cells.counts(incidents.frame.loc[year])
    facts = _facts(incidents, summary, method)
    return Hotspots(
        made_from=(incidents.provenance, *((incidents.areas.provenance,) if incidents.areas else ())),
        caveats=assess(**facts),
        config={
            "horizon_days": horizon_days,
            "cell_size": cells.size,
            "method": method.name,
            "version": method.version,
        },
        seed=seed,
        incidents=incidents,
        category=category,
        method=method.name,
        method_title=method.title,
        as_of=day,
        horizon_days=horizon_days,
        cells=cells,
        count=pd.Series(counts, index=place, name="count"),
        rate=pd.Series(score, index=place, name="rate"),
        score=pd.Series(score, index=place, name="score"),
        rank=pd.Series(ranking(score, seed=seed), index=place, name="rank"),
        evaluation=evaluation[_at_shares(evaluation)].reset_index(drop=True),
        summary=summary[_at_shares(summary)].reset_index(drop=True),
        capture=summary,
        methods={each.name: each.title for each in methods().values()} | {RANDOM: RANDOM_TITLE},
    )


def _at_shares(table: pd.DataFrame) -> pd.Series:
    return table["share"].round(4).isin(SHARES)


def _facts(incidents: Incidents, summary: pd.DataFrame, method: Method) -> dict[str, Any]:
    days = max(1, (incidents.until - incidents.since).days + 1)
    used = summary[(summary["method"] == method.name) & np.isclose(summary["share"], JUDGED_AT)].iloc[0]
    return {
        "made_from": (incidents.provenance,),
        "history_periods": days,
        "min_periods": 365,
        "periods_a_year": 365.25,
        "period_word": "days",
        "series_title": incidents.title,
        "police_initiated": incidents.police_initiated,
        "missed_share": 1 - float(used["hit_rate"]),
        "looked_share": JUDGED_AT,
    }


def flagged(hotspots: Hotspots, share: float) -> npt.NDArray[np.bool_]:
    """Which cells are the first ``share`` of the area to look at; the rank is known, so this only compares."""
    return np.asarray(hotspots.rank.to_numpy() < round(share * len(hotspots.cells)), dtype=np.bool_)


def hit_rate_at(hotspots: Hotspots, share: float, *, method: str | None = None) -> tuple[float, float, float]:
    """Share of later incidents that so much of the area held in the past windows, with its 95 % interval."""
    curve = hotspots.capture[hotspots.capture["method"] == (method or hotspots.method)].sort_values("share")
    values = [float(np.interp(share, curve["share"], curve[name])) for name in ("hit_rate", "low", "high")]
    return values[0], values[1], values[2]
