"""What the process of an engine does with what it is asked: the other end of ``asking``.

The engine has a study as it would have one here, and the same one each time it is asked about it. Tables arrive when they are
first asked for, and stay with what the engine keeps of them until another city is asked about.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cachetools import LRUCache

from analytics.caveats import assess
from analytics.parallel import Progress
from analytics.plugins.record import stated_in
from analytics.scenarios.apart.crossing import crossed
from analytics.scenarios.apart.message import About, unlaid
from analytics.scenarios.contract import Answers, Engine, Evidence, Prepares, Suggests
from analytics.scenarios.study import Study, record, recorded
from data import City
from data.city import OWN
from data.words import Words, text, use_language

__all__ = ["called", "facts"]

STUDIES = 8  # of the last city: a person who moves levers asks about one and then another
PROGRESS_SECONDS = 0.25  # between two times that progress is told: nobody looks more often

Asking = Callable[[Any], Any]


@dataclass(frozen=True, eq=False)
class _Sent(Mapping[str, Any]):
    """The tables of one kind: their names are known, each arrives when it is asked for, and that it was is recorded."""

    kind: str
    names: tuple[str, ...]
    ask: Asking
    kept: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.names:
            raise KeyError(name)
        record((self.kind, name, ""))
        if name not in self.kept:
            self.kept[name] = self.ask({"table": [self.kind, name]})
        return self.kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names


@dataclass(frozen=True)
class _Known:
    """A city, and its studies by number, each with the names of the engines that have prepared for it."""

    city: City
    studies: LRUCache[int, tuple[Study, set[str]]] = field(default_factory=lambda: LRUCache(STUDIES))


_CITIES: LRUCache[int, _Known] = LRUCache(1)  # a large city's tables may take half of the memory that there is


def facts(engine: Engine) -> dict[str, Any]:
    """All that an engine states before any city is, in plain values."""
    stated: dict[str, Any] = {each: getattr(engine, each) for each in ("name", "title", "version")}
    for name in ("limits", "inputs"):
        lines = getattr(engine, name)
        stated[name] = (lines,) if isinstance(lines, Words) else tuple(lines)
    stated |= stated_in(engine)
    stated["prepares"] = isinstance(engine, Prepares)
    stated["questions"] = tuple(engine.questions) if isinstance(engine, Answers) else None
    stated["objectives"] = tuple(engine.objectives) if isinstance(engine, Suggests) else None
    return {name: crossed(each) for name, each in stated.items()}


def called(engine: Any, part: str, about: About, *, ask: Asking, **named: Any) -> dict[str, Any]:
    """What a part of an engine answers, and the tables that it asked for, in plain values.

    Parameters
    ----------
    engine : as its file registered it.
    part : of the contract.
    about : the city and the study.
    ask : gives what is missing here, from the process that asks.
    named : what the part is given beside them.

    Returns
    -------
    dict
        ``found``, and ``asked``: the kind and name of each table, "" for the names of all.
    """
    with use_language(about.language), recorded() as asked:
        found = _PARTS[part](engine, _known(about, ask), about, _progress(ask), **named)
        crossing = crossed(found)
    return {"found": crossing, "asked": list(dict.fromkeys((kind, name) for kind, name, _ in asked))}


def _known(about: About, ask: Asking) -> _Known:
    known = _CITIES.get(about.city)
    if known is None:
        _CITIES.clear()  # before there is room for another
        kinds = {kind: _Sent(kind, names, ask) for kind, names in about.names.items()}
        own: dict[str, Any] = {kind: kinds.pop(kind) for kind in OWN}
        known = _CITIES[about.city] = _Known(City(**about.facts, **own, others=kinds))
    if about.study is not None and about.study not in known.studies:
        known.studies[about.study] = Study(known.city, **about.frame), set()
    return known


def _progress(ask: Asking) -> Progress:
    last = time.monotonic()

    def progress(share: float, doing: Words) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_SECONDS:
            ask({"share": float(share), "doing": text(doing)})
            last = time.monotonic()

    return progress


def _study(known: _Known, about: About) -> Study:
    assert about.study is not None
    return known.studies[about.study][0]


def _prepare(engine: Any, known: _Known, about: About, progress: Progress) -> None:
    """What an engine prepares for a study, unless it has: the process that did so may have ended since."""
    assert about.study is not None
    study, prepared = known.studies[about.study]
    name: str = engine.name
    if isinstance(engine, Prepares) and name not in prepared:
        engine.prepare(study, progress=progress)
        prepared.add(name)


def _run(engine: Any, known: _Known, about: About, progress: Progress, **named: Any) -> Any:
    _prepare(engine, known, about, progress)
    upstream = {name: unlaid(sent) for name, sent in named["upstream"].items()}
    return engine.run(_study(known, about), named["levers"], named["uncertainties"], upstream, named["streams"])


def _evidence(engine: Any, known: _Known, about: About, progress: Progress, **named: Any) -> Any:
    """The evidence, its facts as the caveats that follow from them."""
    found = engine.evidence(_study(known, about), **named)
    if not isinstance(found, Evidence):
        return found
    return replace(found, facts={}, caveats=(*found.caveats, *assess(**found.facts)))


def _suggest(engine: Any, known: _Known, about: About, progress: Progress, *, wish: Any) -> Any:
    _prepare(engine, known, about, progress)
    return tuple(engine.suggest(_study(known, about), wish, progress=progress))


_PARTS: Mapping[str, Callable[..., Any]] = {
    "applies": lambda engine, known, about, progress: engine.applies(known.city),
    "declare": lambda engine, known, about, progress: engine.declare(_study(known, about)),
    "prepare": _prepare,
    "run": _run,
    "evidence": _evidence,
    "suggest": _suggest,
}
