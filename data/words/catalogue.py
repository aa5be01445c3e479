"""The templates of all layers: ``messages/<language>/<subject>.toml`` in each package, one space of codes."""

from __future__ import annotations

import re
import string
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from data.words.language import DEFAULT, PSEUDO

__all__ = ["add_layer", "knows", "template", "templates"]

# The packages that have sentences; a higher layer adds itself when it is imported, since ``data`` knows none of them.
LAYERS = ["data"]


def add_layer(package: str) -> None:
    """Add the sentences of a package; nothing happens when they are there already.

    Parameters
    ----------
    package : the name of an importable package with a folder ``messages``.
    """
    if package not in LAYERS:
        LAYERS.append(package)


def template(code: str, language: str = DEFAULT) -> str:
    """The raw template of a dotted code.

    Parameters
    ----------
    code : tables and key, as in ``"errors.no_such_city"``.
    language : one of ``languages()``.

    Returns
    -------
    The template with its braces unfilled.

    Raises
    ------
    KeyError
        When no layer has such a sentence: a mistake of ours, not of the user's.
    """
    for layer in LAYERS:
        found = templates(layer, language).get(code)
        if found is not None:
            return found
    raise KeyError(code)


def knows(code: str) -> bool:
    """Whether there is a sentence of this code."""
    return any(code in templates(layer, DEFAULT) for layer in LAYERS)


@cache
def templates(layer: str, language: str) -> dict[str, str]:
    """All templates of one layer by their dotted codes.

    Parameters
    ----------
    layer : the name of a package with a folder ``messages``.
    language : one of ``languages()``.

    Returns
    -------
    Template by code, as in ``errors.no_such_city``.

    Raises
    ------
    ValueError
        When two files of the layer have the same code: a mistake of ours.
    """
    if language == PSEUDO:
        return {code: _pseudo(text) for code, text in templates(layer, DEFAULT).items()}
    found: dict[str, str] = {}
    for file in sorted((resources.files(layer) / "messages" / language).iterdir(), key=lambda each: each.name):
        for code, text in _flat(tomllib.loads(file.read_text(encoding="utf-8"))).items():
            if code in found:
                raise ValueError(f"{layer}/messages: {code} is written twice")
            found[code] = text
    return found


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


FORMS = ("plural", "spelled", "Spelled")  # what is followed by the forms of a word
ACCENTED = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
_KEPT = re.compile(r"(<[^>]*>|&\w+;|{[^}]*})")  # markup, and what is filled in within a plural's forms


def _pseudo(text: str) -> str:
    """A template in the pseudo-language; what stands in braces or is markup stays as it is."""
    parts = []
    for literal, field, spec, conversion in string.Formatter().parse(text):
        parts.append(_accented(literal).replace("{", "{{").replace("}", "}}"))
        if field is not None:
            kind, colon, words = (spec or "").partition(":")
            ending = f"!{conversion}" if conversion else ""
            ending += f":{kind}{colon}{_accented(words) if kind in FORMS else words}" if spec else ""
            parts.append(f"{{{field}{ending}}}")
    letters = sum(character.isalpha() for character in re.sub(r"{[^}]*}", "", text))
    return f"⟦{''.join(parts)}{'·' * (letters // 3)}⟧"


def _accented(text: str) -> str:
    pieces = _KEPT.split(text)
    return "".join(piece if _KEPT.fullmatch(piece) else piece.translate(ACCENTED) for piece in pieces)
