"""What options cost: the payments that engines wrote, added up over the years of appraisal in the same futures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analytics.errors import ScenarioError
from analytics.scenarios.amounts import SHARE, amount
from analytics.scenarios.comparison import Difference, Price, Spread
from analytics.scenarios.measure import Measure, Sum
from analytics.scenarios.money import annuity
from analytics.scenarios.study import Study, Terms
from analytics.scenarios.verdict import BANDS, TOWARDS, order_statistics
from data.words import Sentence, Words

__all__ = ["COST", "Spending", "check_terms", "cost_measure", "prices_of", "spending_of", "worth_sentences"]

COST = "cost"  # the name of the measure that stands for all that an option spends
LEAST_GAINING = 0.95  # of the futures: an amount for one unit gained says nothing where nothing may be gained
MOST_YEARS = 200
RATES = (0.0, 0.25)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Spending:
    """What an option spends, by draw: once, and every year."""

    once: Numbers
    yearly: Numbers

    def a_year(self, terms: Terms) -> Numbers:
        """Both as an even amount a year, the first paid at once like all of them.

        Parameters
        ----------
        terms : years and rate of the appraisal.

        Returns
        -------
        By draw.
        """
        return self.yearly + self.once / _annuity(terms)


def check_terms(terms: Terms, measures: Sequence[Measure]) -> None:
    """Refuse terms of money that mean nothing.

    Parameters
    ----------
    terms : what people have stated.
    measures : what is judged.

    Raises
    ------
    ScenarioError
        When a rate, a number of years or an amount is none, or something is counted that has no better side.
    """
    rates = [terms.discount_rate, *(rate for _, rate in terms.later_rates)]
    if not all(RATES[0] <= rate <= RATES[1] for rate in rates):
        rate = next(rate for rate in rates if not RATES[0] <= rate <= RATES[1])
        raise ScenarioError("bad_rate", value=rate, low=RATES[0], high=RATES[1])
    if not 1 <= terms.appraisal_years <= MOST_YEARS:
        raise ScenarioError("bad_years", value=terms.appraisal_years, most=MOST_YEARS)
    if terms.budget is not None and not np.isfinite(terms.budget):
        raise ScenarioError("bad_budget", value=str(terms.budget))
    counted = [each.name for each in measures if each.direction != "neutral" and not each.money]
    for name, value in terms.worth.items():
        if name not in counted:
            raise ScenarioError("not_worth_counting", name=name, names=counted)
        if not np.isfinite(value) or value < 0:
            raise ScenarioError("bad_worth", name=name, value=str(value))


def cost_measure(study: Study) -> Measure:
    """What all options cost a year, as a measure like any other: less is better, in the city's money."""
    more, less = (Sentence(f"amounts.{each}_word") for each in ("higher", "lower"))
    title, unit = Sentence("measures.cost"), study.city.currency
    return Measure(COST, title, unit, "lower", print_as="units", more_word=more, fewer_word=less)


def spending_of(measures: Sequence[Measure], by_draw: Mapping[str, xr.DataArray]) -> Spending:
    """What one option spends.

    Parameters
    ----------
    measures : those that mark money, at least one.
    by_draw : one number a draw for each of them.

    Returns
    -------
    Spending
        Each kind of payment added up.
    """
    none = np.zeros(by_draw[measures[0].name].sizes["draw"])
    total = {
        when: sum((by_draw[each.name].to_numpy().astype(float) for each in measures if each.money == when), none)
        for when in ("once", "yearly")
    }
    return Spending(total["once"], total["yearly"])


def prices_of(
    study: Study,
    spending: Mapping[str, Spending],
    *,
    differences: Sequence[Difference],
    measures: Sequence[Measure],
    paired: Mapping[tuple[str, str], xr.DataArray],
    changed: Collection[str],
) -> tuple[Price, ...]:
    """The price of every option, the baseline's too.

    Parameters
    ----------
    study : its terms give the rate, the years, the budget and what a unit of a measure is worth.
    spending : by option, the baseline among them.
    differences : of the options against the baseline; what is neutral is no gain.
    measures : what is judged.
    paired : differences by draw.
    changed : the options that differ from the baseline in a lever; the cheapest is one of them.

    Returns
    -------
    tuple of Price
        In the order of the options.

    Notes
    -----
    Over a measure that is added up over periods a gain is that of an average year; of any other it is what the measure
    tells. ``cost_per`` is told over the futures in which something is gained, and only where these are at least 95 of 100.
    """
    terms, start = study.terms, spending[study.baseline].a_year(study.terms)
    extra = {name: each.a_year(terms) - start for name, each in spending.items()}
    middle = {name: float(np.median(extra[name])) for name in changed}
    lowest = min(middle.values(), default=None)
    by_name = {each.name: each for each in measures}
    prices = []
    for name, spent in spending.items():
        gains = {
            each.measure: _gain(by_name[each.measure], paired[name, each.measure], study)
            for each in differences
            if each.option == name and each.direction != "neutral" and each.measure != COST
        }
        worth = _worth(gains, terms)
        costs = extra[name]
        prices.append(
            Price(
                option=name,
                currency=study.city.currency,
                once=_spread(spent.once),
                yearly=_spread(spent.yearly),
                a_year=_spread(spent.a_year(terms)),
                extra=_spread(costs),
                present_value=_spread(costs * _annuity(terms)),
                draws=len(costs),
                within_budget=None if terms.budget is None else int((costs <= terms.budget).sum()),
                worth_it=None if worth is None else int((worth > costs).sum()),
                cost_per={measure: _spread(costs[gain > 0] / gain[gain > 0]) for measure, gain in gains.items()
                          if (gain > 0).mean() >= LEAST_GAINING},
                cheapest=name in middle and middle[name] == lowest,
            )
        )  # fmt: skip
    return tuple(prices)


def worth_sentences(prices: Sequence[Price], study: Study, measures: Sequence[Measure]) -> dict[str, Sentence]:
    """In how many futures what is gained is worth more than it costs, and what was counted at how much.

    Parameters
    ----------
    prices : of the options.
    study : its terms state what a unit is worth.
    measures : what is judged.

    Returns
    -------
    Sentence by option; none where nobody has stated anything.
    """
    currency = study.city.currency
    counted = [
        Sentence("verdicts.counted_at", {"measure": each.title, "unit": _one(each), "worth": amount(worth, currency)})
        for each in measures
        if (worth := study.terms.worth.get(each.name)) is not None
    ]
    return {
        each.option: Sentence("verdicts.worth", {"n": each.worth_it, "draws": each.draws, "counted": counted})
        for each in prices
        if each.worth_it is not None
    }


def _one(measure: Measure) -> Words:
    """The unit that is counted; of a share the whole of it."""
    return amount(1.0, SHARE) if measure.unit == SHARE else measure.unit


def _annuity(terms: Terms) -> float:
    return annuity(terms.appraisal_years, terms.discount_rate, terms.later_rates)


def _gain(measure: Measure, paired: xr.DataArray, study: Study) -> Numbers:
    gained: Numbers = TOWARDS[measure.direction] * paired.to_numpy().astype(float)
    return gained * (study.freq.year / study.periods if isinstance(measure.over.get("period"), Sum) else 1.0)


def _worth(gains: Mapping[str, Numbers], terms: Terms) -> Numbers | None:
    counted = [terms.worth[name] * gain for name, gain in gains.items() if name in terms.worth]
    return sum(counted[1:], counted[0]) if counted else None


def _spread(values: Numbers) -> Spread:
    return Spread(*map(float, order_statistics(values, [BANDS[name] for name in ("median", "low95", "high95")])))
