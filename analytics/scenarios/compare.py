"""Compare options over the same futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import xarray as xr

from analytics.caveats import assess
from analytics.equity import group_label, group_weights
from analytics.errors import ScenarioError
from analytics.parallel import Progress, quiet
from analytics.results import Caveat, by_severity, code_version
from analytics.scenarios.comparison import Comparison, Difference
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.contract import Engine, Evidence, Lever, Measure
from analytics.scenarios.judging import MATTERS, banded, by_area, by_draw, judge, overall_verdict, reduced_periods
from analytics.scenarios.levers import levers_outside, resolved, resolved_uncertainties
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.study import Scenario, Study
from data import City, Provenance, fingerprint_of

__all__ = ["compare", "levers_of", "study_of"]

DAILY_PERIODS = 90  # a study beyond this is made at monthly frequency
DEFAULT_MONTHS = 12
MOST_PERIODS = 240
DRAWS = (100, 20_000)


def compare(
    city: City,
    scenarios: Sequence[Scenario],
    *,
    baseline: str | None = None,
    series: str | None = None,
    periods: int | None = None,
    freq: str | None = None,
    draws: int = 500,
    seed: int = 0,
    matters: Mapping[str, float] | None = None,
    primary: str | None = None,
    engines: Sequence[Engine] | None = None,
    progress: Progress = quiet,
) -> Comparison:
    """Differences, bands, probabilities and verdicts of options against a baseline, over the same futures.

    Parameters
    ----------
    scenarios : the options; equal names get a suffix. ``baseline`` names one of them (default: the first).
    series : the series that is studied (default: the city's first). ``periods`` and ``freq`` (default: 12 "MS").
    matters : for a measure, the smallest difference that matters, as a share of the baseline's mean (default 1 %).
    primary : the measure that the verdict begins with (default: the first outcome).

    Raises
    ------
    ScenarioError
        In one sentence: a lever, a measure, an engine or a study that does not fit.
    """
    named = _distinct(scenarios)
    study = study_of(city, series=series, periods=periods, freq=freq, draws=draws, seed=seed)
    study = replace(study, baseline=baseline or named[0].name, primary=primary or "", matters=dict(matters or {}))
    if study.baseline not in [each.name for each in named]:
        raise ScenarioError("no_such_scenario", name=study.baseline, names=[each.name for each in named])
    composition = compose(list(engines) if engines is not None else list(registered().values()), study)
    levers = composition.all_levers
    values = {each.name: resolved(each, levers) for each in named}
    assumed = {each.name: resolved_uncertainties(each, composition.all_uncertainties) for each in named}
    outcomes = {}
    for place, each in enumerate(named):
        progress(place / len(named), each.name)
        outcomes[each.name] = composition.run(study, values[each.name], assumed[each.name])
    return _assembled(study, named, composition, outcomes, values)


def study_of(
    city: City,
    *,
    series: str | None = None,
    periods: int | None = None,
    freq: str | None = None,
    draws: int = 500,
    seed: int = 0,
) -> Study:
    """The frame of a comparison: after the last complete period of a series, by day up to 90 days, else by month."""
    if not city.series:
        raise ScenarioError("no_series", city=city.name)
    name = series or next(iter(city.series))
    if name not in city.series:
        raise ScenarioError("no_such_series", city=city.name, name=name, names=list(city.series))
    if not DRAWS[0] <= draws <= DRAWS[1]:
        raise ScenarioError("bad_draws", draws=draws, least=DRAWS[0], most=DRAWS[1])
    source = city.series[name]
    if freq is None:
        freq = "D" if periods is not None and periods <= DAILY_PERIODS and source.freq == "D" else "MS"
    periods = DEFAULT_MONTHS if periods is None else periods
    if not 1 <= periods <= MOST_PERIODS:
        raise ScenarioError("bad_periods", periods=periods, most=MOST_PERIODS)
    panel = source if freq == source.freq else source.to_frequency(freq)
    start = pd.date_range(panel.as_of, periods=2, freq=freq)[1]
    return Study(city=city, panel=panel, start=start, periods=periods, draws=draws, seed=seed)


def levers_of(
    city: City, *, series: str | None = None, periods: int | None = None, freq: str | None = None
) -> tuple[Lever, ...]:
    """The levers that the registered engines declare for a city and series."""
    study = study_of(city, series=series, periods=periods, freq=freq)
    return compose(list(registered().values()), study).all_levers


def _distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Equal names get a suffix, so that each option can be told from the others."""
    if not scenarios:
        raise ScenarioError("no_scenarios")
    seen: dict[str, int] = {}
    named = []
    for scenario in scenarios:
        seen[scenario.name] = seen.get(scenario.name, 0) + 1
        count = seen[scenario.name]
        named.append(scenario if count == 1 else replace(scenario, name=f"{scenario.name} ({count})"))
    return tuple(named)


def _assembled(
    study: Study, scenarios: tuple[Scenario, ...], composition: Composition, outcomes: Mapping[str, dict[str, xr.DataArray]],
    values: Mapping[str, dict[str, Any]],
) -> Comparison:  # fmt: skip
    measures = composition.outcomes
    primary = study.primary or measures[0].name
    if primary not in [measure.name for measure in measures]:
        raise ScenarioError("no_such_measure", name=primary, names=[measure.name for measure in measures])
    differences, paired, areas, groups = _differences(study, scenarios, measures, outcomes)
    evidence = [engine.evidence(study) for engine in composition.engines]
    tables = (study.panel.provenance, *(table for each in evidence for table in each.made_from))
    return Comparison(
        made_from=tuple({table.fingerprint: table for table in tables}.values()),
        caveats=_caveats(study, scenarios, evidence, composition.all_levers, values, bool(groups)),
        config={"periods": study.periods, "freq": study.freq, "draws": study.draws, "primary": primary},
        seed=study.seed,
        study=study,
        scenarios=scenarios,
        baseline=study.baseline,
        differences=differences,
        verdict=overall_verdict(differences, measures, primary=primary, baseline=study.baseline),
        paired=paired,
        by_area=areas,
        by_group=groups,
        levers=composition.all_levers,
        measures=measures,
        receipt=_receipt(study, values, primary),
    )


Arrays = dict[tuple[str, str], xr.DataArray]


def _differences(
    study: Study,
    scenarios: tuple[Scenario, ...],
    measures: Sequence[Measure],
    outcomes: Mapping[str, dict[str, xr.DataArray]],
) -> tuple[tuple[Difference, ...], Arrays, Arrays, Arrays]:
    found: list[Difference] = []
    paired: Arrays = {}
    areas: Arrays = {}
    groups: Arrays = {}
    options = [each.name for each in scenarios if each.name != study.baseline]
    for measure in measures:
        before = outcomes[study.baseline][measure.name]
        for option in options:
            after = outcomes[option][measure.name]
            matters = study.matters.get(measure.name, MATTERS)
            difference, draws = judge(
                option,
                measure,
                by_draw(before, measure),
                by_draw(after, measure),
                matters=matters,
                baseline_name=study.baseline,
            )
            found.append(difference)
            paired[option, measure.name] = draws
            by_place = by_area(before, after, measure)
            if by_place is not None:
                areas[option, measure.name] = by_place
                by_group = _by_group(study, before, after, measure)
                if by_group is not None:
                    groups[option, measure.name] = by_group
    return tuple(found), paired, areas, groups


def _by_group(study: Study, before: xr.DataArray, after: xr.DataArray, measure: Measure) -> xr.DataArray | None:
    layer = study.city.areas.get(measure.layer)
    if layer is None or not layer.groups:
        return None
    weights = group_weights(layer)
    each = [(reduced_periods(array, measure).astype("float64") * weights).sum("area_id") for array in (before, after)]
    return banded(each[0], each[1], "group")


def _caveats(
    study: Study, scenarios: tuple[Scenario, ...], evidence: Sequence[Evidence], levers: tuple[Lever, ...],
    values: Mapping[str, dict[str, Any]], grouped: bool,
) -> tuple[Caveat, ...]:  # fmt: skip
    outside = [
        entry
        for each in scenarios
        if each.name != study.baseline
        for entry in levers_outside(each.name, values[each.name], levers)
    ]
    facts: dict[str, Any] = {"levers_outside": outside}
    for each in evidence:
        facts |= each.facts
    layer = study.city.areas.get(study.panel.layer)
    if layer is not None and (grouped or layer.absent_groups):
        facts |= {"groups": _labels(layer.groups), "groups_absent": _labels(layer.absent_groups)}
    tables: tuple[Provenance, ...] = (study.panel.provenance, *(table for each in evidence for table in each.made_from))
    inherited = [caveat for each in evidence for caveat in each.caveats if caveat.code != "synthetic_data"]
    return by_severity([*inherited, *assess(made_from=tables, **facts)])


def _labels(groups: Sequence[str]) -> list[str]:
    return [group_label(group).lower() for group in groups]


def _receipt(study: Study, values: Mapping[str, dict[str, Any]], primary: str) -> str:
    """Eight letters and digits that stand for inputs, code and configuration: the same again give the same."""
    asked = (study.panel.name, study.start, study.periods, study.freq, study.draws, study.seed, study.baseline, primary)
    judged = sorted(study.matters.items())
    content = [sorted((name, sorted(levers.items(), key=str)) for name, levers in values.items())]
    digest = fingerprint_of(study.city.fingerprint, code_version(), asked, judged, content)
    return f"{digest[:4]}-{digest[4:8]}".upper()
