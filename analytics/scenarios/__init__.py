"""Planning options compared over the same futures."""

from analytics.scenarios.compare import compare, levers_of, make_ready
from analytics.scenarios.comparison import Comparison, Difference, Level
from analytics.scenarios.contract import Ask, Declaration, Engine, Evidence, Lever, Objective, Suggestion, Uncertainty
from analytics.scenarios.files import (
    ScenarioFile,
    agreed,
    file_name,
    read_scenario,
    read_scenario_file,
    scenario_of_text,
    write_scenario,
)
from analytics.scenarios.framing import study_of
from analytics.scenarios.measure import Max, Mean, Measure, Quantile, Sum
from analytics.scenarios.questions import CityQuestion, Offer, offer_of, questions_of
from analytics.scenarios.registry import failed_engines, register
from analytics.scenarios.setting import Setting, setting_of
from analytics.scenarios.study import Question, Scenario, Study, Terms
from analytics.scenarios.suggest import Suggestions, suggest
from analytics.scenarios.values import Choice, Number, PerKey, Schedule
from analytics.streams import Streams

__all__ = [
    "Ask",
    "Choice",
    "CityQuestion",
    "Comparison",
    "Declaration",
    "Difference",
    "Engine",
    "Evidence",
    "Level",
    "Lever",
    "Max",
    "Mean",
    "Measure",
    "Number",
    "Objective",
    "Offer",
    "PerKey",
    "Quantile",
    "Question",
    "Scenario",
    "ScenarioFile",
    "Schedule",
    "Setting",
    "Streams",
    "Study",
    "Suggestion",
    "Suggestions",
    "Sum",
    "Terms",
    "Uncertainty",
    "agreed",
    "compare",
    "failed_engines",
    "file_name",
    "levers_of",
    "make_ready",
    "offer_of",
    "questions_of",
    "read_scenario",
    "read_scenario_file",
    "register",
    "scenario_of_text",
    "setting_of",
    "study_of",
    "suggest",
    "write_scenario",
]
