"""The comparison of options, as a function that a worker process runs."""

from __future__ import annotations

from analytics.parallel import Progress
from analytics.requests import ComparisonRequest
from analytics.scenarios import Comparison
from dashboard.shell.work import opened

__all__ = ["comparison_of"]


def comparison_of(request: ComparisonRequest, *, progress: Progress) -> Comparison:
    """The comparison; the first option is the baseline."""
    return request.answer(opened(request.city), progress=progress)
