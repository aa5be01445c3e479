"""Where the parts of the overview stand: a part is drawn into its place, or its progress is while it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.answers import Kept, cost_of
from analytics.monitoring.targets import Chance
from analytics.monitoring.week import Figures
from analytics.overview import kept_weeks, week_requests
from analytics.requests import ChancesRequest, CityRequest, FiguresRequest, SourcesRequest, WarningsRequest
from dashboard import markup
from dashboard.shell import panels
from dashboard.shell.controls import link_to
from dashboard.shell.panels import tag_of
from dashboard.shell.parts import Part
from dashboard.shell.targets import targets
from dashboard.views.overview import sections
from dashboard.views.overview.briefing import overview_briefing
from dashboard.views.overview.known import Known
from dashboard.views.overview.story import caveats_of, headline, when_of
from dashboard.views.overview.tables import last_days, set_aside_rows, source_of
from dashboard.views.overview.words import of_week
from dashboard.views.overview.work import figures_part, sources_part, unusual_part, weeks_part
from dashboard.workers.work import chances_of
from data import open_city
from data.words import say

__all__ = ["Places", "parts_of"]


@dataclass(frozen=True, eq=False)
class Places:
    """The places of the page, in the order of a phone; ``ranges`` holds the progress of what ``figures`` still wait for."""

    context: DeltaGenerator
    headline: DeltaGenerator
    figures: DeltaGenerator
    ranges: DeltaGenerator
    unusual: DeltaGenerator
    chances: DeltaGenerator
    aside: DeltaGenerator
    change: DeltaGenerator
    sources: DeltaGenerator
    notes: DeltaGenerator
    along: DeltaGenerator

    @classmethod
    def laid_out(cls) -> Places:
        """Empty places: the story to the left, what stands beside it to the right."""
        context = st.empty()
        left, right = st.columns([8.4, 3.6], gap="large")
        with left:
            story = [st.empty() for _ in range(6)]
        with right:
            beside = [st.empty() for _ in range(4)]
        return cls(context, *story, *beside)

    def draw(self, known: Known) -> None:
        """Draw all that is known into its place."""
        today = pd.Timestamp.now()
        with self.headline.container():
            st.html(markup.headline(headline(known, today=today), caveats_of(known)))
        if known.figures is not None:
            with self.figures.container():
                sections.week_figures(known.figures, known.weeks or known.figures.weeks)
        if known.unusual is not None:
            recent = when_of(known.figures, today=today) == say("overview.story.this_week")
            end = None if known.figures is None else known.figures.end
            with self.unusual.container():
                sections.alarms(
                    known.unusual, title=say("unusual.this_week" if recent else "unusual.the_week", {"end": end})
                )
        if known.chances is not None:
            self._targets(known)
        if known.comparable:
            with self.change.container():
                titles = {each.target.name: each.target.title for each in known.open}
                sections.changes(known.change, titles=titles, weeks=known.weeks)
        if known.sources is not None:
            self._sources(known, today)

    def take_along(self, request: CityRequest, known: Known) -> None:
        """What the page can be taken along as, once all of it is known."""
        if known.sources is not None and not known.missing:
            with self.along.container():
                city, stamp = open_city(request.name), known.sources.fingerprint
                panels.take_along(overview_briefing, known, city=city, stamp=stamp)

    def _targets(self, known: Known) -> None:
        change = known.change
        before = {} if change is None else {each.target.name: each.probability for each in known.open}
        before |= {} if change is None else {name: then for name, (then, _) in change.chances.items()}
        with self.chances.container():
            targets(
                known.chances or (),
                before=before,
                href=_target_href,
            )

    def _sources(self, known: Known, today: pd.Timestamp) -> None:
        sources = known.sources
        assert sources is not None
        with self.context.container():
            st.html(markup.context_line([sources.city, *of_week(known.figures)], tag=tag_of(sources.synthetic)))
        with self.sources.container():
            sections.freshness(last_days(sources), today=today)
        with self.notes.container():
            panels.notes(caveats_of(known))
        with self.aside.container():
            table = markup.table(*set_aside_rows(sources), right=(1, 2), label=say("overview.aside"))
            st.html(markup.folded(say("overview.aside"), markup.paragraph(say("overview.aside_sub")) + table))
            st.html(markup.source_line(source_of(sources)))

    def draw_ranges(self, request: CityRequest, known: Known) -> None:
        """Draw the ranges that have been made since."""
        if known.figures is None or known.whole:
            return
        with self.figures.container():
            sections.week_figures(known.figures, kept_weeks(request, known.figures))


def _target_href(chance: Chance) -> str:
    """Where a target leads: to the forecast of its series."""
    return link_to(
        "outlook", series=chance.target.series, **({"area": area} if (area := chance.target.area_id) else {})
    )


def parts_of(request: CityRequest, known: Known, places: Places) -> dict[str, Part]:
    """What is still to be made, in the order in which its work begins.

    Parameters
    ----------
    request : the city.
    known : what needs not be made.
    places : where each part's progress stands.

    Returns
    -------
    dict
        Parts by their names in ``Known``. All wait for the figures, which are the first that a visitor sees.
    """
    figures = known.figures
    works: dict[str, tuple[Callable[..., object], DeltaGenerator, str, tuple[Kept, ...]]] = {
        "figures": (figures_part, places.figures, say("overview.opening"), (FiguresRequest(request),)),
        "sources": (sources_part, places.sources, say("overview.sources"), (SourcesRequest(request),)),
        "weeks": (weeks_part, places.ranges, say("overview.ranges"), _weeks(request, figures)),
        "unusual": (unusual_part, places.unusual, say("unusual.working"), (WarningsRequest(request),)),
        "chances": (chances_of, places.chances, say("targets.working"), (ChancesRequest(request),)),
    }
    return {
        name: Part(function, request, place, saying, _last(costs))
        for name, (function, place, saying, costs) in works.items()
        if name in known.missing and (name == "figures" or figures is not None)
    }


def _weeks(request: CityRequest, figures: Figures | None) -> tuple[Kept, ...]:
    return () if figures is None else week_requests(request, figures)


def _last(asked: tuple[Kept, ...]) -> float | None:
    """The seconds that work took last time; None where nobody knows."""
    costs = [cost.seconds for each in asked if (cost := cost_of(each)) is not None]
    return sum(costs) if costs else None
