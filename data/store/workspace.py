"""The workspace: the folder where a user's cities and stored results are kept."""

from __future__ import annotations

import os
from pathlib import Path

from data.store.writing import store_whole

__all__ = ["SAMPLE", "city_path", "home", "keep_city", "known_cities"]

SAMPLE = "meridian"
"""The name of the sample city, which no other may have."""


def home() -> Path:
    """The workspace: ``CIVICAST_HOME``, or ``.civicast`` in the user's own folder."""
    return Path(os.environ.get("CIVICAST_HOME") or Path.home() / ".civicast").expanduser()


def city_path(key: str) -> Path:
    """Where the city.toml of a city of this name lies, whether or not it is there."""
    return home() / "cities" / key / "city.toml"


def known_cities() -> dict[str, Path]:
    """The cities in the workspace, by name."""
    return {path.parent.name: path for path in sorted((home() / "cities").glob("*/city.toml"))}


def keep_city(key: str, content: str) -> None:
    """Write the city.toml of a city, whole or not at all.

    Parameters
    ----------
    key : its name in the workspace.
    content : TOML.

    Raises
    ------
    WorkspaceError
        When the workspace cannot be written to.
    """
    store_whole(city_path(key), content.encode())
