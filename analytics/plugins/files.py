"""Plug-ins in files of their own: a new one from the template, and one opened to be checked before it is used."""

from __future__ import annotations

import copy
import io
import keyword
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import is_dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from analytics.errors import AnalyticsError
from analytics.plugins.kind import Kind
from analytics.plugins.registry import import_file, reason_of
from data import fingerprint_of
from data.store.writing import write_whole
from data.words import Sentence, Words, say

__all__ = ["new_file", "opened_file"]

P = TypeVar("P")

TEMPLATE = "_template.py"
# What a template calls its own plug-in: the first name and the first title in it.
CALLED = re.compile(r'\b(name|title)(?:: str)? ?= ?"([^"]+)"')


def new_file(name: str, *, kind: Kind[Any], folder: Path) -> Path:
    """The file of a new plug-in of this name, written into a folder (which is made where it is missing).

    Parameters
    ----------
    name : a lower-case Python name that does not begin with "_".
    kind : of the plug-in; its folder holds the template.
    folder : where to; made where it is missing.

    Returns
    -------
    The path of the new file.

    Raises
    ------
    AnalyticsError
        Of the kind, when the name is no lower-case Python name or belongs to a plug-in that there is, or the file
        exists; any, when the folder cannot be written to.
    """
    # A file that begins with "_" is not loaded.
    if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name) or name.startswith("_"):
        raise kind.error(f"bad_{kind.noun}_name", name=name)
    known = kind.registry.all()
    if name in known:
        raise kind.error(f"{kind.noun}_name_taken", name=name, names=list(known))
    path = folder / f"{name}.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise kind.error(f"{kind.noun}_file_exists", path=str(path))
        write_whole(path, _source(name, kind).encode())
    except OSError as error:
        raise AnalyticsError("cannot_write", path=str(path), why=error.strerror or str(error)) from error
    return path


def _source(name: str, kind: Kind[Any]) -> str:
    template = (resources.files(kind.registry.package) / TEMPLATE).read_text(encoding="utf-8")
    title = name.replace("_", " ").capitalize()
    body = template[template.index("from __future__") :]
    own = dict(reversed(CALLED.findall(body)))
    docstring = say("plugins.docstring", {"title": title})
    return f'"""{docstring}"""\n\n' + body.replace(own["title"], title).replace(own["name"], name)


@contextmanager
def opened_file(path: Path, *, kind: Kind[P]) -> Iterator[P]:
    """The one plug-in of a file, registered for as long as the context lasts.

    It may bear the name of one in the workspace: that is the same one, being worked on.

    Parameters
    ----------
    path : of a Python file that registers one plug-in.
    kind : of the plug-in.

    Yields
    ------
    The plug-in; its version bears the text of the file.

    Raises
    ------
    AnalyticsError
        Of the kind, when the file is missing, is no Python, fails, holds none or several, or takes a name in use.
    """
    names = list(kind.registry.all())
    _check_path(path, kind)
    registry = kind.registry
    kept, registry.plugins = registry.plugins, {}
    try:
        # Stored results are kept by name and version; the text's own keeps a draft from meeting those of another.
        text = path.read_bytes()
        found: Any = _registered(path, kind)
        if found.name in names and found.name not in registry.files:
            raise kind.error(f"{kind.noun}_name_taken", name=found.name, names=names)
        plugin = _of_version(found, f"{found.version}+{fingerprint_of(text.hex())[:12]}")
        registry.plugins = {**kept, plugin.name: plugin}
        yield plugin
    finally:
        registry.plugins = kept


def _of_version(plugin: Any, version: str) -> Any:
    """The plug-in under another version; a model and a method are frozen, an engine is any object."""
    if is_dataclass(plugin) and not isinstance(plugin, type):
        return replace(plugin, version=version)
    other = copy.copy(plugin)
    other.version = version
    return other


def _check_path(path: Path, kind: Kind[Any]) -> None:
    wrong = f"not_a_{kind.noun}_file"
    if not os.path.isfile(path):  # false for a name that no file can have, too
        raise kind.error(f"no_{kind.noun}_file", path=str(path))
    if path.suffix != ".py":
        raise kind.error(wrong, path=str(path), why=Sentence("plugins.not_py"))
    try:
        compile(path.read_bytes(), str(path), "exec")
    except (SyntaxError, ValueError) as error:
        why: Words = str(error)
        if isinstance(error, SyntaxError):
            why = Sentence("plugins.at_line", {"what": error.msg, "line": error.lineno or 0})
        raise kind.error(wrong, path=str(path), why=why) from error


def _registered(path: Path, kind: Kind[P]) -> P:
    """The plug-in that a file adds to an empty registry."""
    try:
        with redirect_stdout(io.StringIO()):
            import_file(path)
    except (Exception, SystemExit) as error:
        raise kind.error(f"{kind.noun}_file_failed", path=str(path), error=reason_of(error)) from error
    plugins = kind.registry.plugins
    if len(plugins) != 1:
        raise kind.error(f"not_one_{kind.noun}", path=str(path), names=list(plugins))
    return next(iter(plugins.values()))
