"""What can go wrong, as one tree per layer.

    CivicastError
    └── DataError
        ├── CityFileError    a city.toml that cannot be followed
        ├── SourceError      a file that is missing or cannot be read as what it claims to be
        ├── TableError       a table whose columns or values break its schema
        ├── WorkspaceError   something that the workspace does not hold
        └── RecordsError     records that cannot be opened, read or added to

An error carries a code and its evidence; the sentence comes from ``messages/`` and names
the thing, the value, what is allowed and the next step.
"""

from __future__ import annotations

from typing import Any

from data.words import Sentence

__all__ = [
    "CityFileError",
    "CivicastError",
    "DataError",
    "RecordsError",
    "SourceError",
    "TableError",
    "WorkspaceError",
]


class CivicastError(Exception):
    """A user's mistake or a limit of the data, told in one sentence."""

    def __init__(self, code: str, **evidence: Any) -> None:
        self.code = code
        self.evidence = evidence
        super().__init__(code, evidence)

    @property
    def sentence(self) -> Sentence:
        """What went wrong, to be made into text where it is shown."""
        return Sentence(f"errors.{self.code}", self.evidence)

    def __str__(self) -> str:
        return str(self.sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        # Worker processes send errors back by pickle; the default would lose the keyword arguments.
        return _rebuild, (type(self), self.code, self.evidence)


def _rebuild(kind: type[CivicastError], code: str, evidence: dict[str, Any]) -> CivicastError:
    return kind(code, **evidence)


class DataError(CivicastError):
    """Something about the city's data."""


class CityFileError(DataError):
    """A city.toml that cannot be followed."""


class SourceError(DataError):
    """A file that is missing or cannot be read as what it claims to be."""


class TableError(DataError):
    """A table whose columns or values break its schema."""


class WorkspaceError(DataError):
    """Something that the workspace does not hold."""


class RecordsError(DataError):
    """Records that cannot be opened, read or added to."""
