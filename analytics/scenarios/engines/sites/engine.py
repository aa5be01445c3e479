"""Sites: which are open, how large they are, and what that does to travel, to reach and to what is turned away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from analytics.caveats import assess
from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.amounts import SHARE
from analytics.scenarios.contract import Ask, Declaration, Drawn, Evidence, Lever, Objective, Suggestion
from analytics.scenarios.engines.sites.measures import MONEY, capacities, measures_of, money_of, outcomes
from analytics.scenarios.engines.sites.plans import OBJECTIVES, proposed
from analytics.scenarios.engines.sites.travel import sites_of, travel_of
from analytics.scenarios.measure import AREA
from analytics.scenarios.money import COMPONENT, drawn_costs
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.scenarios.values import Choice, PerKey
from analytics.streams import Streams
from data import City, Sites
from data.words import Sentence, Words

__all__ = ["CAPACITY", "OPEN", "SiteChoice", "open_places"]

OPEN, CAPACITY = "sites.open", "sites.capacity"
CAPACITY_BOUNDS = (-0.9, 2.0)


class SiteChoice:
    """Travel to the nearest open site, and what exceeds its capacity, under a choice of sites."""

    name: str = "sites"
    title: Words = Sentence("engines.sites.title")
    version: str = "1"
    how: Words = Sentence("records.sites.how")
    source: Words = Sentence("records.sites.source")
    limits: Sequence[Words] = tuple(
        Sentence(f"engines.sites.limit_{each}") for each in ("nearest", "middle", "turned_away", "same_demand")
    )
    inputs: Sequence[Words] = tuple(Sentence(f"engines.sites.input_{each}") for each in ("sites", "demand"))
    questions: Sequence[Question] = (
        Question(
            "sites",
            Sentence("questions.sites.title"),
            engines=("baseline", "demand", "sites"),
            primary="travel",
            levers=(OPEN, CAPACITY),
            subject="sites",
        ),
    )

    def applies(self, city: City) -> Sentence | None:
        """Sites, and a series whose demand they serve."""
        if not city.series:
            return Sentence("errors.no_series", {"city": city.name})
        return None if city.of("sites") else Sentence("errors.no_sites", {"city": city.name})

    def declare(self, study: Study) -> Declaration:
        """Which sites are open, and their capacity where it is known; nothing where no sites serve the series."""
        sites = sites_of(study)
        if sites is None:
            return Declaration()
        panel = study.table("series")
        if panel.value_type != "count":
            raise ScenarioError("sites_not_counts", sites=sites.title, series=panel.title)
        travel_of(study, sites)
        written = measures_of(study, sites)
        return Declaration(levers=_levers(sites, [each.name for each in written]), reads=("demand",), writes=written)

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """How travel was measured, and from which tables."""
        sites = sites_of(study)
        if sites is None:
            return Evidence()
        travel = travel_of(study, sites)
        facts = {
            "sites_detour": None if sites.network else sites.detour,
            "sites_detour_stated": sites.detour_stated,
            "sites_spread": travel.spread,
            "sites_unit": sites.unit,
            "sites_off_network": list(travel.off_network),
        }
        panel = study.table("series")
        tables = [sites, study.find("areas", panel.layer)]
        tables += [study.find("networks", sites.network)] if sites.network else []
        made_from = tuple(table.provenance for table in tables if table is not None)
        return Evidence(caveats=assess(**facts), made_from=made_from)

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Travel and reach by (draw, area_id), what is turned away by (draw, area_id, period), money by draw."""
        sites = sites_of(study)
        if sites is None:
            return {}
        travel = travel_of(study, sites)
        demand = upstream["demand"]
        if tuple(demand.get_index(AREA)) != travel.area_ids:
            demand = demand.sel({AREA: list(travel.area_ids)})
        opened = open_places(sites, levers[OPEN])
        change = levers.get(CAPACITY, 0.0)
        capacity = capacities(sites, change)
        found = outcomes(travel, sites, opened=opened, capacity=capacity, demand=demand, study=study)
        return found | money_of(study, sites, opened=opened, change=change, streams=streams)

    components: Collection[str] = (COMPONENT,)

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """What a site costs, where a cost of the city stands for it."""
        return drawn_costs(study, [cost for _, cost in MONEY.values()], streams)

    @property
    def objectives(self) -> Sequence[Objective]:
        """The least mean travel, the most within reach, the least farthest."""
        return OBJECTIVES

    def suggest(self, study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
        """The best openings by an objective with those that are about as good, and the cheapest."""
        sites = sites_of(study)
        if sites is None:
            raise ScenarioError("no_suggestions", question=study.question)
        return proposed(study, sites, ask, progress=progress)


def open_places(sites: Sites, chosen: Collection[str]) -> npt.NDArray[np.intp]:
    """The places among all sites of those that are open: the chosen and, named or not, those that may not be closed.

    Parameters
    ----------
    sites : that are studied.
    chosen : ids.

    Returns
    -------
    numpy array
        Places in the order of the file.
    """
    among = {*chosen, *sites.kept}
    return np.array([place for place, each in enumerate(sites.frame.index) if str(each) in among], dtype=np.intp)


def _levers(sites: Sites, written: Collection[str]) -> tuple[Lever, ...]:
    ids = tuple(str(each) for each in sites.frame.index)
    about = Sentence("levers.sites_open_about" if sites.kept else "levers.sites_open_all")
    opened = Lever(
        name=OPEN,
        title=Sentence("levers.sites_open"),
        description=about,
        unit="",
        kind=Choice(ids, at_least=1),
        default=sites.existing,
        costs="sites_once" if "sites_once" in written else "",
    )
    sized = tuple(str(each) for each in sites.frame.index[sites.frame["capacity"].notna()])
    if not sized:
        return (opened,)
    capacity = Lever(
        name=CAPACITY,
        title=Sentence("levers.sites_capacity"),
        description=Sentence("levers.sites_capacity_about"),
        unit=SHARE,
        kind=PerKey(*CAPACITY_BOUNDS, keys=sized, key_kind="site"),
        costs="sites_yearly" if "sites_yearly" in written else "",
    )
    return opened, capacity


register(SiteChoice())
