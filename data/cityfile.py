"""A city.toml as typed values: which files hold what, under which column names.

``data/templates/city.toml`` explains each key. Everything is checked here, so that a slip of the pen gets one sentence
that names the section, the key, what is allowed and the nearest word.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyproj

from data.calendar import FREQUENCIES
from data.errors import CityFileError, SourceError
from data.provenance import Classification

__all__ = ["CityFile", "Section", "read_city_file"]

_USE = {"origin", "licence", "redistributable", "classification", "synthetic"}
_POINTS = {"time", "time_format", "longitude", "latitude", "category", "id", "areas", "drop", "from", "until"}
_ALLOWED = {
    "city": {"name", "key", "timezone", "crs", "currency", "folder"} | _USE,
    "areas": {"source", "id", "name", "population", "parent", "parent_id", "groups", "join", "dissolve"} | _USE,
    "incidents": {"source", "title", "reported_by"} | _POINTS | _USE,
    "series": {"source", "from_points", "title", "period", "area", "value", "freq", "unit", "measure", "value_type"}
    | _POINTS
    | _USE,
    "drivers": {"source", "title", "areas", "area", "year", "value", "unit"} | _USE,
}
_REQUIRED = {
    "city": {"name", "timezone", "crs", "currency"},
    "areas": {"source", "id"},
    "incidents": {"source", "time", "longitude", "latitude"},
    "series": {"freq", "unit"},
    "drivers": {"source", "area", "year", "value", "areas"},
}


@dataclass(frozen=True)
class Section:
    """One table of the file: its kind, its name, and its keys with the city's defaults for use filled in."""

    kind: str
    name: str
    keys: Mapping[str, Any]
    folder: Path

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or a default."""
        return self.keys.get(key, default)

    def __getitem__(self, key: str) -> Any:
        if key not in self.keys:
            raise CityFileError("missing_key", section=self.label, key=key)
        return self.keys[key]

    @property
    def label(self) -> str:
        """How the section is written in the file."""
        return f"[{self.kind}.{self.name}]"

    @property
    def title(self) -> str:
        """What people call the table."""
        return str(self.get("title") or self.name.replace("_", " ").capitalize())

    def path(self, key: str = "source") -> Path:
        """The file that a key names."""
        return self.folder / str(self[key])


@dataclass(frozen=True)
class CityFile:
    """All of a city.toml."""

    city: Mapping[str, Any]
    key: str
    sections: tuple[Section, ...]

    def of(self, kind: str) -> tuple[Section, ...]:
        """The sections of one kind, in the file's order."""
        return tuple(section for section in self.sections if section.kind == kind)


def read_city_file(path: Path) -> CityFile:
    """The city that a city.toml describes, checked key by key; no other file is opened.

    Raises
    ------
    SourceError
        When the file is missing.
    CityFileError
        When it is not TOML, or a key is unknown, missing, or of a value that is not allowed.
    """
    content = _load(path)
    city = _table(content.get("city"), "[city]")
    _check("city", "[city]", city)
    folder = _folder(city, path)
    use = {key: city[key] for key in _USE if key in city}
    sections = []
    for kind in ("areas", "incidents", "series", "drivers"):
        for name, keys in _table(content.pop(kind, {}), f"[{kind}]").items():
            section = Section(kind, name, use | _table(keys, f"[{kind}.{name}]"), folder)
            _check(kind, section.label, section.keys)
            sections.append(section)
    content.pop("city")
    if content:
        _unknown("the file", sorted(content)[0], sorted(_ALLOWED))
    key = str(city.get("key") or re.sub(r"[^a-z0-9]+", "-", str(city["name"]).lower()).strip("-"))
    file = CityFile(city, key, tuple(sections))
    _check_layers(file)
    return file


def _load(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise SourceError("missing_file", path=path.name, folder=str(path.parent))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityFileError("not_toml", path=path.name, why=str(error)) from error


def _table(value: Any, label: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CityFileError("missing_section", section=label)
    return value


def _folder(city: Mapping[str, Any], path: Path) -> Path:
    text = str(city.get("folder", "."))
    for variable in re.findall(r"\$\{(\w+)\}", text):
        if not os.environ.get(variable):
            raise CityFileError("variable_unset", path=path.name, variable=variable)
        text = text.replace("${" + variable + "}", os.environ[variable])
    return (path.parent / Path(text).expanduser()).resolve()


def _check(kind: str, label: str, keys: Mapping[str, Any]) -> None:
    for key in keys:
        if key not in _ALLOWED[kind]:
            _unknown(label, key, sorted(_ALLOWED[kind]))
    for key in sorted(_REQUIRED[kind]):
        if key not in keys:
            raise CityFileError("missing_key", section=label, key=key)
    if kind == "city":
        _check_place(keys)
    if kind == "series":
        _check_series(label, keys)
    _one_of(label, keys, "classification", [each.value for each in Classification])


def _check_place(city: Mapping[str, Any]) -> None:
    try:
        ZoneInfo(str(city["timezone"]))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CityFileError("bad_timezone", value=city["timezone"]) from error
    try:
        metric = pyproj.CRS(str(city["crs"]))
    except pyproj.exceptions.CRSError as error:
        raise CityFileError("bad_crs", value=city["crs"]) from error
    if not metric.is_projected or metric.axis_info[0].unit_name != "metre":
        raise CityFileError("bad_crs", value=city["crs"])


def _check_series(label: str, keys: Mapping[str, Any]) -> None:
    _one_of(label, keys, "freq", FREQUENCIES)
    _one_of(label, keys, "value_type", ("count", "continuous"))
    if ("source" in keys) == ("from_points" in keys):
        raise CityFileError("points_or_counts", section=label)
    needed = ("period", "value") if "source" in keys else ("time", "longitude", "latitude")
    for key in needed:
        if key not in keys:
            raise CityFileError("missing_key", section=label, key=key)


def _check_layers(file: CityFile) -> None:
    layers = [section.name for section in file.of("areas")]
    for section in file.sections:
        for key in ("parent", "areas"):
            if section.get(key) is not None and section[key] not in layers:
                raise CityFileError("unknown_layer", section=section.label, value=section[key], layers=layers)


def _one_of(label: str, keys: Mapping[str, Any], key: str, allowed: Any) -> None:
    if key in keys and keys[key] not in allowed:
        raise CityFileError("not_allowed", section=label, key=key, value=keys[key], allowed=list(allowed))


def _unknown(label: str, key: str, allowed: list[str]) -> None:
    near = difflib.get_close_matches(key, allowed, n=1)
    code = "unknown_key_near" if near else "unknown_key"
    raise CityFileError(code, section=label, key=key, near=near[0] if near else "", allowed=allowed)
