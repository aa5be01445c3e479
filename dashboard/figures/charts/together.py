"""Two things that decide together: which option does best where both stand otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.results import Caveat
from analytics.scenarios.amounts import SHARE as PER_CENT
from analytics.scenarios.mind import Mind, Pair
from analytics.scenarios.mind.words import value_words
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Points
from dashboard.figures.columns import column
from dashboard.figures.palette import option_looks
from data.words import say, text

__all__ = ["together_chart"]

HEIGHT, SIZE = 340, 13.0


def together_chart(mind: Mind, *, caveats: tuple[Caveat, ...] = ()) -> Chart:
    """A map of two things: at each place the option that does best, by its shape and colour.

    Parameters
    ----------
    mind : with a pair that decides together.
    caveats : of the page, to which those of this are added.

    Returns
    -------
    Chart
        The best guess is ringed.

    Raises
    ------
    ValueError
        When no two things decide together.
    """
    pair = mind.pair
    if pair is None:
        raise ValueError("no two things decide together")
    looks = option_looks(mind.options, baseline=mind.baseline)
    xs, ys = (np.asarray(each, dtype=float) for each in (pair.x, pair.y))
    best = [say("charts.together.best_hover", _at(pair, *pair.best))]
    # Beneath the points, so that none is hidden by it.
    marks = [Points([pair.best[0]], [pair.best[1]], role="ink", shape="circle", filled=False, size=26, hover=best)]
    for option in mind.options:
        rows, columns = np.nonzero(pair.winners == option)
        if len(rows):
            look = looks[option]
            hover = [_hover(pair, xs[c], ys[r], option) for r, c in zip(rows, columns, strict=True)]
            marks.append(Points(xs[columns], ys[rows], role=look.role, shape=look.shape, size=SIZE, hover=hover))
    wins = int((pair.winners == mind.leader).sum())
    evidence = {
        "x": _named(pair, 0), "y": _named(pair, 1), "option": mind.leader, "n": wins, "of": pair.winners.size,
        "measure": text(mind.title), "receipt": mind.receipt, "draws": mind.draws,
    }  # fmt: skip
    key = tuple(
        Key(looks[option].role, option, looks[option].shape)
        for option in mind.options
        if (pair.winners == option).any()
    )
    return chart_of(
        mind,
        name="together",
        evidence=evidence,
        marks=marks,
        table=_table(pair, xs, ys),
        axes=(_axis(pair, 0, xs), _axis(pair, 1, ys)),
        caveats=caveats or None,
        key=(*key, Key("ink", say("charts.together.best"), "circle", filled=False)),
        height=HEIGHT,
        right=12,
    )


def _axis(pair: Pair, which: int, values: np.ndarray) -> Axis:
    unit = pair.units[which]
    in_percent = unit == PER_CENT
    scale = 100.0 if in_percent else 1.0
    axis = number_axis([*(scale * values)], unit="%" if in_percent else "", title=text(pair.titles[which]))
    pad = 0.06 * float(np.ptp(values))
    ticks = tuple((at / scale, label) for at, label in axis.ticks)
    return Axis(range=(float(values.min()) - pad, float(values.max()) + pad), ticks=ticks, title=axis.title)


def _named(pair: Pair, which: int) -> str:
    """Title and unit of one of the two."""
    title, unit = text(pair.titles[which]), pair.units[which]
    return title if unit in ("", PER_CENT) else say("columns.in_unit", {"words": title, "unit": text(unit)})


def _at(pair: Pair, x: float, y: float) -> dict[str, str]:
    return {
        "x": text(pair.titles[0]), "y": text(pair.titles[1]),
        "x_value": text(value_words(x, pair.units[0])), "y_value": text(value_words(y, pair.units[1])),
    }  # fmt: skip


def _hover(pair: Pair, x: float, y: float, option: str) -> str:
    return say("charts.together.hover", {**_at(pair, x, y), "option": option})


def _table(pair: Pair, xs: np.ndarray, ys: np.ndarray) -> pd.DataFrame:
    rows, columns = np.indices(pair.winners.shape)
    return pd.DataFrame(
        {
            text(pair.titles[0]): xs[columns.ravel()],
            text(pair.titles[1]): ys[rows.ravel()],
            column("then_best"): pair.winners.ravel(),
        }
    )
