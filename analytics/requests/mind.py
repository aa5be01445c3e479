"""What is asked of a comparison afterwards: what would change our mind about it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from analytics.requests.scenarios import ComparisonRequest
from analytics.scenarios import setting_of
from data import City

if TYPE_CHECKING:
    from analytics.scenarios.mind import Mind

__all__ = ["MindRequest"]


@dataclass(frozen=True)
class MindRequest(Request):
    """What would change our mind about a comparison; ``thresholds`` are what is good enough, by measure."""

    comparison: ComparisonRequest
    _: KW_ONLY
    thresholds: tuple[tuple[str, float], ...] = ()

    @property
    def city(self) -> CityRequest:
        """That of the comparison."""
        return self.comparison.city

    @property
    def table(self) -> str:
        """What tells the question from the others of the city, where answers are kept."""
        return f"{self.comparison.question}.{self.comparison.subject}"

    def answer(self, city: City, *, progress: Progress = quiet) -> Mind:
        """What would change it.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Mind
            Tipping points, what to find out first, sensitivity, and how the choice fares if we are wrong.
        """
        # What it solves and samples with takes as long to load as the first page to show.
        from analytics.scenarios.mind import change_of_mind

        asked = self.comparison
        setting = setting_of(
            city, asked.scenarios, question=asked.question, subject=asked.subject, terms=asked.terms, series=asked.series,
            periods=asked.periods, freq=asked.freq, draws=asked.draws, seed=asked.seed,
        )  # fmt: skip
        return change_of_mind(setting, thresholds=dict(self.thresholds), progress=progress)
