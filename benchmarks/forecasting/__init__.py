"""Forecasts against Prophet, statsmodels, statsforecast and mlforecast on real series."""

from __future__ import annotations

import math
from collections.abc import Iterator

from benchmarks.rows import Row

__all__ = ["rows"]


def rows(*, quick: bool = False, only: str = "") -> Iterator[Row]:
    """The rows of all parts whose name holds ``only``; a part whose data are absent is left out, saying so."""
    from benchmarks.forecasting import calibration, daily, hourly, leaderboard, monthly, seasons, targets, unseen

    parts = {
        "daily": daily.rows,
        "calibration": calibration.rows,
        "hourly": hourly.rows,
        "unseen_hours": unseen.rows,
        "monthly": monthly.rows,
        "season": seasons.rows,
        "leaderboard": leaderboard.rows,
        "warnings": _warnings,
        "targets": targets.rows,
    }
    for name, part in parts.items():
        if only in name:
            yield from part(quick=quick)


def _warnings(*, quick: bool = False) -> Iterator[Row]:
    """Early warning on planted spells, then on two known events."""
    from benchmarks.forecasting import sets, warnings

    for found in (*warnings.rows(quick=quick), *warnings.real_events(sets.data_folder())):
        low, high = (None if math.isnan(found[key]) else found[key] for key in ("low", "high"))
        recall = found["name"] == "warning_recall"
        yield Row(
            found["name"], found["ours"], found["unit"], found["goal"], most=not recall, low=low, high=high,
            note=found.get("alarm", ""),
        )  # fmt: skip
