"""The keys of a city.toml: which each kind of section may have, which it must have, and of what type they are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from data.errors import CityFileError
from data.frequency import Frequency
from data.provenance import Classification

__all__ = ["ALLOWED", "KINDS", "PERSONAL", "USE", "check_keys"]

KINDS = ("areas", "incidents", "series", "drivers", "requests", "targets", "regressors", "networks")

# What a city may state once for all of its tables.
USE = {"origin", "licence", "redistributable", "classification", "synthetic"}
_POINTS = {"time", "time_format", "longitude", "latitude", "category", "id", "equal_rows", "areas", "drop"}
_POINTS |= {"from", "until", "title"}
_SERIES = {"title", "areas", "freq", "unit", "measure"}
_ROWS = {"source", "period", "time_format", "area", "category", "value", "drop", "from", "until"}
_ROWS |= {"value_type", "no_row"}

# Words of keys that would say who, not where. To rate the risk that a person offends from their profile or traits alone is
# prohibited by Regulation (EU) 2024/1689, Article 5(1)(d); here nothing about a person comes in at all.
PERSONAL = frozenset(
    {
        "person",
        "people",
        "offender",
        "perpetrator",
        "suspect",
        "arrestee",
        "defendant",
        "victim",
        "witness",
        "household",
    }
)

# By kind; a series is of one of two kinds, as its rows are events or ready counts.
ALLOWED: Mapping[str, frozenset[str]] = {
    "city": frozenset({"name", "key", "timezone", "crs", "currency", "folder", "holidays", "alarms_per_week"} | USE),
    "areas": frozenset(
        {"source", "id", "name", "population", "parent", "parent_id", "groups", "join", "dissolve"} | USE
    ),
    "join": frozenset({"source", "on", "columns", "scale"}),
    "incidents": frozenset({"source", "reported_by", "second_source"} | _POINTS | USE),
    "series from points": frozenset({"from_points"} | _POINTS | _SERIES | USE),
    "series": frozenset(_ROWS | _SERIES | USE),
    "drivers": frozenset({"source", "title", "areas", "area", "year", "value", "unit"} | USE),
    "requests": frozenset(
        {
            "source",
            "title",
            "opened",
            "completed",
            "time_format",
            "category",
            "id",
            "drop",
            "from",
            "until",
            "areas",
            "area",
        }
        | {"longitude", "latitude"}
        | USE
    ),
    "targets": frozenset({"title", "series", "from", "until", "at_most", "at_least", "area", "category"}),
    "regressors": frozenset({"source", "title", "period", "value", "time_format", "series"} | USE),
    "networks": frozenset({"source", "title"} | USE),
}
_REQUIRED = {
    "city": ("name", "timezone", "crs", "currency"),
    "areas": ("source", "id"),
    "join": ("source", "on", "columns"),
    "incidents": ("source", "time", "longitude", "latitude"),
    "series from points": ("from_points", "time", "longitude", "latitude", "freq", "unit"),
    "series": ("source", "period", "value", "freq", "unit"),
    "drivers": ("source", "areas", "area", "year", "value"),
    "requests": ("source", "opened", "completed"),
    "targets": ("series", "from", "until"),
    "regressors": ("source", "period", "value"),
    "networks": ("source",),
}
_YES_OR_NO = {"redistributable", "synthetic", "dissolve"}
_NUMBERS = {"alarms_per_week", "at_most", "at_least"}
_DATES = {"from", "until"}
_TABLES = {"drop", "groups", "join", "columns", "scale"}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "freq": tuple(each.value for each in Frequency),
    "value_type": ("count", "continuous"),
    "no_row": ("unknown", "zero"),
    "equal_rows": ("one", "each"),
    "classification": tuple(each.value for each in Classification),
}


def check_keys(kind: str, label: str, keys: Mapping[str, Any]) -> None:
    """Refuse an unknown key, a missing one, or one of a wrong type.

    Raises
    ------
    CityFileError
        Naming the section, the key, what is allowed and, for a slip of the pen, the nearest word. Of incidents, a key
        that names people is refused with the reason.
    """
    for key in keys:
        if kind == "incidents" and _names_people(key):
            raise CityFileError("places_only", section=label, key=key)
        if key not in ALLOWED[kind]:
            near = difflib.get_close_matches(key, ALLOWED[kind], n=1)
            evidence = {"near": near[0]} if near else {"allowed": sorted(ALLOWED[kind])}
            raise CityFileError("unknown_key_near" if near else "unknown_key", section=label, key=key, **evidence)
    for key in _REQUIRED[kind]:
        if key not in keys:
            raise CityFileError("missing_key", section=label, key=key)
    for key, value in keys.items():
        _check_value(label, key, value)


def _names_people(key: str) -> bool:
    words = re.split(r"[^a-z]+", key.lower())
    return any(word in PERSONAL or word.removesuffix("s") in PERSONAL for word in words)


def _check_value(label: str, key: str, value: Any) -> None:
    if key in _CHOICES and value not in _CHOICES[key]:
        raise CityFileError("not_allowed", section=label, key=key, value=value, allowed=list(_CHOICES[key]))
    if key in _DATES:
        _check_date(label, key, value)
    elif key in _NUMBERS:
        _check_type(label, key, value, (int, float), "a number")
    elif key in _YES_OR_NO:
        _check_type(label, key, value, bool, "true or false")
    elif key in _TABLES:
        _check_table(label, key, value)
    elif key == "reported_by" and isinstance(value, dict):
        for category, who in value.items():
            _check_type(label, f"{key} of {category}", who, str, "text")
    else:
        _check_type(label, key, value, str, "text in quotes")


def _check_table(label: str, key: str, value: Any) -> None:
    _check_type(label, key, value, dict, "a table like { Name = … }")
    for name, entry in value.items():
        match key:
            case "scale":
                _check_type(label, f"{key} of {name}", entry, (int, float), "a number")
            case "drop" if isinstance(entry, list):
                for each in entry:
                    _check_type(label, f"{key} of {name}", each, str, "text in quotes")
            case "join":
                pass  # its keys are those of a section and are checked as one
            case _:
                _check_type(label, f"{key} of {name}", entry, str, "text in quotes")
        if key in {"groups", "columns"} and not (name.startswith("share_") or name == "population"):
            raise CityFileError("not_a_group", section=label, key=name)


def _check_type(label: str, key: str, value: Any, kind: type | tuple[type, ...], wanted: str) -> None:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise CityFileError("wrong_type", section=label, key=key, value=value, wanted=wanted)


def _check_date(label: str, key: str, value: Any) -> None:
    error = CityFileError("not_a_date", section=label, key=key, value=value)
    if not isinstance(value, date | str):
        raise error
    try:
        stamp = pd.Timestamp(value)
    except (ValueError, TypeError):
        raise error from None
    if pd.isna(stamp) or stamp.tz is not None:
        raise error
