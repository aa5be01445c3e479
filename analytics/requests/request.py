"""What all requests are: one value, whose fingerprint is the key of the work that it asks for."""

from __future__ import annotations

from dataclasses import dataclass, fields

from analytics.plugins.registry import plugins_stamp
from data import fingerprint_of
from data.city import find_city, stamp_of

__all__ = ["CityRequest", "Request", "city_request"]


@dataclass(frozen=True)
class Request:
    """The base of every request."""

    @property
    def fingerprint(self) -> str:
        """The same for equal requests of one kind, in every process; another for any other field."""
        return fingerprint_of(type(self).__name__, *((field.name, getattr(self, field.name)) for field in fields(self)))


@dataclass(frozen=True)
class CityRequest(Request):
    """A city as somebody asks for it.

    ``name`` is that in the workspace, or the path of a city.toml; ``stamp`` changes when that file or one of the workspace's
    plug-ins does, and that of one of the ``tables`` (by section) when what the table is read from does, so that no answer
    outlives what it was computed from; ``asker`` is who asks: answers that depend on what a person may see are kept apart by it.
    """

    name: str
    stamp: str = ""
    asker: str = ""
    tables: tuple[tuple[str, str], ...] = ()


def city_request(name: str) -> CityRequest:
    """A city by its name in the workspace or the path of its city.toml, as its files stand now.

    Raises
    ------
    CivicastError
        When there is no such city, or its file cannot be read.
    """
    path = find_city(name)
    own, tables = stamp_of(path)
    return CityRequest(str(path.resolve()), stamp=own + plugins_stamp(), tables=tables)
