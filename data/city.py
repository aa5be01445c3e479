"""A city: all tables that one ``city.toml`` describes, by kind and name, each opened when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import tomli_w

from data.brand import Brand
from data.cityfile import ALARMS_PER_WEEK, load_toml, read_city_file
from data.errors import WorkspaceError
from data.provenance import Classification, Finding, Provenance, fingerprint_of, strictest
from data.store.workspace import SAMPLE, city_path, keep_city, known_cities
from data.tables import KINDS, Areas, Incidents, Network, Requests, Series, Table, Tables, Target
from data.tables.contract import Named
from data.tables.stamps import files_stamp, section_stamp

__all__ = ["ALARMS_PER_WEEK", "OWN", "SAMPLE", "City", "add_city", "find_city", "open_city", "stamp_of", "watched"]

OWN = ("areas", "incidents", "series", "requests", "drivers", "networks", "targets")  # kinds with a field of their own


@dataclass(frozen=True, eq=False)
class City:
    """A city and its tables, by name.

    ``key`` is the name that links and the command line use. ``drivers`` are yearly panels (``population``, ``jobs``)
    that scenarios may move; ``series`` are what is forecast, ``requests`` the requests behind them where their dates are
    known, ``targets`` what the city wants of them, ``networks`` its streets; ``others`` are tables of further kinds. No
    more than ``alarms_per_week`` alarms are raised. A city without areas has the single layer ``city``.
    """

    name: str
    key: str
    timezone: str
    crs: str
    currency: str
    areas: Mapping[str, Areas]
    incidents: Mapping[str, Incidents]
    series: Mapping[str, Series]
    drivers: Mapping[str, Series]
    requests: Mapping[str, Requests] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    alarms_per_week: float = ALARMS_PER_WEEK
    networks: Mapping[str, Network] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    brand: Brand = field(default_factory=Brand)

    def of(self, kind: str) -> Mapping[str, Any]:
        """The tables of one kind by name, none of which is opened before it is asked for."""
        own: Mapping[str, Any] = getattr(self, kind) if kind in OWN else self.others.get(kind, {})
        return own

    def by_kind(self) -> Iterator[tuple[str, Any]]:
        """Each table with its kind, areas first; opens them all."""
        for kind in dict.fromkeys([*KINDS, *OWN, *self.others]):
            for table in self.of(kind).values():
                yield kind, table

    @cached_property
    def streets(self) -> Network | None:
        """The first network whose lines run as streets do; None where there is none."""
        return next((each for each in self.networks.values() if each.drawn), None)

    def opened(self) -> City:
        """The same city with all of its tables open.

        Raises
        ------
        CivicastError
            One sentence on the first table that cannot be opened.
        """
        for _ in self.by_kind():
            pass
        _ = self.brand.logo
        return self

    def closed(self) -> City:
        """What it is called and how it is told, without its tables: for a result that goes where the city is open already."""
        return replace(self, **{kind: {} for kind in OWN}, others={})  # type: ignore[arg-type]  # none of each kind

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """All tables that come from somewhere, areas first."""
        return tuple(table for _, table in self.by_kind() if isinstance(table, Table))

    @cached_property
    def provenances(self) -> tuple[Provenance, ...]:
        """Where each table comes from."""
        return tuple(table.provenance for table in self.tables)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All that reading the tables noticed."""
        return tuple(finding for table in self.tables for finding in table.findings)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the content of all tables and of what defines the city, not of where its files lie."""
        contents = sorted((table.name, table.fingerprint) for table in self.provenances)
        return fingerprint_of(self.name, self.timezone, self.crs, self.currency, contents)

    @property
    def as_of(self) -> pd.Timestamp:
        """The latest ``as_of`` of any table, for display; results depend on their own table's."""
        return max(table.as_of for table in self.provenances if table.as_of is not None)

    @property
    def classification(self) -> Classification:
        """The strictest class of any table."""
        return strictest(table.classification for table in self.provenances)

    @property
    def synthetic(self) -> bool:
        """Whether any table was made rather than observed."""
        return any(table.synthetic for table in self.provenances)


def find_city(name: str | Path) -> Path:
    """The city.toml of a name in the workspace or of a path; the sample city is made when it is asked for.

    Raises
    ------
    WorkspaceError
        When there is no such city, naming those that there are.
    """
    path = Path(name)
    # ``os.path`` says of a name that no file can have, for its length, that there is no such file.
    if path.suffix == ".toml" or os.path.isfile(path):
        return path
    if os.path.isdir(path) and (path / "city.toml").is_file():
        return path / "city.toml"
    if str(name) == SAMPLE:
        from data.sample import ensure_sample

        return ensure_sample()
    known = known_cities()
    if str(name) not in known:
        raise WorkspaceError("no_such_city", name=str(name), cities=sorted({*known, SAMPLE}))
    return city_path(str(name))


def stamp_of(path: Path) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What changes with the city.toml or its logo, and by section what changes with a table's files or its source that grows."""
    file = read_city_file(path)
    own = files_stamp({path} | ({file.brand.file} if file.brand.file else set()))
    sections = (section for named in file.sections.values() for section in named.values())
    return own, tuple((each.label, section_stamp(each)) for each in sections)


def watched(city: City) -> tuple[City, Mapping[str, str] | None]:
    """The same city, and an account that grows by what its tables are asked for.

    Parameters
    ----------
    city : whose tables ``open_city`` gave, or others.

    Returns
    -------
    tuple
        By section what was asked for, as ``Tables.rests`` has it; None where others gave the tables, and nobody can know.
    """
    parts = [*(getattr(city, kind) for kind in OWN), *city.others.values()]
    found = [each.tables for each in parts if isinstance(each, Named)]
    if len(found) < len(parts) or any(each is not found[0] for each in found):
        return city, None
    seen = found[0].watched()
    tables: dict[str, Any] = {kind: seen.of(kind) for kind in OWN}
    tables["others"] = {kind: seen.of(kind) for kind in city.others}
    return replace(city, **tables), seen.asked


def open_city(name: str | Path, *, before: City | None = None) -> City:
    """The city of this name or path: its city.toml read and checked, each table opened when it is asked for.

    Parameters
    ----------
    name : in the workspace, or a path.
    before : an earlier opening, whose tables are taken where they would be read the same.

    Returns
    -------
    City
        Its tables are not open yet, but for those taken.

    Raises
    ------
    CivicastError
        One sentence that names the thing, the value, what is allowed and the next step. A table that cannot be opened
        raises its own when it is asked for.

    Examples
    --------
    >>> open_city("atlantis")
    Traceback (most recent call last):
    ...
    data.errors.WorkspaceError: There is no city named “atlantis”...
    """
    file = read_city_file(find_city(name))
    tables = Tables(file.facts, file.sections)
    if before is not None and isinstance(before.areas, Named):
        tables = tables.taking(before.areas.tables)
    return City(
        name=file.name,
        key=file.key,
        timezone=file.keys.timezone,
        crs=file.keys.crs,
        currency=file.keys.currency,
        areas=tables.of("areas"),
        incidents=tables.of("incidents"),
        series=tables.of("series"),
        drivers=tables.of("drivers"),
        requests=tables.of("requests"),
        targets=tables.of("targets"),
        alarms_per_week=float(file.keys.alarms_per_week),
        networks=tables.of("networks"),
        others={kind: tables.of(kind) for kind in KINDS if kind not in OWN},
        brand=file.brand,
    )


def add_city(path: Path, *, replace: bool = False) -> City:
    """Open the city of a city.toml and put the file into the workspace under the city's key.

    The copy names its folder in full, with environment variables filled in, so it opens from anywhere; the data stay
    where they are. TOML comments are not copied.

    Parameters
    ----------
    path : of the city.toml.
    replace : whether it may take the place of a city of the same key.

    Returns
    -------
    City
        With all of its tables open.

    Raises
    ------
    WorkspaceError
        When the name is taken (unless ``replace``) or is the sample city's, or the workspace cannot be written to.
    CivicastError
        When the city or one of its tables cannot be opened; the workspace is then unchanged.
    """
    file = read_city_file(path)
    if file.key == SAMPLE:
        raise WorkspaceError("sample_name", name=file.key)
    if city_path(file.key).exists() and not replace:
        raise WorkspaceError("city_exists", name=file.key)
    city = open_city(path).opened()
    content = load_toml(path)
    content["city"] |= {"key": file.key, "folder": str(file.folder)}
    keep_city(file.key, tomli_w.dumps(content))
    return city
