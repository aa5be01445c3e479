"""The recipe of a comparison: all that is needed to make it again elsewhere, what it was made of, and what came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from analytics.forecasting.registry import models
from analytics.recipes.environment import library_versions
from analytics.requests import CityRequest, ComparisonRequest
from analytics.results import calculating_files, code_version
from analytics.scenarios import Comparison, Scenario, Terms
from analytics.scenarios.options import distinct
from data import Provenance, fingerprint_of
from data.words import text

__all__ = [
    "Answer",
    "Asked",
    "Found",
    "Made",
    "Recipe",
    "answer_of",
    "digest_of",
    "marks_of",
    "plain_recipe",
    "recipe_of",
    "request_of",
    "settings_of",
]

ON_NO_TERMS = Terms()
ABOUT = tuple(each for each in Terms.__dataclass_fields__ if each not in ("circumstances", "worth"))
MOST_EXACT = 2**53  # whole numbers up to this are floats without loss
DIGITS = 9  # significant ones that outputs are compared by: the last ones differ between processors


@dataclass(frozen=True)
class Asked:
    """What was asked, as a ``ComparisonRequest`` without where the city's files lie."""

    city: str
    scenarios: tuple[Scenario, ...]
    question: str | None = None
    subject: str | None = None
    terms: Terms = ON_NO_TERMS
    series: str | None = None
    periods: int | None = None
    freq: str | None = None
    draws: int = 500
    seed: int = 0


@dataclass(frozen=True)
class Made:
    """What a comparison was made of: fingerprints of tables and of files that calculate, versions, and the first period.

    ``engines`` are those that ran. ``libraries`` may be absent from a recipe of an earlier version.
    """

    start: str
    city: str
    tables: Mapping[str, str]
    engines: Mapping[str, str]
    models: Mapping[str, str]
    code_version: str
    files: Mapping[str, str]
    libraries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One difference as it came out, rounded."""

    __pydantic_config__ = ConfigDict(ser_json_inf_nan="strings")  # where a measure has no value, JSON has no number

    option: str
    measure: str
    median: float
    low95: float
    high95: float
    better: int
    worse: int
    verdict: str


@dataclass(frozen=True)
class Answer:
    """What came out: the verdict in words, each difference, and a digest of these numbers."""

    verdict: str
    draws: int
    differences: tuple[Found, ...]
    digest: str


@dataclass(frozen=True)
class Recipe:
    """A comparison as it can be made again; ``receipt`` is its code.

    ``marks`` holds a mark of each thing that was asked, by which is told what somebody changed in it since.
    """

    receipt: str
    asked: Asked
    made: Made
    answer: Answer
    marks: Mapping[str, str] = field(default_factory=dict)


RECIPES = TypeAdapter(Recipe)


def recipe_of(request: ComparisonRequest, found: Comparison) -> Recipe:
    """How a comparison was made, and what came out.

    Parameters
    ----------
    request : that it answers.
    found : the comparison.

    Returns
    -------
    Recipe
        Plain values through and through; it names the city by its key.
    """
    study = found.study
    asked = Asked(
        city=study.city.key,
        scenarios=tuple(map(_plain_scenario, request.scenarios)),
        question=request.question,
        subject=request.subject,
        terms=_plain_terms(request.terms),
        series=request.series,
        periods=request.periods,
        freq=None if request.freq is None else str(request.freq),
        draws=request.draws,
        seed=request.seed,
    )
    made = Made(
        start=study.start.isoformat(),
        city=study.city.fingerprint,
        tables=_fingerprints(found.made_from),
        engines=dict(found.config["engines"]),
        models={name: each.version for name, each in models().items()},
        code_version=code_version(),
        files=_digests(),
        libraries=library_versions(),
    )
    return Recipe(found.receipt, asked, made, answer_of(found), marks_of(asked))


def answer_of(found: Comparison) -> Answer:
    """What came out of a comparison, rounded, with a digest."""
    differences = tuple(
        Found(
            option=each.option,
            measure=each.measure,
            median=_rounded(each.median),
            low95=_rounded(each.low95),
            high95=_rounded(each.high95),
            better=each.better,
            worse=each.worse,
            verdict=each.verdict,
        )
        for each in found.differences
    )
    return Answer(text(found.verdict), found.study.draws, differences, digest_of(differences))


def digest_of(differences: Sequence[Found]) -> str:
    """A digest of the numbers; names of options are no part of it, one of which may be in the reader's language."""
    numbers = [(each.measure, each.median, each.low95, each.high95, each.better, each.worse) for each in differences]
    return fingerprint_of(*numbers)[:16]


def request_of(recipe: Recipe, city: CityRequest) -> ComparisonRequest:
    """The same question asked again of a city.

    Parameters
    ----------
    recipe : of an earlier comparison.
    city : the city as it can be opened here.

    Returns
    -------
    ComparisonRequest
        Equal in all but where the city lies.
    """
    asked = recipe.asked
    return ComparisonRequest(
        city, scenarios=asked.scenarios, question=asked.question, subject=asked.subject, terms=asked.terms,
        series=asked.series, periods=asked.periods, freq=asked.freq, draws=asked.draws, seed=asked.seed,
    )  # fmt: skip


def plain_recipe(recipe: Recipe) -> dict[str, Any]:
    """A recipe as values that JSON has."""
    found: dict[str, Any] = RECIPES.dump_python(recipe, mode="json")
    return found


def settings_of(asked: Asked) -> dict[tuple[str, ...], Any]:
    """Each single thing that was asked, by where it stands: a lever of an option by the option and the lever's name.

    Parameters
    ----------
    asked : of a recipe.

    Returns
    -------
    dict
        Plain values. The keys begin with "option" (its name and where in it), "terms" or the name of a field.
    """
    found: dict[tuple[str, ...], Any] = {}
    for option in distinct(asked.scenarios):
        for part in ("levers", "uncertainties"):
            for path, value in _leaves(getattr(option, part)):
                found["option", option.name, ".".join(path)] = value
        found |= {("option", option.name, "rationale"): option.rationale} if option.rationale else {}
    for part in ("circumstances", "worth"):
        found |= {("terms", ".".join(path)): value for path, value in _leaves(getattr(asked.terms, part))}
    region = asked.terms.region
    plain = {name: getattr(asked.terms, name) for name in ABOUT} | {
        "region": None if region is None else (region.layer, *sorted(region.area_ids))
    }
    found |= {("terms", name): _plain(value) for name, value in plain.items()}
    names = ("city", "question", "subject", "series", "periods", "freq", "draws", "seed")
    return found | {("options",): [each.name for each in asked.scenarios]} | {(n,): getattr(asked, n) for n in names}


def marks_of(asked: Asked) -> dict[str, str]:
    """A mark of each single thing that was asked."""
    return {"/".join(path): fingerprint_of(_settled(value))[:8] for path, value in settings_of(asked).items()}


def _plain_scenario(scenario: Scenario) -> Scenario:
    return Scenario(scenario.name, _plain(scenario.levers), _plain(scenario.uncertainties), scenario.rationale)


def _plain_terms(terms: Terms) -> Terms:
    return replace(terms, circumstances=_plain(terms.circumstances), worth=_plain(terms.worth))


def _plain(value: Any) -> Any:
    """Mappings, sequences and sets as dicts and lists, a set in order."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value))
    return [_plain(each) for each in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS - 1}e}")


@cache
def _digests() -> dict[str, str]:
    return {path: fingerprint_of(content)[:12] for path, content in calculating_files().items()}


def _leaves(value: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What stands in tables within tables, each with its way down; a list is one thing."""
    for key, each in value.items():
        if isinstance(each, Mapping):
            yield from _leaves(each, (*above, str(key)))
        else:
            yield (*above, str(key)), _plain(each)


def _settled(value: Any) -> Any:
    """The same for 1 and 1.0, which JSON and TOML may turn into each other."""
    if isinstance(value, list):
        return [_settled(each) for each in value]
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_EXACT
    return float(value) if whole else value


def _fingerprints(tables: Sequence[Provenance]) -> dict[str, str]:
    """By name; of tables of two kinds that share one, the second is numbered."""
    found: dict[str, str] = {}
    for table in tables:
        numbered = (f"{table.name} ({count})" for count in range(2, len(tables) + 2))
        name = next(each for each in (table.name, *numbered) if each not in found)
        found[name] = table.fingerprint
    return found
