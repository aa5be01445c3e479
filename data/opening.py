"""Opening a city: by its name in the workspace, or by the path of its city.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data.city import ALARMS_PER_WEEK, City
from data.cityfile import Section, read_city_file
from data.dataset import CITY, Areas
from data.errors import CityFileError, TableError, WorkspaceError
from data.networks import read_network
from data.outline import city_layer
from data.panels import read_drivers, read_series
from data.places import read_areas
from data.plans import read_targets, with_regressors
from data.points import read_incidents
from data.requests import read_requests
from data.store.workspace import city_path, known_cities

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
    areas = {section.name: read_areas(section, crs=file.crs) for section in file.of("areas")}
    _check_parents(areas)
    incidents = {
        section.name: read_incidents(section, city=file, areas=_placed_in(section, areas))
        for section in file.of("incidents")
    }
    if not areas or any("areas" not in section.keys for section in file.of("series")):
        whole = city_layer(file.name, crs=file.crs, areas=list(areas.values()), incidents=list(incidents.values()))
    else:
        whole = None
    series = with_regressors(
        {
            section.name: read_series(section, city=file, areas=areas.get(section.get("areas", CITY)))
            for section in file.of("series")
        },
        file,
    )
    requests = {
        section.name: read_requests(section, city=file, areas=areas.get(section.get("areas", CITY)))
        for section in file.of("requests")
    }
    for name in requests:
        if name not in series:
            raise CityFileError("requests_of", section=f"[requests.{name}]", allowed=list(series))
    return City(
        name=file.name,
        key=file.key,
        timezone=file.timezone,
        crs=file.crs,
        currency=file.currency,
        areas=areas | ({CITY: whole} if whole is not None else {}),
        incidents=incidents,
        series=series,
        drivers={
            section.name: read_drivers(section, city=file, areas=areas[section["areas"]])
            for section in file.of("drivers")
        },
        requests=requests,
        targets=read_targets(file, series),
        alarms_per_week=ALARMS_PER_WEEK if file.alarms_per_week is None else float(file.alarms_per_week),
        networks={section.name: read_network(section, crs=file.crs) for section in file.of("networks")},
    )


def _check_parents(areas: Mapping[str, Areas]) -> None:
    for layer in areas.values():
        if layer.parent is not None:
            known = areas[layer.parent].frame.index
            strange = sorted(set(layer.frame["parent_id"]) - set(known))
            if strange:
                evidence = {"ids": strange, "layer": layer.parent, "known": list(known)}
                raise TableError("unknown_parent", table=f"[areas.{layer.layer}]", **evidence)


def _placed_in(section: Section, areas: Mapping[str, Areas]) -> Areas | None:
    """The layer that incidents are placed in: the one they name, else the one with the most areas."""
    if "areas" in section.keys:
        return areas[section["areas"]]
    return max(areas.values(), key=lambda layer: len(layer.frame), default=None)
