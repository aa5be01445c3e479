"""The parts of Meridian that its people speak of by one name: groups of neighbourhoods, by the district they lie in."""

from __future__ import annotations

from typing import Any

from data.sample.plan import DISTRICT_SEEDS, plan_of_meridian

__all__ = ["regions"]

# name: (title, its districts). The banks are those of the river; the centre lies on both.
PARTS = {
    "north_side": ("North side", tuple(DISTRICT_SEEDS["north"])),
    "south_side": ("South side", tuple(DISTRICT_SEEDS["south"])),
    "centre": ("Centre", ("D1", "D6")),
    "port": ("Port", ("D7",)),
}


def regions() -> dict[str, dict[str, Any]]:
    """The sections ``[regions.NAME]`` of Meridian's city.toml."""
    parents = plan_of_meridian().neighbourhoods["parent_id"]
    return {
        name: {
            "title": title,
            "areas": "neighbourhood",
            "members": [str(area) for area in parents.index[parents.isin(districts)]],
        }
        for name, (title, districts) in PARTS.items()
    }
