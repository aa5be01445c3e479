"""What is compared, over which time, with how many futures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from analytics.streams import Streams
from data import City, Series
from data.frequency import Frequency

__all__ = ["Scenario", "Study"]


@dataclass(frozen=True)
class Scenario:
    """An option: the levers that we choose and the uncertainties that we assume.

    A lever is a number, a number per area (``{"A17": 0.1}``) or a set of ids, under its subject's name
    (``population.growth``). No levers means today.
    """

    name: str
    levers: Mapping[str, Any] = field(default_factory=dict)
    uncertainties: Mapping[str, Any] = field(default_factory=dict)
    rationale: str = ""


@dataclass(frozen=True, eq=False)
class Study:
    """The frame in which options are compared: all of them meet the same futures.

    ``panel`` is the series that is studied, at the study's own frequency; ``start`` the first period after its last
    complete one. ``baseline``,
    ``primary`` and ``matters`` (measure -> smallest difference that matters, a share of the baseline) only judge.
    """

    city: City
    panel: Series
    start: pd.Timestamp
    periods: int
    draws: int = 500
    seed: int = 0
    baseline: str = ""
    primary: str = ""
    matters: Mapping[str, float] = field(default_factory=dict)

    @property
    def freq(self) -> Frequency:
        """The length of a period."""
        return self.panel.freq

    @property
    def years(self) -> int:
        """The study's length in whole years, at least one."""
        return max(1, round(self.periods / self.freq.year))

    @cached_property
    def streams(self) -> Streams:
        """The random streams of this study."""
        return Streams(seed=self.seed, draws=self.draws)

    @property
    def index(self) -> pd.DatetimeIndex:
        """The start of each period."""
        return pd.date_range(self.start, periods=self.periods, freq=self.freq, name="period")
