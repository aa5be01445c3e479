"""How a difference is written and drawn, in charts and maps alike: in per cent of the baseline or in the measure's unit,
never both on one axis, and turned so that right is better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.axes import nice_step
from dashboard.figures.chart import Axis
from dashboard.figures.columns import SHARE, column
from data.words import NARROW, as_number, as_percent, say, text

__all__ = [
    "Scale", "change_table", "changes_of", "find_difference", "interval", "option_evidence", "result_words", "scale_of",
    "scale_of_parts", "turned_axis",
]  # fmt: skip

SIDE = 0.2  # of the width at least lies on each side of the baseline
LEAST_SPAN = 0.01  # of the baseline: differences below one per cent are not blown up to the whole width


@dataclass(frozen=True)
class Scale:
    """What the differences of one figure are measured in: shares of the baseline's mean, or the measure's unit.

    ``unit`` is empty where they are shares. ``sign`` is -1 where less is better, so that ``turned`` makes more better; what
    is neutral is not turned.
    """

    unit: str
    sign: int

    @property
    def relative(self) -> bool:
        """Whether differences are shares of the baseline's mean, written in per cent."""
        return not self.unit

    def turned(self, difference: Difference, name: str) -> float:
        """One of a difference's numbers (``median``, ``low95`` ...) on this scale, turned so that more is better."""
        shares = difference.percent if self.relative else None
        return self.sign * float(getattr(difference, name) if shares is None else shares[name])

    def size(self, value: float) -> str:
        """ "9 %" or "7 minutes": how large a value of this scale is, without its sign."""
        if self.relative:
            return as_percent(abs(value))
        return say("amount.in_units", {"value": abs(value), "unit": self.unit})

    def amount(self, value: float) -> str:
        """ "9 % less": a value of this scale in words, the way that the measure goes (not turned)."""
        return say("amount.less" if value < 0 else "amount.more", {"size": self.size(value)})

    def evidence(self, baseline: str) -> dict[str, str]:
        """What sentences about a figure need to name its scale."""
        if self.relative:
            return {"scale": say("scale.percent"), "scale_of": say("scale.percent_of", {"baseline": baseline})}
        return {"scale": self.unit, "scale_of": self.unit}


def scale_of(difference: Difference) -> Scale:
    """The scale of a difference, in its sentence and in every figure of it."""
    unit = "" if difference.relative else text(difference.unit) or say("scale.no_unit")
    return Scale(unit, -1 if difference.direction == "lower" else 1)


def scale_of_parts(difference: Difference, changes: pd.DataFrame) -> Scale:
    """The one scale of a figure of parts (areas, groups): shares only where the whole and each part have them."""
    scale = scale_of(difference)
    known = changes.dropna(subset=["mean"])
    if scale.relative and not known["share"].notna().all():
        return Scale(text(difference.unit) or say("scale.no_unit"), scale.sign)
    return scale


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
    wide = parts.transpose(dimension, "stat")
    found = pd.DataFrame(wide.to_numpy(), wide.get_index(dimension), wide.get_index("stat"))
    found = found.rename(columns={"percent": "share"}).rename_axis(columns=None)
    # The mean and its share tell the part's own baseline; where nothing changed on average they do not.
    baseline = found["mean"] / found["share"].where(found["share"] != 0)
    for end in ("low95", "high95"):
        found[f"share_{end}"] = np.where(found[end] == found["mean"], found["share"], found[end] / baseline)
    known = found[["share_low95", "share_high95"]].notna().all(axis=1)
    found.loc[~known, ["share", "share_low95", "share_high95"]] = np.nan
    return found[["mean", "low95", "high95", "share", "share_low95", "share_high95"]]


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


def find_difference(comparison: Comparison, *, option: str, measure: str) -> Difference:
    """The difference of one option on one measure.

    Raises
    ------
    KeyError
        When the comparison has no such pair.
    """
    for each in comparison.differences:
        if (each.option, each.measure) == (option, measure):
            return each
    raise KeyError((option, measure))


def interval(difference: Difference) -> str:
    """ "[4, 14]": the 95 % range of the size in the direction that the words name, in per cent or in the unit."""
    values = difference.percent or {"low95": difference.low95, "high95": difference.high95}
    sign = -1 if difference.median < 0 else 1
    ends = sorted(sign * values[name] * (100 if difference.percent else 1) for name in ("low95", "high95"))
    return f"[{as_number(_rounded(ends[0]))}, {as_number(_rounded(ends[1]))}]"


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def result_words(difference: Difference) -> str:
    """ "9 % less" where the verdict is clear, else the verdict."""
    if difference.verdict in ("better", "worse", "differs"):
        scale = scale_of(difference)
        return scale.amount(scale.sign * scale.turned(difference, "median"))
    return say(f"verdict.{difference.verdict}")


def turned_axis(values: Sequence[float], scale: Scale, *, middle: str = "0") -> Axis:
    """An axis around the baseline, sizes written without a sign.

    Parameters
    ----------
    values : turned values of the scale; those that are not finite are left out.
    scale : shares stand in per cent, the sign on the last tick; any other unit is the axis's title.
    middle : what the baseline's tick says.
    """
    factor = 100 if scale.relative else 1
    known = [factor * value for value in values if np.isfinite(value)] or [0.0]
    low, high = min(*known, 0.0), max(*known, 0.0)
    span = max(high - low, factor * LEAST_SPAN) if scale.relative else (high - low or 1.0)
    low, high = low - 0.08 * span, high + 0.08 * span
    # The words on either side of the middle need room, even where nothing lies on one side.
    low, high = min(low, -SIDE * high / (1 - SIDE)), max(high, -SIDE * low / (1 - SIDE))
    step = nice_step(high - low, most=6)
    at = [step * count for count in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
    ticks = [(tick / factor, middle if tick == 0 else as_number(abs(round(tick, 9)))) for tick in at]
    last = max((index for index, (tick, _) in enumerate(ticks) if tick != 0), default=None)
    if last is not None and scale.relative:
        ticks[last] = (ticks[last][0], f"{ticks[last][1]}{NARROW}%")
    return Axis(range=(low / factor, high / factor), ticks=tuple(ticks), title=scale.unit)


def option_evidence(comparison: Comparison, option: str, scale: Scale, **more: Any) -> dict[str, Any]:
    """What the sentences of every figure of a comparison name; ``more`` is the figure's own."""
    study = comparison.study
    return {
        "verdict": text(comparison.verdict),
        "option": option,
        "baseline": comparison.baseline,
        "draws": study.draws,
        "city": study.city.name,
        "start": study.index[0],
        "end": study.index[-1],
        "receipt": comparison.receipt,
        "options": [scenario.name for scenario in comparison.scenarios if scenario.name != comparison.baseline],
        **scale.evidence(comparison.baseline),
        **more,
    }
