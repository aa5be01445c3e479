"""Groups (elderly, disabled, low income): how outcomes by area fall on them, by each area's share of the group."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import xarray as xr

from data import Areas
from data.words import Sentence, Words

__all__ = ["EVERYONE", "group_label", "group_weights", "group_within"]

EVERYONE = "everyone"
KNOWN = (EVERYONE, "share_over_65", "share_disabled", "share_low_income")


@lru_cache(maxsize=32)  # by layer: one that is read anew is another
def group_weights(areas: Areas) -> xr.DataArray:
    """Weights (group, area_id): how much of an area's outcome is the group's, which is the group's share of its people.

    ``everyone`` is 1 everywhere. Everyone in an area is taken to fare alike; results that use these weights carry the
    caveat ``group_from_area_shares``.
    """
    shares = pd.DataFrame(areas.frame[list(areas.groups)]).astype(float).fillna(0.0)
    shares.insert(0, EVERYONE, 1.0)
    weights = shares.to_numpy().T.copy()
    weights.setflags(write=False)
    return xr.DataArray(
        weights,
        coords={"group": list(shares.columns), "area_id": list(shares.index)},
        dims=["group", "area_id"],
    )


def group_label(group: str) -> Words:
    """What people call a group; one that we do not know goes by the name of its column."""
    return Sentence(f"groups.label.{group}") if group in KNOWN else _plain(group).capitalize()


def group_within(group: str) -> Words:
    """What people call a group within a sentence: "low income"."""
    return Sentence(f"groups.within.{group}") if group in KNOWN else _plain(group).lower()


def _plain(group: str) -> str:
    return group.removeprefix("share_").replace("_", " ")
