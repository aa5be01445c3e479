"""What differs between two recipes, thing by thing: what was asked, and what it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analytics.recipes.recipe import Asked, Found, Made, Recipe, digest_of, marks_of, settings_of
from data.words import Sentence, Words

__all__ = ["Change", "Pair", "changes_between", "edits_of", "pairs_of"]

Kind = Literal["setting", "answer", "table", "city", "start", "engine", "model", "code", "library"]
# Which field of what a comparison was made of is told as which kind, in the order in which it is told.
MADE: tuple[tuple[Kind, str], ...] = (
    ("table", "tables"),
    ("engine", "engines"),
    ("model", "models"),
    ("code", "files"),
    ("library", "libraries"),
)


@dataclass(frozen=True)
class Change:
    """One thing that was so ``then`` and is otherwise ``now``; None where it was not, or is no longer, there."""

    kind: Kind
    name: Words
    then: Any
    now: Any
    sentence: Words


@dataclass(frozen=True)
class Pair:
    """One difference of an option on a measure in two answers; None in an answer that has none."""

    option: str
    measure: str
    then: Found | None
    now: Found | None

    @property
    def same(self) -> bool:
        """Whether both answers have the same numbers."""
        both = [each for each in (self.then, self.now) if each is not None]
        return len(both) == 2 and digest_of(both[:1]) == digest_of(both[1:])


def edits_of(recipe: Recipe, original: Recipe) -> tuple[Change, ...]:
    """What somebody changed in a recipe since the comparison was made.

    Parameters
    ----------
    recipe : as it is now.
    original : as it was; the recipe itself where only that is known: then its marks tell what was changed, not from what.

    Returns
    -------
    tuple of Change
        One a lever, an uncertainty, a term or a number; and one where the numbers of the answer are no longer its own.
    """
    known = settings_of(original.asked), settings_of(recipe.asked)
    edits = [_setting(path, then, now) for path, then, now in _differing(*known)]
    if not edits:
        edits = list(_marked(recipe.asked, recipe.marks))
    if digest_of(recipe.answer.differences) != recipe.answer.digest:
        edits.append(Change("answer", recipe.receipt, recipe.answer.digest, None, Sentence("recipes.answer_edited")))
    return tuple(edits)


def changes_between(then: Made, now: Made) -> tuple[Change, ...]:
    """What an earlier comparison was made of that is otherwise now.

    Parameters
    ----------
    then, now : of two recipes.

    Returns
    -------
    tuple of Change
        Tables by name, engines, models, files of code, and the libraries that both name.
    """
    found = [
        _made(kind, name, before, after)
        for kind, field in MADE
        for name, before, after in _differing(getattr(then, field), getattr(now, field))
        # A recipe of an earlier version names no libraries: nothing is known of them.
        if kind != "library" or (before is not None and after is not None)
    ]
    if then.city != now.city and not any(each.kind == "table" for each in found):
        found.insert(0, Change("city", "", then.city, now.city, Sentence("recipes.changed.city")))
    if then.start != now.start:
        about = {"then": then.start, "now": now.start}
        found.insert(0, Change("start", "", then.start, now.start, Sentence("recipes.changed.start", about)))
    return tuple(found)


def pairs_of(then: Recipe, now: Recipe) -> tuple[Pair, ...]:
    """The differences of two answers side by side.

    Parameters
    ----------
    then, now : two recipes of comparisons of the same options.

    Returns
    -------
    tuple of Pair
        In the order of the first; what only the second has comes last.
    """
    first, second = ({(each.option, each.measure): each for each in one.answer.differences} for one in (then, now))
    return tuple(Pair(*key, first.get(key), second.get(key)) for key in dict.fromkeys([*first, *second]))


def _differing(then: Mapping[Any, Any], now: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    for key in dict.fromkeys([*then, *now]):
        before, after = then.get(key), now.get(key)
        if before != after:
            yield key, before, after


def _marked(asked: Asked, marks: Mapping[str, str]) -> Iterator[Change]:
    """What no longer fits its mark; nothing of a recipe without marks."""
    if not marks:
        return
    settings = {"/".join(path): (path, value) for path, value in settings_of(asked).items()}
    for key, mark, fresh in _differing(marks, marks_of(asked)):
        path, value = settings.get(key, (tuple(key.split("/")), None))
        code = "gone" if fresh is None else "added" if mark is None else "edited"
        evidence = {"what": _what(path), "value": _short(value)}
        yield Change("setting", _what(path), None, value, Sentence(f"recipes.setting.{code}", evidence))


def _setting(path: tuple[str, ...], then: Any, now: Any) -> Change:
    evidence = {"what": _what(path), "then": _short(then), "now": _short(now)}
    return Change("setting", _what(path), then, now, Sentence("recipes.setting.both", evidence))


def _what(path: tuple[str, ...]) -> Words:
    """What people call a thing that was asked."""
    if path[0] == "option" and len(path) > 2:
        return Sentence("recipes.what.option", {"option": path[1], "name": "/".join(path[2:])})
    if path[0] == "terms" and len(path) > 1:
        return Sentence("recipes.what.term", {"name": "/".join(path[1:])})
    return Sentence("recipes.what.other", {"name": "/".join(path)})


def _short(value: Any) -> Words:
    return Sentence("recipes.nothing") if value is None else str(value)


def _made(kind: Kind, name: str, then: str | None, now: str | None) -> Change:
    code = "new" if then is None else "gone" if now is None else kind
    evidence = {"kind": Sentence(f"recipes.kinds.{kind}"), "name": name, "then": then or "", "now": now or ""}
    return Change(kind, name, then, now, Sentence(f"recipes.changed.{code}", evidence))
