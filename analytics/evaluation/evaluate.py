"""Did it work? A series, a date and the areas that had the policy: the effect by the method that suits the data at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics.caveats import assess
from analytics.evaluation.asked import Asked, asked_of
from analytics.evaluation.effects import Effect, naive_change
from analytics.evaluation.found import Found, by_areas, by_past
from analytics.evaluation.results import STRUCTURAL, Evaluation
from analytics.parallel import Progress, quiet
from data import City

__all__ = ["evaluate"]


def evaluate(
    city: City,
    name: str,
    *,
    since: pd.Timestamp,
    until: pd.Timestamp | None = None,
    areas: Sequence[str] = (),
    category: str | None = None,
    seed: int = 0,
    progress: Progress = quiet,
) -> Evaluation:
    """Whether a past policy worked.

    Where at least five areas did without the policy, the method leads that finds least where nothing was done: difference in
    differences, synthetic control, augmented synthetic control or synthetic difference in differences. Else the whole
    is held against its own past.

    Parameters
    ----------
    city : where it was made.
    name : of the series that it should have changed.
    since : the day on which it began.
    until : the last day that counts (default: the last that is known).
    areas : that had it: ids, names, regions or parents (default: the whole city).
    category : only this one (default: all together).
    seed : of the groups of areas that are tried as placebos.
    progress : told how far it is.

    Returns
    -------
    Evaluation
        The effect in per cent and units with its 95 % interval, placebos, earlier trends and caveats.

    Raises
    ------
    EvaluationError
        When the date, the areas or the category are not in the data, or leave nothing to judge by.
    """
    progress(0.02, "")
    asked = asked_of(city, city.series[name], since=since, until=until, areas=areas, category=category)
    found = by_areas(asked, seed=seed, progress=progress) if asked.comparable else by_past(asked)
    layer = city.areas[asked.series.layer].provenance if areas else None
    made_from = (asked.series.provenance, *([layer] if layer is not None else []))
    facts = _facts(asked, found)
    split = asked.split
    return Evaluation(
        made_from=made_from,
        caveats=assess(made_from=made_from, **facts),
        config={"since": since.date().isoformat(), "areas": list(asked.treated) if areas else [], "category": category},
        seed=seed,
        series=asked.series,
        category=category,
        since=since,
        until=split.values.index[-1] + split.freq.offset - pd.Timedelta(days=1),
        freq=split.freq,
        broken=split.broken,
        before=split.before,
        after=len(split.values) - split.before,
        areas=asked.treated if areas else (),
        compared_with=asked.controls,
        naive=naive_change(asked.observed, split.before),
        **{each: getattr(found, each) for each in Found.__dataclass_fields__},
    )


def _facts(asked: Asked, found: Found) -> dict[str, Any]:
    effect: Effect = found.estimates[0].effect
    naive = naive_change(asked.observed, asked.split.before)
    holding = ((found.dates["low"] <= 0) & (found.dates["high"] >= 0)).mean() if len(found.dates) else 1.0
    facts: dict[str, Any] = {
        "naive_share": naive.share,
        "effect_low": effect.low,
        "effect_high": effect.high,
        "judged_alone": found.estimates[0].method == STRUCTURAL,
        "years_before": asked.split.before / asked.split.freq.periods_a_year,
        "years_after": (len(asked.split.values) - asked.split.before) / asked.split.freq.periods_a_year,
        "placebo_dates": len(found.dates),
        "placebo_dates_clear": float(holding),
        "other_shares": [each.effect.share for each in found.estimates[1:]],
        "areas_with_gaps": [asked.names.get(each, each) for each in asked.left_out],
        "counts_scaled": asked.split.scaled,
        "policy_broken": asked.split.broken,
    }
    if found.study is not None:
        facts["earlier_trends_p"] = found.study.p
    if found.next_door is not None:
        door = found.next_door
        facts |= {
            "next_door_share": door.effect.share,
            "next_door_low": door.effect.low,
            "next_door_high": door.effect.high,
        }
    return facts
