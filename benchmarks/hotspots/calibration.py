"""Whether the mixture's expected counts and the chances of flagged cells meant what they said in Philadelphia."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.hotspots.backtesting.summary import method_scores, reliability
from benchmarks.hotspots import sets
from benchmarks.hotspots.prediction import OURS, judged
from benchmarks.rows import Row

__all__ = ["rows"]

JUDGED_AT = (0.02, 0.05)


def rows(*, quick: bool = False) -> Iterator[Row]:
    """In points: cell counts inside the central 90 %, members promised and met, chances of an event."""
    if not sets.parquet().is_file():
        print("Calibration is left out: there are no data of Philadelphia.", file=sys.stderr)
        return
    names = [(kind, year) for year in sets.YEARS for kind in sets.KINDS]
    found = {f"{kind} {year}": judged(kind, year, quick=quick) for kind, year in names}
    scores = pd.DataFrame({name: method_scores(each).loc[OURS] for name, each in found.items()}).T
    inside = float((scores["coverage_90"] * scores["coverage_n"]).sum() / scores["coverage_n"].sum())
    apart = (scores["coverage_90"] - 0.9).abs() * 100
    yield Row(
        "cell_coverage_error", 100 * abs(inside - 0.9), "points", 2.0,
        note=f"{100 * inside:.2f} % of {int(scores['coverage_n'].sum()):,} counts; "
        f"the worst set is {apart.idxmax()}: {apart.max():.2f}",
    )  # fmt: skip
    stated = pd.concat({name: reliability(each) for name, each in found.items()}, names=["set"]).reset_index(
        level="set"
    )
    kept = (stated["method"] == OURS) & np.isclose(stated["share"].to_numpy()[:, None], JUDGED_AT).any(axis=1)
    stated = stated[kept].reset_index(drop=True)
    for name, promised, met, goal in (
        ("membership_error", "membership", "members", 3.0),
        ("chance_error", "chance", "with_event", None),
    ):
        error = 100 * (stated[promised] - stated[met])
        worst = error.abs().idxmax()
        yield Row(
            name, float(error.abs().mean()), "points", goal,
            note=f"mean of {len(stated)} (set, share); the worst is {stated.loc[worst, 'set']} at "
            f"{100 * stated.loc[worst, 'share']:g} %: {error[worst]:+.1f}; on average {error.mean():+.2f}",
        )  # fmt: skip
