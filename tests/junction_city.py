"""A city with two junctions that one can check by hand."""

from __future__ import annotations

from pathlib import Path

from data import City, Junctions, open_city
from tests.tiny_city import TOML, write_city

__all__ = ["COUNTS", "CROSSINGS", "JUNCTIONS", "MOVEMENTS", "PLAN", "SECTION", "junction_city", "opened"]

SECTION = """
[junctions.centre]
title = "Centre"
source = "junctions.csv"
movements = "movements.csv"
counts = "counts.csv"
plan = "plan.csv"
crossings = "crossings.csv"
"""
JUNCTIONS = (
    "junction_id,name,longitude,latitude,corridor,distance\n"
    "J1,Mill Street,15.05,50.05,High Street,0\nJ2,Church Street,15.055,50.05,High Street,400\n"
)
TURNS = (
    ("north", "through", "1", 1800),
    ("south", "through", "1", ""),
    ("south", "left", "2", 1700),
    ("east", "s", "1", 1800),
)
MOVEMENTS = "junction_id,approach,turn,lanes,saturation\n" + "".join(
    f"{junction},{approach},{turn},{lanes},{saturation}\n"
    for junction in ("J1", "J2")
    for approach, turn, lanes, saturation in TURNS
)
FLOWS = {"north.through": 100, "south.through": 90, "south.left": 20, "east.through": 75}
COUNTS = "junction_id,approach,turn,time,vehicles\n" + "".join(
    f"{junction},{name.replace('.', ',')},2024-01-0{day} {hour:02d}:{minute:02d},{n + 5 * day + (15 if hour == 7 else 0)}\n"
    for junction in ("J1", "J2")
    for day in (1, 2, 3)
    for hour in (7, 12)
    for minute in (0, 15, 30, 45)
    for name, n in FLOWS.items()
)
PLAN = "junction_id,phase,green,yellow,all_red,minimum_green,protected,permitted,cycle\n" + "".join(
    f"{junction},A,40,3,2,8,north.through south.through,south.left,80\n{junction},B,30,3,2,8,east.through,,80\n"
    for junction in ("J1", "J2")
)
CROSSINGS = "junction_id,crossing,length,phases,people\nJ1,east,12,A,60\n"


def junction_city(folder: Path, *, toml: str = TOML + SECTION, **files: str) -> City:
    """The city, with files of other content where they are given."""
    named = {"junctions": JUNCTIONS, "movements": MOVEMENTS, "counts": COUNTS, "plan": PLAN, "crossings": CROSSINGS}
    folder.mkdir(parents=True, exist_ok=True)
    return open_city(write_city(folder, toml=toml, **(named | files)))


def opened(folder: Path, **files: str) -> Junctions:
    """Its junctions."""
    found: Junctions = junction_city(folder, **files).of("junctions")["centre"]
    return found
