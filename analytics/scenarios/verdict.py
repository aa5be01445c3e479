"""From paired draws to a verdict: differences, bands, probability, and what the study could have seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from analytics.scenarios.amounts import SHARE, amount
from analytics.scenarios.comparison import Difference, Verdict
from analytics.scenarios.measure import Measure, is_relative
from data.words import Sentence

__all__ = ["BANDS", "MATTERS", "TOWARDS", "judge", "order_statistics", "overall_verdict"]

TOWARDS: Mapping[str, float] = {"lower": -1.0, "higher": 1.0, "neutral": 0.0}
ROUNDING = 1e-12  # of the larger of two numbers: what lies closer was added up in another order, and is no difference
MATTERS = 0.01  # of the baseline's mean: the smallest difference that matters unless the user says otherwise
BANDS: Mapping[str, float] = {"low95": 0.025, "low80": 0.1, "median": 0.5, "high80": 0.9, "high95": 0.975}


def judge(
    option: str, measure: Measure, baseline: xr.DataArray, chosen: xr.DataArray, *, matters: float, baseline_name: str
) -> tuple[Difference, xr.DataArray]:
    """The difference of one option on one measure, and the paired differences by draw.

    Parameters
    ----------
    option : the option's name.
    measure : what is judged.
    baseline, chosen : one number a draw, of the baseline and of the option.
    matters : the smallest difference that matters, as a share of the baseline's mean.
    baseline_name : what the options are measured against.

    Returns
    -------
    The difference, and option minus baseline by draw.

    Notes
    -----
    Quantiles are order statistics (see ``order_statistics``), so that ranges and counts of futures agree: the central
    95 % lies above 0 exactly when at least 97.5 % of the futures do, 488 of 500.
    """
    before, after = baseline.to_numpy(), chosen.to_numpy()
    values = _apart(before, after)
    paired = baseline.copy(deep=False, data=values).rename(None)
    mean = float(before.mean())
    bands = dict(zip(BANDS, map(float, order_statistics(values, tuple(BANDS.values()))), strict=True))
    towards = TOWARDS[measure.direction]
    better, worse = (int((side * values > 0).sum()) for side in (towards, -towards))
    above, below = int((values > 0).sum()), int((values < 0).sum())
    smallest = matters * abs(mean)
    relative = bool(is_relative(measure, before))
    verdict = _verdict(bands, towards, smallest, same=not above and not below)
    apart, spread = float(before.var() + after.var()), float(values.var())
    difference = Difference(
        option=option,
        measure=measure.name,
        title=measure.title,
        unit=measure.unit,
        direction=measure.direction,
        baseline_mean=mean,
        option_mean=float(after.mean()),
        median=bands["median"],
        low95=bands["low95"],
        high95=bands["high95"],
        low80=bands["low80"],
        high80=bands["high80"],
        percent={name: value / mean for name, value in bands.items()} if relative else None,
        better=better,
        worse=worse,
        draws=len(values),
        probability=(better if towards else max(above, below)) / len(values),
        verdict=verdict,
        smallest=smallest,
        detectable=max(smallest, (bands["high95"] - bands["low95"]) / 2),
        pairing_gain=apart / spread if spread > 0 else None,
        sentence="",
        against=baseline_name,
    )
    sentence = Sentence("verdicts.whole", {"clause": _clause(difference, measure, baseline_name)})
    return replace(difference, sentence=sentence), paired


def _apart(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """After minus before; exactly 0 where only rounding tells them apart, so that no future is counted for it."""
    values = after - before
    found: np.ndarray = np.where(np.abs(values) <= ROUNDING * np.maximum(np.abs(before), np.abs(after)), 0, values)
    return found


def order_statistics(values: np.ndarray, levels: Sequence[float]) -> list[np.ndarray]:
    """Quantiles along the first axis as some of the values: ``inverted_cdf`` above the median, its mirror below it.

    Numpy's own ``inverted_cdf`` is one value off its mirror where level * draws is whole (at 1,000 draws, not at 500);
    mirrored, the band of B - A is exactly that of A - B turned round, and a level's count holds on both sides.

    Parameters
    ----------
    values : draws along the first axis.
    levels : from 0 to 1; at 0.5 it is the mean of the two in the middle.

    Returns
    -------
    One for each level.
    """
    ordered, n = np.sort(values, axis=0), len(values)

    def at(level: float) -> np.ndarray:
        if level == 0.5:
            middle: np.ndarray = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
            return middle
        above = max(0, math.ceil(n * max(level, 1 - level) - 1))
        found: np.ndarray = ordered[above if level > 0.5 else n - 1 - above]
        return found

    return [at(level) for level in levels]


def _verdict(bands: Mapping[str, float], towards: float, smallest: float, *, same: bool) -> Verdict:
    if same:
        return "no_change"
    if abs(bands["median"]) > smallest and (bands["low95"] > 0 or bands["high95"] < 0):
        if towards == 0:
            return "differs"
        return "better" if towards * bands["median"] > 0 else "worse"
    return "too_close"


def _clause(difference: Difference, measure: Measure, baseline: str) -> Sentence:
    """Numbers as per cent of the baseline where they are told so, turned so that the size is positive."""
    numbers = difference.percent or {name: getattr(difference, name) for name in BANDS}
    sign = 1 if numbers["median"] > 0 else -1
    low, high = sorted([sign * numbers["low95"], sign * numbers["high95"]])
    whole = difference.baseline_mean if difference.relative else 1.0
    in_percent = difference.relative or measure.unit == SHARE
    evidence = {
        "option": difference.option,
        "baseline": baseline,
        "size": _size(abs(numbers["median"]), measure, relative=difference.relative),
        "low": _bare(low, in_percent=in_percent),
        "high": _bare(high, in_percent=in_percent),
        "word": measure.more_word if sign > 0 else measure.fewer_word,
        "measure": measure.title,
        "better": difference.better,
        "worse": difference.worse,
        "agreeing": difference.agreeing,
        "draws": difference.draws,
        "smallest": _size(difference.smallest / whole, measure, relative=difference.relative),
        "detectable": _size(difference.detectable / whole, measure, relative=difference.relative),
    }
    return Sentence(f"verdicts.{_code(difference)}", evidence)


def _code(difference: Difference) -> str:
    """The verdict; of what cannot be called though nearly all futures agree, that it is too small to matter."""
    return "too_small" if difference.verdict == "too_close" and difference.clear else difference.verdict


def _size(value: float, measure: Measure, *, relative: bool) -> Sentence:
    """A size with its sign for per cent; of shares in points; of what is told in units with its unit."""
    if relative:
        return amount(value, SHARE)
    if measure.unit == SHARE:
        return Sentence("amounts.points", {"value": value})
    return amount(value, measure.unit if measure.print_as == "units" else "")


def _bare(value: float, *, in_percent: bool) -> Sentence:
    """A number without its sign for per cent, to as many digits as with it."""
    percent = 100 * value
    if not in_percent or percent == 0:
        return amount(value, "")
    return amount(round(percent, max(0, min(3, 1 - math.floor(math.log10(abs(percent)))))), "")


def overall_verdict(
    differences: Sequence[Difference],
    measures: Sequence[Measure],
    *,
    primary: str,
    baseline: str,
    worth: Mapping[str, Sentence] | None = None,
) -> Sentence:
    """One sentence: the best option on the primary measure, and which measures disagree or cannot be told.

    Parameters
    ----------
    differences : one entry a measure and option.
    measures : those that are judged.
    primary : the name of the measure to begin with.
    baseline : the name of what the options are measured against.
    worth : by option, whether what it gains is worth what it costs; only where people have stated what a unit is worth.

    Returns
    -------
    Sentence
        To be shown above the differences. On a neutral measure nothing wins: the option that differs most leads. Where none
        of several options is better than the baseline that is said first, then which are worse, and by how much.
    """
    by_measure = {measure.name: measure for measure in measures}
    first = [each for each in differences if each.measure == primary]
    if not first:
        return Sentence("verdicts.nothing_compared")
    winners = [each for each in first if each.verdict == "better"]
    lost = len(first) > 1 and not winners and all(each.direction != "neutral" for each in first)
    if lost:
        first = sorted(first, key=lambda each: (each.verdict == "worse", -TOWARDS[each.direction] * each.median))
    lead = first[0] if lost else max(winners or first, key=lambda each: abs(each.median))
    others = [each for each in differences if each.option == lead.option and each.measure != primary]
    whole, *asides = (
        _none_better(first, by_measure[primary], baseline) if lost else [_clause(lead, by_measure[primary], baseline)]
    )
    beside = [Sentence(f"verdicts.{code}", {"measures": titles}) for code, titles in _asides(lead, others).items()]
    asides += [
        Sentence("verdicts.of_option", {"option": lead.option, "aside": each}) if lost else each for each in beside
    ]
    asides += [worth[lead.option]] if worth and lead.option in worth else []
    for aside in asides:
        whole = Sentence("verdicts.joined", {"first": whole, "second": aside})
    return Sentence("verdicts.whole", {"clause": whole})


def _none_better(found: Sequence[Difference], measure: Measure, baseline: str) -> list[Sentence]:
    """That no option does better on a measure, and of each what it does where some do worse; the best first."""
    if any(each.verdict == "worse" for each in found):
        each_option = [
            Sentence(f"verdicts.option_{_code(each)}", _clause(each, measure, baseline).evidence) for each in found
        ]
        return [Sentence("verdicts.none_better", {"measure": measure.title, "baseline": baseline}), *each_option]
    close = [each for each in found if each.verdict == "too_close"]
    if not close:
        return [Sentence("verdicts.none_changes", {"measure": measure.title})]
    code = "verdicts.none_matters" if all(each.clear for each in close) else "verdicts.none_told"
    least_sure = max(close, key=lambda each: each.detectable)
    return [Sentence(code, _clause(least_sure, measure, baseline).evidence)]


def _asides(lead: Difference, others: Sequence[Difference]) -> dict[str, list[Sentence]]:
    """The titles of the other measures of an option that cannot be told, disagree, or decide where the first does not."""
    undecided = lead.verdict in {"too_close", "no_change"}
    chosen: dict[str, Callable[[Difference], bool]] = {
        "close_on": lambda each: each.verdict == "too_close",
        "against": lambda each: _opposed(lead, each),
        "better_on": lambda each: lead.verdict != "better" and each.verdict == "better",
        "worse_on": lambda each: lead.verdict != "worse" and each.verdict == "worse",
        "differs_on": lambda each: undecided and each.verdict == "differs",
    }
    titles = {
        code: [Sentence("amounts.inside", {"text": each.title}) for each in others if holds(each)]
        for code, holds in chosen.items()
    }
    return {code: found for code, found in titles.items() if found}


def _opposed(lead: Difference, other: Difference) -> bool:
    """More against fewer, where neither way is better."""
    return {lead.verdict, other.verdict} == {"differs"} and lead.median * other.median < 0
