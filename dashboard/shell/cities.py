"""The cities that the dashboard offers: those in the workspace, the sample, and the one it was started with."""

from __future__ import annotations

import os
from pathlib import Path

from data.city import SAMPLE, find_city
from data.cityfile import read_city_file
from data.store.workspace import known_cities

__all__ = ["START", "offered"]

START = "CIVICAST_CITY"  # set by ``python -m dashboard`` for the script that streamlit runs


def offered() -> dict[str, Path]:
    """The paths of the cities by key, the one that the dashboard was started with first."""
    start = find_city(os.environ.get(START, SAMPLE))
    first = {read_city_file(start).key: start}
    return first | known_cities() | first  # also where the workspace holds a city of the same key
