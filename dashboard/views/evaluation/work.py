"""Past policies judged, as a function that a worker process runs."""

from __future__ import annotations

from analytics.answers import answered
from analytics.evaluation import Evaluation
from analytics.parallel import Progress
from analytics.requests import EvaluationRequest
from dashboard.workers.work import opened

__all__ = ["evaluation_of"]


def evaluation_of(request: EvaluationRequest, *, progress: Progress) -> Evaluation:
    """What is found of a policy; the latest of each series is kept."""
    found: Evaluation = answered(request, opened, progress=progress)
    return found
