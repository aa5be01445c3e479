"""What limits results on crews and work that waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity

# Points of the share done within the target, and days of the median, by which a replayed year may miss unmentioned; and
# those beyond which the model does not know the work.
POINTS, DAYS = 2.0, 1.0
FAR_POINTS, FAR_DAYS = 10.0, 10.0


@rule
def crews_replay_miss(*, crews_replays: Sequence[Any], crews_title: str) -> Caveat | None:
    """A year that was carried on from what was known before it lay far from what happened.

    Of several years the one that missed most speaks, each miss counted in what may be missed.
    """
    missed = [each for each in crews_replays if each.share_error > POINTS or each.median_error > DAYS]
    if not missed:
        return None
    worst = max(missed, key=lambda each: max(each.share_error / POINTS, each.median_error / DAYS))
    far = worst.share_error > FAR_POINTS or worst.median_error > FAR_DAYS
    evidence = {
        "title": crews_title, "year": worst.year, "target": worst.target_days, "share": worst.share,
        "actual_share": worst.actual_share, "median": worst.median, "actual_median": worst.actual_median,
    }  # fmt: skip
    return Caveat("crews_replay_miss", Severity.DO_NOT_USE if far else Severity.CAUTION, evidence)


@rule
def crews_not_replayed(*, crews_replays: Sequence[Any], crews_title: str) -> Caveat | None:
    """There is no year that could be carried on from its eve and held against what happened."""
    return None if crews_replays else Caveat("crews_not_replayed", Severity.CAUTION, {"title": crews_title})
