"""Which cities the dashboard offers: the one it was started with, those of the workspace, and the sample.

What a link may name is the key of one of these, never a path.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from data import CivicastError
from data.cityfile import CityFile, read_city_file
from data.opening import SAMPLE, find_city
from data.workspace import city_path, known_cities

__all__ = ["Offer", "Stamp", "offered", "serve_city", "served_city", "stamp_of"]

VARIABLE = "CIVICAST_CITY"  # an environment variable, so that worker processes and reruns of the app know it too
SAMPLE_NAME = "Meridian"

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Offer:
    """A city to choose: the ``key`` that links name, its title, and what ``open_city`` is to be given."""

    key: str
    name: str
    where: str


def serve_city(where: str | Path) -> None:
    """Make this the city that the dashboard opens on."""
    os.environ[VARIABLE] = str(where)


def served_city() -> str:
    """The city that the dashboard was started with."""
    return os.environ.get(VARIABLE) or SAMPLE


def offered() -> Mapping[str, Offer]:
    """All cities on offer by key, the one served first; a city whose file cannot be read is offered by its key."""
    first = _offer(served_city(), key=served_city())
    offers = {first.key: first}
    for key, path in known_cities().items():
        offers.setdefault(key, _offer(str(path), key=key))
    offers.setdefault(SAMPLE, Offer(SAMPLE, SAMPLE_NAME, SAMPLE))
    return offers


def _offer(where: str, *, key: str) -> Offer:
    # The sample is made only when someone looks at it.
    if where == SAMPLE and not city_path(SAMPLE).is_file():
        return Offer(SAMPLE, SAMPLE_NAME, SAMPLE)
    try:
        path = find_city(where)
        file = _read(path, path.stat().st_mtime_ns)
    except (CivicastError, OSError):
        # Opening it tells what is wrong; here it must not take the other cities down.
        return Offer(key, key, where)
    return Offer(file.key, file.name, where)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> CityFile:
    return read_city_file(path)


def stamp_of(path: Path) -> Stamp:
    """The size and date of a city.toml and of every file that it names: unchanged means that nothing need be read again."""
    sections = read_city_file(path).sections
    named = [
        section.folder / str(section[key])
        for section in sections
        for key in ("source", "from_points")
        if key in section.keys
    ]
    named += [section.folder / str(section["join"]["source"]) for section in sections if "join" in section.keys]
    files = [path, *dict.fromkeys(named)]
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.is_file())
