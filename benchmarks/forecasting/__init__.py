"""Forecasts against Prophet, statsmodels, statsforecast and mlforecast on real series."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.rows import Row, rows_of

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
        "targets": targets.rows,
    }
    yield from rows_of(parts, quick=quick, only=only)
