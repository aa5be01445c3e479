"""The case against the choice: what would flip it soonest, what it needs, the gravest caveat, and who loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.equity import EVERYONE, group_within
from analytics.results import Severity
from analytics.scenarios.comparison import Comparison
from analytics.scenarios.measure import AREA
from analytics.scenarios.mind.gains import Trial
from analytics.scenarios.mind.results import Needed, Objection
from analytics.scenarios.mind.tipping import Tipping
from analytics.scenarios.mind.words import foremost, tipping_words
from analytics.scenarios.setting import Setting
from analytics.scenarios.study import Study
from analytics.scenarios.values import Choice
from analytics.scenarios.verdict import TOWARDS
from data.words import Sentence, Words

__all__ = ["needed_of", "objection_of"]

MOST = 12  # ids that are taken out one by one
MOST_NAMES = 3


def needed_of(setting: Setting, trial: Trial, leader: str) -> tuple[Needed, ...]:
    """Whether the leader still leads without each id that it chooses beyond today's.

    Parameters
    ----------
    setting, trial : the comparison.
    leader : the option that does best.

    Returns
    -------
    tuple of Needed
        Those first without which most of the lead is lost; none where it chooses one more than today, or none.
    """
    option = next(each for each in setting.options if each.name == leader)
    names = _names(setting.study)
    whole, found = trial.gains({}).lead(leader), []
    for lever in setting.composition.levers:
        kind, value = lever.kind, option.levers[lever.name]
        if not isinstance(kind, Choice) or not isinstance(value, tuple) or not isinstance(lever.rest, tuple):
            continue
        chosen = [str(each) for each in value]
        added = [each for each in chosen if each not in lever.rest][:MOST]
        for key in added if len(added) > 1 else ():
            left = tuple(each for each in chosen if each != key)
            if len(left) < kind.at_least:
                continue
            without = replace(option, levers={**option.levers, lever.name: left})
            options = tuple(without if each.name == leader else each for each in setting.options)
            lead = (
                replace(trial, setting=replace(setting, options=options), _seen={}, _values={}).gains({}).lead(leader)
            )
            lost = (whole - lead) / whole if whole > 0 else 0.0
            found.append(Needed(key, names.get(key, key), lead > 0, lost))
    return tuple(sorted(found, key=lambda each: -each.lost))


def objection_of(comparison: Comparison, tippings: Sequence[Tipping], leader: str) -> Objection:
    """The case against the choice in sentences.

    Parameters
    ----------
    comparison : with its caveats, groups and areas.
    tippings : in the order in which they are told.
    leader : the option that does best.

    Returns
    -------
    Objection
        Each part says so where there is nothing to say.
    """
    first = foremost(tippings)
    flip: Words = Sentence("mind.nothing_flips", {"option": leader}) if first is None else tipping_words(first, leader)
    grave = next((each for each in comparison.caveats if each.code != "synthetic_data"), None)
    about: Words = Sentence("mind.no_caveat")
    if grave is not None:
        word = Sentence(f"severity.{Severity(grave.severity).value}")
        about = Sentence(
            "mind.gravest", {"word": word, "caveat": Sentence(f"caveats.{grave.code}.sentence", grave.evidence)}
        )
    return Objection(flip, about, tuple(_losers(comparison, leader)))


def _losers(comparison: Comparison, leader: str) -> list[Words]:
    """Groups and areas that are worse off beyond noise, and measures on which the choice is worse."""
    found: list[Words] = []
    for part, dimension in ((comparison.by_group, "group"), (comparison.by_area, AREA)):
        array = part.get((leader, comparison.by_place))
        if array is None:
            continue
        placed = comparison.measure(comparison.by_place)
        towards = TOWARDS[placed.direction]
        low, high = (towards * array.sel(stat=stat).to_series() for stat in ("low95", "high95"))
        mean = (towards * array.sel(stat="mean").to_series())[(low < 0) & (high < 0)].sort_values()
        if dimension == "group":
            groups: list[Words] = [group_within(str(each)) for each in mean.index if str(each) != EVERYONE]
            found += [Sentence("mind.group_loses", {"groups": groups, "measure": placed.title})] if groups else []
        elif len(mean):
            names = _names_of_areas(comparison.study, placed.layer)
            worst = [names.get(str(each), str(each)) for each in mean.index[:MOST_NAMES]]
            about = {"n": len(mean), "of": len(low), "areas": worst, "measure": placed.title}
            found.append(Sentence("mind.areas_lose", about))
    worse: list[Words] = [
        Sentence("amounts.inside", {"text": each.title})
        for each in comparison.differences
        if each.option == leader and each.verdict == "worse"
    ]
    found += [Sentence("mind.worse_on", {"measures": worse})] if worse else []
    return found or [Sentence("mind.nobody_loses")]


def _names(study: Study) -> dict[str, str]:
    """What people call the ids of the table that is studied."""
    found: dict[str, str] = {}
    for kind, name in study.about.items():
        frame = getattr(study.city.of(kind).get(name), "frame", None)
        if frame is not None and "name" in frame:
            found |= {str(key): str(value) for key, value in frame["name"].items()}
    return found


def _names_of_areas(study: Study, layer: str) -> dict[str, str]:
    areas = study.city.areas.get(layer)
    return {} if areas is None else {str(key): str(value) for key, value in areas.frame["name"].items()}
