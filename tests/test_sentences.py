"""What people read is a sentence of ``messages``: none is written into code, none is missing, none is left over."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from import_graph import tree_of
from source_strings import prose, strings, uses

import analytics
import dashboard
from data.words import knows
from data.words.catalogue import FORMS, LAYERS, template, templates

ROOT = Path(__file__).parent.parent
assert {analytics.__name__, dashboard.__name__} <= set(LAYERS)  # each adds its sentences when it is imported
FILES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
CODES = [code for layer in LAYERS for code in templates(layer, "en")]
FORMATTER = string.Formatter()

# Prose that may stand in code, by file, with its reason.
ALLOWED: dict[str, tuple[str, ...]] = {
    # Names of things in the made city are its data, as they are in a real city's files.
    "data/sample/": (".*",),
    # What an author of a plug-in replaces by words of their own.
    "_template.py": (".*",),
    # The program's name before what it refuses.
    "__main__.py": ("civicast: {}",),
    # What argparse says in English, to be told in our own words.
    "data/commandline.py": ("civicast: {}\n", r".*\(\?P<.*"),
    # What Python's parser of TOML says in English, likewise.
    "data/toml.py": ("(Invalid|Expected|Illegal|Found|Escaped) .*",),
    # SQL, and what the database answers to who changes it by hand.
    "data/store/records/": ("busy_timeout = {}", "BEGIN {}", "entries are only ever added"),
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def allowed(file: str, text: str) -> bool:
    patterns = [each for where, texts in ALLOWED.items() if where in file for each in texts]
    return any(re.fullmatch(pattern, text, flags=re.DOTALL) for pattern in patterns)


def test_no_sentence_is_written_into_code() -> None:
    found = [
        f"{relative(path)}:{literal.line}: {literal.text}"
        for path in FILES
        if not relative(path).startswith("dashboard/")
        for literal in prose(tree_of(path))
        if not allowed(relative(path), literal.text)
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    "source",
    [
        "caveat = 'areas are few'",
        "def f(n):\n    return f'{n} areas'",
        "def f(n):\n    '''A docstring may say it.'''\n    return f'nothing in {n}'",
        "model(title='Drift')",
        "model(limits=('Knows nothing.',))",
        "model(inputs=['Calendar'])",
        "class A:\n    title: str = 'Drift'",
        "raise ForecastError('no such area')",
    ],
)
def test_prose_in_code_is_found(source: str) -> None:
    assert len(list(prose(ast.parse(source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "'''This file explains itself.'''",
        "def f():\n    '''A docstring is prose.'''\n    x = 1\n    '''So is this one.'''",
        "raise ValueError(f'{n} is not a number')",
        "assert x, 'a note to ourselves'",
        "re.compile('one word')",
        "freq = 'W-MON'; code = 'errors.no_such_city'; column = 'area_id'",
        "model(title=Sentence('models.drift.title'))",
        "model(title='models.drift.title', limits=())",
    ],
)
def test_what_is_no_prose_is_left_alone(source: str) -> None:
    assert list(prose(ast.parse(source))) == []


# Codes


def fields(code: str) -> set[str]:
    """What a template needs as evidence."""
    return {re.split(r"[.\[]", field)[0] for _, field, _, _ in FORMATTER.parse(template(code)) if field is not None}


def pattern(code: str) -> re.Pattern[str]:
    return re.compile(".+".join(re.escape(part) for part in code.split("{}")))


def test_every_code_in_the_source_has_its_sentence() -> None:
    named = [(relative(path), use) for path in FILES for use in uses(tree_of(path))]
    assert len(named) > 200
    missing = [
        f"{file}:{use.line}: {use.code}"
        for file, use in named
        if not any(map(pattern(use.code).fullmatch, CODES) if "{}" in use.code else [knows(use.code)])
    ]
    assert missing == []


def test_every_sentence_gets_the_evidence_that_it_names() -> None:
    wanting = [
        f"{relative(path)}:{use.line}: {use.code} needs {sorted(fields(use.code) - use.evidence)}"
        for path in FILES
        for use in uses(tree_of(path))
        if use.evidence is not None and knows(use.code) and fields(use.code) - use.evidence
    ]
    assert wanting == []


def test_no_sentence_is_written_twice() -> None:
    assert len(CODES) > 900
    assert sorted(code for code in set(CODES) if CODES.count(code) > 1) == []


def parts_of(code: str) -> set[str]:
    """What a composed code is made of: dots, what is filled in, and words of three letters or more."""
    return set(re.findall(r"\.|{}|[a-z]{3,}", code))


def test_no_sentence_is_left_over() -> None:
    written = {each for path in FILES for each in strings(tree_of(path))}
    composed = [pattern(each) for each in written if re.fullmatch(r"[a-z_.{}]*", each) and {".", "{}"} < parts_of(each)]
    unused = [
        code
        for code in CODES
        if code not in written
        and code.removeprefix("errors.") not in written
        and not any(each.fullmatch(code) for each in composed)
        and not ("{}.{}" in written and set(code.split(".")) <= written)
    ]
    assert unused == []


def placeholders(code: str) -> Iterator[tuple[str, str]]:
    for _, field, spec, _ in FORMATTER.parse(template(code)):
        if field is not None:
            yield field, spec or ""


@pytest.mark.parametrize("language", ["en", "qps"])
def test_every_template_can_be_written(language: str) -> None:
    kinds = {
        "",
        "count",
        "number",
        "percent",
        "points",
        "short",
        "date",
        "day",
        "month",
        "weekday",
        "hour",
        "list",
        "plural",
        "code",
    }
    kinds |= {"lower", "spelled", "Spelled", "age"}
    for code in CODES:
        assert template(code, language).strip(), code
        for field, spec in placeholders(code):
            kind, _, forms = spec.partition(":")
            assert field.isidentifier(), code
            assert kind in kinds or re.fullmatch(r"[,.+\d]*[dfgs%]?", spec), f"{code}: {spec}"
            assert kind not in FORMS or forms.count("|") == 1, f"{code}: English has two forms"
