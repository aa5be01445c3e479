"""Guidelines and standards of the air, as facts, each with who states it.

World Health Organization (2021), Global air quality guidelines, table 0.1. US Environmental Protection Agency, National ambient
air quality standards, 40 CFR 50.11 (nitrogen dioxide), 50.6 (coarse particles), 50.18 (fine particles), 50.19 (ozone); its
standards are judged over three years of such days, which the limit alone does not say.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GUIDELINES", "NO2_PPB", "OZONE_PPB", "Guideline"]

# A ppb in µg/m³ at 20 °C and 1013 hPa: the molar mass over the molar volume of an ideal gas there.
OZONE_PPB, NO2_PPB = 47.997 / 24.055, 46.006 / 24.055
WHO, EPA = "WHO", "EPA"


@dataclass(frozen=True)
class Guideline:
    """What a mean over ``hours`` should not exceed, in µg/m³; those of WHO allow 3 to 4 days a year above them."""

    pollutant: str
    limit: float
    hours: int
    authority: str


GUIDELINES = (
    Guideline("pm25", 15.0, 24, WHO),
    Guideline("pm10", 45.0, 24, WHO),
    Guideline("no2", 25.0, 24, WHO),
    Guideline("ozone", 100.0, 8, WHO),
    Guideline("pm25", 35.0, 24, EPA),
    Guideline("pm10", 150.0, 24, EPA),
    Guideline("no2", 100.0 * NO2_PPB, 1, EPA),
    Guideline("ozone", 70.0 * OZONE_PPB, 8, EPA),
)
