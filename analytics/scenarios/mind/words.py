"""What would change our mind, in words: every number of it as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analytics.scenarios.amounts import SHARE, amount
from analytics.scenarios.measure import Measure
from analytics.scenarios.mind.boxes import Box
from analytics.scenarios.mind.factors import Factor
from analytics.scenarios.mind.results import BreakEven, Mind
from analytics.scenarios.mind.sensitivity import Sweep
from analytics.scenarios.mind.tipping import Edge, Tipping
from data.words import Sentence, Words

__all__ = ["foremost", "gain_words", "headline_of", "sentences_of", "tipping_words", "value_words"]

TELLING = 0.005  # of the doubt: less is none
SURE = 0.0005  # below one in 1,000 a chance is told as that


def value_words(value: float, unit: Words) -> Sentence:
    """A value of a factor in its unit.

    Parameters
    ----------
    value : in the unit.
    unit : "share" is told in per cent.

    Returns
    -------
    Sentence
        Such as "2.6 m".
    """
    return amount(value, unit)


def gain_words(value: float, unit: Words) -> Sentence:
    """What is gained, in its unit; of shares in points.

    Parameters
    ----------
    value : in the unit.
    unit : of the measure, or the city's money.

    Returns
    -------
    Sentence
        Such as "12 points".
    """
    return Sentence("amounts.points", {"value": value}) if unit == SHARE else amount(value, unit)


def _ends(low: float, high: float, unit: Words) -> dict[str, Sentence]:
    """The ends of an interval after a value in its unit: bare, or in points."""
    bare = unit if unit == SHARE else ""
    return {"low": gain_words(low, bare), "high": gain_words(high, bare)}


def headline_of(found: Mind) -> Sentence:
    """The finding: what would change the choice first, or that nothing would."""
    first = foremost(found.tippings)
    if first is not None:
        return tipping_words(first, found.leader)
    if found.lead <= 0:
        return Sentence("mind.no_leader", {"option": found.leader, "rival": found.rival, "measure": found.title})
    about = {"option": found.leader, "n": sum(each.matters for each in found.tippings), "measure": found.title}
    return Sentence("mind.nothing_alone" if found.fails else "mind.nothing_changes", about)


def foremost(tippings: Sequence[Tipping]) -> Tipping | None:
    """What changes the choice soonest of all that is not ours to choose; None where nothing does."""
    return next((each for each in tippings if each.edges and each.kind != "lever"), None)


def tipping_words(tipping: Tipping, leader: str) -> Sentence:
    """What one thing has to do with the choice, in one sentence.

    Parameters
    ----------
    tipping : with its edges.
    leader : the option that does best as things are taken to stand.

    Returns
    -------
    Sentence
        With how likely that is, or what history shows of it.
    """
    about = {"option": leader, "title": tipping.title}
    if not tipping.edges:
        low, high = (value_words(each, tipping.unit) for each in (tipping.low, tipping.high))
        return Sentence("mind.never" if tipping.matters else "mind.no_matter", {**about, "low": low, "high": high})
    edge = tipping.nearest
    assert edge is not None
    about |= {"value": value_words(edge.value, tipping.unit), "rival": edge.rival, "odds": _odds(tipping, edge)}
    return Sentence("mind.tips_above" if edge.above else "mind.tips_below", about)


def _odds(tipping: Tipping, edge: Edge) -> Words:
    """How likely it lies beyond an edge; else whether history ever did."""
    if tipping.kind == "lever":
        return Sentence("mind.ours")
    if edge.chance is not None:
        code = "mind.odds" if edge.chance >= SURE else "mind.odds_none"
        return Sentence(code, {"share": edge.chance})
    seen = tipping.seen
    if seen is None or seen[0] >= seen[1]:
        return Sentence("mind.odds_unknown")
    inside = seen[0] <= edge.value <= seen[1]
    low, high = (value_words(each, tipping.unit) for each in seen)
    return Sentence("mind.seen" if inside else "mind.never_seen", {"low": low, "high": high})


def sentences_of(
    found: Mind, *, measures: Sequence[Measure], swept: Sweep | None, value: Callable[[Factor, float], float]
) -> dict[str, tuple[Words, ...]]:
    """All of it in sentences, by part.

    Parameters
    ----------
    found : the answer.
    measures : that are judged and have a better side.
    swept : the settings of all factors together.
    value : from a factor's place to the value in its unit.

    Returns
    -------
    dict
        Parts in the order in which they are told; empty ones are left out.
    """
    titles = {each.name: each.title for each in measures}
    parts: dict[str, Sequence[Words]] = {
        "tipping": [tipping_words(each, found.leader) for each in found.tippings],
        "worth": [_break_even(each, found) for each in found.break_even],
        "needed": [
            Sentence(
                "mind.needed_not" if each.leads else "mind.needed", _of(found, name=each.name, share=1 - each.lost)
            )
            for each in found.needed
        ],
        "learn": [_perfect(found), *_learnt(found)],
        "together": _together(found, swept, value),
        "influence": [
            Sentence(
                "mind.influence",
                {
                    "title": each.title,
                    "first": _share(each.first),
                    "total": _share(each.total),
                },
            )
            for each in found.influences
        ],
        "regret": _fares(found),
        "enough": _enough(found, titles),
        "weights": _weights(found, titles),
        "settled": _settled(found),
    }
    return {name: tuple(part) for name, part in parts.items() if part}


def _share(index: float) -> float:
    """An index as a share: its estimate may lie a little beyond both ends."""
    return min(max(index, 0.0), 1.0)


def _of(found: Mind, **more: object) -> dict[str, object]:
    return {"option": found.leader, "rival": found.rival, "baseline": found.baseline, "draws": found.draws, **more}


def _break_even(each: BreakEven, found: Mind) -> Sentence:
    unit = Sentence("mind.point") if each.unit == SHARE else each.unit
    scale, currency = (0.01 if each.unit == SHARE else 1.0), _currency(found)
    about = {"option": each.option, "baseline": found.baseline, "unit": unit, "measure": each.title}
    about |= {"value": amount(scale * each.value, currency), **_ends(scale * each.low95, scale * each.high95, currency)}
    return Sentence("mind.saves" if each.saves else "mind.pays", about)


def _currency(found: Mind) -> str:
    return str(found.config.get("currency", ""))


def _perfect(found: Mind) -> Sentence:
    worth = found.worth
    if worth.value <= 0 or worth.changes <= 0:
        return Sentence("mind.evpi_none", _of(found))
    value, ends = gain_words(worth.value, found.unit), _ends(worth.low, worth.high, found.unit)
    about = _of(found, share=worth.changes, value=value, measure=found.title, **ends)
    return Sentence("mind.evpi", about)


def _learnt(found: Mind) -> list[Words]:
    """An errand for each thing that is worth knowing; else where the doubt lies."""
    spoken: list[Words] = []
    for each in found.learnt:
        if each.value > 0:
            value, low, high = (gain_words(one, found.unit) for one in (each.value, each.low, each.high))
            about = _of(
                found, errand=each.errand, value=value, low=low, high=high, share=each.changes, doubt=each.doubt
            )
            spoken.append(Sentence("mind.errand", about))
    if not spoken and found.learnt:
        most = max(found.learnt, key=lambda each: each.doubt)
        about = _of(found, title=most.title, doubt=most.doubt)
        spoken.append(Sentence("mind.errand_none" if most.doubt >= TELLING else "mind.errand_idle", about))
    return spoken


def _together(found: Mind, swept: Sweep | None, value: Callable[[Factor, float], float]) -> list[Words]:
    if swept is None:
        return []
    about = _of(found, fails=found.fails, tried=found.tried)
    if not found.fails:
        return [Sentence("mind.fails_never", about)]
    spoken: list[Words] = [Sentence("mind.fails", about)]
    spoken += (
        [Sentence("mind.box", _box(found.box, swept, value) | about)]
        if found.box is not None
        else [Sentence("mind.no_box")]
    )
    return spoken


def _box(box: Box, swept: Sweep, value: Callable[[Factor, float], float]) -> dict[str, object]:
    factors = {each.name: each for each in swept.factors}
    limits = []
    for name, (low, high) in box.limits.items():
        factor = factors[name]
        ends: dict[str, Words] = {
            side: "" if place is None else value_words(value(factor, place), factor.unit)
            for side, place in (("low", low), ("high", high))
        }
        code = "between" if low is not None and high is not None else "above" if low is not None else "below"
        limits.append(Sentence(f"mind.box_{code}", {"title": factor.title, **ends}))
    return {"limits": limits, "density": box.density, "coverage": box.coverage}


def _fares(found: Mind) -> list[Words]:
    spoken: list[Words] = []
    for each in found.fares:
        worst = gain_words(abs(each.worst), found.unit)
        about = {
            "option": each.option, "share": each.best_in, "regret": gain_words(each.regret, found.unit),
            "most": gain_words(each.regret_most, found.unit), "worst": worst, "baseline": found.baseline, "measure": found.title,
        }  # fmt: skip
        spoken.append(Sentence("mind.fares" if each.regret > 0 else "mind.fares_best", about))
        if each.option != found.baseline:
            spoken.append(Sentence("mind.worst_worse" if each.worst < 0 else "mind.worst_better", about))
    return spoken


def _enough(found: Mind, titles: dict[str, Words]) -> list[Words]:
    stated = found.config.get("thresholds") or {}
    wanted: list[Words] = [Sentence("amounts.inside", {"text": titles[name]}) for name in found.satisfied[0].each]
    code = "mind.enough" if stated else "mind.enough_today"
    return [
        Sentence(code, _of(found, option=each.option, share=each.share, measures=wanted))
        for each in found.satisfied
        if stated or each.option != found.baseline
    ]


def _weights(found: Mind, titles: dict[str, Words]) -> list[Words]:
    weighing = found.weighing
    if weighing is None:
        return []
    measures: list[Words] = [Sentence("amounts.inside", {"text": titles[name]}) for name in weighing.measures]
    places = [
        Sentence("mind.first_under", {"option": option, "share": share})
        for option, share in sorted(weighing.first.items(), key=lambda each: -each[1])
    ]
    spoken: list[Words] = [Sentence("mind.weighings", {"measures": measures, "places": places})]
    for flip in weighing.flips:
        about = {
            "option": weighing.at_equal,
            "rival": flip.rival,
            "measure": titles[flip.measure],
            "weight": flip.weight,
        }
        spoken.append(Sentence("mind.flips_above" if flip.above else "mind.flips_below", about))
    return spoken if weighing.flips else [*spoken, Sentence("mind.flips_none", {"option": weighing.at_equal})]


def _settled(found: Mind) -> list[Words]:
    about = _of(found, n=found.settled, quick=found.quick, quick_draws=found.quick_draws)
    spoken: list[Words] = [Sentence("mind.settled" if found.settled is not None else "mind.not_settled", about)]
    return [*spoken, Sentence("mind.settled_early", about)] if found.quick else spoken
