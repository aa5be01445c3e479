"""Checks of what an engine gives: its form, and what else a run does."""

from __future__ import annotations

import pickle

import numpy as np
import xarray as xr

from analytics.caveats import RULES
from analytics.scenarios.calling import Results
from analytics.scenarios.checks.named import Evidence, check
from analytics.scenarios.checks.trial import DRAWS, KINDS, MORE_DRAWS, Trial, altered
from analytics.scenarios.contract import Evidence as Grounds
from analytics.scenarios.measure import AREA
from data import Provenance

__all__: list[str] = []

MOST_SECONDS = 5.0  # of a run of a hundred draws on a small city: an official waits for every move of a lever
FOREIGN = "foreign.lever"


def differing(first: Results, second: Results, *, draws: int | None = None) -> list[str]:
    """The measures whose values are not the same to the last bit.

    Parameters
    ----------
    first, second : results of two runs.
    draws : how many of the first draws are compared; None is all.

    Returns
    -------
    Names of measures; none when all are the same.
    """
    names = []
    for name, array in first.items():
        mine, other = (each.transpose(*array.dims).to_numpy() for each in (array, second[name]))
        axis = array.dims.index("draw")
        ours, theirs = (each.take(range(draws or each.shape[axis]), axis=axis) for each in (mine, other))
        names += [] if ours.shape == theirs.shape and (ours == theirs).all() else [name]
    return names


# The form of the answer, before anyone else checks it


@check
def measures_as_promised(trial: Trial) -> Evidence:
    got, wanted = set(trial.ordinary.results), {each.name for each in trial.declared.writes}
    return None if got == wanted else {"got": sorted(got), "wanted": sorted(wanted)}


@check
def arrays(trial: Trial) -> Evidence:
    names = [name for name, each in trial.ordinary.results.items() if not isinstance(each, xr.DataArray)]
    names += [name for name, each in trial.ordinary.results.items() if getattr(each, "dtype", None) not in _FLOATS]
    return {"names": sorted(set(names))} if names else None


_FLOATS = (np.dtype("float32"), np.dtype("float64"))


@check
def dimensions(trial: Trial) -> Evidence:
    for measure in trial.declared.writes:
        got = [str(each) for each in trial.ordinary.results[measure.name].dims]
        wanted = ["draw", *measure.over]
        if set(got) != set(wanted):
            return {"measure": measure.name, "got": got, "wanted": wanted}
    return None


@check
def every_draw(trial: Trial) -> Evidence:
    for name, array in trial.ordinary.results.items():
        if array.sizes["draw"] != DRAWS:
            return {"measure": name, "got": array.sizes["draw"], "wanted": DRAWS}
    return None


@check
def finite(trial: Trial) -> Evidence:
    names = [name for name, each in trial.ordinary.results.items() if not np.isfinite(each.to_numpy()).all()]
    return {"names": names} if names else None


@check
def areas_are_known(trial: Trial) -> Evidence:
    for measure in trial.declared.writes:
        layer = trial.city.areas.get(measure.layer)
        if AREA in measure.over and layer is not None:
            ids = {str(each) for each in trial.ordinary.results[measure.name].get_index(AREA)}
            unknown = ids - {str(each) for each in layer.frame.index}
            if unknown:
                return {"measure": measure.name, "layer": measure.layer, "names": sorted(unknown)}
    return None


@check
def periods_are_the_studys(trial: Trial) -> Evidence:
    for name, array in trial.ordinary.results.items():
        if "period" in array.dims and not array.get_index("period").equals(trial.study.index):
            return {"measure": name, "first": trial.study.index[0], "n": trial.study.periods}
    return None


@check
def reduces_to_one_number(trial: Trial) -> Evidence:
    for measure in trial.declared.writes:
        layer = trial.city.areas.get(measure.layer)
        whole = measure.reduced(trial.ordinary.results[measure.name], areas=layer)
        if whole.dims != ("draw",) or not np.isfinite(whole.to_numpy()).all():
            return {"measure": measure.name}
    return None


# What else a run does


@check
def upstream_untouched(trial: Trial) -> Evidence:
    return {"names": list(trial.ordinary.touched)} if trial.ordinary.touched else None


@check
def global_random_untouched(trial: Trial) -> Evidence:
    return {} if trial.ordinary.random_moved else None


@check
def prints_nothing(trial: Trial) -> Evidence:
    return {"printed": trial.ordinary.printed.strip()[:60]} if trial.ordinary.printed.strip() else None


@check
def quick(trial: Trial) -> Evidence:
    seconds = min(trial.ordinary.seconds, trial.watch().seconds)
    return {"seconds": seconds, "most": MOST_SECONDS} if seconds > MOST_SECONDS else None


# Chance


@check
def same_seed_same_answer(trial: Trial) -> Evidence:
    names = differing(trial.ordinary.results, trial.watch().results)
    return {"names": names} if names else None


@check
def other_seed_other_futures(trial: Trial) -> Evidence:
    """What varies over the draws varies with the seed too; what does not is the same for all."""
    other = trial.watch(study=trial.study_with(seed=trial.seed + 1)).results
    moved = differing(trial.ordinary.results, other)
    # Greatest against least, not a standard deviation: of equal numbers that is above 0 where their mean is rounded.
    results = trial.ordinary.results.items()
    varying = [name for name, each in results if bool((each.max("draw") > each.min("draw")).any())]
    names = [name for name in varying if name not in moved]
    return {"names": names} if names else None


@check
def more_draws_keep_the_earlier(trial: Trial) -> Evidence:
    many = trial.watch(study=trial.study_with(draws=MORE_DRAWS)).results
    names = differing(trial.ordinary.results, many, draws=DRAWS)
    return {"names": names} if names else None


@check
def pickles(trial: Trial) -> Evidence:
    back = pickle.loads(pickle.dumps(trial.engine))  # noqa: S301 - our own bytes
    names = differing(trial.ordinary.results, trial.watch(engine=back).results)
    return {"names": names} if names else None


# What it depends on


@check
def tables_through_the_study(trial: Trial) -> Evidence:
    """A table that it did not ask the study for changes nothing: else results would be kept that are no longer true."""
    asked = {(kind, name) for kind, name, _ in (*trial.asked_declaring, *trial.ordinary.asked)}
    asked |= {(kind, name) for kind, name, _ in trial.asked_upstream}
    upstream = trial.upstream(trial.study)
    for kind in KINDS:
        for name in trial.city.of(kind):
            if (kind, name) not in asked:
                study = trial.study_with(city=altered(trial.city, kind, name))
                found = trial.watch(study=study, given_upstream=upstream).results
                if differing(trial.ordinary.results, found):
                    return {"kind": kind, "name": name}
    return None


@check
def what_is_foreign_changes_nothing(trial: Trial) -> Evidence:
    """Levers and measures of other engines are not for it to look at."""
    foreign = {**trial.levers(), FOREIGN: 1.0}
    more = {"foreign_measure": xr.DataArray(np.ones(DRAWS), dims="draw")}
    names = differing(trial.ordinary.results, trial.watch(foreign, more_upstream=more).results)
    return {"names": names} if names else None


# What its results rest on


@check
def evidence_is_known(trial: Trial) -> Evidence:
    moved = [each.name for each in trial.declared.levers]
    found: object = trial.engine.evidence(trial.study, moved=moved, assumed=())
    if not isinstance(found, Grounds):
        return {"names": [type(found).__name__]}
    unknown = [getattr(each, "code", "?") for each in found.caveats if getattr(each, "code", "?") not in RULES]
    unknown += [type(each).__name__ for each in found.made_from if not isinstance(each, Provenance)]
    return {"names": unknown} if unknown else None
