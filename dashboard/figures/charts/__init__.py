"""From a result to a chart: a value that any renderer can draw and that carries its own headline and caveats."""

from dashboard.figures.charts.capture import capture_chart
from dashboard.figures.charts.difference import difference_chart, difference_charts
from dashboard.figures.charts.dots import dot_plot
from dashboard.figures.charts.effects import effects_chart
from dashboard.figures.charts.exposure import exposure_chart
from dashboard.figures.charts.fan import fan_chart
from dashboard.figures.charts.groups import group_chart
from dashboard.figures.charts.learning import learning_chart, telling
from dashboard.figures.charts.policies import counterfactual_chart, dates_chart, elsewhere_chart, trends_chart
from dashboard.figures.charts.prices import price_chart, price_words
from dashboard.figures.charts.promises import Promised, promise_chart
from dashboard.figures.charts.replay import Replayed, replay_chart
from dashboard.figures.charts.series import series_chart
from dashboard.figures.charts.service import known_months, service_chart
from dashboard.figures.charts.shifts import StaffHours, shifts_chart
from dashboard.figures.charts.time_space import time_space_chart
from dashboard.figures.charts.timing import movement_words, timing_chart
from dashboard.figures.charts.tipping import tipping_chart
from dashboard.figures.charts.together import together_chart
from dashboard.figures.charts.track_record import track_record_chart
from dashboard.figures.charts.volumes import volumes_chart
from dashboard.figures.charts.weather import energy_chart, heat_chart

__all__ = [
    "Promised",
    "Replayed",
    "StaffHours",
    "capture_chart",
    "counterfactual_chart",
    "dates_chart",
    "difference_chart",
    "difference_charts",
    "dot_plot",
    "effects_chart",
    "elsewhere_chart",
    "energy_chart",
    "exposure_chart",
    "fan_chart",
    "group_chart",
    "heat_chart",
    "known_months",
    "learning_chart",
    "movement_words",
    "price_chart",
    "price_words",
    "promise_chart",
    "replay_chart",
    "series_chart",
    "service_chart",
    "shifts_chart",
    "telling",
    "time_space_chart",
    "timing_chart",
    "tipping_chart",
    "together_chart",
    "track_record_chart",
    "trends_chart",
    "volumes_chart",
]
