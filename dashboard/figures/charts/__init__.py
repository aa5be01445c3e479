"""From a result to a chart: a value that any renderer can draw and that carries its own headline and caveats."""

from dashboard.figures.charts.difference import difference_chart
from dashboard.figures.charts.dots import dot_plot
from dashboard.figures.charts.effects import effects_chart
from dashboard.figures.charts.exposure import exposure_chart
from dashboard.figures.charts.forecast import fan_chart, series_chart, track_record_chart
from dashboard.figures.charts.groups import group_chart
from dashboard.figures.charts.hotspots import capture_chart

__all__ = [
    "capture_chart",
    "difference_chart",
    "dot_plot",
    "effects_chart",
    "exposure_chart",
    "fan_chart",
    "group_chart",
    "series_chart",
    "track_record_chart",
]
