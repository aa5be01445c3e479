"""Plug-ins: one file each, from our folders, the workspace or an entry point; a broken one is listed and harms nothing."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any, Generic, TypeVar

from analytics.errors import AnalyticsError
from analytics.plugins.apart import LIMITS, Apart, Raised
from data.confined import Ended, Limits, can_confine
from data.store.workspace import home
from data.words import Sentence, Words

__all__ = ["Proxies", "Registry", "import_file", "module_name", "own_files", "plugins_stamp", "reason_of"]

P = TypeVar("P")
OwnFiles = tuple[tuple[Path, int, int], ...]  # each with its size and when it was changed
FOLDERS = ("models", "methods", "engines")  # of the workspace


def own_files(folder: str) -> OwnFiles:
    """The plug-ins' files in a folder of the workspace, as they stand now."""
    states = []
    for path in sorted((home() / folder).glob("[!_]*.py")):
        with suppress(OSError):  # taken away a moment ago
            stat = path.stat()
            states.append((path, stat.st_size, stat.st_mtime_ns))
    return tuple(states)


def plugins_stamp() -> str:
    """What changes when a plug-in's file in the workspace does; "" where there is none."""
    states = [(path.name, *state) for folder in FOLDERS for path, *state in own_files(folder)]
    return repr(states) if states else ""


@dataclass(frozen=True)
class Proxies(Generic[P]):
    """How plug-ins of a kind run in processes of their own.

    ``registry`` says where the kind's registry is ("module:name"); ``facts`` are what a plug-in states, as plain values;
    ``proxy`` makes of them a plug-in whose functions ask the file's worker. ``refusals`` are the errors that cross as they are.
    ``called`` calls a part of a plug-in there (default: as a function of what it is given), and may ``ask`` who called.
    """

    registry: str
    facts: Callable[[P], Mapping[str, Any]]
    proxy: Callable[[Mapping[str, Any], Apart], P]
    refusals: Sequence[type[AnalyticsError]]
    limits: Limits = LIMITS
    called: Callable[..., Any] | None = None


@dataclass
class Registry(Generic[P]):
    """A dict of plug-ins by name, and the errors of those that could not be loaded.

    ``package`` is the folder whose modules register themselves on import (those that begin with "_" are templates);
    ``group`` the entry point group of external packages; ``check`` says what is wrong with a plug-in, or nothing;
    ``folder`` is the folder of the workspace whose files are loaded too. ``files`` says which plug-in came from which
    file: worker processes start with the same workspace, so they find those in its folder again. ``found`` are the workspace's
    files as they were loaded, ``own`` the plug-ins that came from them. With ``proxies`` files of the
    workspace run in processes of their own, where the system can confine these.
    """

    package: str
    group: str
    check: Callable[[object], Words | None]
    folder: str
    plugins: dict[str, P] = field(default_factory=dict)
    failed: dict[str, Words] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    loaded: bool = False
    found: OwnFiles = ()
    own: frozenset[str] = frozenset()
    proxies: Proxies[P] | None = None
    apart: dict[str, Apart] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock, repr=False)

    def register(self, plugin: P) -> P:
        """Add a plug-in under its own name; returns it, so that it serves as a decorator.

        Raises
        ------
        ValueError
            When it lacks what the contract asks for, or its name is taken.
        """
        problem = self.check(plugin)
        if problem:
            raise ValueError(problem)
        name = str(getattr(plugin, "name", ""))
        if name in self.plugins and self.plugins[name] is not plugin:
            raise ValueError(Sentence("plugins.name_taken", {"name": name}))
        self.plugins[name] = plugin
        return plugin

    def all(self) -> dict[str, P]:
        """Every plug-in that works, by name; the first call loads them, and one after files of the workspace have changed these."""
        with self.lock:  # who asks meanwhile waits for all of them
            if not self.loaded:
                self.loaded = True
                self._load_package()
                self._load_entry_points()
            if own_files(self.folder) != self.found:
                self._load_own()
            return dict(self.plugins)

    def _load_own(self) -> None:
        """Load the workspace's files as they are now; what was loaded of them is gone."""
        for name in self.own:
            self.plugins.pop(name, None)
            self.files.pop(name, None)
            if name in self.apart:
                self.apart.pop(name).close()
        for path, *_ in self.found:
            self.failed.pop(path.stem, None)
        before, self.found = set(self.plugins), own_files(self.folder)
        self.load_files([path for path, *_ in self.found])
        self.own = frozenset(set(self.plugins) - before)

    def failures(self) -> dict[str, Words]:
        """Every plug-in that could not be loaded, or did not answer when it last ran, and why."""
        self.all()
        ended = {name: file.ended() for name, file in self.apart.items()}
        return self.failed | {name: each.reason for name, each in ended.items() if each is not None}

    def load_files(self, paths: Sequence[Path]) -> None:
        """Load plug-ins from files that lie elsewhere."""
        for path in paths:
            before = set(self.plugins)
            self._try(path.stem, lambda path=path: self._load_file(path))  # type: ignore[misc]
            self.files |= dict.fromkeys(set(self.plugins) - before, path)

    def _load_file(self, path: Path) -> None:
        own = self.proxies
        if own is None or not can_confine():
            import_file(path)
            return
        file = Apart(path, registry=own.registry, refusals=own.refusals, limits=own.limits)
        self.apart |= {self.register(own.proxy(facts, file)).name: file for facts in file.load()}  # type: ignore[attr-defined]

    def _load_package(self) -> None:
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                name = f"{self.package}.{module.name}"
                self._try(module.name, lambda name=name: importlib.import_module(name))  # type: ignore[misc]

    def _load_entry_points(self) -> None:
        for entry in entry_points(group=self.group):
            self._try(entry.name, lambda entry=entry: self.register(entry.load()))  # type: ignore[misc]

    def _try(self, name: str, load: Callable[[], object]) -> None:
        before = dict(self.plugins)
        try:
            load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's file raises stays its own trouble
            # Half a file is not a plug-in: what it registered before it failed is taken back.
            self.plugins = before
            self.failed[name] = reason_of(error)


def reason_of(error: BaseException) -> Words:
    """What a plug-in raised, there or where it runs: our own sentence about it, or the error as Python names it."""
    if isinstance(error, Ended):
        return error.reason
    if isinstance(error, Raised):
        return str(error)
    own = error.args[0] if error.args else None
    return own if isinstance(own, Sentence) else f"{type(error).__name__}: {error}"


def module_name(folder: str, name: str) -> str:
    """The name of the module that a plug-in's file becomes.

    The folder is part of it, so that a model and a method of one name do not take each other's place.

    Parameters
    ----------
    folder : in which the file lies.
    name : of the file, without its end.

    Returns
    -------
    No other module's.
    """
    return f"civicast_plugin_{folder}_{name}"


def import_file(path: Path) -> ModuleType:
    """The module that a file holds, run anew.

    Raises
    ------
    ImportError
        When it is not a Python file; and whatever the file itself raises.
    """
    name = module_name(path.parent.name, path.stem)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    # Pickle looks classes up by module name, and dataclasses their own module.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
