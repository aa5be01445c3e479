"""A city.toml as typed values: which files hold what, under which column names.

``data/templates/city.toml`` explains each key; each file of ``data/tables`` has those of its kind. Everything that the
file itself shows is checked here, and no other file is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyproj

from data.brand import Brand, read_colour
from data.errors import CityFileError, SourceError
from data.holidays import known_country
from data.tables import KINDS, Section, TableKeys
from data.tables.contract import Facts, Sections
from data.tables.section import Number, Text, read_keys
from data.toml import NotToml, read_toml

__all__ = ["ALARMS_PER_WEEK", "CityFile", "CityKeys", "load_toml", "read_city_file"]

ALARMS_PER_WEEK = 3.0  # what a small team can look into, unless the city says otherwise
CITY_LABEL = "[city]"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class CityKeys(TableKeys):
    """The keys of [city]; what it states of use holds for all of its tables that do not state their own."""

    name: Text
    key: Text | None = None
    timezone: Text
    crs: Text
    currency: Text
    folder: Text = "."
    holidays: Text = ""
    alarms_per_week: Number = ALARMS_PER_WEEK
    colour: Text = ""
    logo: Text = ""


@dataclass(frozen=True, eq=False)
class CityFile:
    """All of a city.toml."""

    key: str
    keys: CityKeys
    folder: Path
    sections: Sections

    @property
    def name(self) -> str:
        """What people call the city."""
        return self.keys.name

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the tables come from: each file in full, each address as it is."""
        sections = [section for named in self.sections.values() for section in named.values()]
        return tuple(section.path(source) for section in sections for source in section.keys.sources())

    @property
    def brand(self) -> Brand:
        """Its colour and its logo."""
        return Brand(read_colour(self.keys.colour), self.folder / self.keys.logo if self.keys.logo else None)

    @property
    def facts(self) -> Facts:
        """What holds for all tables."""
        return Facts(self.keys.name, self.keys.timezone, self.keys.crs, self.keys.holidays, self.keys.currency)


def load_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises
    ------
    SourceError
        When the file is missing or cannot be opened.
    CityFileError
        When it is not TOML, naming the line.
    """
    return _parsed(path, _content(path))


def _content(path: Path) -> bytes:
    if not os.path.isfile(path):  # false for a name that no file can have, too
        raise SourceError("no_city_file", path=path.name, folder=str(path.parent.resolve()))
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError("unreadable_file", path=path.name, why=error.strerror or str(error)) from error


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return read_toml(content)
    except NotToml as error:
        raise CityFileError("not_toml", path=path.name, why=error.why) from error


def read_city_file(path: Path) -> CityFile:
    """The city that a city.toml describes, checked key by key and name by name; no other file is opened.

    Raises
    ------
    SourceError
        When the file is missing.
    CityFileError
        When it is not TOML, a key is unknown, missing, or of a value that is not allowed, or a section names another that
        there is not.
    """
    content = _content(path)
    # What a folder's name may ask for beside the file itself.
    around = tuple(os.environ.get(name) for name in ("HOME", *_variables(content.decode("utf-8", "replace"))))
    return _read(path, str(Path.cwd()), content, around)


@lru_cache(
    maxsize=16
)  # every page reads it several times: to name the city, to offer it, and to see whether it has changed
def _read(path: Path, here: str, written: bytes, around: tuple[str | None, ...]) -> CityFile:
    """The city of a file of this content, read here, where these variables are set."""
    content = _parsed(path, written)
    for kind in content:
        if kind not in ("city", *KINDS):
            raise CityFileError("unknown_section", section=kind, allowed=["city", *KINDS])
    city = _table(content.get("city"), CITY_LABEL)
    keys = read_keys(CityKeys, city, label=CITY_LABEL)
    _check_place(keys)
    _check_habits(keys)
    folder = _folder(keys.folder, path)
    shared = {name: city[name] for name in TableKeys.written() if name in city}
    sections = {
        kind: {
            name: _section(kind, name, written, shared, folder)
            for name, written in _table(content.get(kind, {}), f"[{kind}]").items()
        }
        for kind in KINDS
    }
    if not sections["incidents"] and not sections["series"]:
        raise CityFileError("nothing_to_show", path=path.name)
    for kind, named in sections.items():
        for section in named.values():
            KINDS[kind].check(section, sections)
    beside = {kind: {each.name: each for each in KINDS[kind].beside(sections)} for kind in KINDS}
    return CityFile(_key(keys), keys, folder, {kind: sections[kind] | beside[kind] for kind in KINDS})


def _table(value: Any, label: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CityFileError("missing_section", section=label)
    return value


def _section(kind: str, name: str, written: Any, shared: Mapping[str, Any], folder: Path) -> Section[Any]:
    label = f"[{kind}.{name}]"
    own = _table(written, label)
    if not _NAME.fullmatch(name):
        raise CityFileError("bad_name", section=label, reserved="city")
    model = KINDS[kind].model(own, label)
    fitting = {key: value for key, value in shared.items() if key in model.written()}
    return Section(kind, name, read_keys(model, fitting | own, label=label), folder)


def _variables(text: str) -> list[str]:
    """The environment variables that a text names."""
    return re.findall(r"\$\{(\w+)\}", text)


def _folder(text: str, path: Path) -> Path:
    for variable in _variables(text):
        if not os.environ.get(variable):
            raise CityFileError("variable_unset", path=path.name, variable=variable)
        text = text.replace("${" + variable + "}", os.environ[variable])
    try:
        return (path.parent / Path(text).expanduser()).resolve()
    except (RuntimeError, ValueError, OSError) as error:  # no such user, a NUL, a name that is too long
        raise CityFileError("bad_folder", value=text) from error


def _key(keys: CityKeys) -> str:
    key = keys.key or re.sub(r"[^a-z0-9]+", "-", keys.name.lower()).strip("-")
    if not _NAME.fullmatch(key):
        raise CityFileError("bad_key", value=key)
    return key


def _check_place(keys: CityKeys) -> None:
    try:
        ZoneInfo(keys.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CityFileError("bad_timezone", value=keys.timezone) from error
    try:
        metric = pyproj.CRS(keys.crs)
    except pyproj.exceptions.CRSError as error:
        raise CityFileError("bad_crs", value=keys.crs) from error
    if not metric.is_projected or metric.axis_info[0].unit_name != "metre":
        raise CityFileError("bad_crs", value=keys.crs)


def _check_habits(keys: CityKeys) -> None:
    """Whose holidays, in which colour, and how many alarms."""
    if keys.holidays and not known_country(keys.holidays):
        raise CityFileError("bad_holidays", value=keys.holidays)
    read_colour(keys.colour)
    if keys.alarms_per_week <= 0:
        raise CityFileError("bad_alarms", value=keys.alarms_per_week)
