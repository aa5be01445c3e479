"""What is asked of planning options: a comparison, and plans."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from analytics.scenarios import Ask, Comparison, Scenario, Suggestions, Terms, compare, suggest
from data import City, Region

__all__ = ["ComparisonRequest", "SuggestRequest"]

ON_NO_TERMS = Terms()
USUAL_ASK = Ask()


@dataclass(frozen=True)
class ComparisonRequest(Request):
    """Options over the same futures; the first is the baseline.

    ``question`` is what is decided (None: whatever the engines can tell whose levers are named), ``subject`` the table that
    it is about (None: the first of its kind), ``terms`` what is assumed for all options and what counts. ``series`` None is
    the subject's, else the city's first. The study has ``periods`` of ``freq`` (None: the question's, else 12, and the
    frequency that suits the series) and ``draws`` paired futures.
    """

    city: CityRequest
    _: KW_ONLY
    scenarios: tuple[Scenario, ...]
    question: str | None = None
    subject: str | None = None
    terms: Terms = ON_NO_TERMS
    series: str | None = None
    periods: int | None = None
    freq: str | None = None
    draws: int = 500
    seed: int = 0

    def answer(self, city: City, *, progress: Progress = quiet) -> Comparison:
        """The comparison.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Comparison
            Differences, bands, probabilities and verdicts.
        """
        return compare(
            city, self.scenarios, question=self.question, subject=self.subject, terms=self.terms, series=self.series,
            periods=self.periods, freq=self.freq, draws=self.draws, seed=self.seed, progress=progress,
        )  # fmt: skip


@dataclass(frozen=True)
class SuggestRequest(Request):
    """Plans for a question about a subject (None: the first of its kind), as the ``ask`` wants them."""

    city: CityRequest
    _: KW_ONLY
    question: str
    ask: Ask = USUAL_ASK
    subject: str | None = None
    region: Region | None = None
    draws: int = 500
    seed: int = 0

    def answer(self, city: City, *, progress: Progress = quiet) -> Suggestions:
        """The plans.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Suggestions
            The best first, with how each was found.
        """
        return suggest(
            city, self.question, self.ask, subject=self.subject, region=self.region, draws=self.draws, seed=self.seed,
            progress=progress,
        )  # fmt: skip
