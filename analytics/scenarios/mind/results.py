"""What would change our mind, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.results import Result
from analytics.scenarios.mind.boxes import Box
from analytics.scenarios.mind.information import Learnt, Worth
from analytics.scenarios.mind.pairs import Pair
from analytics.scenarios.mind.robustness import Fare, Satisfied
from analytics.scenarios.mind.sensitivity import Influence
from analytics.scenarios.mind.tipping import Tipping
from analytics.scenarios.mind.weights import Weighing
from data.words import Words

__all__ = ["BreakEven", "Mind", "Needed", "Objection"]


@dataclass(frozen=True)
class BreakEven:
    """What a unit of a measure must be worth a year, in money, for an option to be worth what it costs more than the baseline.

    ``low95`` and ``high95`` hold 95 of 100 futures. ``saves`` marks an option that costs less and does worse: it is worth it up
    to that amount.
    """

    option: str
    measure: str
    title: Words
    unit: Words
    value: float
    low95: float
    high95: float
    saves: bool


@dataclass(frozen=True)
class Needed:
    """One id among those that the leader chooses, such as a site: whether the leader still leads without it."""

    key: str
    name: str
    leads: bool
    lost: float


@dataclass(frozen=True)
class Objection:
    """The case against the choice: what would flip it soonest, the gravest caveat, and who loses."""

    flip: Words
    caveat: Words
    losers: tuple[Words, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Mind(Result):
    """What would change our mind about a comparison.

    ``leader`` does best on average on the ``measure`` that decides (or in money, where a worth is stated), in its ``unit``, by
    ``lead`` over the ``rival``. ``tippings`` are told likeliest first. ``settled`` is after how many futures the lead's sign was
    settled, ``tried`` how many settings of all factors together were tried, in how many of these the leader ``fails``, and
    how many of them the first ``quick_draws`` futures settled. ``sentences`` say all of it in words, by part.
    """

    receipt: str
    baseline: str
    options: tuple[str, ...]
    leader: str
    rival: str
    measure: str
    title: Words
    unit: Words
    lead: float
    draws: int
    tippings: tuple[Tipping, ...]
    break_even: tuple[BreakEven, ...]
    needed: tuple[Needed, ...]
    pair: Pair | None
    worth: Worth
    learnt: tuple[Learnt, ...]
    influences: tuple[Influence, ...]
    fares: tuple[Fare, ...]
    satisfied: tuple[Satisfied, ...]
    box: Box | None
    weighing: Weighing | None
    settled: int | None
    tried: int
    fails: int
    quick: int
    quick_draws: int
    headline: Words
    sentences: dict[str, tuple[Words, ...]]
    objection: Objection
