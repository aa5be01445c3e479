"""Recipes as somebody sends them: a recipe's own file, a notebook, or the folder of a comparison, packed or not.

What is sent is foreign. Nothing in it is run or unpacked onto the disk, and nothing that it names is opened; each part is read up
to a length, and what does not look like a recipe is refused in a sentence.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from analytics.errors import ScenarioError
from analytics.recipes.recipe import RECIPES, Asked, Recipe, marks_of, settings_of
from analytics.scenarios import Scenario, scenario_of_text
from data.toml import NotToml, read_toml
from data.words import Sentence

__all__ = [
    "HIDDEN",
    "NOTEBOOK_KEY",
    "RECIPE_FILE",
    "SCENARIOS",
    "TERMS_FILE",
    "Sent",
    "is_receipt",
    "read_recipe",
    "recipe_in",
]

RECIPE_FILE, TERMS_FILE, SCENARIOS = "recipe.json", "terms.toml", "scenarios"  # of the folder of a comparison
NOTEBOOK_KEY = "civicast"  # of a notebook's metadata
MOST_BYTES = 4_000_000  # of one file: a recipe has some 40,000, most of them names of code
MOST_FILES = 500  # of a folder or a packed one
MOST_DEEP = 12  # tables within tables: a lever's value stands five deep
MOST_LETTERS, MOST_RATIONALE = 2_000, 20_000
MOST_OPTIONS = 20
ASKED = TypeAdapter(Asked)
CITY = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
RECEIPT = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")
# What would end a line on a terminal, colour it or write it backwards.
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
SUFFIXES = (".json", ".ipynb", ".zip")


@dataclass(frozen=True)
class Sent:
    """A recipe as somebody sent it, and as it was before files of its folder were changed: the same where none was."""

    recipe: Recipe
    original: Recipe


def is_receipt(text: str) -> bool:
    """Whether a text is written as receipts are, such as 3F2A-90BC."""
    return RECEIPT.fullmatch(text) is not None


def read_recipe(content: Any) -> Recipe:
    """The recipe in plain values.

    Raises
    ------
    ScenarioError
        When they are none, or hold what no recipe does.
    """
    _check_plain(content)
    try:
        recipe = RECIPES.validate_python(content)
    except ValidationError as error:
        raise _unfit(error) from error
    _check_asked(recipe.asked)
    if not is_receipt(recipe.receipt):
        raise ScenarioError("not_a_recipe", key="receipt", why=Sentence("recipes.why.receipt"))
    if pd.isna(pd.to_datetime(recipe.made.start, errors="coerce", format="ISO8601")):
        raise ScenarioError("not_a_recipe", key="start", why=Sentence("recipes.why.start"))
    return recipe


def recipe_in(path: Path, *, receipt: str | None = None) -> Sent:
    """The recipe that a file or a folder holds.

    Parameters
    ----------
    path : of a recipe, a notebook, a packed folder, a folder, or a folder of several of these.
    receipt : of the one that is wanted (default: there is one only).

    Returns
    -------
    Sent
        With what the scenario files of a folder say now.

    Raises
    ------
    ScenarioError
        When there is none, there are several, or it is of another receipt.
    """
    found = [_in_file(path)] if os.path.isfile(path) else list(_in_folder(path))
    if not found:
        raise ScenarioError("no_recipe_there", path=str(path))
    receipts = sorted({each.recipe.receipt for each in found})
    wanted = [each for each in found if receipt in (None, each.recipe.receipt)]
    if not wanted:
        raise ScenarioError("recipe_not_there", path=str(path), receipt=receipt or "", names=receipts)
    if receipt is None and len(receipts) > 1:
        raise ScenarioError("several_recipes", path=str(path), names=receipts)
    return wanted[0]


def _in_folder(path: Path) -> Iterator[Sent]:
    if not os.path.isdir(path):
        raise ScenarioError("no_recipe_file", path=str(path))
    if os.path.isfile(path / RECIPE_FILE):
        yield _in_files(_files_of(path), file=path.name)
        return
    for each in _entries(path):
        try:
            if os.path.isfile(each) and each.suffix.lower() in SUFFIXES:
                yield _in_file(each)
            elif os.path.isfile(each / RECIPE_FILE):  # false where nobody may look, too
                yield _in_files(_files_of(each), file=each.name)
        except ScenarioError:  # other people's files lie there too
            continue


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())[:MOST_FILES]
    except OSError as error:
        raise ScenarioError("not_an_export", path=str(folder), why=error.strerror or str(error)) from error


def _files_of(folder: Path) -> dict[str, bytes]:
    """What matters of the files of an unpacked folder, by name."""
    own = [folder / RECIPE_FILE, folder / TERMS_FILE]
    if os.path.isdir(folder / SCENARIOS):
        own += [each for each in _entries(folder / SCENARIOS) if each.suffix == ".toml"]
    return {each.relative_to(folder).as_posix(): _bytes_of(each) for each in own if os.path.isfile(each)}


def _in_file(path: Path) -> Sent:
    if path.suffix.lower() == ".zip":
        return _in_files(_unpacked(path), file=path.name)
    content = _parsed(_bytes_of(path), file=path.name)
    if isinstance(content, Mapping) and "nbformat" in content:
        about = content.get("metadata")
        content = about.get(NOTEBOOK_KEY) if isinstance(about, Mapping) else None
    recipe = read_recipe(content)
    return Sent(recipe, recipe)


def _in_files(files: Mapping[str, bytes], *, file: str) -> Sent:
    if RECIPE_FILE not in files:
        raise ScenarioError("not_an_export", path=file, why=Sentence("recipes.why.no_recipe"))
    original = read_recipe(_parsed(files[RECIPE_FILE], file=RECIPE_FILE))
    asked = original.asked
    written = [name for name in sorted(files) if name.startswith(f"{SCENARIOS}/")]
    if written:
        asked = replace(asked, scenarios=tuple(_scenario(files[name], name) for name in written))
    if TERMS_FILE in files:
        asked = replace(_terms(files[TERMS_FILE], asked.scenarios), scenarios=asked.scenarios)
    _check_asked(asked)
    if settings_of(asked) == settings_of(original.asked):
        return Sent(original, original)
    recipe = replace(original, asked=asked)
    # Files that fit the marks are as they were: then the recipe beside them was changed.
    return Sent(recipe, recipe if marks_of(asked) == original.marks else original)


def _scenario(content: bytes, name: str) -> Scenario:
    found = scenario_of_text(content, file=name).scenario
    _check_plain({"name": found.name, "rationale": found.rationale, "levers": found.levers})
    _check_plain(found.uncertainties)
    return found


def _terms(content: bytes, scenarios: tuple[Scenario, ...]) -> Asked:
    try:
        plain = read_toml(content)
    except NotToml as error:
        raise ScenarioError("not_toml", path=TERMS_FILE, why=error.why) from error
    _check_plain(plain)
    try:
        return ASKED.validate_python({**plain, "scenarios": scenarios})
    except ValidationError as error:
        raise _unfit(error) from error


def _unpacked(path: Path) -> dict[str, bytes]:
    """What matters in a packed folder, by name: read in memory, never written, each up to a length."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_FILES:
                raise ScenarioError("not_an_export", path=path.name, why=Sentence("recipes.why.too_many"))
            own = [(name, each) for each in entries if (name := _own_name(each.filename))]
            if len({name for name, _ in own}) < len(own):
                raise ScenarioError("not_an_export", path=path.name, why=Sentence("recipes.why.twice"))
            return {name: _unpacked_bytes(packed, each) for name, each in own}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ScenarioError("not_an_export", path=path.name, why=str(error)) from error


def _own_name(name: str) -> str:
    """The name of a file of ours within the one folder that is packed; "" for any other."""
    own = rf"(?:[^/\\]+/)?({re.escape(RECIPE_FILE)}|{re.escape(TERMS_FILE)}|{SCENARIOS}/[^/\\]+\.toml)"
    found = re.fullmatch(own, name)
    return found[1] if found else ""


def _unpacked_bytes(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(entry.filename)
    with packed.open(entry) as file:
        return _no_longer(file.read(MOST_BYTES + 1), file=entry.filename)


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return _no_longer(file.read(MOST_BYTES + 1), file=path.name)
    except OSError as error:
        raise ScenarioError("not_an_export", path=path.name, why=error.strerror or str(error)) from error


def _no_longer(content: bytes, *, file: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise ScenarioError("not_an_export", path=file, why=Sentence("recipes.why.too_long", {"most": MOST_BYTES}))
    return content


def _parsed(content: bytes, *, file: str) -> Any:
    try:
        return orjson.loads(content)
    except ValueError as error:
        raise ScenarioError("not_an_export", path=file, why=Sentence("recipes.why.no_json")) from error


def _check_plain(content: Any) -> None:
    """Refuse what no recipe holds: text that would not be seen as it is, and tables within tables without end."""
    waiting: list[tuple[Any, int, str]] = [(content, 0, "")]
    while waiting:
        value, deep, key = waiting.pop()
        if isinstance(value, str):
            _check_text(value, key)
        elif isinstance(value, Mapping | list | tuple):
            if deep == MOST_DEEP:
                raise ScenarioError("not_a_recipe", key=key, why=Sentence("recipes.why.deep"))
            pairs = value.items() if isinstance(value, Mapping) else [(key, each) for each in value]
            for name, each in pairs:
                _check_text(str(name), key)
                waiting.append((each, deep + 1, str(name)))


def _check_text(text: str, key: str) -> None:
    reasons = key == "rationale"
    hidden = HIDDEN.search(re.sub(r"[\n\r\t]", " ", text) if reasons else text)
    if hidden is not None or len(text) > (MOST_RATIONALE if reasons else MOST_LETTERS):
        raise ScenarioError("not_a_recipe", key=key or text, why=Sentence("recipes.why.text"))


def _check_asked(asked: Asked) -> None:
    if CITY.fullmatch(asked.city) is None:
        raise ScenarioError("not_a_recipe", key="city", why=Sentence("recipes.why.city"))
    if not 1 <= len(asked.scenarios) <= MOST_OPTIONS:
        why = Sentence("recipes.why.options", {"n": len(asked.scenarios), "most": MOST_OPTIONS})
        raise ScenarioError("not_a_recipe", key="scenarios", why=why)


def _unfit(error: ValidationError) -> ScenarioError:
    first = error.errors()[0]
    return ScenarioError("not_a_recipe", key=".".join(map(str, first["loc"])) or "receipt", why=str(first["msg"]))
