"""Compare options over the same futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import xarray as xr

from analytics.caveats import assess
from analytics.equity import group_within
from analytics.errors import ScenarioError
from analytics.forecasting.registry import models as registered_models
from analytics.parallel import Progress, quiet
from analytics.results import Caveat, by_severity, code_version
from analytics.scenarios.comparison import Comparison, Difference
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.contract import Engine, Evidence, Lever
from analytics.scenarios.levers import levers_outside, resolved, resolved_uncertainties
from analytics.scenarios.measure import AREA, Measure
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.study import Scenario, Study
from analytics.scenarios.verdict import MATTERS, banded, judge, overall_verdict
from data import City, Provenance, Series, fingerprint_of
from data.frequency import Frequency
from data.words import Words

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
    freq: Frequency | str | None = None,
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
    primary : the measure that the verdict begins with (default: demand, else the first outcome).

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
    composition.prepare(study, progress=progress)
    outcomes = {}
    for place, each in enumerate(named):
        progress(place / len(named), each.name)
        outcomes[each.name] = composition.run(study, values[each.name], assumed[each.name])
    return _assembled(study, named, composition, outcomes, values, assumed)


def study_of(
    city: City,
    *,
    series: str | None = None,
    periods: int | None = None,
    freq: Frequency | str | None = None,
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
    freq = freq or _usual_frequency(source, periods)
    allowed = list(dict.fromkeys((source.freq, *((Frequency.MONTH,) if source.freq is not Frequency.YEAR else ()))))
    if freq not in allowed:
        raise ScenarioError("bad_frequency", series=source.title, freq=freq, allowed=allowed)
    freq = Frequency(freq)
    periods = DEFAULT_MONTHS if periods is None else periods
    most = DAILY_PERIODS if freq is Frequency.DAY else MOST_PERIODS
    if not 1 <= periods <= most:
        raise ScenarioError("bad_periods", periods=periods, most=most)
    end = source.as_of + source.freq.offset
    if len(pd.date_range(source.values.index[0], end, freq=freq)) < 2:  # the starts of a whole period and of the next
        raise ScenarioError("no_whole_study_period", series=source.title, freq=freq, allowed=allowed)
    panel = source if freq is source.freq else source.to_frequency(freq)
    start = pd.date_range(panel.as_of, periods=2, freq=freq)[1]
    return Study(city=city, panel=panel, start=start, periods=periods, draws=draws, seed=seed)


def _usual_frequency(source: Series, periods: int | None) -> Frequency:
    """Months; the series' own periods where it has longer ones, or where a short study of days is asked for."""
    short = source.freq is Frequency.DAY and periods is not None and periods <= DAILY_PERIODS
    return source.freq if short or source.freq is Frequency.YEAR else Frequency.MONTH


def levers_of(
    city: City, *, series: str | None = None, periods: int | None = None, freq: Frequency | str | None = None
) -> tuple[Lever, ...]:
    """The levers that the registered engines declare for a city and series."""
    study = study_of(city, series=series, periods=periods, freq=freq)
    return compose(list(registered().values()), study).all_levers


def _distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Equal names get a suffix, so that each option can be told from the others."""
    if not scenarios:
        raise ScenarioError("no_scenarios")
    named: list[Scenario] = []
    for scenario in scenarios:
        taken = {each.name for each in named}
        numbered = (f"{scenario.name} ({count})" for count in range(2, len(scenarios) + 2))
        name = next(name for name in (scenario.name, *numbered) if name not in taken)
        named.append(replace(scenario, name=name))
    return tuple(named)


def _assembled(
    study: Study, scenarios: tuple[Scenario, ...], composition: Composition, outcomes: Mapping[str, dict[str, xr.DataArray]],
    values: Mapping[str, dict[str, Any]], assumed: Mapping[str, dict[str, Any]],
) -> Comparison:  # fmt: skip
    measures = composition.outcomes
    names = [measure.name for measure in measures]
    primary = study.primary or ("demand" if "demand" in names else names[0])
    if primary not in names:
        raise ScenarioError("no_such_measure", name=primary, names=names)
    differences, paired, areas, groups = _differences(study, scenarios, measures, outcomes)
    moved = {
        lever.name for lever in composition.all_levers for each in values.values() if each[lever.name] != lever.default
    }
    agreed = {
        each.name
        for each in composition.all_uncertainties
        if all(known[each.name] is not None for known in assumed.values())
    }
    evidence = [engine.evidence(study, moved=moved, assumed=agreed) for engine in composition.engines]
    tables = (study.panel.provenance, *(table for each in evidence for table in each.made_from))
    return Comparison(
        made_from=tuple({repr(table): table for table in tables}.values()),
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
        receipt=_receipt(study, composition, values, assumed, primary=primary),
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
        layer = study.city.areas.get(measure.layer)
        before = outcomes[study.baseline][measure.name]
        for option in options:
            after = outcomes[option][measure.name]
            each = [measure.reduced(array, areas=layer).astype("float64") for array in (before, after)]
            matters = study.matters.get(measure.name, MATTERS)
            difference, draws = judge(option, measure, *each, matters=matters, baseline_name=study.baseline)
            found.append(difference)
            paired[option, measure.name] = draws
            if before.sizes.get(AREA, 0) > 1:
                each = [
                    measure.reduced(array, keep=(AREA,), areas=layer).astype("float64") for array in (before, after)
                ]
                areas[option, measure.name] = banded(*each, dimension=AREA, measure=measure, whole=difference)
                if layer is not None and layer.groups:
                    each = [measure.by_group(array, layer) for array in (before, after)]
                    groups[option, measure.name] = banded(*each, dimension="group", measure=measure, whole=difference)
    return tuple(found), paired, areas, groups


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
    layer = study.city.areas.get(study.panel.layer)
    if layer is not None and (grouped or layer.absent_groups):
        facts |= {"groups": _labels(layer.groups), "groups_absent": _labels(layer.absent_groups)}
    tables: tuple[Provenance, ...] = (study.panel.provenance, *(table for each in evidence for table in each.made_from))
    # Engine by engine: one engine's facts must not stand in for another's.
    own = [caveat for each in evidence for caveat in (*each.caveats, *assess(**each.facts))]
    inherited = [caveat for caveat in own if caveat.code != "synthetic_data"]
    return by_severity([*inherited, *assess(made_from=tables, **facts)])


def _labels(groups: Sequence[str]) -> list[Words]:
    return [group_within(group) for group in groups]


def _receipt(
    study: Study, composition: Composition, values: Mapping[str, dict[str, Any]],
    assumed: Mapping[str, dict[str, Any]], *, primary: str,
) -> str:  # fmt: skip
    """Eight letters and digits that stand for inputs, code and configuration: the same again give the same."""
    asked = (study.panel.name, study.start, study.periods, study.freq, study.draws, study.seed, study.baseline, primary)
    judged = sorted(study.matters.items())
    content = [
        (name, sorted(levers.items(), key=str), sorted(assumed[name].items()))
        for name, levers in sorted(values.items())
    ]
    engines = [(engine.name, engine.version) for engine in composition.engines]
    models = sorted((name, model.version) for name, model in registered_models().items())
    digest = fingerprint_of(study.city.fingerprint, code_version(), asked, judged, content, engines, models)
    return f"{digest[:4]}-{digest[4:8]}".upper()
