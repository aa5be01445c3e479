"""What a worker does that runs a stranger's file: see ``apart`` and ``checking``, which start it and ask."""

from __future__ import annotations

import importlib
import operator
import pickle
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

from analytics.plugins.plain import packed
from analytics.plugins.registry import Proxies, Registry, module_name, reason_of
from data.confined.wire import receive, send
from data.errors import CivicastError
from data.words import use_language

__all__ = ["serve"]


def serve(channel: socket.socket, arguments: Mapping[str, Any], files: list[int]) -> None:
    """Load a file, tell the facts of its plug-ins, and answer for them for as long as somebody asks; or check it, once.

    Parameters
    ----------
    channel : where requests arrive and answers go.
    arguments : the registry, and the names of the file and its folder; or the function that checks it, and a language.
    files : the file.

    Raises
    ------
    ValueError
        When plug-ins of the registry do not run apart.
    """
    module, _, where = arguments["registry"].partition(":")
    registry: Registry[Any] = operator.attrgetter(where)(importlib.import_module(module))
    proxies, registry.proxies = registry.proxies, None  # here they run
    if proxies is None:
        raise ValueError(where)
    source = Path(f"/dev/fd/{files[0]}").read_bytes()
    if "check" in arguments:
        request = receive(channel)
        send(channel, _answer(lambda: _checked(arguments, source, request)))
        return
    kept: list[Any] = []

    def load() -> Any:
        before = set(registry.plugins)
        _import(module_name(arguments["folder"], arguments["name"]), source, f"{arguments['name']}.py")
        return [proxies.facts(plugin) for name, plugin in registry.plugins.items() if name not in before]

    receive(channel)
    send(channel, _answer(load))
    while True:
        request = receive(channel)
        send(channel, _answer(lambda request=request: _called(registry, proxies, kept, channel, request)))  # type: ignore[misc]


def _import(name: str, source: bytes, path: str) -> None:
    """Run a file as a module of this name."""
    spec = ModuleSpec(name, None, origin=path)
    module = module_from_spec(spec)
    # Pickle looks classes up by module name, and dataclasses their own module.
    sys.modules[name] = module
    exec(compile(source, path, "exec"), module.__dict__)  # noqa: S102 - running it is what this process is for


def _checked(arguments: Mapping[str, Any], source: bytes, request: bytes) -> Any:
    """The report of a file, which is written where its check can open it."""
    path = Path(tempfile.mkdtemp(dir=Path.cwd()), arguments["name"])
    path.write_bytes(source)
    module, _, name = arguments["check"].partition(":")
    with use_language(arguments["language"]):
        return getattr(importlib.import_module(module), name)(path, **pickle.loads(request))  # noqa: S301 - as below


def _called(
    registry: Registry[Any], proxies: Proxies[Any], kept: list[Any], channel: socket.socket, request: bytes
) -> Any:
    """What a part of a plug-in returns. What ``fit`` returns stays here: a number stands for it."""
    name, part, values, named = pickle.loads(request)  # noqa: S301 - the process that started this one wrote it

    def ask(question: Any) -> Any:
        send(channel, packed({"asks": question}))
        return pickle.loads(receive(channel))  # noqa: S301 - as above

    if proxies.called is not None:
        return proxies.called(registry.plugins[name], part, *values, ask=ask, **named)
    if "fitted" in named:
        named["fitted"] = kept[named["fitted"]]
    answer = getattr(registry.plugins[name], part)(*values, **named)
    if part == "fit":
        kept.append(answer)
        return len(kept) - 1
    return answer


def _answer(work: Callable[[], Any]) -> bytes:
    try:
        return packed({"answer": work()})
    except MemoryError:
        raise
    except CivicastError as error:
        about = {"kind": type(error).__name__, "code": error.code, "raised": f"{type(error).__name__}: {error.code}"}
        try:
            return packed(about | {"evidence": error.evidence})
        except TypeError:
            return packed(about)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's file raises stays its own trouble
        return packed({"raised": str(reason_of(error))})
