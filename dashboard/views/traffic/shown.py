"""What a tab of the page has shown: what the headline, the context line and the files to take along are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.results import Caveat, Result
from dashboard.briefings import Table
from dashboard.figures.chart import Chart

__all__ = ["Shown"]


@dataclass(frozen=True, eq=False)
class Shown:
    """The result, its ``finding``, the charts and tables of the page in their order, and its caveats.

    ``context`` says beside the city what is looked at: network, hours, junction. ``late`` is work that begins when all of the
    page is drawn.
    """

    result: Result
    finding: str
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    caveats: tuple[Caveat, ...]
    context: tuple[str, ...]
    subject: str
    late: Callable[[], None] | None = None
