"""An engine whose file runs in a process of its own, as those who call it see it: ``answering`` is the other end.

Its tables are sent as it asks for them, and recorded as asked for: what it reads is known, whatever it says of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import xarray as xr

from analytics.parallel import Progress, quiet
from analytics.plugins.apart import Apart
from analytics.scenarios.apart.crossing import received
from analytics.scenarios.apart.message import about, laid
from analytics.scenarios.contract import Ask, Declaration, Engine, Evidence, Objective, Suggestion
from analytics.scenarios.study import Question, Study, record
from analytics.streams import Streams
from data import City
from data.words import Sentence, Words

__all__ = ["proxy"]

T = TypeVar("T")

MANY = 1_000_000
# How many times as long as loading a file each part may take.
SHORT = 1  # what a page waits for
RUN, RUN_OF_MANY = 4, 2  # an option, and beside that for each million of draws times periods
PREPARE, SUGGEST = 20, 20  # fitting, and searching for plans


@dataclass(frozen=True, eq=False)
class EngineApart:
    """The contract of an engine; each part of it is asked of the process of its file.

    ``stated`` holds the questions and objectives of an engine that has some.
    """

    name: str
    title: Words
    version: str
    limits: Sequence[Words]
    inputs: Sequence[Words]
    stated: Mapping[str, tuple[Any, ...]]
    file: Apart = field(repr=False)
    how: Words = ""
    source: Words = ""
    parameters: Sequence[Words] = ()
    changes: Sequence[Words] = ()

    def applies(self, city: City) -> Words | None:
        """As the engine says."""
        found = self._ask("applies", city, None, times=SHORT)
        return None if found is None else _words(found)

    def declare(self, study: Study) -> Declaration:
        """As the engine declares."""
        return received(self._ask("declare", study.city, study, times=SHORT), Declaration)

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """What the engine gives, which is checked as that of any other."""
        times = PREPARE + RUN + RUN_OF_MANY * study.draws * study.periods / MANY
        written = {name: laid(array) for name, array in upstream.items()}
        found = self._ask(
            "run", study.city, study, times=times,
            levers=dict(levers), uncertainties=dict(uncertainties), upstream=written, streams=streams,
        )  # fmt: skip
        return received(found, dict)

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """What the engine tells, its facts as the caveats that follow from them."""
        named: dict[str, Any] = {"moved": set(moved), "assumed": set(assumed)}
        return received(self._ask("evidence", study.city, study, times=SHORT, **named), Evidence)

    def _ask(
        self, part: str, city: City, study: Study | None, *, times: float, progress: Progress = quiet, **named: Any
    ) -> Any:
        """What a part answers, in plain values."""
        sent: list[tuple[str, str]] = []

        def tell(question: Any) -> Any:
            if "share" in question:
                return progress(float(question["share"]), str(question["doing"]))
            kind, name = map(str, question["table"])
            sent.append((kind, name))
            return city.of(kind)[name]

        seconds = self.file.limits.seconds * times
        answer = self.file.call(self.name, part, about(city, study), seconds=seconds, answer=tell, **named)
        if study is not None:
            asked = [(str(kind), str(name)) for kind, name in answer["asked"]]
            for kind, name in dict.fromkeys([*asked, *sent]):
                if _has_content(city, kind, name):
                    record((kind, name, study.mark(kind, name)))
        return answer["found"]


class _Prepares(EngineApart):
    def prepare(self, study: Study, *, progress: Progress) -> None:
        """What the engine prepares, which stays in its process; done anew there when that has ended."""
        self._ask("prepare", study.city, study, times=PREPARE, progress=progress)


class _Answers(EngineApart):
    @property
    def questions(self) -> Sequence[Question]:
        """As the engine states them."""
        return self.stated["questions"]


class _Suggests(EngineApart):
    @property
    def objectives(self) -> Sequence[Objective]:
        """As the engine states them."""
        return self.stated["objectives"]

    def suggest(self, study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
        """As the engine proposes."""
        found = self._ask("suggest", study.city, study, times=PREPARE + SUGGEST, progress=progress, wish=ask)
        return _all(found, Suggestion)


def _has_content(city: City, kind: str, name: str) -> bool:
    """Whether what is asked for is a table with a mark, or is not there, or names; what a city wants is no table."""
    found = city.of(kind).get(name) if name else None
    return found is None or hasattr(found, "provenance")


def _words(value: Any) -> Words:
    found = received(value, object)
    if not isinstance(found, Words):
        raise TypeError(Sentence("plugins.wrong_type", {"found": type(found).__name__, "wanted": str.__name__}))
    return found


def _all(value: Any, kind: type[T]) -> tuple[T, ...]:
    return tuple(received(each, kind) for each in received(value, tuple))


def proxy(facts: Mapping[str, Any], file: Apart) -> Engine:
    """An engine whose parts run in the process of its file.

    Parameters
    ----------
    facts : what it states, in plain values.
    file : which holds it.

    Returns
    -------
    Of the contracts that the engine itself fills.
    """
    stated = {
        name: _all(facts[name], kind)
        for name, kind in (("questions", Question), ("objectives", Objective))
        if facts[name] is not None
    }
    filled = {_Prepares: facts["prepares"], _Answers: "questions" in stated, _Suggests: "objectives" in stated}
    kind = type(EngineApart.__name__, (*(each for each, fills in filled.items() if fills), EngineApart), {})
    engine: Engine = kind(
        name=received(facts["name"], str),
        title=_words(facts["title"]),
        version=str(facts["version"]),
        limits=tuple(map(_words, received(facts["limits"], tuple))),
        inputs=tuple(map(_words, received(facts["inputs"], tuple))),
        stated=stated,
        file=file,
        how=_words(facts["how"]),
        source=_words(facts["source"]),
        parameters=tuple(map(_words, received(facts["parameters"], tuple))),
        changes=tuple(map(_words, received(facts["changes"], tuple))),
    )
    return engine
