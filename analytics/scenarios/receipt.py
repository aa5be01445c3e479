"""The receipt of a comparison: the same again give the same, anything else another."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.forecasting.registry import models
from analytics.results import code_version
from analytics.scenarios.contract import Answers, Engine
from analytics.scenarios.options import Option
from analytics.scenarios.study import Study
from data import Provenance, fingerprint_of

__all__ = ["receipt_of"]


def receipt_of(
    study: Study, engines: Sequence[Engine], options: Sequence[Option], tables: Sequence[Provenance], *, primary: str
) -> str:
    """Eight letters and digits that stand for inputs, code, configuration and the terms of a comparison.

    Parameters
    ----------
    study : what is compared, where and when.
    engines : those that ran.
    options : with all of their levers. One that was added goes by no name: its name is in the language of the reader.
    tables : what was read.
    primary : the measure that the verdict begins with.

    Returns
    -------
    str
        Such as "3F2A-90BC".
    """
    names = {option.name: "" if option.added else option.name for option in options}
    asked = (sorted(study.about.items()), study.start, study.periods, study.freq, study.draws, study.seed)
    judged = (names[study.baseline], primary, sorted(study.matters.items()))
    absent = _conditional(engines)
    content = [
        (
            names[option.name],
            sorted(((name, value) for name, value in option.levers.items() if value or name not in absent), key=str),
            sorted(option.assumed.items()),
        )
        for option in sorted(options, key=lambda option: names[option.name])
    ]
    versions = [(engine.name, engine.version) for engine in engines]
    known = sorted((name, model.version) for name, model in models().items())
    inputs = (study.city.fingerprint, [table.fingerprint for table in tables])
    digest = fingerprint_of(inputs, code_version(), asked, judged, content, versions, known, *_terms(study))
    return f"{digest[:4]}-{digest[4:8]}".upper()


def _conditional(engines: Sequence[Engine]) -> set[str]:
    """Levers that may not be declared: at rest they are what they are where nobody declares them."""
    questions = [each for engine in engines if isinstance(engine, Answers) for each in engine.questions]
    return {name for each in questions for name in each.conditional}


def _terms(study: Study) -> tuple[object, ...]:
    """What counts; what is assumed for all stands in the levers of the options."""
    terms = study.terms
    region = None if terms.region is None else (terms.region.layer, sorted(terms.region.area_ids))
    money = (terms.discount_rate, terms.later_rates, terms.appraisal_years, terms.budget, sorted(terms.worth.items()))
    return (study.question, region, money)
