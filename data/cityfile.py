"""A city.toml as typed values: which files hold what, under which column names.

``data/templates/city.toml`` explains each key and ``data.keys`` lists them. Everything is checked here, so that a slip
of the pen gets one sentence that names the section, the key, what is allowed and the nearest word.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyproj

from data.dataset import CITY
from data.errors import CityFileError, SourceError
from data.holidays import known_country
from data.keys import KINDS, USE, check_keys

__all__ = ["CityFile", "Section", "load_toml", "read_city_file"]

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


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

    name: str
    key: str
    timezone: str
    crs: str
    currency: str
    folder: Path
    sections: tuple[Section, ...]
    holidays: str = ""
    alarms_per_week: float | None = None

    def of(self, kind: str) -> tuple[Section, ...]:
        """The sections of one kind, in the file's order."""
        return tuple(section for section in self.sections if section.kind == kind)


def load_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises
    ------
    SourceError
        When the file is missing or cannot be opened.
    CityFileError
        When it is not TOML, naming the line.
    """
    if not path.is_file():
        raise SourceError("no_city_file", path=path.name, folder=str(path.parent.resolve()))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CityFileError("not_toml", path=path.name, why=str(error)) from error
    except OSError as error:
        raise SourceError("unreadable_file", path=path.name, why=error.strerror or str(error)) from error


def read_city_file(path: Path) -> CityFile:
    """The city that a city.toml describes, checked key by key; no other file is opened.

    Raises
    ------
    SourceError
        When the file is missing.
    CityFileError
        When it is not TOML, or a key is unknown, missing, or of a value that is not allowed.
    """
    content = load_toml(path)
    for kind in content:
        if kind not in ("city", *KINDS):
            raise CityFileError("unknown_section", section=kind, allowed=["city", *KINDS])
    city = _table(content.get("city"), "[city]")
    check_keys("city", "[city]", city)
    _check_place(city)
    _check_habits(city)
    folder = _folder(city, path)
    sections = tuple(
        _section(kind, name, keys, city, folder)
        for kind in KINDS
        for name, keys in _table(content.get(kind, {}), f"[{kind}]").items()
    )
    file = CityFile(
        city["name"], _key(city), city["timezone"], city["crs"], city["currency"], folder, sections,
        holidays=city.get("holidays", ""), alarms_per_week=city.get("alarms_per_week"),
    )  # fmt: skip
    if not file.of("incidents") and not file.of("series"):
        raise CityFileError("nothing_to_show", path=path.name)
    _check_layers(file)
    _check_second_sources(file)
    return file


def _table(value: Any, label: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CityFileError("missing_section", section=label)
    return value


def _section(kind: str, name: str, keys: Any, city: Mapping[str, Any], folder: Path) -> Section:
    label = f"[{kind}.{name}]"
    own = _table(keys, label)
    if not _NAME.fullmatch(name) or (kind == "areas" and name == CITY):
        raise CityFileError("bad_name", section=label, reserved=CITY)
    if kind == "series" and ("source" in own) == ("from_points" in own):
        raise CityFileError("points_or_counts", section=label)
    check_keys("series from points" if "from_points" in own else kind, label, own)
    if "join" in own:
        check_keys("join", f"{label} join", own["join"])
    return Section(kind, name, {key: city[key] for key in USE & set(city)} | own, folder)


def _folder(city: Mapping[str, Any], path: Path) -> Path:
    text = city.get("folder", ".")
    for variable in re.findall(r"\$\{(\w+)\}", text):
        if not os.environ.get(variable):
            raise CityFileError("variable_unset", path=path.name, variable=variable)
        text = text.replace("${" + variable + "}", os.environ[variable])
    return (path.parent / Path(text).expanduser()).resolve()


def _key(city: Mapping[str, Any]) -> str:
    key: str = city.get("key") or re.sub(r"[^a-z0-9]+", "-", city["name"].lower()).strip("-")
    if not _NAME.fullmatch(key):
        raise CityFileError("bad_key", value=key)
    return key


def _check_place(city: Mapping[str, Any]) -> None:
    try:
        ZoneInfo(city["timezone"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CityFileError("bad_timezone", value=city["timezone"]) from error
    try:
        metric = pyproj.CRS(city["crs"])
    except pyproj.exceptions.CRSError as error:
        raise CityFileError("bad_crs", value=city["crs"]) from error
    if not metric.is_projected or metric.axis_info[0].unit_name != "metre":
        raise CityFileError("bad_crs", value=city["crs"])


def _check_habits(city: Mapping[str, Any]) -> None:
    """Whose holidays, and how many alarms."""
    if city.get("holidays") and not known_country(city["holidays"]):
        raise CityFileError("bad_holidays", value=city["holidays"])
    if city.get("alarms_per_week", 1) <= 0:
        raise CityFileError("bad_alarms", value=city["alarms_per_week"])


def _check_second_sources(file: CityFile) -> None:
    """A second source is another section of incidents."""
    names = [section.name for section in file.of("incidents")]
    for section in file.of("incidents"):
        second = section.get("second_source")
        others = [name for name in names if name != section.name]
        if second is not None and second not in others:
            code = "unknown_second_source" if others else "no_second_source"
            raise CityFileError(code, section=section.label, value=second, allowed=others)


def _check_layers(file: CityFile) -> None:
    layers = [section.name for section in file.of("areas")]
    for section in file.sections:
        for key in ("parent", "areas"):
            if section.get(key) is not None and section[key] not in layers:
                raise CityFileError("unknown_layer", section=section.label, value=section[key], layers=layers)
        pairs = [("parent", "parent_id"), ("parent_id", "parent"), ("longitude", "latitude"), ("latitude", "longitude")]
        for one, other in [*pairs, *([("area", "areas")] if section.kind != "targets" else [])]:
            if one in section.keys and other not in section.keys:
                raise CityFileError("missing_key", section=section.label, key=other)
        placed = {"area", "longitude"} if section.kind == "requests" else {"area"}
        if (
            section.kind in ("series", "requests")
            and {"source", "areas"} <= set(section.keys)
            and not placed & set(section.keys)
        ):
            raise CityFileError("missing_key", section=section.label, key="area")
