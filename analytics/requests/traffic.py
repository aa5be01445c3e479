"""What is asked of the roads of a city: the equilibrium of its trips."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from analytics.traffic import Assignment, assign, demand_of, road_of
from data import City

__all__ = ["EquilibriumRequest"]


@dataclass(frozen=True)
class EquilibriumRequest(Request):
    """The equilibrium of a table of ``trips`` on its network as it is today, with the paths that make it."""

    city: CityRequest
    _: KW_ONLY
    trips: str

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return f"trips.{self.trips}"

    def answer(self, city: City, *, progress: Progress = quiet) -> Assignment:
        """The equilibrium.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Assignment
            With its gap.
        """
        trips = city.of("trips")[self.trips]
        road = road_of(city.networks[trips.network])
        return assign(road, demand_of(trips, road), progress=progress)
