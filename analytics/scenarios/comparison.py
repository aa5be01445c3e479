"""What a comparison holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import xarray as xr

from analytics.results import Result
from analytics.scenarios.contract import Lever
from analytics.scenarios.measure import Measure
from analytics.scenarios.study import Scenario, Study
from data import City
from data.words import Words

__all__ = ["Comparison", "Difference", "Level", "Price", "Rank", "Spread", "Verdict"]

Verdict = Literal["better", "worse", "differs", "no_change", "too_close"]


@dataclass(frozen=True)
class Difference:
    """One option against the baseline on one measure: paired differences over the same futures.

    ``median``, ``low95``, ``high95``, ``low80``, ``high80`` are differences option - baseline in the measure's unit;
    ``percent`` holds the same five divided by the baseline's mean, by name, or None where they are not told in per cent
    (``relative`` says so for text, axes and exports alike): the measure prints in units, or the baseline's mean is not
    above zero or tiny against its spread.
    ``better`` and ``worse`` count the ``draws`` in which the option strictly is; ``probability`` is the share of better.
    A ``direction`` "neutral" has neither (both counts are 0, the verdict says "differs" at most): there ``probability`` is
    the share of draws on the side of the median. It is the measure's own direction, but "neutral" on every measure where
    the two options do not meet the same circumstances: fewer residents are never better.
    ``smallest`` is the smallest difference that matters and ``detectable`` the smallest that the study could have seen, both
    in the unit. ``pairing_gain`` is how many
    times smaller the variance is than it would have been without pairing, None where nothing differs.
    ``sentence`` says it in words. ``against`` names the option that it is measured against: the baseline, or another.
    """

    option: str
    measure: str
    title: Words
    unit: Words
    direction: Literal["lower", "higher", "neutral"]
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
    smallest: float
    detectable: float
    pairing_gain: float | None
    sentence: Words
    against: str = ""

    @property
    def relative(self) -> bool:
        """Whether the difference is told in per cent of the baseline's mean, or else in the measure's unit."""
        return self.percent is not None

    @property
    def clear(self) -> bool:
        """Whether the central 95 % of the paired differences lie on one side of none."""
        return self.low95 > 0 or self.high95 < 0

    @property
    def agreeing(self) -> int:
        """In how many draws the difference lies on the side of its median."""
        return round(self.probability * self.draws) if self.direction == "neutral" else max(self.better, self.worse)


@dataclass(frozen=True)
class Rank:
    """The place of an option on a measure, 1 the best; ``tied`` where another has the same place.

    The place is one more than the number of options that are clearly better (see ``ranking``).
    """

    option: str
    measure: str
    place: int
    tied: bool


@dataclass(frozen=True)
class Level:
    """What a measure is in one option, over the draws and in the measure's unit: its median, central 80 % and central 95 %."""

    median: float
    low80: float
    high80: float
    low95: float
    high95: float


@dataclass(frozen=True)
class Spread:
    """A number over the draws: its median and its central 95 %."""

    median: float
    low95: float
    high95: float


@dataclass(frozen=True)
class Price:
    """What an option costs, in the city's money.

    ``once`` is what it takes to build or buy and ``yearly`` to run; ``a_year`` is both together as an even amount a year
    over the years of appraisal, at the discount rate; ``extra`` is that minus the baseline's, in the same futures, and
    ``present_value`` the worth today of all extra payments. ``within_budget`` counts the futures in which the extra amount
    keeps the budget, None where there is none. ``cost_per`` is the extra amount for one unit gained on a measure, where
    the option gains in at least 95 of 100 futures. ``worth_it`` counts the futures in which what is gained is worth more
    than it costs, None where nobody has stated what a unit is worth. ``cheapest`` marks the lowest price of those that
    differ from the baseline.
    """

    option: str
    currency: str
    once: Spread
    yearly: Spread
    a_year: Spread
    extra: Spread
    present_value: Spread
    draws: int
    within_budget: int | None = None
    worth_it: int | None = None
    cost_per: Mapping[str, Spread] = field(default_factory=dict)
    cheapest: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison(Result):
    """Options side by side: differences with bands, verdicts and caveats.

    ``differences`` holds one entry a (measure, option), the baseline not among the options. ``verdict`` is one sentence
    on the primary measure and those that disagree or cannot be told. ``paired`` maps (option, measure) to the
    differences by draw; ``by_area`` (option, measure) to the difference by area, for measures that have areas: dims stat,
    area_id; stats mean, low95 and high95 in the unit, and percent, the mean over the area's own baseline, NaN where it is
    not told in per cent; ``by_group`` likewise by group. ``levers`` and ``measures`` describe what was moved and judged.
    ``between`` holds the differences of every other pair of options, ``ranks`` their places on each measure and ``prices``
    what each costs, where the city states costs. ``gaps`` maps (option, measure) to how the distance of each group from
    everyone changes (dims stat, group), ``stands_out`` to the areas whose change differs from the city's own by more than
    noise (True, by area_id).
    ``engines`` maps those that ran to their versions.
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
    levels: Mapping[tuple[str, str], Level] = field(default_factory=dict)
    engines: Mapping[str, str] = field(default_factory=dict)
    between: tuple[Difference, ...] = ()
    ranks: tuple[Rank, ...] = ()
    prices: tuple[Price, ...] = ()
    gaps: Mapping[tuple[str, str], xr.DataArray] = field(default_factory=dict)
    stands_out: Mapping[tuple[str, str], xr.DataArray] = field(default_factory=dict)

    def measure(self, name: str) -> Measure:
        """A measure by its name."""
        return next(each for each in self.measures if each.name == name)

    @property
    def primary(self) -> str:
        """The measure that the verdict begins with."""
        return str(self.config["primary"])

    @property
    def by_place(self) -> str:
        """The measure that is told by group and area: the primary, or the first that has areas where that has none, or ""."""
        placed = {measure for _, measure in self.by_area}
        return next((each for each in (self.primary, *(own.name for own in self.measures)) if each in placed), "")

    def of_city(self, city: City) -> Comparison:
        """The same with its city open elsewhere, or closed: the tables weigh a thousand times what was found.

        Parameters
        ----------
        city : the one that was compared in.
        """
        return replace(self, study=replace(self.study, city=city))

    def closed(self) -> Comparison:
        """The same without the tables of its city, to be sent and kept."""
        return self.of_city(self.study.city.closed())
