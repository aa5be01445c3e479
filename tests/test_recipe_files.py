"""A comparison as files to take along: each makes it again, the same bytes each time; and what others send is foreign."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from import_graph import libraries, tree_of
from monthly_city import REQUESTS, TOML, write_monthly_city

import analytics
import data
from analytics.errors import ScenarioError
from analytics.recipes import TAKEN_AS, Recipe, plain_recipe, read_recipe, recipe_in, recipe_of, snippet_of, to_file
from analytics.recipes.environment import requirements
from analytics.recipes.snippet import cells_of
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Comparison, Scenario, Terms, read_scenario
from data import Classification, Region, open_city

RESTRICTED = TOML.replace('unit = "requests"', 'unit = "requests"\nclassification = "restricted"')
HOSTILE = 'x"\'\'\'""" \\ \n# %% $city {0} <b>*_`$$\u202e'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recipe, Comparison]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("home")))
        city = open_city(write_monthly_city(tmp_path_factory.mktemp("monthly"), toml=RESTRICTED))
        more = Scenario("More requests", {"demand": {"change": 0.1}}, rationale="A campaign\nin two lines")
        request = ComparisonRequest(
            CityRequest(city.key),
            scenarios=(Scenario("Today"), more, Scenario("Less", {"demand.change": {"all": -0.1}})),
            question="demand",
            terms=Terms(region=Region("west", "West", "ward", ("1",)), budget=1.0),
            draws=100,
            seed=2,
        )
        found = request.answer(city)
        return recipe_of(request, found), found


@pytest.fixture
def city_of_the_workspace(workspace: Path) -> None:
    write_monthly_city(workspace / "cities" / "monthly", toml=RESTRICTED)


def printed(source: str) -> list[str]:
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(source, "taken along", "exec"), {})  # noqa: S102
    return out.getvalue().splitlines()


@pytest.mark.usefixtures("city_of_the_workspace")
def test_the_python_prints_the_same_verdict_and_receipt(made: tuple[Recipe, Comparison]) -> None:
    recipe, found = made
    assert printed(snippet_of(recipe)) == [str(found.verdict), found.receipt]


@pytest.mark.usefixtures("city_of_the_workspace")
def test_the_notebook_is_one_and_its_cells_run(made: tuple[Recipe, Comparison], tmp_path: Path) -> None:
    recipe, found = made
    path = tmp_path / "comparison.ipynb"
    path.write_bytes(to_file(recipe, found, name=path))
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    code = [each for each in notebook.cells if each.cell_type == "code"]
    assert all(each.outputs == [] and each.execution_count is None for each in code)
    lines = printed("\n".join(each.source for each in code))
    assert lines[:2] == [str(found.verdict), found.receipt]
    assert lines[-2:] == [f"{found.receipt} True", f"{recipe.answer.digest} True"]
    assert len(lines) == 4 + len(found.caveats)
    assert recipe_in(path).recipe == recipe


@pytest.mark.parametrize("suffix", TAKEN_AS)
def test_the_same_comparison_gives_the_same_bytes(
    made: tuple[Recipe, Comparison], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = to_file(*made, name=f"a{suffix}")
    monkeypatch.setattr("time.time", lambda: 1e9)
    monkeypatch.setattr("random.random", lambda: 0.5)
    assert to_file(*made, name=f"b{suffix.upper()}") == first


def test_what_it_is_not_taken_along_as_is_told(made: tuple[Recipe, Comparison]) -> None:
    with pytest.raises(ScenarioError, match=r"“a\.doc” says not as what"):
        to_file(*made, name="a.doc")


def unpacked(made: tuple[Recipe, Comparison], folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(to_file(*made, name="a.zip"))) as packed:
        packed.extractall(folder)
    [own] = folder.iterdir()
    return own


def test_the_folder_says_what_is_in_it_and_holds_no_data(made: tuple[Recipe, Comparison], tmp_path: Path) -> None:
    recipe, found = made
    own = unpacked(made, tmp_path)
    assert own.name == f"comparison-{recipe.receipt}"
    files = {each.relative_to(own).as_posix(): each.read_text("utf-8") for each in own.rglob("*") if each.is_file()}
    scenarios = ["scenarios/01_today.toml", "scenarios/02_more_requests.toml", "scenarios/03_less.toml"]
    assert sorted(files) == sorted(
        [
            "README.txt",
            "recipe.json",
            "terms.toml",
            "comparison.ipynb",
            "comparison.py",
            "data.csv",
            "requirements.txt",
            *scenarios,
        ]
    )
    readme = files["README.txt"]
    assert str(found.verdict) in readme
    assert all(each.message in readme for each in found.caveats)
    assert recipe.answer.digest in readme
    assert "made from restricted data (requests)" in readme
    tables = pd.read_csv(own / "data.csv").set_index("name")
    assert dict(tables["fingerprint"]) == dict(recipe.made.tables)
    assert tables.loc["requests", ["classification", "as_of"]].tolist() == ["restricted", "2023-12-01"]
    assert pd.isna(tables.loc["ward", "as_of"])
    pinned = dict(line.split("==") for line in files["requirements.txt"].splitlines())
    assert pinned["numpy"] == metadata.version("numpy")
    # No row of the restricted table, and no path of this machine, leaves by it.
    city = write_monthly_city(tmp_path / "again")
    rows = (city.parent / REQUESTS).read_text().splitlines()[1:]
    whole = "\n".join(files.values())
    assert not [row for row in rows if row in whole]
    assert str(tmp_path.parent) not in whole
    assert [read_scenario(own / each).name for each in scenarios] == ["Today", "More requests", "Less"]


def test_who_takes_public_data_along_is_told_of_no_restriction(made: tuple[Recipe, Comparison], tmp_path: Path) -> None:
    recipe, found = made
    for number, kind in enumerate(Classification):
        tables = tuple(replace(each, classification=kind) for each in found.made_from)
        own = unpacked((recipe, replace(found, made_from=tables)), tmp_path / str(number))
        restricted = "Before you pass it on" in (own / "README.txt").read_text("utf-8")
        assert restricted == (kind in (Classification.RESTRICTED, Classification.PERSONAL))


def test_the_folder_is_read_packed_and_unpacked(made: tuple[Recipe, Comparison], tmp_path: Path) -> None:
    recipe, _ = made
    own = unpacked(made, tmp_path / "unpacked")
    packed = tmp_path / "a.zip"
    packed.write_bytes(to_file(*made, name=packed))
    for path in (own, own / "recipe.json", own.parent, packed):
        sent = recipe_in(path, receipt=recipe.receipt)
        assert sent.recipe == sent.original == recipe
        assert recipe_in(path) == sent


def test_a_file_of_the_folder_that_was_changed_is_what_is_asked(
    made: tuple[Recipe, Comparison], tmp_path: Path
) -> None:
    recipe, _ = made
    own = unpacked(made, tmp_path)
    option, terms = own / "scenarios" / "02_more_requests.toml", own / "terms.toml"
    option.write_text(option.read_text().replace("change = 0.1", "change = 0.2"))
    terms.write_text(terms.read_text().replace("seed = 2", "seed = 4"))
    sent = recipe_in(own)
    assert sent.original == recipe
    assert sent.recipe.asked.seed == 4
    assert sent.recipe.asked.scenarios[1].levers == {"demand": {"change": 0.2}}
    assert sent.recipe.asked.terms == recipe.asked.terms


def test_a_recipe_that_was_changed_beside_its_files_gives_way_to_them(
    made: tuple[Recipe, Comparison], tmp_path: Path
) -> None:
    recipe, _ = made
    own = unpacked(made, tmp_path)
    file = own / "recipe.json"
    file.write_text(file.read_text().replace('"seed": 2', '"seed": 9'))
    sent = recipe_in(own)
    assert sent.recipe.asked == sent.original.asked == recipe.asked


def test_a_receipt_is_found_among_several(made: tuple[Recipe, Comparison], tmp_path: Path) -> None:
    recipe, _ = made
    other = replace(recipe, receipt="0000-0000")
    for name, each in (("a", recipe), ("b", other)):
        (tmp_path / f"{name}.json").write_text(json.dumps(plain_recipe(each)))
    (tmp_path / "c.json").write_text("{")
    assert recipe_in(tmp_path, receipt="0000-0000").recipe == other
    with pytest.raises(ScenarioError, match="several recipes"):
        recipe_in(tmp_path)
    with pytest.raises(ScenarioError, match=r"does not hold the recipe “1111-1111”: it holds 0000-0000 and"):
        recipe_in(tmp_path, receipt="1111-1111")
    with pytest.raises(ScenarioError, match="no file or folder"):
        recipe_in(tmp_path / "absent")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ScenarioError, match="holds no recipe"):
        recipe_in(tmp_path / "empty")


# What people name is quoted


def test_whatever_an_option_is_called_the_python_holds_it(made: tuple[Recipe, Comparison]) -> None:
    recipe, found = made
    options = [
        Scenario(HOSTILE, {HOSTILE: {"a": [1, 2.5], "b": {"c": True}}}, {HOSTILE: 0.5}, rationale=HOSTILE * 9),
        Scenario("Hours", {"desks.staff": [float(each) for each in range(168)]}),
    ]
    terms = Terms(
        {"jobs.growth": 0.1}, Region("s", HOSTILE, "ward", ("1",)), 5.0, {"travel": 2.0}, 0.05, 20, ((3, 0.1),)
    )
    asked = replace(recipe.asked, scenarios=tuple(options), terms=terms, series=HOSTILE, periods=3, freq="MS", seed=7)
    given: dict[str, Any] = {}

    def compare(city: object, options: object, **settings: object) -> Comparison:
        given.update(settings, city=city, options=options)
        return found

    names = {"Scenario": Scenario, "Terms": Terms, "Region": Region, "compare": compare, "city": None}
    hostile = replace(recipe, asked=asked)
    with redirect_stdout(io.StringIO()):
        exec("\n".join(cells_of(hostile)[2:]), names)  # noqa: S102
    assert given == {
        "city": None, "options": options, "terms": terms, "series": HOSTILE, "periods": 3, "freq": "MS", "seed": 7,
        "draws": 100, "question": "demand",
    }  # fmt: skip
    assert len(cells_of(hostile)) == 4
    notebook = nbformat.reads(to_file(hostile, found, name="a.ipynb").decode(), as_version=4)
    prose = "\n".join(each.source for each in notebook.cells if each.cell_type == "markdown")
    assert "<b>" not in prose.replace("\\<b\\>", "")
    assert "\u202e" not in prose


def test_every_library_that_calculates_is_pinned() -> None:
    packages = [Path(each.__path__[0]) for each in (data, analytics)]
    used = {name for folder in packages for path in folder.rglob("*.py") for name in libraries(tree_of(path))}
    known = metadata.packages_distributions()
    needed = {known[name][0] for name in used if name in known}
    pinned = {line.split("==")[0] for line in requirements().splitlines()}
    lacking = {each.lower().replace("_", "-") for each in needed} - pinned
    assert not lacking, "name them in analytics/recipes/environment.py"


# What others send is foreign


def sent(recipe: Recipe, **changed: object) -> dict[str, Any]:
    return plain_recipe(recipe) | changed


def deep(levels: int) -> dict[str, Any]:
    return {"a": deep(levels - 1)} if levels else {}


WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a city that is a path": lambda plain: plain["asked"].update(city="../../etc/passwd"),
    "a city that is an address": lambda plain: plain["asked"].update(city="https://x.example/city.toml"),
    "no options": lambda plain: plain["asked"].update(scenarios=[]),
    "options by the thousand": lambda plain: plain["asked"].update(scenarios=plain["asked"]["scenarios"] * 1000),
    "levers without end": lambda plain: plain["asked"]["scenarios"][0].update(levers=deep(40)),
    "a receipt of another kind": lambda plain: plain.update(receipt="../x"),
    "a line of its own": lambda plain: plain["made"].update(tables={"a\nThe same": "0"}),
    "a name that colours": lambda plain: plain["asked"]["scenarios"][0].update(name="\x1b[31mred"),
    "a verdict backwards": lambda plain: plain["answer"].update(verdict="\u202egood"),
    "a name too long": lambda plain: plain["asked"]["scenarios"][0].update(name="x" * 3000),
    "a start that is none": lambda plain: plain["made"].update(start="soon"),
    "a number that is none": lambda plain: plain["asked"].update(draws="many"),
    "a seed by the mile": lambda plain: plain["asked"].update(seed="1" * 5000),
    "no answer": lambda plain: plain.pop("answer"),
    "levers that are none": lambda plain: plain["asked"]["scenarios"][0].update(levers=3),
    "fingerprints that are none": lambda plain: plain["made"].update(tables=[1, 2]),
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_a_hostile_recipe_is_refused_in_one_line(
    made: tuple[Recipe, Comparison], spoil: Callable[[dict[str, Any]], Any]
) -> None:
    plain = json.loads(json.dumps(plain_recipe(made[0])))
    assert read_recipe(plain) == made[0]
    spoil(plain)
    with pytest.raises(ScenarioError) as refused:
        read_recipe(plain)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400


FILES: dict[str, bytes] = {
    "empty.json": b"",
    "binary.json": bytes(range(256)),
    "open.json": b'{"receipt": ',
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "digits.json": b'{"receipt": ' + b"9" * 100_000 + b"}",
    "nan.json": b'{"receipt": NaN}',
    "long.json": b'"' + b"x" * 5_000_000 + b'"',
    "none.ipynb": b'{"nbformat": 4, "metadata": {}, "cells": []}',
    "odd.ipynb": b'{"nbformat": 4, "metadata": 3}',
    "no.zip": b"PK\x03\x04",
    "text.zip": b"text",
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    with pytest.raises(ScenarioError) as refused:
        recipe_in(path)
    assert str(refused.value).isprintable()


def packed(folder: Path, *files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "sent.zip"
    with zipfile.ZipFile(path, "w", compression=method) as file:
        for name, content in files:
            file.writestr(name, content)
    return path


def test_nothing_is_unpacked_onto_the_disk(made: tuple[Recipe, Comparison], tmp_path: Path) -> None:
    content = json.dumps(plain_recipe(made[0])).encode()
    own = tmp_path / "own"
    own.mkdir()
    path = packed(own, ("a/recipe.json", content), ("../out.toml", b"x"), ("/tmp/out.toml", b"x"), ("a/b/c.py", b"x"))
    assert recipe_in(path).recipe == made[0]
    assert [each.name for each in tmp_path.rglob("*")] == ["own", "sent.zip"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("../recipe.json", b"{}"), ("x", b"")], "no recipe"),
        ([("a/../../recipe.json", b"{}")], "holds no recipe.json"),
        ([("a\\recipe.json", b"{}")], "holds no recipe.json"),
        ([("a/recipe.json", b"{}"), ("b/recipe.json", b"{}")], "holds a file twice"),
        ([(f"{n}", b"") for n in range(600)], "more files than a comparison has"),
        ([("recipe.json", b" " * 50_000_000)], "longer than"),
    ],
    ids=["above", "within", "backslash", "twice", "many", "bomb"],
)
def test_a_hostile_packed_folder_is_refused(files: list[tuple[str, bytes]], words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=words):
        recipe_in(packed(tmp_path, *files))


def test_other_ways_to_pack_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        recipe_in(packed(tmp_path, ("recipe.json", b"{}"), method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("content", [b"a = ", b'city = "x"', b"seed = 1", b"terms = 3\ncity = 'monthly'", b"\xff"])
def test_terms_that_are_none_are_refused(made: tuple[Recipe, Comparison], content: bytes, tmp_path: Path) -> None:
    own = unpacked(made, tmp_path)
    (own / "terms.toml").write_bytes(content)
    if content == b'city = "x"':  # all that it leaves out is as usual
        assert recipe_in(own).recipe.asked.terms == Terms()
        return
    with pytest.raises(ScenarioError):
        recipe_in(own)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_and_a_device_are_no_recipes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "recipe.json")
    for path in (tmp_path / "recipe.json", tmp_path, Path("/dev/zero")):
        with pytest.raises(ScenarioError):
            recipe_in(path)
