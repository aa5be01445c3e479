"""What every result carries: what it was made from, how, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from data import Classification, Provenance, fingerprint_of, strictest
from data.words import say

__all__ = ["Caveat", "Result", "Severity", "by_severity", "calculating_files", "code_version"]

# Sentences, what prints them and takes them along, and the sample city, whose tables count by their content like any others.
WORDING = frozenset({"messages", "words", "commands", "recipes", "__main__.py", "templates", "sample", "__pycache__"})


class Severity(StrEnum):
    """How far a caveat limits the use of a result."""

    NOTE = "note"
    CAUTION = "caution"
    DO_NOT_USE = "do_not_use"


@dataclass(frozen=True)
class Caveat:
    """One limit of a result, computed from ``evidence``; the sentences come from ``messages/``."""

    code: str
    severity: Severity
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """One sentence of at most 16 words that names the thing."""
        return say(f"caveats.{self.code}.sentence", self.evidence)

    @property
    def detail(self) -> str:
        """The numbers that the sentence rests on."""
        return say(f"caveats.{self.code}.evidence", self.evidence)

    @property
    def severity_word(self) -> str:
        """ "Do not use", "Caution" or "Note"."""
        return say(f"severity.{self.severity.value}")


def by_severity(caveats: tuple[Caveat, ...] | list[Caveat]) -> tuple[Caveat, ...]:
    """The caveats once each, the gravest first: the order in which they are numbered wherever they are shown."""
    order = [Severity.DO_NOT_USE, Severity.CAUTION, Severity.NOTE]
    unique = {(caveat.code, repr(caveat.evidence)): caveat for caveat in caveats}
    return tuple(sorted(unique.values(), key=lambda caveat: order.index(caveat.severity)))


@cache
def code_version() -> str:
    """A hash of the code of ``data`` and ``analytics`` that calculates: the same code gives the same version anywhere.

    How results are worded and printed is no part of it.
    """
    return fingerprint_of(*calculating_files().items())[:12]


def calculating_files() -> dict[str, str]:
    """The text of each file that a result's numbers depend on, by its place in the tree, in order."""
    found: dict[str, str] = {}
    for package in ("data", "analytics"):
        found |= _python_files(resources.files(package), f"{package}/")
    return dict(sorted(found.items()))


def _python_files(folder: Any, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in WORDING:
            found |= _python_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py") and entry.name not in WORDING:
            found[prefix + entry.name] = entry.read_text(encoding="utf-8")
    return found


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """The base of every result: provenance, code, configuration, seed and caveats."""

    made_from: tuple[Provenance, ...]
    caveats: tuple[Caveat, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    code_version: str = field(default_factory=code_version)

    @property
    def classification(self) -> Classification:
        """The strictest class of what the result was made from."""
        return strictest(table.classification for table in self.made_from)

    @property
    def synthetic(self) -> bool:
        """Whether any of the data was made rather than observed."""
        return any(table.synthetic for table in self.made_from)
