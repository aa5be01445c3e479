"""Guidelines of the air, as facts: World Health Organization (2021), Global air quality guidelines, table 0.1."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GUIDELINES", "OZONE_PPB", "Guideline"]

# A ppb of ozone in µg/m³ at 20 °C and 1013 hPa: its molar mass over the molar volume of an ideal gas there.
OZONE_PPB = 47.997 / 24.055


@dataclass(frozen=True)
class Guideline:
    """What a mean over ``hours`` should not exceed, in µg/m³; the guideline allows 3 to 4 days a year above it."""

    pollutant: str
    limit: float
    hours: int


GUIDELINES = (
    Guideline("pm25", 15.0, 24),
    Guideline("pm10", 45.0, 24),
    Guideline("no2", 25.0, 24),
    Guideline("ozone", 100.0, 8),
)
