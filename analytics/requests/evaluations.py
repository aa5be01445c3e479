"""What is asked of a past policy, as a value like other requests."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import pandas as pd

from analytics.evaluation import Evaluation, evaluate
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from data import City

__all__ = ["EvaluationRequest"]


@dataclass(frozen=True)
class EvaluationRequest(Request):
    """Whether a policy worked that began on the day ``since`` in some ``areas`` (none is the whole city).

    What it should have changed is a ``series``, or one ``category`` of it (None is all), up to the day ``until`` (None is the
    last that is known).
    """

    city: CityRequest
    _: KW_ONLY
    series: str
    since: pd.Timestamp
    until: pd.Timestamp | None = None
    areas: tuple[str, ...] = ()
    category: str | None = None
    seed: int = 0

    @property
    def table(self) -> str:
        """What the answer is kept for: the latest policy of a series, so that nothing piles up."""
        return self.series

    def answer(self, city: City, *, progress: Progress = quiet) -> Evaluation:
        """The evaluation.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Evaluation
            With placebos, earlier trends and caveats.
        """
        return evaluate(
            city, self.series, since=self.since, until=self.until, areas=self.areas, category=self.category,
            seed=self.seed, progress=progress,
        )  # fmt: skip
