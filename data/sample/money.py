"""What things cost in Meridian: imaginary amounts with the range in which a tender might end, for prices of one year."""

from __future__ import annotations

from typing import Any

__all__ = ["costs"]

SOURCE = "Imaginary, as all of Meridian"
PRICES = 2026
# name: (title, amount, low, high, unit, every). From low to high lie 95 of 100 of what it may turn out to be: to build is
# less certain than to pay people by their scale, and turns out dearer more often than cheaper.
AMOUNTS = {
    "site_opening": ("Opening a site", 240_000, 200_000, 310_000, "site", "once"),
    "site_running": ("Running a site", 85_000, 75_000, 98_000, "site", "year"),
    "crew": ("A crew of two with its van", 118_000, 110_000, 128_000, "crew", "year"),
    "overtime": ("Overtime of a crew", 84, 80, 90, "crew", "hour"),
    "road_lane_km": ("A kilometre of a lane", 2_400_000, 1_800_000, 3_600_000, "km", "once"),
    "staff_hour": ("An hour at a desk", 34, 32, 37, "person", "hour"),
}


def costs() -> dict[str, dict[str, Any]]:
    """The sections ``[costs.NAME]`` of Meridian's city.toml."""
    return {
        name: {
            "title": title, "amount": amount, "low": low, "high": high, "unit": unit, "every": every,
            "year": PRICES, "currency": "EUR", "source": SOURCE,
        }
        for name, (title, amount, low, high, unit, every) in AMOUNTS.items()
    }  # fmt: skip
