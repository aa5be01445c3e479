"""The recipe of a comparison: all that is needed to make it again elsewhere, what it was made of, and what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from analytics.errors import ScenarioError
from analytics.forecasting.registry import models
from analytics.requests import CityRequest, ComparisonRequest
from analytics.results import calculating_files, code_version
from analytics.scenarios import Comparison, Scenario, Terms
from analytics.scenarios.registry import engines
from data import fingerprint_of
from data.words import text

__all__ = ["Answer", "Asked", "Found", "Made", "Recipe", "plain_recipe", "read_recipe", "recipe_of", "request_of"]

ON_NO_TERMS = Terms()
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
    """What a comparison was made of: fingerprints of tables and of files that calculate, versions, and the first period."""

    start: str
    city: str
    tables: Mapping[str, str]
    engines: Mapping[str, str]
    models: Mapping[str, str]
    code_version: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """One difference as it came out, rounded."""

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
    """A comparison as it can be made again; ``receipt`` is its code."""

    receipt: str
    asked: Asked
    made: Made
    answer: Answer


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
        study.city.key, tuple(map(_plain_scenario, request.scenarios)), request.question, request.subject, request.terms,
        request.series, request.periods, None if request.freq is None else str(request.freq), request.draws, request.seed,
    )  # fmt: skip
    made = Made(
        start=study.start.isoformat(),
        city=study.city.fingerprint,
        tables={each.name: each.fingerprint for each in found.made_from},
        engines={name: each.version for name, each in engines().items()},
        models={name: each.version for name, each in models().items()},
        code_version=code_version(),
        files=_digests(),
    )
    return Recipe(found.receipt, asked, made, answer_of(found))


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
    numbers = [(each.measure, each.median, each.low95, each.high95, each.better, each.worse) for each in differences]
    return Answer(text(found.verdict), found.study.draws, differences, fingerprint_of(*numbers)[:16])


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


def read_recipe(content: Any) -> Recipe:
    """The recipe in plain values.

    Raises
    ------
    ScenarioError
        When they are none.
    """
    try:
        return RECIPES.validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise ScenarioError(
            "not_a_recipe", key=".".join(map(str, first["loc"])) or "receipt", why=str(first["msg"])
        ) from error


def _plain_scenario(scenario: Scenario) -> Scenario:
    return Scenario(scenario.name, _plain(scenario.levers), _plain(scenario.uncertainties), scenario.rationale)


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
