"""What a hotspot method is: one function that scores cells from what was known before a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import HotspotError
from analytics.hotspots.cells import Cells
from analytics.plugins.apart import Apart
from analytics.plugins.kind import Kind
from analytics.plugins.record import stated_of
from analytics.plugins.registry import Proxies, Registry, reason_of
from data import Incidents
from data.words import Sentence, Words

__all__ = ["METHODS", "Method", "find_method", "fit_method", "hotspot_method", "known_before", "run_method"]

Array = npt.NDArray[np.float64]

TIMES = 4  # as long as for loading it, 2 minutes, may a method of the workspace take to learn, and for a map


@dataclass(frozen=True, eq=False)
class Method:
    """A hotspot method: a function, and what people must know before they trust it.

    ``fit`` is for methods that learn: what it returns is given to the function as ``fitted``, and serves for some weeks
    of maps, since learning anew for every map would cost much and change little. ``slow`` methods cost more to
    fit than a glance at a map should; they are measured on request only.
    ``how`` it works, the ``source`` of that, its ``parameters`` and the ``changes`` of its versions stand in its record.
    """

    name: str
    title: Words
    version: str
    limits: Sequence[Words]
    inputs: Sequence[Words]
    complexity: int
    function: Callable[..., Array]
    fit: Callable[..., Any] | None = None
    slow: bool = False
    how: Words = ""
    source: Words = ""
    parameters: Sequence[Words] = ()
    changes: Sequence[Words] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        # The decorated name is the Method, so the function itself cannot pickle: a worker looks it up again.
        return find_method, (self.name,)


def _problem(method: object) -> Sentence | None:
    if not isinstance(method, Method):
        return Sentence("plugins.no_method")
    empty = [name for name in ("name", "title", "version", "limits", "inputs") if not getattr(method, name)]
    return Sentence("plugins.states_no", {"names": empty}) if empty else None


def _facts(method: Method) -> dict[str, Any]:
    """All that a method states."""
    stated = {each.name: getattr(method, each.name) for each in fields(method) if each.name not in ("function", "fit")}
    return stated | {"fits": method.fit is not None}


def _apart(facts: Mapping[str, Any], file: Apart) -> Method:
    """A method whose functions run in the process of its file, where what it learns stays."""
    name = str(facts["name"])

    def ask(part: str) -> Callable[..., Any]:
        seconds = TIMES * file.limits.seconds
        return lambda incidents, cells, **options: file.call(name, part, incidents, cells, seconds=seconds, **options)

    return Method(
        name=name,
        title=str(facts["title"]),
        version=str(facts["version"]),
        limits=tuple(map(str, facts["limits"])),
        inputs=tuple(map(str, facts["inputs"])),
        complexity=int(facts["complexity"]),
        function=ask("function"),
        fit=ask("fit") if facts["fits"] else None,
        slow=bool(facts["slow"]),
        **stated_of(facts),
    )


METHODS: Kind[Method] = Kind(
    noun="method",
    registry=Registry(
        "analytics.hotspots.methods",
        "civicast.hotspot_methods",
        _problem,
        "methods",
        proxies=Proxies("analytics.hotspots.contract:METHODS.registry", _facts, _apart, (HotspotError,)),
    ),
    error=HotspotError,
)
"""Hotspot methods as a kind of plug-in: those in ``methods/``, of external packages and of the workspace."""


def find_method(name: str) -> Method:
    """The method of this name.

    Raises
    ------
    HotspotError
        When there is none, naming those that there are.
    """
    return METHODS.find(name)


def hotspot_method(
    *,
    name: str,
    title: Words,
    version: str,
    limits: Sequence[Words],
    inputs: Sequence[Words],
    complexity: int,
    fit: Callable[..., Any] | None = None,
    slow: bool = False,
    how: Words = "",
    source: Words = "",
    parameters: Sequence[Words] = (),
    changes: Sequence[Words] = (),
) -> Callable[[Callable[..., Array]], Method]:
    """Turn ``function(incidents, cells, *, as_of, horizon_days, seed)`` into a registered method.

    With ``fit``, which takes the same arguments, the function gets one more: ``fitted``, what ``fit`` returned.

    Parameters
    ----------
    name : under which it is found.
    title : what people read.
    version : raise it when the answers change.
    limits : what it cannot do, in plain words.
    inputs : what it needs, in plain words.
    complexity : orders methods: of those as good the simplest is used.
    fit : what learns, for methods that do.
    slow : judged on request only.
    how, source : how it works, and what that is taken from, in sentences.
    parameters : its settings, a sentence each.
    changes : what each version changed, a sentence each.

    Returns
    -------
    A decorator that gives the registered method.
    """

    def wrap(function: Callable[..., Array]) -> Method:
        return METHODS.register(
            Method(
                name,
                title,
                version,
                limits,
                inputs,
                complexity,
                function,
                fit,
                slow,
                how,
                source,
                tuple(parameters),
                tuple(changes),
            )
        )

    return wrap


def known_before(incidents: Incidents, cells: Cells, as_of: pd.Timestamp) -> Incidents:
    """The incidents before a day, each with its ``cell``: all that a method is ever given.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.

    Returns
    -------
    Incidents that end before that day.

    Raises
    ------
    HotspotError
        When there are none.
    """
    frame = cells.located(incidents.frame)
    known = frame.iloc[: int(frame["time"].searchsorted(as_of))]  # in order of time
    if known.empty:
        raise HotspotError("nothing_before", incidents=incidents.title, as_of=as_of, since=incidents.since)
    return incidents.only(known, until=as_of - pd.Timedelta(days=1))


def fit_method(
    method: Method, incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> Any:
    """What a method learns from the incidents before ``as_of``; None for those that learn nothing.

    Parameters
    ----------
    method : a registered method.
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    horizon_days : days that the map is for.
    seed : of everything drawn by lot.

    Returns
    -------
    What `run_method` takes as `fitted`.

    Raises
    ------
    HotspotError
        When it fails.
    """
    if method.fit is None:
        return None
    past = known_before(incidents, cells, as_of)
    try:
        return method.fit(past, cells, as_of=as_of, horizon_days=horizon_days, seed=seed)
    except HotspotError:
        raise
    except Exception as error:
        raise HotspotError("method_failed", method=method.title, error=reason_of(error)) from error


def run_method(
    method: Method,
    incidents: Incidents,
    cells: Cells,
    *,
    as_of: pd.Timestamp,
    horizon_days: int,
    seed: int = 0,
    fitted: Any = None,
) -> Array:
    """Expected events in each cell over the days after ``as_of``, from what happened before it.

    The method is given only the incidents before ``as_of``: it cannot see what it is judged on. One that learns is
    fitted here, unless ``fitted`` is what it learned on an earlier day.

    Parameters
    ----------
    method : a registered method.
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    horizon_days : days that the map is for.
    seed : of everything drawn by lot.
    fitted : what the method learned on an earlier day.

    Returns
    -------
    Expected events, one finite number a cell.

    Raises
    ------
    HotspotError
        When the method fails, or returns another shape or a value that is no number.
    """
    past = known_before(incidents, cells, as_of)
    options: dict[str, Any] = {"as_of": as_of, "horizon_days": horizon_days, "seed": seed}
    if method.fit is not None:
        if fitted is None:
            fitted = fit_method(method, past, cells, **options)
        options["fitted"] = fitted
    try:
        score = np.array(method.function(past, cells, **options), dtype=float)
    except HotspotError:
        raise
    except Exception as error:
        raise HotspotError("method_failed", method=method.title, error=reason_of(error)) from error
    if score.shape != (len(cells),) or not np.isfinite(score).all():
        raise HotspotError("broken_method", method=method.title, cells=len(cells))
    return score
