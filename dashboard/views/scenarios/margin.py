"""What stands beside a comparison: its notes, its files, a decision to be recorded, and what goes along."""

from __future__ import annotations

from analytics.results import Caveat
from analytics.scenarios import Comparison
from dashboard.figures.chart import Chart
from dashboard.views.scenarios.along import along
from dashboard.views.scenarios.compared import notes_and_files
from dashboard.views.scenarios.decide import decide_panel
from dashboard.views.scenarios.work import Offer
from data import City

__all__ = ["margin"]


def margin(
    found: Comparison, charts: tuple[Chart, ...], *, city: City, offer: Offer, chosen: str, caveats: tuple[Caveat, ...]
) -> None:
    """The margin of the page.

    Parameters
    ----------
    found : the comparison that is shown.
    charts : of it, each as a file.
    city : whose it is.
    offer : the levers of its question.
    chosen : the option that is looked at.
    caveats : of the comparison and of the age of its data.
    """
    notes_and_files(caveats, charts)
    decide_panel(found, city, chosen=chosen, caveats=caveats)
    along(found, charts, city=city, offer=offer, chosen=chosen, caveats=caveats)
