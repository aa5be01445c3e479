"""What Meridian wants of its series."""

from __future__ import annotations

from datetime import date
from typing import Any

__all__ = ["targets_toml"]


def targets_toml() -> dict[str, Any]:
    """A target that is over, one under way when the data end, one of a single kind, and one of days above a limit of the air."""
    return {
        "spring": {
            "title": "Under 31,000 requests from April to June",
            "series": "service_requests",
            "from": date(2026, 4, 1),
            "until": date(2026, 6, 30),
            "at_most": 31_000,
        },
        "summer": {
            "title": "Under 32,500 requests from June to August",
            "series": "service_requests",
            "from": date(2026, 6, 1),
            "until": date(2026, 8, 31),
            "at_most": 32_500,
        },
        "graffiti": {
            "title": "Under 3,600 reports of graffiti in July",
            "series": "service_requests",
            "category": "graffiti",
            "from": date(2026, 7, 1),
            "until": date(2026, 7, 31),
            "at_most": 3_600,
        },
        "air": {
            "title": "At most 14 days above the WHO guideline for nitrogen dioxide at the roadside in A07, July to September",
            "series": "nitrogen_dioxide",
            "area": "A07",
            "from": date(2026, 7, 1),
            "until": date(2026, 9, 30),
            "above": 25,  # µg/m³ over 24 hours: World Health Organization 2021
            "hours": 24,
            "at_most": 14,
        },
    }
