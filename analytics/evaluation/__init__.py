"""Did a past policy work? The effect of one, held against areas without it or against its own past, with placebos."""

from analytics.evaluation.displacement import Displacement
from analytics.evaluation.effects import Effect, Estimate, Naive
from analytics.evaluation.evaluate import evaluate
from analytics.evaluation.results import STRUCTURAL, Evaluation
from analytics.evaluation.trends import EventStudy

__all__ = ["STRUCTURAL", "Displacement", "Effect", "Estimate", "Evaluation", "EventStudy", "Naive", "evaluate"]
