"""Adding a city to the workspace, so that its name opens it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import tomli_w

from data.city import City
from data.cityfile import load_toml, read_city_file
from data.errors import WorkspaceError
from data.opening import SAMPLE, open_city
from data.store.workspace import city_path

__all__ = ["add_city"]


def add_city(path: Path, *, replace: bool = False) -> City:
    """Open the city of a city.toml and put the file into the workspace under the city's key.

    The copy names its folder in full, with environment variables filled in, so it opens from anywhere; the data stay
    where they are. TOML comments are not copied.

    Raises
    ------
    WorkspaceError
        When the name is taken (unless ``replace``) or is the sample city's, or the workspace cannot be written to.
    CivicastError
        When the city cannot be opened; the workspace is then unchanged.
    """
    file = read_city_file(path)
    place = city_path(file.key)
    if file.key == SAMPLE:
        raise WorkspaceError("sample_name", name=file.key)
    if place.exists() and not replace:
        raise WorkspaceError("city_exists", name=file.key)
    city = open_city(path)
    content = load_toml(path)
    content["city"] |= {"key": file.key, "folder": str(file.folder)}
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as fresh:
            fresh.write(tomli_w.dumps(content).encode())
            fresh.flush()
            os.fsync(fresh.fileno())
        Path(fresh.name).replace(place)
    except OSError as error:
        raise WorkspaceError("cannot_store", path=str(place), why=error.strerror or str(error)) from error
    return city
