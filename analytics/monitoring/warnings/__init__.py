"""Early warning over all series: what lies outside the forecast, what is shifting, and what is late."""

from analytics.monitoring.warnings.alarms import Alarm, Record, Warnings
from analytics.monitoring.warnings.warn import warnings_in, warnings_of, watch_amounts

__all__ = ["Alarm", "Record", "Warnings", "warnings_in", "warnings_of", "watch_amounts"]
