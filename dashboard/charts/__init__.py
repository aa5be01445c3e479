"""From a result to a chart: a value that any renderer can draw and that carries its own headline and caveats."""

from dashboard.charts.difference import difference_chart
from dashboard.charts.dots import dot_plot
from dashboard.charts.effects import effects_chart
from dashboard.charts.exposure import exposure_chart
from dashboard.charts.groups import group_chart
from dashboard.charts.hotspots import capture_chart
from dashboard.charts.outlook import fan_chart, series_chart, track_record_chart

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
