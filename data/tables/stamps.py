"""What tells that a table would be read otherwise now: its files' sizes and times of change, and rows kept of its source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.provenance import fingerprint_of
from data.tables.growing import feed_of
from data.tables.section import Section

__all__ = ["files_stamp", "rest_on", "section_stamp"]

CHANGED = ""  # no table's stamp


def rest_on(account: dict[str, str], stamps: Mapping[str, str]) -> None:
    """Add to an account what is rested on too; a table that was met in two states is in none that comes again.

    Parameters
    ----------
    account, stamps : the stamp of each section, by its label.
    """
    for label, stamp in stamps.items():
        account[label] = stamp if account.get(label, stamp) == stamp else CHANGED


def files_stamp(paths: set[Path]) -> str:
    """Another where a file of these has changed, has come or is gone.

    Parameters
    ----------
    paths : of files, whether or not they are there.

    Returns
    -------
    str
        Sixteen digits.
    """
    return fingerprint_of([state for each in sorted(paths) if (state := _state(each))])


def _state(path: Path) -> tuple[str, int, int] | None:
    """What changes with a file; None where there is none, or where none can be: whoever reads it says why."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return path.name, found.st_size, found.st_mtime_ns


def section_stamp(section: Section[Any]) -> str:
    """Another where a file of a section has changed, or its source has grown, broken or been repaired.

    Parameters
    ----------
    section : of a city.toml, whose own change is not told here.

    Returns
    -------
    str
        Sixteen digits.
    """
    own = files_stamp({Path(section.path(source)) for source in section.keys.sources()})
    grown = feed_of(section).state.stamp if getattr(section.keys, "live", None) else ""
    return fingerprint_of(own, grown)
