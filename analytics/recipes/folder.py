"""A comparison as a packed folder: scenario files, terms, recipe, notebook, what it was made of, and how to make it again.

No data leave by it: tables are named, with their fingerprints and where they come from.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import orjson
import pandas as pd
import tomli_w

from analytics.recipes.environment import requirements
from analytics.recipes.notebook import notebook_of
from analytics.recipes.reading import RECIPE_FILE, SCENARIOS, TERMS_FILE
from analytics.recipes.recipe import Recipe, plain_recipe
from analytics.recipes.snippet import snippet_of
from analytics.scenarios import Comparison, file_name, write_scenario
from analytics.spreadsheets import csv_of
from data import Classification
from data.words import Sentence, say, text

__all__ = ["folder_of", "recipe_file"]

# Packing writes when each file was made and on which system: the same for all, so that the same comparison gives the same bytes.
WHEN = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o100644 << 16
OPEN = (Classification.PUBLIC, Classification.INTERNAL)


def recipe_file(recipe: Recipe) -> bytes:
    """A recipe as the file that ``reproduce`` reads."""
    return orjson.dumps(plain_recipe(recipe), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def folder_of(recipe: Recipe, found: Comparison) -> bytes:
    """A comparison as a packed folder.

    Parameters
    ----------
    recipe : how it is made.
    found : the comparison.

    Returns
    -------
    bytes
        Of a ZIP file with one folder; the same for the same comparison in the same environment.
    """
    packed = io.BytesIO()
    folder = f"comparison-{recipe.receipt}"
    with zipfile.ZipFile(packed, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, content in _files(recipe, found):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=WHEN)
            entry.create_system, entry.external_attr, entry.compress_type = UNIX, READABLE, zipfile.ZIP_DEFLATED
            file.writestr(entry, content)
    return packed.getvalue()


def _files(recipe: Recipe, found: Comparison) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", "\n".join(_readme(recipe, found)).encode()
    yield RECIPE_FILE, recipe_file(recipe)
    yield TERMS_FILE, _terms(recipe).encode()
    asked, city = recipe.asked, found.study.city
    for number, scenario in enumerate(asked.scenarios, start=1):
        written = write_scenario(scenario, city=city, question=asked.question, subject=asked.subject)
        yield f"{SCENARIOS}/{number:02d}_{file_name(scenario)}", written.encode()
    yield "comparison.ipynb", notebook_of(recipe, found)
    yield "comparison.py", snippet_of(recipe).encode()
    yield "data.csv", csv_of(_tables(found))
    yield "requirements.txt", requirements().encode()


def _terms(recipe: Recipe) -> str:
    """All that was asked but for the options, as TOML, which has nothing for what is left open."""
    plain = plain_recipe(recipe)["asked"]
    del plain["scenarios"]
    plain["terms"] = {name: value for name, value in plain["terms"].items() if value is not None}
    return tomli_w.dumps({name: value for name, value in plain.items() if value is not None})


def _tables(found: Comparison) -> pd.DataFrame:
    """Each table that was read: its fingerprint and where it comes from, never what it holds."""
    heads = ("name", "fingerprint", "origin", "licence", "redistributable", "as_of", "classification", "synthetic")
    counts = ("rows_read", "rows_set_aside")
    rows = [{name: each.plain()[name] for name in (*heads, *counts)} for each in found.made_from]
    frame = pd.DataFrame(rows, columns=[*heads, *counts])
    days = pd.to_datetime(frame["as_of"]).dt.strftime("%Y-%m-%d")  # nothing where a table has no date
    return frame.assign(as_of=days, classification=frame["classification"].astype(str))


def _readme(recipe: Recipe, found: Comparison) -> Iterator[str]:
    city = found.study.city
    about = {"receipt": recipe.receipt, "city": city.name, "digest": recipe.answer.digest, "n": found.study.draws}
    yield say("recipes.readme.title", about)
    yield ""
    yield text(found.verdict)
    yield ""
    yield from (f"  {difference.sentence}" for difference in found.differences)
    yield ""
    if found.synthetic:
        yield say("recipes.readme.synthetic")
    if found.caveats:
        yield say("recipes.readme.caveats")
        for number, caveat in enumerate(found.caveats, start=1):
            evidence = {"word": caveat.severity_word, "caveat": caveat.message, "detail": caveat.detail}
            yield f"{number:3}  {Sentence('recipes.readme.caveat', evidence)}"
        yield ""
    yield from (say(f"recipes.readme.{each}", about) for each in ("how", "install", "city", "reproduce", "change"))
    yield ""
    yield say("recipes.readme.files")
    for name in ("recipe", "terms", "scenarios", "notebook", "python", "data", "requirements"):
        yield "  " + say(f"recipes.readme.file_{name}")
    yield ""
    yield say("recipes.readme.no_data")
    if found.classification not in OPEN:
        yield say("recipes.readme.restricted", {"names": _restricted(found)})
    yield ""


def _restricted(found: Comparison) -> list[str]:
    return [each.name for each in found.made_from if each.classification not in OPEN]
