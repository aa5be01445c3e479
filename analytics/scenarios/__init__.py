"""Planning options compared over the same futures."""

from analytics.scenarios.compare import compare, levers_of
from analytics.scenarios.comparison import Comparison, Difference
from analytics.scenarios.contract import Ask, Declaration, Engine, Evidence, Lever, Objective, Suggestion, Uncertainty
from analytics.scenarios.files import read_scenario, write_scenario
from analytics.scenarios.framing import study_of
from analytics.scenarios.measure import Max, Mean, Measure, Quantile, Sum
from analytics.scenarios.questions import questions_of
from analytics.scenarios.registry import failed_engines, register
from analytics.scenarios.study import Question, Scenario, Study, Terms
from analytics.scenarios.suggest import Suggestions, objectives_of, suggest
from analytics.scenarios.values import Choice, Number, PerKey, Schedule
from analytics.streams import Streams

__all__ = [
    "Ask",
    "Choice",
    "Comparison",
    "Declaration",
    "Difference",
    "Engine",
    "Evidence",
    "Lever",
    "Max",
    "Mean",
    "Measure",
    "Number",
    "Objective",
    "PerKey",
    "Quantile",
    "Question",
    "Scenario",
    "Schedule",
    "Streams",
    "Study",
    "Suggestion",
    "Suggestions",
    "Sum",
    "Terms",
    "Uncertainty",
    "compare",
    "failed_engines",
    "levers_of",
    "objectives_of",
    "questions_of",
    "read_scenario",
    "register",
    "study_of",
    "suggest",
    "write_scenario",
]
