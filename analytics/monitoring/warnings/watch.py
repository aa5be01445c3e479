"""Forecast, compare, raise, and forecast on: a panel watched period by period as it would have been at the time.

Only what was known is used: each week's forecast is fitted on the periods before it, without those of alarmed spells, so
that an outbreak does not become what is expected. After ``Pace.longest_spell`` periods a new level is no alarm any more, and
is learned. Weeks are those of the calendar, and each span of a watch (``spans``) is watched by itself: a day more of data
moves nothing that was raised before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.monitoring.warnings.amounts import (
    Amounts,
    Edges,
    Habits,
    Predicted,
    edges_joined,
    edges_of,
    habits_of,
    learned_of,
)
from analytics.monitoring.warnings.charts import Charts, Raised, blank, look
from analytics.monitoring.warnings.evidence import Evidence, evidence_of, joined
from analytics.monitoring.warnings.panel import (
    Ahead,
    Panel,
    chosen_model,
    forecasts_of,
    moments,
    repeated,
    rows_of,
    stacked,
)
from analytics.monitoring.warnings.persistence import persistence_of
from analytics.monitoring.warnings.recalibration import Recalibration, recalibration_of
from analytics.monitoring.warnings.spans import PACES, Span, spans_of
from analytics.monitoring.warnings.thresholds import Thresholds, thresholds_from_null
from analytics.monitoring.warnings.weather import explained, without_explained
from analytics.parallel import Progress, part_of
from data.frequency import Frequency
from data.words import Words

__all__ = ["Watched", "as_one", "watch"]

Array = npt.NDArray[np.float64]

FACTOR_EVERY = 13  # forecasts between looks at the factor's strength, which are slow
SMALLEST_SPREAD = 1e-9
KNOWN_SCORES = 182  # periods whose scores say how much is a column's own, and how long errors last


@dataclass(frozen=True, eq=False)
class Watched:
    """A watch over ``periods``: what came, what was predicted, the evidence and what was raised, (period, column and total).

    Alarms count from the row ``begins`` on; before it the charts are only led in. ``first`` is the panel's row of the first
    period, ``edges`` what 95 in 100 amounts would be (NaN of counts). ``rho`` is the factor's strength as it was known at each
    period. ``spell`` marks alarmed periods whose level was not learned since, ``alarmed`` all that ever were.
    """

    panel: Panel
    first: int
    begins: int
    periods: pd.DatetimeIndex
    actual: Array
    predicted: Predicted
    evidence: Evidence
    edges: Edges
    rho: Array
    thresholds: Thresholds
    spell: npt.NDArray[np.bool_]
    alarmed: npt.NDArray[np.bool_]
    raised: tuple[Raised, ...]


def watch(panel: Panel, *, seed: int, progress: Progress, doing: Words) -> tuple[Watched, ...]:
    """Watch a panel's last periods, span by span; none where there are too few.

    Parameters
    ----------
    panel : columns and totals.
    seed : of everything drawn.
    progress : told how far the work is.
    doing : what the work is called meanwhile.

    Returns
    -------
    What was predicted, observed and raised in each span, each with the periods that led it in.
    """
    if panel.series.freq not in PACES or not panel.values.shape[1]:
        return ()
    spans = spans_of(panel)
    answer = []
    for number, span in enumerate(spans):
        part = part_of(progress, number, parts=len(spans))
        added = explained(panel, span)
        bare = _watch_span(_plan(without_explained(panel, added), span, seed=seed), progress=part, doing=doing)
        answer.append(bare if added is None else _with_explained(bare, panel, added))
    return tuple(answer)


def as_one(parts: Sequence[Watched]) -> Watched:
    """The spans of a watch one after another, without what led them in; alarms are of the rows of the whole."""
    first = parts[0].first + parts[0].begins
    own = [slice(each.begins, None) for each in parts]

    def rows(name: str) -> npt.NDArray[np.float64]:
        return np.concatenate([getattr(each, name)[there] for each, there in zip(parts, own, strict=True)])

    return Watched(
        panel=parts[0].panel,
        first=first,
        begins=0,
        periods=pd.DatetimeIndex(parts[0].panel.values.index[first:]),
        actual=rows("actual"),
        predicted=stacked([rows_of(each.predicted, there) for each, there in zip(parts, own, strict=True)]),
        evidence=joined([each.evidence.rows(there) for each, there in zip(parts, own, strict=True)]),
        edges=edges_joined([each.edges for each in parts], own),
        rho=rows("rho"),
        thresholds=parts[-1].thresholds,
        spell=rows("spell").astype(bool),
        alarmed=rows("alarmed").astype(bool),
        raised=tuple(
            raised.moved(each.first - first) for each in parts for raised in each.raised if raised.until >= each.begins
        ),
    )


def _with_explained(bare: Watched, panel: Panel, added: Array) -> Watched:
    """The watch of what weather leaves, told in what came; a day without a temperature stays a gap."""
    own = added[bare.first : bare.first + len(bare.actual)]
    back, edges = np.nan_to_num(own), bare.edges
    assert isinstance(bare.predicted, Amounts)
    return replace(
        bare,
        panel=panel,
        actual=bare.actual + own,
        predicted=replace(bare.predicted, mean=bare.predicted.mean + back),
        edges=Edges(edges.low + back, edges.middle + back, edges.high + back),
    )


@dataclass(frozen=True)
class _Plan:
    """How a span is forecast: by which model, after which rows, the first of which only teach."""

    panel: Panel
    ahead: Ahead
    span: Span
    taught: tuple[int, ...]
    rows: tuple[int, ...]
    horizon: int
    seed: int

    @property
    def actual(self) -> Array:
        """What is known when the span has ended, (period, column and total)."""
        return self.panel.actual[: self.span.ends]

    def predicted(self, known: pd.DataFrame, row: int) -> Predicted:
        return self.ahead(known.iloc[:row])


def _plan(panel: Panel, span: Span, *, seed: int) -> _Plan:
    horizon = PACES[panel.series.freq].horizon
    early = replace(panel.series, values=panel.values.iloc[: span.taught])
    model = chosen_model(early, horizon=horizon, seed=seed)
    taught, rows = (
        range(begin, end, horizon) for begin, end in ((span.taught, span.begins), (span.lead_in, span.ends))
    )
    ahead = forecasts_of(model, panel, horizon=horizon, seed=seed)
    return _Plan(panel, ahead, span, tuple(taught), tuple(rows), horizon, seed)


def _watch_span(plan: _Plan, *, progress: Progress, doing: Words) -> Watched:
    panel, span, freq = plan.panel, plan.span, plan.panel.series.freq
    a_year, longest, first = freq.periods_a_year, PACES[freq].longest_spell, plan.rows[0]
    known = panel.values
    # The spread of counts follows from their mean, and nothing asks for their habits.
    learned = freq is Frequency.DAY and panel.series.value_type != "count"
    habits = habits_of(known.iloc[: span.taught], learned=learned)
    past = {row: plan.predicted(known, row) for row in plan.taught}
    taught = _recalibrated(plan, past, known, habits)
    base = stacked([taught.of(each, panel, row) for row, each in past.items()])
    thresholds = thresholds_from_null(base, panel, rho=taught.rho, periods_a_year=a_year, seed=plan.seed)
    charts = blank(span.ends - first, len(panel.names))
    predicted: list[Predicted] = []
    parts: list[Evidence] = []
    edges: list[Edges] = []
    strengths: list[float] = []
    right = taught
    seen = evidence_of(base, plan.actual[span.taught : span.begins], rho=taught.rho, totals=panel.totals)
    for index, row in enumerate(plan.rows):
        progress(index / len(plan.rows), doing)
        if row >= span.begins:
            right = _recalibrated(plan, past, known, habits, rho=None if index % FACTOR_EVERY == 0 else right.rho)
        past[row] = plan.predicted(known, row)
        actual = plan.actual[row : row + plan.horizon]  # fewer in the week that is not over yet
        predicted.append(repeated(right.of(past[row], panel, row), periods=len(actual)))
        fresh = evidence_of(
            predicted[-1], actual, rho=right.rho, totals=panel.totals, variance=_variance(seen, panel.values.shape[1])
        )
        parts.append(fresh.weighed(persistence_of(seen.scores, block=_block(plan))))
        seen = joined([seen, parts[-1]]).rows(slice(-KNOWN_SCORES, None))
        strengths += [right.rho] * len(actual)
        edges.append(_edges(plan, predicted[-1], parts[-1], actual))
        clear = _clear(plan, edges, parts)
        mean, spread = moments(predicted[-1])
        apart = (actual - mean) / np.maximum(spread, SMALLEST_SPREAD)
        for step in range(len(actual)):
            look(
                charts,
                parts[-1],
                apart,
                step,
                row - first + step,
                thresholds,
                longest=longest,
                a_year=a_year,
                clear=clear,
            )
        known = _without_spells(panel, charts, _learned(plan, stacked(predicted)), first)
    return Watched(
        panel, first, span.begins - first, pd.DatetimeIndex(panel.values.index[first : span.ends]), plan.actual[first:],
        stacked(predicted), joined(parts), edges_joined(edges), np.array(strengths), thresholds, charts.spell, charts.alarmed,
        tuple(charts.raised),
    )  # fmt: skip


def _variance(seen: Evidence, columns: int) -> float | None:
    """The variance of the columns' scores; None where none is known."""
    scores = seen.raw[:, :columns]
    return None if np.isnan(scores).all() else float(np.nanvar(scores))


def _recalibrated(
    plan: _Plan, past: dict[int, Predicted], known: pd.DataFrame, habits: Habits, *, rho: float | None = None
) -> Recalibration:
    return recalibration_of(
        plan.panel, list(past.values()), list(past), known.to_numpy(dtype=float), habits=habits, rho=rho
    )


def _block(plan: _Plan) -> int:
    """Periods of a block by which is told how long errors last: those of amounts, made by the weather, last a whole forecast."""
    pace = PACES[plan.panel.series.freq]
    return pace.block if plan.panel.series.value_type == "count" else max(pace.block, pace.horizon)


def _edges(plan: _Plan, predicted: Predicted, found: Evidence, actual: Array) -> Edges:
    if plan.panel.series.value_type == "count":
        return Edges(*np.full((3, *actual.shape), np.nan))
    return edges_of(predicted, lift=found.factor, keep=found.keep, actual=actual)


def _clear(plan: _Plan, edges: Sequence[Edges], parts: Sequence[Evidence]) -> Callable[[int, int, int], bool]:
    """Whether the mean of a spell of amounts lies outside the range that its alarm would state; counts are not asked."""
    if plan.panel.series.value_type == "count":
        return lambda column, since, until: True
    first, known, persistence = plan.rows[0], edges_joined(edges), joined(parts).persistence

    def clear(column: int, since: int, until: int) -> bool:
        observed = plan.actual[first + since : first + until + 1, column]
        low, _, high = known.of_mean(slice(since, until + 1), column, persistence=float(persistence[until, column]))
        return not low <= float(np.nanmean(observed)) <= high

    return clear


def _learned(plan: _Plan, predicted: Predicted) -> Array:
    """What alarmed periods teach: what was expected of counts; of amounts what came, clipped."""
    if plan.panel.series.value_type == "count":
        return predicted.mean
    mean, spread = moments(predicted)
    known = plan.actual[: plan.rows[0] + len(mean)]
    return learned_of(known[plan.rows[0] :], mean, spread, seen=known)


def _without_spells(panel: Panel, charts: Charts, expected: Array, first: int) -> pd.DataFrame:
    """The panel with what is learned of alarmed periods: those of a column, and of all columns in an alarmed total.

    A gap would hide them too, but a model may take periods without any value for periods without any event.
    """
    columns, known = panel.values.shape[1], len(expected)
    spell = charts.spell[:known]
    hidden = spell[:, :columns] | (spell[:, columns:].astype(int) @ panel.members.astype(int) > 0)
    if not hidden.any():
        return panel.values
    values = panel.values.to_numpy(dtype=float, copy=True)
    ahead = values[first : first + known]
    ahead[hidden & ~np.isnan(ahead)] = expected[:, :columns][hidden & ~np.isnan(ahead)]
    return pd.DataFrame(values, index=panel.values.index, columns=panel.values.columns)
