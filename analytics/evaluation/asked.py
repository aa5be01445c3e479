"""What is asked of a past policy: the series split at its date, and the areas with and without it that can be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import EvaluationError
from analytics.evaluation.areas import treated_areas
from analytics.evaluation.compared import FEWEST_DONORS
from analytics.evaluation.displacement import neighbours_of
from analytics.evaluation.panel import PolicyPanel
from analytics.evaluation.periods import Split, split_at
from analytics.evaluation.structural import Line
from data import City, Series
from data.words import text

__all__ = ["Asked", "asked_of"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Asked:
    """What is judged: the split series, the treated areas and those to compare with, all without gaps, and those left out."""

    series: Series
    split: Split
    treated: tuple[str, ...]
    controls: tuple[str, ...]
    left_out: tuple[str, ...]
    neighbours: Mapping[str, Sequence[str]]
    beside: Array | None
    names: Mapping[str, str]

    @property
    def counts(self) -> bool:
        """Whether values add up."""
        return self.series.value_type == "count"

    @property
    def observed(self) -> Array:
        """The treated areas' line by period: their sum, or their mean."""
        own = self.split.values[list(self.treated)]
        return np.asarray(own.sum(axis=1) if self.counts else own.mean(axis=1), dtype=float)

    @property
    def panel(self) -> PolicyPanel:
        """The treated areas and those to compare with."""
        chosen = self.split.values[[*self.treated, *self.controls]]
        return PolicyPanel(chosen, self.treated, self.split.before, adds_up=self.counts)

    @property
    def after(self) -> slice:
        """The periods with the policy."""
        return slice(self.split.before, None)

    @property
    def comparable(self) -> bool:
        """Whether enough areas did without the policy to try methods on."""
        return len(self.controls) >= FEWEST_DONORS

    def line(self, *, with_others: bool) -> Line:
        """The treated line; beside it what the city states, and the sum or mean of the areas that had no policy."""
        columns = [] if self.beside is None else [self.beside]
        if with_others:
            others = self.split.values[list(self.controls)]
            total = np.asarray(others.sum(axis=1) if self.counts else others.mean(axis=1), dtype=float)
            columns.append((np.log(total) if (total > 0).all() else total)[:, None])
        beside = np.hstack(columns) if columns else None
        return Line(self.observed, self.split.freq, beside, counts=self.counts)

    def as_shares(self, sizes: Array, *, logs: bool) -> Array:
        """Sizes on a method's scale as shares of what there was.

        Parameters
        ----------
        sizes : logarithms of ratios, or units.
        logs : which of the two.

        Returns
        -------
        Array
            Of the same shape.
        """
        if logs:
            return np.asarray(np.expm1(sizes))
        return np.asarray(sizes / (abs(float(np.nanmean(self.observed[: self.split.before]))) or 1.0))


def asked_of(
    city: City,
    series: Series,
    *,
    since: pd.Timestamp,
    until: pd.Timestamp | None,
    areas: Sequence[str],
    category: str | None,
) -> Asked:
    """The areas and periods that can be judged.

    Parameters
    ----------
    city : where the policy was made.
    series : that it should have changed.
    since, until : its first day, and the last that counts.
    areas : that had it, as somebody calls them.
    category : only this one.

    Returns
    -------
    Asked
        Without areas that have gaps.

    Raises
    ------
    EvaluationError
        When the values cannot be added up over the city, or those of the areas are not known.
    """
    wanted = treated_areas(city, series, areas)
    split = split_at(series, since=since, until=until, category=category)
    values = split.values
    if not wanted and not series.adds_up:
        raise EvaluationError("no_total", series=text(series.title), names=list(series.area_ids))
    usable = [str(each) for each in values if _usable(values[each], split.before, counts=series.value_type == "count")]
    if len(values.columns) == 1:  # one line may have gaps: the model of its past bridges them
        usable = [str(each) for each in values]
    treated = tuple(each for each in usable if not wanted or each in wanted)
    if not treated:
        raise EvaluationError("no_whole_values", series=text(series.title), names=list(wanted) or list(series.area_ids))
    controls = tuple(each for each in usable if each not in treated)
    layer = city.areas.get(series.layer)
    neighbours = neighbours_of(layer) if layer is not None and wanted else {}
    left_out = tuple(str(each) for each in values if each not in usable)
    names = {} if layer is None else layer.frame["name"].astype(str).to_dict()
    return Asked(series, split, treated, controls, left_out, neighbours, _beside(series, split), names)


def _usable(values: pd.Series, before: int, *, counts: bool) -> bool:
    """Whether every period is known, and, of counts, whether there is anything before that a change can be a share of."""
    return bool(values.notna().all() and (not counts or values.iloc[:before].sum() > 0))


def _beside(series: Series, split: Split) -> Array | None:
    """What the city states beside the series (weather, prices), by period; None where it is not known for all of them."""
    if series.regressors is None:
        return None
    means = series.regressors.resample(split.freq.value).mean().reindex(split.values.index)
    table = means.to_numpy(dtype=float)
    return table if np.isfinite(table).all() else None
