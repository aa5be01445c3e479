"""Opening a city: by its name in the workspace, or by the path of its city.toml."""

from __future__ import annotations

from pathlib import Path

from data.city import City
from data.cityfile import Section, read_city_file
from data.dataset import Areas
from data.errors import WorkspaceError
from data.panels import read_drivers, read_series
from data.places import read_areas
from data.points import read_incidents
from data.workspace import city_path, known_cities

__all__ = ["SAMPLE", "find_city", "open_city"]

SAMPLE = "meridian"


def find_city(name: str | Path) -> Path:
    """The city.toml of a name in the workspace or of a path; the sample city is made when it is asked for.

    Raises
    ------
    WorkspaceError
        When there is no such city, naming those that there are.
    """
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return path
    if path.is_dir() and (path / "city.toml").is_file():
        return path / "city.toml"
    if str(name) == SAMPLE:
        from data.sample import ensure_sample

        return ensure_sample()
    known = known_cities()
    if str(name) not in known:
        raise WorkspaceError("no_such_city", name=str(name), cities=sorted({*known, SAMPLE}))
    return city_path(str(name))


def open_city(name: str | Path) -> City:
    """The city of this name or path, all its tables read, checked and with their provenance.

    Raises
    ------
    CivicastError
        One sentence that names the thing, the value, what is allowed and the next step.

    Examples
    --------
    >>> open_city("atlantis")
    Traceback (most recent call last):
    ...
    data.errors.WorkspaceError: There is no city named “atlantis”...
    """
    file = read_city_file(find_city(name))
    areas = {section.name: read_areas(section, crs=str(file.city["crs"])) for section in file.of("areas")}
    return City(
        name=str(file.city["name"]),
        key=file.key,
        timezone=str(file.city["timezone"]),
        crs=str(file.city["crs"]),
        currency=str(file.city["currency"]),
        areas=areas,
        incidents={
            section.name: read_incidents(section, city=file, areas=_finest(section, areas))
            for section in file.of("incidents")
        },
        series={
            section.name: read_series(section, city=file, areas=areas.get(str(section.get("areas", ""))))
            for section in file.of("series")
        },
        drivers={
            section.name: read_drivers(section, city=file, areas=areas[str(section["areas"])])
            for section in file.of("drivers")
        },
    )


def _finest(section: Section, areas: dict[str, Areas]) -> Areas | None:
    """The layer that incidents are placed in: the one they name, else the one with the most areas."""
    if section.get("areas") is not None:
        return areas[str(section["areas"])]
    return max(areas.values(), key=lambda layer: len(layer.frame), default=None)
