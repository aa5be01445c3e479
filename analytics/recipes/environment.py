"""The libraries that a result was computed with: the versions of those that calculate, and of all that they need."""

from __future__ import annotations

import platform
import re
from functools import cache
from importlib import metadata

__all__ = ["library_versions", "requirements"]

# Whose versions may move a number.
CALCULATING = ("numpy", "scipy", "pandas", "xarray", "statsmodels", "numba")
# What ``data`` and ``analytics`` import, under the names that packages have (a test compares the two).
IMPORTED = (
    *CALCULATING, "alembic", "babel", "cachetools", "filelock", "geopandas", "holidays", "nbformat", "orjson", "pandera", "pebble",
    "platformdirs", "prophet", "pyarrow", "pydantic", "pyproj", "pyshp", "salib", "shapely", "sqlalchemy", "tomli_w", "tqdm",
)  # fmt: skip
OPTIONAL = ("aequilibrae", "lightgbm")


@cache
def library_versions() -> dict[str, str]:
    """The version of Python and of each library that calculates, by name."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in CALCULATING}


@cache
def requirements() -> str:
    """All that was installed to make a result, in its exact versions, as pip reads it: what is imported, and what that needs."""
    waiting, found = [*IMPORTED, *OPTIONAL], dict[str, str]()
    while waiting:
        name = _settled(waiting.pop())
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # needed elsewhere only, on another system or for an extra
            continue
        if name not in found:
            found[name] = distribution.version
            waiting += [each for each in distribution.requires or () if "extra ==" not in each]
    return "".join(f"{name}=={found[name]}\n" for name in sorted(found))


def _settled(requirement: str) -> str:
    """The name of a package in a requirement such as ``python_dateutil>=2.8; python_version < "4"``, as indexes spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]).lower()
