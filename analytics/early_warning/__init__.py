"""Early warning over all series: what lies outside the forecast, what is shifting, and what is late."""

from analytics.early_warning.alarms import Alarm, Record, Warnings
from analytics.early_warning.warn import warnings_in, warnings_of

__all__ = ["Alarm", "Record", "Warnings", "warnings_in", "warnings_of"]
