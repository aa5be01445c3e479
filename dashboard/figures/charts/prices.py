"""What each option costs more than the baseline."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.scenarios.comparison import Comparison, Price, Spread
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Line, Mark, Points, Rule, Text
from dashboard.figures.columns import column
from dashboard.figures.differences import Scale, ends_words, option_evidence, turned_axis
from dashboard.figures.palette import option_looks
from data.words import say, text

__all__ = ["price_chart", "price_words"]

ROW = 52  # pixels an option


def price_chart(comparison: Comparison) -> Chart:
    """One row an option: what it costs a year more than the baseline, in the same futures, with its range.

    Parameters
    ----------
    comparison : with prices, which there are where the city states costs.

    Returns
    -------
    A chart in the city's money; its table holds once, a year, extra, budget, cost for a unit gained and worth.

    Raises
    ------
    ValueError
        When the comparison has no prices.
    """
    prices = [each for each in comparison.prices if each.option != comparison.baseline]
    if not prices:
        raise ValueError("this comparison has no prices: the city states no costs")
    scale = _scale(prices[0])
    looks = option_looks([each.name for each in comparison.scenarios], baseline=comparison.baseline)
    marks: list[Mark] = [Rule(0.0, role="today", width=2.0)]
    for index, price in enumerate(prices):
        look, y = looks[price.option], -float(index)
        hovers = [_sentence(price, comparison.baseline)]
        marks += [
            Line([price.extra.low95, price.extra.high95], [y, y], role=look.role, width=1.8, hover=2 * hovers),
            Points([price.extra.median], [y], role=look.role, shape=look.shape, size=11, hover=hovers),
            Text(0.0, y, price_words(price), role=look.role, strong=True, column="right", dy=9),
            Text(0.0, y, _beside(price), role="ink3", column="right", dy=-9),
        ]
    ends = [end for each in prices for end in (each.extra.low95, each.extra.high95, each.extra.median)]
    cheapest = next((each for each in prices if each.cheapest), min(prices, key=lambda each: each.extra.median))
    rows = " ".join(_sentence(each, comparison.baseline) for each in prices)
    evidence = {"cheapest": cheapest.option, "price": price_words(cheapest), "rows": rows}
    return chart_of(
        comparison,
        name="prices",
        evidence=option_evidence(comparison, cheapest.option, scale, **evidence),
        marks=marks,
        table=_table(comparison, comparison.prices),
        axes=(
            turned_axis(ends, scale, middle=comparison.baseline),
            Axis(
                kind="category",
                range=(0.5 - len(prices), 0.5),
                ticks=tuple((-float(index), price.option) for index, price in enumerate(prices)),
            ),
        ),
        height=ROW * len(prices) + 70,
        right=150,
    )


def _sentence(price: Price, baseline: str) -> str:
    """What is said over an option."""
    evidence = {"option": price.option, "price": price_words(price), "beside": _beside(price)}
    return say("charts.prices.hover", evidence | {"baseline": baseline})


def _scale(price: Price) -> Scale:
    return Scale(
        say("scale.a_year", {"unit": price.currency}),
        1,
        say("charts.prices.less"),
        say("charts.prices.more"),
        neutral=True,
    )


def price_words(price: Price) -> str:
    """ "120 thousand USD a year more", or that it costs the same."""
    if not price.extra.low95 and not price.extra.high95:
        return say("charts.prices.same")
    return _scale(price).amount(price.extra.median)


def _beside(price: Price) -> str:
    """The range, and in how many futures the budget is kept."""
    extra = price.extra
    parts = [ends_words(extra.low95, extra.high95, extra.median, _scale(price))]
    if price.within_budget is not None:
        parts.append(say("charts.prices.within", {"n": price.within_budget, "draws": price.draws}))
    if price.worth_it is not None:
        parts.append(say("charts.prices.worth", {"n": price.worth_it, "draws": price.draws}))
    return " · ".join(parts)


def _table(comparison: Comparison, prices: Sequence[Price]) -> pd.DataFrame:
    return pd.DataFrame([_row(comparison, price) for price in prices])


def _row(comparison: Comparison, price: Price) -> dict[str, object]:
    row: dict[str, object] = {column("option"): price.option}
    for name in ("once", "yearly", "a_year", "extra", "present_value"):
        row |= _spread(f"price_{name}", getattr(price, name), price.currency)
    row[column("within_budget")] = price.within_budget
    row[column("worth_it")] = price.worth_it
    row[column("futures")] = price.draws
    for measure in {name: None for each in comparison.prices for name in each.cost_per}:
        title = text(comparison.measure(measure).title)
        found = price.cost_per.get(measure, Spread(float("nan"), float("nan"), float("nan")))
        row |= _spread("cost_per", found, price.currency, measure=title)
    return row


def _spread(name: str, spread: Spread, unit: str, **evidence: str) -> dict[str, object]:
    head = say(f"columns.{name}", evidence)
    return {
        column(name, unit=unit, **evidence): spread.median,
        **{
            column("end_of", unit=unit, words=head, end=say(f"columns.{end}")): getattr(spread, end)
            for end in ("low95", "high95")
        },
    }
