"""How a difference is written and drawn, in charts and maps alike: in per cent of the baseline or in the measure's unit,
never both on one axis, and turned so that right is better; of a measure that is neither better nor worse, right is more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analytics.scenarios.amounts import SHARE as SHARE_UNIT
from analytics.scenarios.comparison import Comparison, Difference, Verdict
from dashboard.figures.axes import nice_step, readable
from dashboard.figures.chart import Axis
from dashboard.figures.columns import SHARE, column
from dashboard.figures.terms import span_words, terms_words
from data.words import NARROW, Sentence, Words, as_number, as_percent, as_points, say, text

__all__ = [
    "CLEAR", "Scale", "change_table", "changes_of", "compared_with", "count_words", "ends_words", "find_difference",
    "interval", "is_neutral", "option_evidence", "result_words", "scale_of", "scale_of_parts", "turned_axis",
]  # fmt: skip

CLEAR = ("better", "worse", "differs")  # the verdicts of a difference that is there
SIDE = 0.2  # of the width at least lies on each side of the baseline
LEAST_SPAN = 0.01  # of the baseline: differences below one per cent are not blown up to the whole width
PIXELS = 280  # of the plot of a chart in its column, on a page of 1,440
# Amounts from here on are written in thousands or millions: five digits beside a tick touch those of the next.
POWERS = ((1e6, "millions"), (2e4, "thousands"))
MORE, FEWER = Sentence("amounts.more_word"), Sentence("amounts.fewer_word")


@dataclass(frozen=True)
class Scale:
    """What the differences of one figure are measured in: shares of the baseline's mean, or the measure's unit.

    ``unit`` is empty where they are shares. ``sign`` is -1 where less is better, so that ``turned`` makes more better;
    where a measure is ``neutral``, neither is better and more stays more. ``fewer`` and ``more`` are the measure's words.
    """

    unit: str
    sign: int
    fewer: str = ""
    more: str = ""
    neutral: bool = False

    @property
    def relative(self) -> bool:
        """Whether differences are shares of the baseline's mean, written in per cent."""
        return not self.unit

    @property
    def in_points(self) -> bool:
        """Whether the measure is a share itself, whose differences are percentage points."""
        return self.unit == SHARE_UNIT

    def turned(self, difference: Difference, name: str) -> float:
        """One of a difference's numbers (``median``, ``low95`` ...) on this scale, turned so that more is better."""
        shares = difference.percent if self.relative else None
        return self.sign * float(getattr(difference, name) if shares is None else shares[name])

    def size(self, value: float) -> str:
        """ "9 %", "7 minutes" or "2 points": how large a value of this scale is, without its sign."""
        if self.relative:
            return as_percent(abs(value))
        if self.in_points:
            return as_points(abs(value))
        power, word = _power(abs(value))
        return say("amount.in_units", {"value": abs(value) / power, "unit": _in_power(self.unit, word)})

    def amount(self, value: float) -> str:
        """ "9 % fewer": a value of this scale in the measure's words, the way that the measure goes (not turned)."""
        return say("amount.changed", {"size": self.size(value), "word": self.fewer if value < 0 else self.more})

    def evidence(self, baseline: str) -> dict[str, str]:
        """What sentences about a figure need to name its scale."""
        if self.relative:
            return {"scale": say("scale.percent"), "scale_of": say("scale.percent_of", {"baseline": baseline})}
        unit = say("scale.points") if self.in_points else self.unit
        return {"scale": unit, "scale_of": unit}


def is_neutral(comparison: Comparison, measure: str) -> bool:
    """Whether nothing about a measure is better or worse, because it is so or because options differ in what is assumed.

    Parameters
    ----------
    comparison : of options.
    measure : the name of one.

    Returns
    -------
    True where all of its figures say more and less.
    """
    found = [each for each in (*comparison.differences, *comparison.between) if each.measure == measure]
    return any(each.direction == "neutral" for each in found)


def scale_of(comparison: Comparison, difference: Difference) -> Scale:
    """The scale of a difference, in its sentence and in every figure of it."""
    unit = "" if difference.relative else text(difference.unit) or say("scale.no_unit")
    neutral = is_neutral(comparison, difference.measure)
    measure = next((each for each in comparison.measures if each.name == difference.measure), None)
    fewer, more = (FEWER, MORE) if measure is None else (measure.fewer_word, measure.more_word)
    sign = 1 if neutral or difference.direction == "higher" else -1
    return Scale(unit, sign, text(fewer), text(more), neutral)


def scale_of_parts(scale: Scale, changes: pd.DataFrame, *, unit: Words) -> Scale:
    """The one scale of a figure of parts (areas, groups): shares only where the whole and each part have them.

    Parameters
    ----------
    scale : of the whole.
    changes : of the parts, as ``changes_of`` gives them.
    unit : of the measure.

    Returns
    -------
    The scale of the whole, or that of the unit.
    """
    known = changes.dropna(subset=["mean"])
    if scale.relative and not known["share"].notna().all():
        return replace(scale, unit=text(unit) or say("scale.no_unit"))
    return scale


def _power(value: float) -> tuple[float, str]:
    """The power of ten in which an amount is written, and its word; 1 and none where it is written whole."""
    least = next(((power, word) for power, word in POWERS if value >= power), (1.0, ""))
    return (1e3, least[1]) if least[1] == "thousands" else least


def _in_power(unit: str, word: str) -> str:
    return say(f"scale.{word}", {"unit": unit}) if word else unit


def changes_of(parts: xr.DataArray, dimension: str) -> pd.DataFrame:
    """The change of each part (area, group): ``mean``, ``low95``, ``high95`` in the unit, and the same three as shares.

    Parameters
    ----------
    parts : dims stat (mean, low95, high95, percent) and the dimension; percent is NaN where a part is not told in per cent.
    dimension : ``area_id`` or ``group``; it becomes the index.

    Returns
    -------
    Columns mean, low95, high95 (unit of the measure), share, share_low95, share_high95 (of the part's own baseline).
    """
    wide = parts.transpose("stat", dimension)
    by_name = dict(zip(map(str, wide.get_index("stat")), wide.to_numpy().astype(float), strict=True))
    mean, share = by_name["mean"], by_name["percent"]
    with np.errstate(divide="ignore", invalid="ignore"):
        # The mean and its share tell the part's own baseline; where nothing changed on average they do not.
        baseline = mean / np.where(share == 0, np.nan, share)
        low, high = (np.where(by_name[end] == mean, share, by_name[end] / baseline) for end in ("low95", "high95"))
    known = ~(np.isnan(low) | np.isnan(high))
    shares = {"share": share, "share_low95": low, "share_high95": high}
    columns = {name: by_name[name] for name in ("mean", "low95", "high95")}
    columns |= {name: np.where(known, values, np.nan) for name, values in shares.items()}
    return pd.DataFrame(columns, index=parts.get_index(dimension))


def change_table(changes: pd.DataFrame, scale: Scale, *, unit: str) -> pd.DataFrame:
    """The columns of a file about parts: changes in the unit, and as shares where the figure shows those.

    Parameters
    ----------
    changes : as ``changes_of`` gives them.
    scale : of the figure.
    unit : of the measure.
    """
    names = {"mean": "change", "low95": "low95", "high95": "high95"}
    columns = {column(words, unit=unit): changes[name] for name, words in names.items()}
    if scale.relative:
        shares = {"share": "change", "share_low95": "low95", "share_high95": "high95"}
        columns |= {column(words, unit=SHARE): changes[name] for name, words in shares.items()}
    return pd.DataFrame(columns)


def compared_with(comparison: Comparison, against: str = "") -> tuple[Difference, ...]:
    """The differences of all options from one of them.

    Parameters
    ----------
    comparison : that holds them; of two options it holds one way round.
    against : an option; the baseline when empty.

    Returns
    -------
    By measure and option, as the comparison judged them or turned round.
    """
    if against in ("", comparison.baseline):
        return comparison.differences
    return tuple(
        each if each.against == against else _turned_round(each)
        for each in comparison.between
        if against in (each.against, each.option)
    )


def _turned_round(difference: Difference) -> Difference:
    """B against A from A against B: the same draws, counts and verdict seen from the other side."""
    ends = {"median": "median", "low95": "high95", "high95": "low95", "low80": "high80", "high80": "low80"}
    values: dict[str, Any] = {name: -float(getattr(difference, other)) for name, other in ends.items()}
    start = difference.option_mean
    relative = difference.relative and start > 0
    verdicts: dict[Verdict, Verdict] = {"better": "worse", "worse": "better"}
    neutral = difference.direction == "neutral"
    return replace(
        difference,
        option=difference.against,
        against=difference.option,
        baseline_mean=start,
        option_mean=difference.baseline_mean,
        **values,
        percent={name: value / start for name, value in values.items()} if relative else None,
        better=difference.worse,
        worse=difference.better,
        probability=difference.probability if neutral else difference.worse / difference.draws,
        verdict=verdicts.get(difference.verdict, difference.verdict),
    )


def find_difference(comparison: Comparison, *, option: str, measure: str, against: str = "") -> Difference:
    """The difference of one option on one measure.

    Parameters
    ----------
    comparison : that holds it.
    option, measure : names.
    against : another option; the baseline when empty.

    Returns
    -------
    As the comparison judged it.

    Raises
    ------
    KeyError
        When the comparison has no such pair.
    """
    for each in compared_with(comparison, against):
        if (each.option, each.measure) == (option, measure):
            return each
    raise KeyError((option, measure, against))


def interval(difference: Difference, scale: Scale) -> str:
    """ "[4, 14]": the 95 % range of the size in the direction that the words name, in per cent or in the unit.

    Parameters
    ----------
    difference : of an option.
    scale : as ``scale_of`` gives it: where words name no direction, what lies right of the baseline is positive.

    Returns
    -------
    Two numbers in brackets.
    """
    shares = difference.percent
    low, high, middle = (
        float(getattr(difference, name) if shares is None else shares[name]) for name in ("low95", "high95", "median")
    )
    named = middle if difference.verdict in CLEAR else math.copysign(middle, scale.sign)
    return ends_words(low, high, named, scale)


def ends_words(low: float, high: float, middle: float, scale: Scale) -> str:
    """The ends of a range in brackets, turned so that its middle is positive.

    Parameters
    ----------
    low, high, middle : on the scale.
    scale : whose sign counts for nothing here.

    Returns
    -------
    Numbers without a unit, in the thousands or millions in which the scale writes the middle.
    """
    in_hundreds = scale.relative or scale.in_points
    factor = 100.0 if in_hundreds else 1 / _power(abs(middle))[0]
    ends = sorted((-1 if middle < 0 else 1) * factor * end for end in (low, high))
    # As many digits as the scale writes of the middle: it must not lie outside its own range.
    low_words, high_words = (as_number(float(f"{end:.2g}") if in_hundreds else end) for end in ends)
    return f"[{low_words}, {high_words}]"


def result_words(difference: Difference, scale: Scale | None = None) -> str:
    """ "9 % fewer" where the verdict is clear, else the verdict.

    Parameters
    ----------
    difference : of an option.
    scale : as ``scale_of`` gives it, with the measure's words; plain words when None.

    Returns
    -------
    A few words.
    """
    if difference.verdict in CLEAR:
        scale = scale or Scale("" if difference.relative else text(difference.unit), 1, text(FEWER), text(MORE))
        return scale.amount(scale.sign * scale.turned(difference, "median"))
    return say(f"verdict.{difference.verdict}")


def count_words(difference: Difference, scale: Scale) -> str:
    """ "488 of 500": the futures in which the option is better, or in which it lies on the side that the words name."""
    futures = difference.agreeing if scale.neutral else difference.better
    return say("labels.of_draws", {"better": futures, "draws": difference.draws})


def turned_axis(values: Sequence[float], scale: Scale, *, middle: str = "0", pixels: float = PIXELS) -> Axis:
    """An axis around the baseline, sizes written without a sign.

    Parameters
    ----------
    values : turned values of the scale; those that are not finite are left out.
    scale : shares stand in per cent, the sign on the last tick; any other unit is the axis's title.
    middle : what the baseline's tick says; it stays whole, and ticks that it would touch are left out.
    pixels : the width of the plot.

    Returns
    -------
    Ticks at round sizes on both sides of zero.
    """
    known = [value for value in values if np.isfinite(value)] or [0.0]
    power, word = (1.0, "") if scale.relative or scale.in_points else _power(max(map(abs, known)))
    factor = 100.0 if scale.relative or scale.in_points else 1 / power
    low, high = factor * min(*known, 0.0), factor * max(*known, 0.0)
    span = max(high - low, factor * LEAST_SPAN) if scale.relative else (high - low or 1.0)
    low, high = low - 0.08 * span, high + 0.08 * span
    # The words on either side of the middle need room, even where nothing lies on one side.
    low, high = min(low, -SIDE * high / (1 - SIDE)), max(high, -SIDE * low / (1 - SIDE))
    step = nice_step(high - low, most=6)
    at = [step * count for count in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
    ticks = [(tick / factor, as_number(abs(round(tick, 9)))) for tick in at if tick]
    span_ = (low / factor, high / factor)
    kept = list(readable(ticks, span_, first=(0.0, middle), pixels=pixels))
    if kept[-1][0] > 0 and scale.relative:
        kept[-1] = (kept[-1][0], f"{kept[-1][1]}{NARROW}%")
    title = "" if scale.relative else say("scale.points") if scale.in_points else _in_power(scale.unit, word)
    return Axis(range=span_, ticks=tuple(kept), title=title)


def option_evidence(
    comparison: Comparison, option: str, scale: Scale, *, against: str = "", **more: Any
) -> dict[str, Any]:
    """What the sentences of every figure of a comparison name.

    Parameters
    ----------
    comparison : of options.
    option : that the figure is about.
    scale : of the figure.
    against : what the option is measured against; the baseline when empty.
    more : the figure's own.

    Returns
    -------
    Names, numbers and phrases by the names that the sentences use.
    """
    study, baseline = comparison.study, against or comparison.baseline
    side = "neutral" if scale.neutral else "directed"
    return {
        "verdict": text(comparison.verdict),
        "option": option,
        "baseline": baseline,
        "draws": study.draws,
        "city": study.city.name,
        "span": span_words(study),
        "receipt": comparison.receipt,
        "options": [scenario.name for scenario in comparison.scenarios if scenario.name != baseline],
        "terms": terms_words(comparison),
        "right": say(f"sides.right_{side}"),
        "right_of": say(f"sides.right_of_{side}", {"baseline": baseline}),
        "rule": say(f"sides.rule_{side}", {"baseline": baseline}),
        **scale.evidence(baseline),
        **more,
    }
