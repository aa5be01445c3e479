"""What a comparison holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import xarray as xr

from analytics.results import Result
from analytics.scenarios.contract import Lever
from analytics.scenarios.measure import Measure
from analytics.scenarios.study import Scenario, Study
from data.words import Words

__all__ = ["Comparison", "Difference", "Verdict"]

Verdict = Literal["better", "worse", "no_change", "too_close"]


@dataclass(frozen=True)
class Difference:
    """One option against the baseline on one measure: paired differences over the same futures.

    ``median``, ``low95``, ``high95``, ``low80``, ``high80`` are differences option - baseline in the measure's unit;
    ``percent`` holds the same five divided by the baseline's mean, by name, or None where they are not told in per cent
    (``relative`` says so for text, axes and exports alike): the measure prints in units, or the baseline's mean is not
    above zero or tiny against its spread.
    ``better`` and ``worse`` count the ``draws`` in which the option strictly is; ``probability`` is the share of better.
    ``detectable`` is the smallest difference (in the unit) that the study could have seen. ``pairing_gain`` is how many
    times smaller the variance is than it would have been without pairing, None where nothing differs.
    ``sentence`` says it in words.
    """

    option: str
    measure: str
    title: Words
    unit: Words
    direction: Literal["lower", "higher"]
    baseline_mean: float
    option_mean: float
    median: float
    low95: float
    high95: float
    low80: float
    high80: float
    percent: Mapping[str, float] | None
    better: int
    worse: int
    draws: int
    probability: float
    verdict: Verdict
    detectable: float
    pairing_gain: float | None
    sentence: Words

    @property
    def relative(self) -> bool:
        """Whether the difference is told in per cent of the baseline's mean, or else in the measure's unit."""
        return self.percent is not None


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison(Result):
    """Options side by side: differences with bands, verdicts and caveats.

    ``differences`` holds one entry a (measure, option), the baseline not among the options. ``verdict`` is one sentence
    on the primary measure and those that disagree or cannot be told. ``paired`` maps (option, measure) to the
    differences by draw; ``by_area`` (option, measure) to the difference by area, for measures that have areas: dims stat,
    area_id; stats mean, low95 and high95 in the unit, and percent, the mean over the area's own baseline, NaN where it is
    not told in per cent; ``by_group`` likewise by group. ``levers`` and ``measures`` describe what was moved and judged.
    ``receipt`` is a short hash of inputs, levers, seeds, versions and the code that calculates.
    """

    study: Study
    scenarios: tuple[Scenario, ...]
    baseline: str
    differences: tuple[Difference, ...]
    verdict: Words
    paired: Mapping[tuple[str, str], xr.DataArray]
    by_area: Mapping[tuple[str, str], xr.DataArray]
    by_group: Mapping[tuple[str, str], xr.DataArray]
    levers: tuple[Lever, ...]
    measures: tuple[Measure, ...]
    receipt: str

    def measure(self, name: str) -> Measure:
        """A measure by its name."""
        return next(each for each in self.measures if each.name == name)

    @property
    def primary(self) -> str:
        """The measure that the verdict begins with."""
        return str(self.config["primary"])
