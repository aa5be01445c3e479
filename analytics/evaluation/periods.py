"""From a series and a date to whole periods before and after: months where there are enough, weeks or days where not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import EvaluationError
from analytics.evaluation.placebos import LEAST_BEFORE
from data import Series
from data.frequency import Frequency
from data.words import text

__all__ = ["Split", "split_at"]

# The longest period first of which there are so many before and after: long ones are less noisy and hide no weekday.
WANTED = {Frequency.MONTH: (18, 3), Frequency.WEEK: (12, 2), Frequency.DAY: (14, 7)}
LEAST = (LEAST_BEFORE, 1)  # of periods that are a city's own
ENOUGH_KNOWN = 0.5  # of a period's days: its count is then scaled up from these; with fewer it is a gap


@dataclass(frozen=True, eq=False)
class Split:
    """Values by whole period and area, ``before`` of them before the policy, and what was done to get them.

    ``broken`` is the period in which the policy began, which is left out (None where it began with one); ``scaled`` how many
    counts were scaled up from the known days of their period.
    """

    values: pd.DataFrame
    before: int
    freq: Frequency
    broken: pd.Timestamp | None
    scaled: int

    @property
    def after(self) -> int:
        """How many periods have the policy."""
        return len(self.values) - self.before

    def has(self, before: int, after: int) -> bool:
        """Whether there are at least so many periods on each side.

        Parameters
        ----------
        before, after : so many.

        Returns
        -------
        bool
            Both.
        """
        return self.before >= before and self.after >= after


def split_at(
    series: Series, *, since: pd.Timestamp, until: pd.Timestamp | None = None, category: str | None = None
) -> Split:
    """The values of each area by period, from both sides of a date.

    Parameters
    ----------
    series : of any frequency.
    since : the day on which the policy began.
    until : the last day that counts (default: the last that is known).
    category : only this one (default: all together).

    Returns
    -------
    Split
        Sums of counts, means of other values; a gap is NaN.

    Raises
    ------
    EvaluationError
        When there is no such category, the date lies outside the data, or too few periods lie on one side of it.
    """
    fine = _of_category(series, category)
    first, last = fine.index[0], fine.index[-1] + series.freq.offset
    end = last if until is None else min(last, until + pd.Timedelta(days=1))
    about = {"series": text(series.title), "since": since, "first": first, "last": last - pd.Timedelta(days=1)}
    if not first < since < last:
        raise EvaluationError("policy_outside", **about)
    if end <= since:
        raise EvaluationError("ends_before_it_begins", since=since, until=until)
    fine = fine.loc[: end - pd.Timedelta(nanoseconds=1)]
    tried = [freq for freq in WANTED if _length(freq) >= _length(series.freq)] or [series.freq]
    splits = {freq: _split(fine, series, freq, since=since, end=end) for freq in tried}
    for freq, split in splits.items():
        if split.has(*WANTED.get(freq, LEAST)):
            return split
    shortest = splits[tried[-1]]
    least = WANTED[Frequency.DAY] if shortest.freq is Frequency.DAY else LEAST
    if shortest.has(*least):
        return shortest
    early = shortest.before < least[0]
    evidence = {"periods": shortest.freq.periods(shortest.before if early else shortest.after)}
    raise EvaluationError(
        "too_few_before" if early else "too_few_after", **about, **evidence, least=least[0 if early else 1]
    )


def _length(freq: Frequency) -> float:
    return 1 / freq.periods_a_year


def _of_category(series: Series, category: str | None) -> pd.DataFrame:
    """The values by area, local time; unknown where any of its categories is."""
    if category is not None and category not in series.categories:
        raise EvaluationError("no_kind_in_series", series=text(series.title), name=category, names=series.categories)
    chosen = series if category is None else series.select(categories=(category,))
    grouped = chosen.values.T.groupby(level="area_id", sort=False)
    counts = series.value_type == "count"
    values = grouped.sum(min_count=len(chosen.categories)).T if counts else grouped.mean().T
    if series.freq is Frequency.HOUR:
        values = values.tz_localize("UTC").tz_convert(series.timezone).tz_localize(None)
    return values


def _split(fine: pd.DataFrame, series: Series, freq: Frequency, *, since: pd.Timestamp, end: pd.Timestamp) -> Split:
    values, scaled = _by_period(fine, series, freq, end=end)
    starts = pd.DatetimeIndex(values.index)
    whole = [start + freq.offset <= since for start in starts]
    broken = [start for start in starts if start < since < start + freq.offset]
    kept = values.drop(index=broken)
    changed = scaled.drop(index=broken)
    return Split(kept, sum(whole), freq, broken[0] if broken else None, int(changed.to_numpy().sum()))


def _by_period(
    fine: pd.DataFrame, series: Series, freq: Frequency, *, end: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums or means over whole periods, and which sums were scaled up."""
    if freq is series.freq:
        return fine, fine.isna() & False
    resampler = fine.resample(freq.value, label="left", closed="left")
    known, size = resampler.count(), resampler.size()
    share = known.div(size, axis=0)
    values = resampler.mean()
    if series.value_type == "count":
        values = values.mul(size, axis=0)  # the mean of the known days, for all of them
    values = values.where(share >= ENOUGH_KNOWN)
    inside = [start >= fine.index[0] and start + freq.offset <= end for start in pd.DatetimeIndex(values.index)]
    scaled = (share < 1) & (share >= ENOUGH_KNOWN) & np.asarray(series.value_type == "count")
    return values.loc[inside], scaled.loc[inside]
