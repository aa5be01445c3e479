"""The feedback loop: patrols find more where they are sent, and a map that learns from what they find sends them again.

After Lum and Isaac (2016, *To predict and serve?*) and Ensign, Friedler, Neville, Scheidegger and Venkatasubramanian (2018,
*Runaway feedback loops in predictive policing*), simulated on the city's own map. The hit rate cannot show it: patrols
make the map come true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Feedback", "feedback_loop"]

Array = npt.NDArray[np.float64]

WEEKS = 104  # that the city follows its map
MEMORY = 52  # weeks that the map remembers
REPORTED = 0.5  # of what happens: about what victims' surveys find for violence
FOUND = 0.5  # of the rest, where patrols are
RUNS = 8
MODES = ("reports_only", "weighted", "all_found")


@dataclass(frozen=True)
class Feedback:
    """What two years of following the map do to it: means over runs, each with its lowest and highest.

    Each value is the flagged cells' share of the map over their share of what truly happens: 1 is a map that is right.
    Even an honest map is above 1, since places are flagged for having been unlucky: ``reports_only``. ``all_found`` feeds
    all that patrols find back, ``weighted`` only what they find beyond what they were sent for (Ensign). ``loop`` is
    ``all_found`` over ``reports_only``: the part that is due to feedback. ``hit_rate_change`` is how much the hit rate
    on recorded incidents rose meanwhile, as a share: it praises the loop.
    """

    reports_only: float
    weighted: float
    all_found: float
    loop: float
    loop_low: float
    loop_high: float
    hit_rate_change: float
    weeks: int = WEEKS
    reported: float = REPORTED
    found: float = FOUND


def feedback_loop(rate: Array, *, horizon_days: int, share: float, seed: int = 0) -> Feedback:
    """The loop on a map of expected events ``rate`` (cell), with patrols in the first ``share`` of the cells each week.

    Parameters
    ----------
    rate : expected events by cell.
    horizon_days : days that `rate` is for.
    share : of the area to look at, between 0 and 1.
    seed : of everything drawn by lot.

    Returns
    -------
    How far the map leans towards what it flags, with and without feedback, over many runs.
    """
    weekly = rate * 7 / horizon_days / REPORTED  # of what happens; the map was made from what is reported
    number = max(1, round(share * len(rate)))
    runs = [_run(weekly, number, np.random.Generator(np.random.Philox([seed, run]))) for run in range(RUNS)]
    ratio = {mode: np.array([run[mode][0] for run in runs]) for mode in MODES}
    hits = {mode: np.mean([run[mode][1] for run in runs]) for mode in MODES}
    loops = ratio["all_found"] / ratio["reports_only"]
    return Feedback(
        reports_only=float(ratio["reports_only"].mean()),
        weighted=float(ratio["weighted"].mean()),
        all_found=float(ratio["all_found"].mean()),
        loop=float(loops.mean()),
        loop_low=float(loops.min()),
        loop_high=float(loops.max()),
        hit_rate_change=float(hits["all_found"]) / max(float(hits["reports_only"]), 1e-9) - 1,
    )


def _run(weekly: Array, number: int, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """By mode: (share of the map / share of the truth) of the flagged cells at the end; the last year's mean hit rate.

    All three maps live through the same reports, so that they differ by what is fed back alone.
    """
    past = rng.poisson(weekly * REPORTED, (MEMORY, len(weekly))).astype(np.float32)
    known = {mode: past.sum(axis=0, dtype=float) for mode in MODES}
    hits: dict[str, list[float]] = {mode: [] for mode in MODES}
    flagged: dict[str, list[npt.NDArray[np.int64]]] = {mode: [] for mode in MODES}
    fed: dict[str, list[Array]] = {mode: [] for mode in MODES}  # back to those cells, beside the reports
    for week in range(WEEKS):
        reports = rng.poisson(weekly * REPORTED).astype(float)
        lot = 0.5 * rng.random(len(weekly))
        total, change = reports.sum(), reports - past[week % MEMORY]
        past[week % MEMORY] = reports
        for mode in MODES:
            cells = np.argpartition(-(known[mode] + lot), number - 1)[:number]
            found = rng.poisson(weekly[cells] * (1 - REPORTED) * FOUND).astype(float)
            if week >= WEEKS - MEMORY:
                hits[mode].append((reports[cells].sum() + found.sum()) / max(total + found.sum(), 1.0))
            flagged[mode].append(cells)
            if mode == "weighted":
                # A place that is patrolled for its share of the map is credited with what exceeds that share.
                found *= 1 - known[mode][cells] / max(known[mode][cells].max(), 1.0)
            known[mode] += change
            if mode != "reports_only":
                fed[mode].append(found)
                known[mode][cells] += found
                if week >= MEMORY:
                    known[mode][flagged[mode][week - MEMORY]] -= fed[mode][week - MEMORY]
    return {mode: (_excess(known[mode], weekly, flagged[mode][-1]), float(np.mean(hits[mode]))) for mode in MODES}


def _excess(known: Array, truth: Array, cells: npt.NDArray[np.int64]) -> float:
    """The cells' share of the map over their share of the truth."""
    return float((known[cells].sum() / max(known.sum(), 1e-9)) / max(truth[cells].sum() / truth.sum(), 1e-9))
