"""Everything about a map once it has been scored: significance, membership, change, and the caveats that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.caveats import assess
from analytics.hotspots.audit.feedback import feedback_loop
from analytics.hotspots.backtesting.calibration import chance_of_event, membership
from analytics.hotspots.backtesting.scoring import RANDOM, SHARES, Evaluation, ranking
from analytics.hotspots.backtesting.summary import YARDSTICKS, at_shares, method_scores, reliability, summarise
from analytics.hotspots.cells import Cells, Squares
from analytics.hotspots.congestion import SERIAL
from analytics.hotspots.contract import Method
from analytics.hotspots.recent import last_days
from analytics.hotspots.registry import methods
from analytics.hotspots.results import Hotspots
from analytics.hotspots.significance.chance import beyond_chance, discoveries
from analytics.hotspots.significance.emerging import Emerging, emerging_hotspots, time_cube
from analytics.hotspots.significance.stability import map_change
from data import Incidents
from data.frequency import Frequency
from data.words import Sentence

__all__ = ["assembled"]

Array = npt.NDArray[np.float64]

RANDOM_TITLE = Sentence("methods.random.title")
UNKNOWN = [
    "method",
    "share",
    "hit_rate",
    "low",
    "high",
    "pai",
    "pei",
    "events",
    "windows",
]  # of a map that is not judged
FEWEST_STEPS = 8  # of time, before a place is said to emerge


def assembled(
    incidents: Incidents, *, category: str | None, method: Method, cells: Cells, rate: Array, fitted: Any,
    evaluation: Evaluation, as_of: pd.Timestamp, horizon_days: int, judged_at: float, seed: int,
    part: Mapping[str, Any] | None = None, left_out: Sequence[str] = (),
) -> Hotspots:  # fmt: skip
    """The result of a scored map.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    category : the category that was asked for, None for all.
    method : the method that was used.
    cells : the cells of the map.
    rate : expected events by cell over the horizon.
    fitted : what the method learned.
    evaluation : how the methods did in past windows; of none where that is not known yet.
    as_of : the first day that is not known.
    horizon_days : days that the map is for.
    judged_at : share of the area at which methods were compared.
    seed : of everything drawn by lot.
    part : the part of the week, as plain values.
    left_out : categories that the police start themselves and that a map of all kinds leaves out.

    Returns
    -------
    The map with significance, membership, change and caveats.
    """
    index = pd.RangeIndex(len(cells), name="cell")
    recent, days = last_days(incidents, as_of=as_of)
    recent = recent.iloc[: int(recent["time"].searchsorted(as_of))]
    count = cells.counts(recent)
    p = beyond_chance(count, cells)
    rank = ranking(rate, seed=seed)
    judged = not evaluation.windows.empty
    capture = summarise(evaluation.shares, seed=seed) if judged else pd.DataFrame(columns=UNKNOWN)
    scores = method_scores(evaluation)
    spread = evaluation.spread(method.name) if judged else None
    significant = discoveries(p)
    facts = _source_facts(incidents, days_known=max(1, (as_of - incidents.since).days))
    facts |= _map_facts(cells, rate, rank, p, significant, judged_at)
    known = incidents.frame.iloc[: int(incidents.frame["time"].searchsorted(as_of))]
    facts |= {"police_left_out": list(left_out), "cells_never": int((cells.counts(known) == 0).sum())}
    if judged:
        facts |= _score_facts(capture, scores, method, judged_at)
        facts |= {"feedback_loop": feedback_loop(rate, horizon_days=horizon_days, share=judged_at, seed=seed)}
    return Hotspots(
        made_from=(incidents.provenance, *((incidents.areas.provenance,) if incidents.areas else ())),
        caveats=assess(**facts),
        config={
            "horizon_days": horizon_days, "cell_kind": cells.kind, "cell_size": cells.size, "method": method.name,
            "version": method.version, "category": category, "days_counted": days, "part": part,
        },
        seed=seed,
        incidents=incidents,
        category=category,
        method=method.name,
        method_title=method.title,
        as_of=as_of,
        horizon_days=horizon_days,
        cells=cells,
        count=pd.Series(count, index=index, name="count"),
        rate=pd.Series(rate, index=index, name="rate"),
        score=pd.Series(rate, index=index, name="score"),
        rank=pd.Series(rank, index=index, name="rank"),
        evaluation=evaluation,
        summary=capture[at_shares(capture)].reset_index(drop=True),
        capture=capture,
        methods={each.name: each.title for each in methods().values()} | {RANDOM: RANDOM_TITLE},
        scores=scores,
        reliability=reliability(evaluation),
        p=pd.Series(p, index=index, name="p"),
        significant=pd.Series(significant, index=index, name="significant"),
        membership=pd.DataFrame(_members(cells, rate, rank, spread), index=index),
        chance=pd.Series(np.nan if spread is None else chance_of_event(rate, spread=spread), index=index, name="chance"),
        emerging=_emerging(incidents, cells, as_of) if judged else None,
        stability=map_change(incidents, cells, as_of=as_of, shares=SHARES, seed=seed) or None if judged else None,
        fitted=fitted,
    )  # fmt: skip


def _members(
    cells: Cells, rate: Array, rank: npt.NDArray[np.int64], spread: float | None
) -> dict[float, Array | float]:
    """The membership of each cell by share; NaN where it is not known how counts scatter."""
    if spread is None:
        return dict.fromkeys(SHARES, np.nan)
    numbers = cells.numbers_at(rank, SHARES)
    return {share: membership(rate, int(n), spread=spread) for share, n in zip(SHARES, numbers, strict=True)}


def _emerging(incidents: Incidents, cells: Cells, as_of: pd.Timestamp) -> Emerging | None:
    cube, steps = time_cube(incidents, cells, as_of=as_of)
    return emerging_hotspots(cube, cells, steps=steps) if len(steps) >= FEWEST_STEPS else None


def _source_facts(incidents: Incidents, *, days_known: int) -> dict[str, Any]:
    serial = [each for each in incidents.findings if each.code == SERIAL]
    return {
        "made_from": (incidents.provenance,),
        "history_periods": days_known,
        "min_periods": 365,
        "periods_a_year": Frequency.DAY.periods_a_year,
        "period_word": Frequency.DAY.plural,
        "series_title": incidents.title,
        "police_initiated": incidents.police_initiated,
        "serial_hours": sum(each.evidence["hours"] for each in serial),
        "serial_counters": sum(each.evidence["counters"] for each in serial),
    }


def _score_facts(capture: pd.DataFrame, scores: pd.DataFrame, method: Method, judged_at: float) -> dict[str, Any]:
    used = capture[(capture["method"] == method.name) & np.isclose(capture["share"], judged_at)].iloc[0]
    facts: dict[str, Any] = {
        "missed_share": 1 - float(used["hit_rate"]),
        "looked_share": judged_at,
        "judged_at": judged_at,
        "method_title": method.title,
        "cells_coverage_90": float(scores["coverage_90"][method.name]),
        "cells_coverage_n": int(scores["coverage_n"][method.name]),
    }
    for fact, yardstick in (("count", "last_year"), ("all_years", "all_history")):
        if method.name != YARDSTICKS[yardstick] and f"vs_{yardstick}" in capture.columns:
            facts |= {
                f"{fact}_ratio": float(used[f"vs_{yardstick}"]),
                f"{fact}_low": float(used[f"vs_{yardstick}_low"]),
                f"{fact}_high": float(used[f"vs_{yardstick}_high"]),
            }
    return facts


def _map_facts(
    cells: Cells, rate: Array, rank: npt.NDArray[np.int64], p: Array, significant: npt.NDArray[np.bool_], share: float
) -> dict[str, Any]:
    flags = cells.looked_at(rank, share)
    number = max(1, int(flags.sum()))
    neighbours = np.asarray(cells.near.sum(axis=1)).ravel()
    facts: dict[str, Any] = {
        "cells_tested": len(cells),
        "cells_alone": int((p < 0.05).sum()),
        "cells_kept": int(significant.sum()),
        "flagged_cells": number,
        "flagged_sure": int((flags & significant).sum()),
        "half_where": Sentence("half_where.one_at_a_time"),
        "half_before": 1.0,
        "half_after": float((rate[flags] / 2 >= np.partition(rate, -number)[-number]).mean()) if flags.any() else 1.0,
        "cell_metres": round(cells.spacing),
    }
    if cells.kind in ("squares", "hexagons"):
        facts["edge_share"] = float((neighbours[flags] < neighbours.max()).mean()) if flags.any() else 0.0
    if isinstance(cells, Squares):
        facts |= {"coarser_kept": _coarser_kept(cells, rate, flags), "coarser_metres": 2 * cells.size}
    return facts


def _coarser_kept(cells: Squares, rate: Array, flags: npt.NDArray[np.bool_]) -> float:
    """The share of the flagged cells that would be flagged if blocks of four were judged as one, at the same area."""
    padded = np.pad(cells.on_grid(rate), ((0, cells.rows % 2), (0, cells.columns % 2)))
    inside = np.pad(cells.on_grid(np.ones(len(cells))), ((0, cells.rows % 2), (0, cells.columns % 2)))
    shape = (padded.shape[0] // 2, 2, padded.shape[1] // 2, 2)
    blocks, size = padded.reshape(shape).sum(axis=(1, 3)), inside.reshape(shape).sum(axis=(1, 3))
    order = np.argsort(-(blocks / np.maximum(size, 1)).ravel(), kind="stable")
    taken = np.cumsum(size.ravel()[order]) <= flags.sum() + 2
    coarse = np.zeros(blocks.size, dtype=bool)
    coarse[order[taken]] = True
    fine = np.repeat(np.repeat(coarse.reshape(blocks.shape), 2, axis=0), 2, axis=1)[: cells.rows, : cells.columns]
    return float(fine.ravel()[cells.index][flags].mean()) if flags.any() else 1.0
