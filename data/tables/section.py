"""The keys that one section of a city.toml may have: what they hold, and one sentence for each way to get them wrong.

A kind of table states its keys as a pydantic model. A slip of the pen gets a sentence that names the section, the key,
what is allowed and the nearest word.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, TypeVar, get_args

import pandas as pd
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from data.errors import CityFileError
from data.provenance import NOT_STATED, Classification, Provenance
from data.words import Sentence

__all__ = [
    "Day",
    "Keys",
    "Number",
    "Patterns",
    "Section",
    "SelectionKeys",
    "TableKeys",
    "Text",
    "Texts",
    "TimeFormat",
    "YesOrNo",
    "choice",
    "is_number",
    "read_keys",
    "refused",
    "wrong_type",
]  # fmt: skip

REFUSED = "refused"  # the type of pydantic's errors that carry a code and evidence of ours
YEARS = (1678, 2261)  # that nanoseconds reach
SOURCES = ("source", "from_points")  # keys that name a file or an address
# Words of keys that would say who, not where. To rate the risk that a person offends from their profile or traits alone is
# prohibited by Regulation (EU) 2024/1689, Article 5(1)(d); here nothing about a person comes in at all.
PERSONAL = frozenset(
    ["person", "people", "offender", "perpetrator", "suspect", "arrestee", "defendant", "victim", "witness", "household"]
)  # fmt: skip


def refused(code: str, **evidence: Any) -> PydanticCustomError:
    """Why the value of a key is refused, to be raised while its model is read.

    Parameters
    ----------
    code : of the error's sentence.
    evidence : of it; ``read_keys`` adds section, key and value, unless they are here.

    Returns
    -------
    PydanticCustomError
        Which ``read_keys`` makes into a ``CityFileError``.
    """
    return PydanticCustomError(REFUSED, REFUSED, {"code": code, "evidence": evidence})


def wrong_type(wanted: str, **evidence: Any) -> PydanticCustomError:
    """Why a value of a wrong type is refused, to be raised like ``refused``.

    Parameters
    ----------
    wanted : the code of what it must be, below ``wanted.``.
    evidence : as for ``refused``.

    Returns
    -------
    PydanticCustomError
        As of ``refused``.
    """
    return refused("wrong_type", wanted=Sentence(f"wanted.{wanted}"), **evidence)


def _only(kind: type | tuple[type, ...], wanted: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise wrong_type(wanted)
        return value

    return BeforeValidator(check)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number that a float can hold."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def _number(value: Any) -> float:
    if not is_number(value):
        raise wrong_type("number")
    return float(value)


def _day(value: Any) -> pd.Timestamp:
    if not isinstance(value, date | str):
        raise refused("not_a_date")
    try:
        stamp = pd.Timestamp(value)
    except (ValueError, TypeError):
        raise refused("not_a_date") from None
    if pd.isna(stamp) or stamp.tz is not None or not YEARS[0] <= stamp.year <= YEARS[1]:
        raise refused("not_a_date")
    return stamp


def _time_format(value: str) -> str:
    try:
        pd.to_datetime(pd.Series([""]), format=value, utc=True, errors="coerce")
    except (ValueError, re.error):
        raise refused("bad_time_format") from None
    if "%" not in value:  # pandas has words of its own that would let it guess
        raise refused("bad_time_format")
    return value


def _patterns(value: Any) -> list[str]:
    each = value if isinstance(value, list) else [value]
    for pattern in each:
        if not isinstance(pattern, str):
            raise wrong_type("text", value=pattern)
    return each


def choice(kind: type[StrEnum]) -> BeforeValidator:
    """One of the values of an enumeration."""

    def check(value: Any) -> Any:
        allowed = [each.value for each in kind]
        if value not in allowed:
            raise refused("not_allowed", allowed=allowed)
        return kind(value)

    return BeforeValidator(check)


Text = Annotated[str, _only(str, "text")]
Number = Annotated[float, BeforeValidator(_number)]
YesOrNo = Annotated[bool, _only(bool, "yes_or_no")]
Day = Annotated[pd.Timestamp, BeforeValidator(_day)]
Patterns = Annotated[dict[str, Annotated[list[str], BeforeValidator(_patterns)]], _only(dict, "table")]
TimeFormat = Annotated[Text, AfterValidator(_time_format)]
Texts = Annotated[dict[str, Text], _only(dict, "table")]
"""Names with a text each."""


class Keys(BaseModel):
    """The keys of a section. A field's alias, if it has one, is how the file writes the key."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    places_only: ClassVar[bool] = False  # refuse keys that name people, with the reason

    @classmethod
    def written(cls) -> dict[str, bool]:
        """Each key as the file writes it, and whether it must be there."""
        return {field.alias or name: field.is_required() for name, field in cls.model_fields.items()}

    def sources(self) -> list[str]:
        """What the keys name as sources, those of tables within the section included."""
        named = [value for key in SOURCES if (value := getattr(self, key, None)) is not None]
        inner = (getattr(self, name) for name in type(self).model_fields)
        return named + [source for keys in inner if isinstance(keys, Keys) for source in keys.sources()]


class TableKeys(Keys):
    """What every section may state of its table's use; a city may state it once for all."""

    origin: Text | None = None
    licence: Text | None = None
    redistributable: YesOrNo = False
    classification: Annotated[Classification, choice(Classification)] = Classification.PUBLIC
    synthetic: YesOrNo = False


class SelectionKeys(Keys):
    """Which rows a section asks for: what is dropped, and the first and last day."""

    drop: Patterns = Field(default_factory=dict)
    since: Day | None = Field(default=None, alias="from")
    until: Day | None = None

    @property
    def first_day(self) -> pd.Timestamp | None:
        """The first day asked for, if one is."""
        return None if self.since is None else self.since.normalize()

    @property
    def last_day(self) -> pd.Timestamp | None:
        """The last day asked for, if one is."""
        return None if self.until is None else self.until.normalize()


K = TypeVar("K", bound=Keys, covariant=True)  # a section is only read
T = TypeVar("T", bound=TableKeys)


@dataclass(frozen=True)
class Section(Generic[K]):
    """One section of the file: its kind, its name, its keys, and the folder in which its files lie."""

    kind: str
    name: str
    keys: K
    folder: Path

    @property
    def label(self) -> str:
        """How the section is written in the file."""
        return f"[{self.kind}.{self.name}]"

    @property
    def title(self) -> str:
        """What people call the table."""
        return getattr(self.keys, "title", None) or self.name.replace("_", " ").capitalize()

    def path(self, source: str) -> str:
        """Where a source lies: a file in the city's folder, unless it names its scheme itself."""
        return source if "://" in source else str(self.folder / source)

    def states(self, key: str) -> bool:
        """Whether the file states a key."""
        return key in self.keys.model_fields_set

    def provenance(
        self: Section[T],
        *,
        rows_read: int,
        as_of: pd.Timestamp | None = None,
        set_aside: Mapping[str, int] | None = None,
    ) -> Provenance:
        """The provenance of the section's table, with the uses that the file states.

        Parameters
        ----------
        rows_read : how many rows the source has.
        as_of : the last complete period, or the day of the last event.
        set_aside : rows in no result, by the code of the reason.

        Returns
        -------
        Provenance
            Without a fingerprint: a table makes it from its content.
        """
        keys = self.keys
        return Provenance(
            name=self.name,
            origin=keys.origin or NOT_STATED,
            licence=keys.licence or NOT_STATED,
            redistributable=keys.redistributable,
            classification=keys.classification,
            synthetic=keys.synthetic,
            as_of=as_of,
            rows_read=rows_read,
            set_aside=dict(set_aside or {}),
        )


def read_keys(model: type[K], keys: Mapping[str, Any], *, label: str) -> K:
    """The keys of a section as its model, or one sentence on the first that is wrong.

    Parameters
    ----------
    model : the keys that the section may have.
    keys : what the file states.
    label : how sentences name the section.

    Returns
    -------
    K
        The model, its defaults filled in.

    Raises
    ------
    CityFileError
        Of unknown keys first, then of missing ones, then of values, each in the file's order.
    """
    try:
        return model.model_validate(dict(keys))
    except ValidationError as error:
        order = list(keys)
        first = min(error.errors(), key=lambda each: _rank(each, order))
        refusal: CityFileError = _told(model, label, first)
    raise refusal


def _rank(error: ErrorDetails, order: Sequence[str]) -> tuple[int, int]:
    rank = {"extra_forbidden": 0, "missing": 1}.get(error["type"], 2) if len(error["loc"]) == 1 else 2
    first = str(error["loc"][0]) if error["loc"] else ""
    return rank, order.index(first) if first in order else 0


def key_of(key: str, name: str) -> Sentence:
    """How sentences name one entry of a key that is a table; ``name`` is the entry's."""
    return Sentence("wanted.entry", {"key": key, "name": name})


def _told(model: type[Keys], label: str, error: ErrorDetails) -> CityFileError:
    location = [str(part) for part in error["loc"]]
    inner = _model_within(model, location[0]) if len(location) > 1 else None
    if inner is not None:  # a table within the section has keys of its own
        return _told(inner, f"{label} {location[0]}", {**error, "loc": error["loc"][1:]})
    key = location[0] if len(location) == 1 else key_of(*location[:2])
    match error["type"]:
        case "extra_forbidden":
            return _unknown(model, label, str(key))
        case "missing":
            return CityFileError("missing_key", section=label, key=key)
        case _ if error["type"] == REFUSED:
            evidence = {"key": key, "value": error["input"], **error["ctx"]["evidence"]}
            return CityFileError(error["ctx"]["code"], section=label, **evidence)
    wanted = Sentence("wanted.table")  # all else has a validator of its own
    return CityFileError("wrong_type", section=label, key=key, value=error["input"], wanted=wanted)


def _model_within(model: type[Keys], key: str) -> type[Keys] | None:
    field = model.model_fields.get(key)
    parts = () if field is None else (field.annotation, *get_args(field.annotation))
    return next((part for part in parts if isinstance(part, type) and issubclass(part, Keys)), None)


def _unknown(model: type[Keys], label: str, key: str) -> CityFileError:
    if model.places_only and names_people(key):
        return CityFileError("places_only", section=label, key=key)
    allowed = sorted(model.written())
    near = difflib.get_close_matches(key, allowed, n=1)
    if near:
        return CityFileError("unknown_key_near", section=label, key=key, near=near[0])
    return CityFileError("unknown_key", section=label, key=key, allowed=allowed)


def names_people(key: str) -> bool:
    """Whether a key would say who, not where."""
    words = re.split(r"[^a-z]+", key.lower())
    return any(word in PERSONAL or word.removesuffix("s") in PERSONAL for word in words)
