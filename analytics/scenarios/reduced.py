"""Measures reduced to what is judged: by draw, by area and by group, kept for as long as the engines' own results are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import xarray as xr

from analytics.scenarios.calling import Results
from analytics.scenarios.measure import AREA, Measure
from analytics.scenarios.memory import Derived
from analytics.scenarios.regions import within
from analytics.scenarios.study import Study
from data import Areas

__all__ = ["DERIVED", "Arrays", "Reduced"]

Arrays = dict[tuple[str, str], xr.DataArray]
"""By option and measure."""

MOST_BYTES = 100_000_000  # by area a year of months takes 0.25 MB an option and measure

DERIVED = Derived(MOST_BYTES)


class Reduced:
    """The measures of options in the region of a study."""

    def __init__(self, study: Study, measures: Sequence[Measure], outcomes: Mapping[str, Results]) -> None:
        self._study = study
        self._measures = {each.name: each for each in measures}
        self._outcomes = outcomes

    def by_draw(self, option: str, measure: str) -> xr.DataArray:
        """One number a draw.

        Parameters
        ----------
        option, measure : their names.

        Returns
        -------
        By draw.
        """
        found = self._measures[measure]

        def reduced() -> xr.DataArray:
            by_area = self.by_area(option, measure) if _areas_last(found) else None
            array = self._array(option, measure) if by_area is None else by_area
            return found.reduced(array, areas=self._layer(measure)).astype("float64")

        return self._kept("draw", option, measure, reduced)

    def by_area(self, option: str, measure: str) -> xr.DataArray | None:
        """A measure by area.

        Parameters
        ----------
        option, measure : their names.

        Returns
        -------
        By draw and area; None where the city has one area or none.
        """
        if self._outcomes[option][measure].sizes.get(AREA, 0) < 2:
            return None
        array = self._array(option, measure)

        def reduced() -> xr.DataArray:
            return self._measures[measure].reduced(array, keep=(AREA,), areas=self._layer(measure)).astype("float64")

        return self._kept(AREA, option, measure, reduced)

    def by_group(self, option: str, measure: str) -> xr.DataArray | None:
        """A measure by group.

        Parameters
        ----------
        option, measure : their names.

        Returns
        -------
        By draw and group; None where the layer knows no groups.
        """
        layer, by_area = self._layer(measure), self.by_area(option, measure)
        if layer is None or not layer.groups or by_area is None:
            return None
        return self._kept("group", option, measure, lambda: self._measures[measure].of_groups(by_area, layer))

    def _array(self, option: str, measure: str) -> xr.DataArray:
        return within(self._study.terms.region, self._measures[measure], self._outcomes[option][measure])

    def _layer(self, measure: str) -> Areas | None:
        return self._study.city.areas.get(self._measures[measure].layer)

    def _kept(self, what: str, option: str, measure: str, made: Callable[[], xr.DataArray]) -> xr.DataArray:
        array, found, layer = self._outcomes[option][measure], self._measures[measure], self._layer(measure)
        region = self._study.terms.region
        chosen = None if region is None or region.layer != found.layer else region.area_ids
        people = None if layer is None else layer.provenance.fingerprint
        return DERIVED.find((array,), (what, tuple(found.over.items()), people, chosen), made)


def _areas_last(measure: Measure) -> bool:
    """Whether areas are reduced after everything else, so that the whole can be made from them."""
    return list(measure.over)[-1:] == [AREA]
