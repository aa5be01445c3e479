"""What limits what is found of a past policy."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity

CHANCE = 0.05  # below which earlier trends are called different
DATES_CLEAR = 0.9  # of placebo dates that must show no effect; of those of a good method 95 in 100 do
DATES_NEEDED = 4
YEARS_BEFORE = 2  # below which a season cannot be told from a change
YEAR_AFTER = 0.95  # a year but for the period that was left out


@rule
def before_after_misleads(*, naive_share: float, effect_low: float, effect_high: float) -> Caveat | None:
    """The plain change from before to after lies outside what is found: other things changed too."""
    if effect_low <= naive_share <= effect_high:
        return None
    evidence = {"share": naive_share, "low": effect_low, "high": effect_high}
    return Caveat("before_after_misleads", Severity.CAUTION, evidence)


@rule
def earlier_trends_differ(*, earlier_trends_p: float) -> Caveat | None:
    """The areas with the policy moved otherwise than the others before it began."""
    if earlier_trends_p >= CHANCE:
        return None
    return Caveat("earlier_trends_differ", Severity.CAUTION, {"p": earlier_trends_p})


@rule
def placebo_dates_fail(*, placebo_dates: int, placebo_dates_clear: float) -> Caveat | None:
    """The method finds effects at dates when nothing was done."""
    if placebo_dates < DATES_NEEDED or placebo_dates_clear >= DATES_CLEAR:
        return None
    severity = Severity.CAUTION if placebo_dates_clear >= 0.5 else Severity.DO_NOT_USE
    found = round(placebo_dates * (1 - placebo_dates_clear))
    return Caveat("placebo_dates_fail", severity, {"n": placebo_dates, "found": found})


@rule
def nothing_to_compare(*, judged_alone: bool) -> Caveat | None:
    """Held against its own past alone: whatever else changed at that time counts as the policy's doing."""
    return Caveat("nothing_to_compare", Severity.CAUTION) if judged_alone else None


@rule
def short_past(*, years_before: float) -> Caveat | None:
    """Too little is known from before the policy to tell a season from a change."""
    if years_before >= YEARS_BEFORE:
        return None
    return Caveat("short_past", Severity.CAUTION, {"years": years_before, "wanted": YEARS_BEFORE})


@rule
def short_since(*, years_after: float) -> Caveat | None:
    """Less than a year is known since: what comes with the seasons, or wears off, is not seen yet."""
    if years_after >= YEAR_AFTER:
        return None
    return Caveat("short_since", Severity.NOTE, {"months": 12 * years_after})


@rule
def methods_disagree(*, other_shares: Sequence[float], effect_low: float, effect_high: float) -> Caveat | None:
    """Another method's answer lies outside the interval of the leading one."""
    outside = [each for each in other_shares if not effect_low <= each <= effect_high]
    if not outside:
        return None
    evidence = {"n": len(outside), "all": len(other_shares), "least": min(outside), "most": max(outside)}
    return Caveat("methods_disagree", Severity.CAUTION, evidence)


@rule
def neighbours_changed(*, next_door_share: float, next_door_low: float, next_door_high: float) -> Caveat | None:
    """The areas next door changed too: they are no fair comparison, and the policy's reach is wider than its areas."""
    if next_door_low <= 0 <= next_door_high:
        return None
    evidence = {"share": next_door_share, "low": next_door_low, "high": next_door_high}
    return Caveat("neighbours_changed", Severity.CAUTION, evidence)


@rule
def areas_with_gaps(*, areas_with_gaps: Sequence[str]) -> Caveat | None:
    """Areas with months that are not known were left out."""
    if not areas_with_gaps:
        return None
    return Caveat("areas_with_gaps", Severity.NOTE, {"n": len(areas_with_gaps), "areas": list(areas_with_gaps)})


@rule
def counts_scaled_up(*, counts_scaled: int) -> Caveat | None:
    """Counts of periods of which some days are not known were scaled up from the known days."""
    return Caveat("counts_scaled_up", Severity.NOTE, {"n": counts_scaled}) if counts_scaled else None


@rule
def began_within_a_period(*, policy_broken: pd.Timestamp | None) -> Caveat | None:
    """The policy began within a period, which is left out."""
    return None if policy_broken is None else Caveat("began_within_a_period", Severity.NOTE, {"start": policy_broken})


@rule
def effect_from_elsewhere(*, effects_assumed: Sequence[str]) -> Caveat | None:
    """A change was taken from a past policy, elsewhere or earlier: it need not be the same here and now."""
    if not effects_assumed:
        return None
    return Caveat("effect_from_elsewhere", Severity.CAUTION, {"categories": list(effects_assumed)})
