"""What engines declare, answer and propose, as plain values and back: each type by its name, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from analytics.results import Caveat
from analytics.scenarios.contract import Declaration, Evidence, Lever, Objective, Suggestion, Uncertainty
from analytics.scenarios.measure import Max, Mean, Measure, Quantile, Sum
from analytics.scenarios.study import Question, Scenario
from analytics.scenarios.values import Choice, Number, PerKey, Schedule
from data import Provenance
from data.words import Sentence, Words

__all__ = ["crossed", "received"]

T = TypeVar("T")

TYPES: Mapping[str, type[Any]] = {
    each.__name__: each
    for each in (
        Caveat, Choice, Declaration, Evidence, Lever, Max, Mean, Measure, Number, Objective, PerKey, Provenance, Quantile,
        Question, Scenario, Schedule, Suggestion, Sum, Uncertainty,
    )
}  # fmt: skip
TYPE, FIELDS = "type", "fields"
UNTOLD = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
)  # of a sentence that there is not, or that is not filled


def crossed(value: Any) -> Any:
    """A value in plain ones; what is unknown stays as it is, and does not cross where it is not plain itself."""
    match value:
        case Sentence():
            return _tagged("Sentence", {"code": value.code, "evidence": crossed(value.evidence), "text": str(value)})
        case Mapping():
            return _tagged("Mapping", {str(name): crossed(each) for name, each in value.items()})
        case tuple():
            return _tagged("tuple", [crossed(each) for each in value])
        case list():
            return [crossed(each) for each in value]
    if is_dataclass(value) and TYPES.get(type(value).__name__) is type(value):
        return _tagged(type(value).__name__, {each.name: crossed(getattr(value, each.name)) for each in fields(value)})
    return value


def _tagged(kind: str, content: Any) -> dict[str, Any]:
    return {TYPE: kind, FIELDS: content}


def received(value: Any, wanted: type[T]) -> T:
    """What crossed, where it is of the type that is wanted.

    Parameters
    ----------
    value : plain, from a process that nobody here trusts.
    wanted : the type.

    Returns
    -------
    A value whose fields hold what they are declared to hold.

    Raises
    ------
    TypeError
        When it is of another type, or a field of it is.
    ValueError
        When it holds a caveat that cannot be told.
    KeyError
        When it is nothing that ``crossed`` gives.
    """
    found = _made(value)
    if not isinstance(found, wanted):
        raise TypeError(Sentence("plugins.wrong_type", {"found": type(found).__name__, "wanted": wanted.__name__}))
    return found


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return [_made(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind, content = value[TYPE], value[FIELDS]
    if kind == "tuple":
        return tuple(_made(each) for each in content)
    known = {str(name): _made(each) for name, each in content.items()}
    if kind == "Mapping":
        return known
    if kind == "Sentence":
        return _words(known)
    found = _checked(kind, known)
    return _with_sentences(found) if isinstance(found, Caveat) else found


def _checked(kind: str, known: Mapping[str, Any]) -> Any:
    try:
        return TYPES[kind](**vars(_fields(kind).model_validate(known)))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise TypeError(Sentence("plugins.wrong_field", {"kind": kind, "name": name})) from error


@cache
def _fields(kind: str) -> type[BaseModel]:
    """What the fields of a type may hold."""
    allowed: dict[str, Any] = {name: (hint, ...) for name, hint in _hints(TYPES[kind]).items()}
    return create_model(kind, __config__=ConfigDict(arbitrary_types_allowed=True), **allowed)


def _hints(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def _words(known: Mapping[str, Any]) -> Words:
    """A sentence of ours, where it can be made into text here; else the text that it was there."""
    sentence = Sentence(str(known["code"]), known["evidence"])
    try:
        str(sentence)
    except UNTOLD:
        return str(known["text"])
    return sentence


def _with_sentences(caveat: Caveat) -> Caveat:
    """A caveat, where there are sentences for it."""
    try:
        str((caveat.message, caveat.detail))
    except UNTOLD as error:
        raise ValueError(Sentence("plugins.untold_caveat", {"code": caveat.code})) from error
    return caveat
