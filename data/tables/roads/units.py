"""The units of lengths, speeds and times in files of networks, and what they are in ours."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["KILOMETRES", "KILOMETRES_PER_HOUR", "MINUTES", "LengthUnit", "SpeedUnit", "TimeUnit"]


class LengthUnit(StrEnum):
    """What the file states lengths in."""

    KILOMETRES = "km"
    METRES = "m"
    MILES = "mi"
    FEET = "ft"


class SpeedUnit(StrEnum):
    """What the file states speeds in."""

    KILOMETRES_PER_HOUR = "km/h"
    MILES_PER_HOUR = "mph"
    METRES_PER_SECOND = "m/s"
    FEET_PER_MINUTE = "ft/min"


class TimeUnit(StrEnum):
    """What the file states times in."""

    MINUTES = "min"
    SECONDS = "s"
    HOURS = "h"


MILE, FOOT = 1.609344, 0.0003048  # kilometres: the international mile and foot, exact since 1959
KILOMETRES = {
    LengthUnit.KILOMETRES: 1.0,
    LengthUnit.METRES: 0.001,
    LengthUnit.MILES: MILE,
    LengthUnit.FEET: FOOT,
}
"""Kilometres in one unit of length."""
KILOMETRES_PER_HOUR = {
    SpeedUnit.KILOMETRES_PER_HOUR: 1.0,
    SpeedUnit.MILES_PER_HOUR: MILE,
    SpeedUnit.METRES_PER_SECOND: 3.6,
    SpeedUnit.FEET_PER_MINUTE: 60 * FOOT,
}
"""Kilometres an hour in one unit of speed."""
MINUTES = {TimeUnit.MINUTES: 1.0, TimeUnit.SECONDS: 1 / 60, TimeUnit.HOURS: 60.0}
"""Minutes in one unit of time."""
