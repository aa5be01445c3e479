"""Planning options compared over the same futures."""

from analytics.scenarios.compare import compare, levers_of, study_of
from analytics.scenarios.comparison import Comparison, Difference
from analytics.scenarios.contract import Engine, Evidence, Lever, Uncertainty
from analytics.scenarios.files import read_scenario, write_scenario
from analytics.scenarios.measure import Max, Mean, Measure, Quantile, Sum
from analytics.scenarios.registry import failed_engines, register
from analytics.scenarios.study import Scenario, Study
from analytics.streams import Streams

__all__ = [
    "Comparison",
    "Difference",
    "Engine",
    "Evidence",
    "Lever",
    "Max",
    "Mean",
    "Measure",
    "Quantile",
    "Scenario",
    "Streams",
    "Study",
    "Sum",
    "Uncertainty",
    "compare",
    "failed_engines",
    "levers_of",
    "read_scenario",
    "register",
    "study_of",
    "write_scenario",
]
