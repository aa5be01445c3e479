"""What a worker process does for this view: the picture of the roads, and whose trips use one of them."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from analytics.answers import answered, kept
from analytics.parallel import Progress, quiet
from analytics.requests import CityRequest, EquilibriumRequest, Request
from analytics.requests.traffic import TODAY
from analytics.scenarios import Scenario
from analytics.traffic import Assignment
from analytics.traffic.picture import RoadUsers, Traffic
from analytics.traffic.reading import traffic_of, users_of
from dashboard.workers.jobs import read_back
from dashboard.workers.work import opened
from data import City

__all__ = ["RoadsRequest", "UsersRequest", "road_users_of", "roads_of"]


@dataclass(frozen=True)
class RoadsRequest(Request):
    """What each road carries today, and under an option; the equilibrium behind it is kept for what is asked of it next."""

    city: CityRequest
    _: KW_ONLY
    trips: str
    today: Scenario = TODAY
    option: Scenario | None = None

    @property
    def table(self) -> str:
        """What the answer is kept for: the roads as they are, and the last option that was looked at."""
        return f"trips.{self.trips}{'' if self.option is None else '.option'}"

    def answer(self, city: City, *, progress: Progress = quiet) -> Traffic:
        """The picture.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Traffic
            Of today, and of the option where there is one.
        """
        today = self._equilibrium(self.today, progress)
        if self.option is None:
            return traffic_of(city, city.of("trips")[self.trips], today)
        then = self._equilibrium(self.option, progress)
        return traffic_of(city, city.of("trips")[self.trips], today, option=self.option.name, then=then)

    def _equilibrium(self, scenario: Scenario, progress: Progress) -> Assignment:
        asked = EquilibriumRequest(self.city, trips=self.trips, scenario=scenario)
        found: Assignment = answered(asked, opened, progress=progress)
        return found


@dataclass(frozen=True)
class UsersRequest(Request):
    """Whose trips use a link."""

    city: CityRequest
    _: KW_ONLY
    trips: str
    link: str


@read_back(kept)
def roads_of(request: RoadsRequest, *, progress: Progress) -> Traffic:
    """What each road carries; kept for the next start."""
    found: Traffic = answered(request, opened, progress=progress)
    return found


def road_users_of(request: UsersRequest, *, progress: Progress) -> RoadUsers:
    """Whose trips use a link, by area."""
    today = answered(EquilibriumRequest(request.city, trips=request.trips), opened, progress=progress)
    city = opened(request.city)
    return users_of(city, city.of("trips")[request.trips], today, link=request.link)
