"""A plug-in's file checked in a process of its own: what it does there ends there."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from analytics.plugins.apart import NURSERY, Raised, file_of, raised_there
from analytics.plugins.checks import Report
from analytics.plugins.kind import Kind
from analytics.plugins.plain import unpacked
from data.confined import Ended, Limits, can_confine
from data.words.language import language

__all__ = ["LIMITS", "checked_apart"]

R = TypeVar("R", bound=Report)

LIMITS = Limits(seconds=900, memory=4 << 30, answer=64 << 20, written=256 << 20)
"""Slow models take minutes, and are compared with others on a whole city."""


def checked_apart(
    check: Callable[..., R], path: Path, *, kind: Kind[Any], report: type[R], limits: Limits = LIMITS, **asked: Any
) -> R:
    """The report of a file, made where its code can do no harm here; in this process where the system cannot confine it.

    Parameters
    ----------
    check : what makes the report, a function of a module.
    path : of the file.
    kind : of the plug-in.
    report : the type of the report.
    limits : what checking may take.
    asked : given to the check.

    Returns
    -------
    As the check gives it; its sentences are texts.

    Raises
    ------
    AnalyticsError
        Of the kind, as the check raises it, or when the file ends the process that checks it.
    """
    proxies = kind.registry.proxies
    if proxies is None or not can_confine() or not path.is_file():
        return check(path, **asked)
    order = {"registry": proxies.registry, "name": path.name, "check": f"{check.__module__}:{check.__qualname__}"}
    try:
        with file_of(path.read_bytes()) as file:
            worker = NURSERY.start(order | {"language": language()}, limits=limits, files=[file])
        with worker:
            answer = unpacked(worker.ask(pickle.dumps(asked)))
            if "answer" not in answer:
                raise raised_there(answer, proxies.refusals, path=str(path))
            return TypeAdapter(report).validate_python(answer["answer"])
    except Ended as ended:
        raise kind.error("not_checked", path=str(path), why=ended.reason) from ended
    except Raised as raised:
        raise kind.error("not_checked", path=str(path), why=str(raised)) from raised
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise kind.error("not_checked", path=str(path), why=type(error).__name__) from error
