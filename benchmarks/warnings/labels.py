"""Events planted into real days, each with its label: the column, when it began, and until when an alarm is its own.

Sizes are in standard deviations of the forecast that was made of that day at most a week before. What a real series does
beside stays as it was, so an alarm may come within a label by chance; ``benchmarks.warnings.labelled`` counts those too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analytics.monitoring.warnings import Alarm
from analytics.monitoring.warnings.panel import moments, watched_panel
from analytics.monitoring.warnings.watch import as_one, watch
from analytics.parallel import quiet
from benchmarks.warnings.planted_spells import GRACE
from data import Series

__all__ = ["KINDS", "Label", "Still", "labels_in", "planted", "still", "told"]

Array = npt.NDArray[np.float64]

KINDS: Mapping[str, tuple[float, ...]] = {
    "spell_3sd_3days": (3.0,) * 3,
    "spell_2sd_7days": (2.0,) * 7,
    "day_6sd": (6.0,),
    "shift_1.5sd_28days": (1.5,) * 28,
    "deeper_6sd_in_2sd": (2.0,) * 8 + (6.0,) * 2 + (2.0,) * 4,
}
DEEPER, WORST = "deeper_6sd_in_2sd", 8  # the day of that spell on which the worse event begins
WITHIN = 1  # days after its first in which the worse event must be told
APART = 80  # days from one label of a column to the next
MOST = 60  # labels planted at once: more would be what moves the whole panel
FEWEST = (
    1.0  # expected a day where a label is planted: below, even six deviations are a handful, which chance brings too
)
FALL_LEAVES = 0.1  # of the mean that a fall must leave


@dataclass(frozen=True, eq=False)
class Still:
    """Days without anything planted; the watch's mean and spread of them, (day, column)."""

    series: Series
    mean: Array
    spread: Array


@dataclass(frozen=True)
class Label:
    """What was planted: the kind, the column, the first day of the watch, and whether up (1) or down (-1)."""

    kind: str
    column: int
    start: int
    sign: int

    @property
    def window(self) -> tuple[int, int]:
        """The first and the last day on which an alarm is its own; of a worse event within a spell that of the event."""
        if self.kind == DEEPER:
            return self.start + WORST, self.start + WORST + WITHIN
        return self.start, self.start + len(KINDS[self.kind]) - 1 + GRACE


def still(series: Series) -> Still | None:
    """A series of days as it is watched; None where too few are known."""
    panel = watched_panel(series)
    parts = watch(panel, seed=0, progress=quiet, doing="")
    if not parts:
        return None
    watched = as_one(parts)
    mean, spread = (each[:, : panel.values.shape[1]] for each in moments(watched.predicted))
    return Still(replace(series, values=panel.values), mean, spread)


def labels_in(quiet_days: Still, *, seed: int) -> tuple[Label, ...]:
    """Labels of all kinds in turn, in columns and at days drawn by lot; a column that cannot fall so far rises."""
    rng = np.random.default_rng(seed)
    days, columns = quiet_days.spread.shape
    longest = max(len(each) for each in KINDS.values()) + GRACE
    places = [
        (column, block)
        for column in range(columns)
        for block in range(0, days - longest - 7, APART)
        if quiet_days.mean[block : block + APART, column].min() >= FEWEST
    ]
    chosen = rng.permutation(len(places))[:MOST]
    answer = []
    for number, place in enumerate(chosen):
        column, block = places[place]
        kind = list(KINDS)[number % len(KINDS)]
        start = block + int(rng.integers(0, min(APART - longest - 7, days - longest - block)))
        rows = slice(start, start + len(KINDS[kind]))
        fall = max(KINDS[kind]) * quiet_days.spread[rows, column] < (1 - FALL_LEAVES) * quiet_days.mean[rows, column]
        sign = -1 if rng.random() < 0.5 and fall.all() else 1
        answer.append(Label(kind, column, start, sign))
    return tuple(answer)


def planted(quiet_days: Still, labels: Sequence[Label]) -> Series:
    """The series with every label's shift added, whole numbers and nothing below 0."""
    shift = np.zeros(quiet_days.spread.shape)
    for each in labels:
        size = np.array(KINDS[each.kind])
        rows = slice(each.start, each.start + len(size))
        shift[rows, each.column] = each.sign * size * quiet_days.spread[rows, each.column]
    values = quiet_days.series.values.copy()
    last = len(shift)
    values.iloc[-last:] = np.maximum(values.to_numpy()[-last:] + np.rint(shift), 0.0)
    return replace(quiet_days.series, values=values)


def told(label: Label, alarms: Sequence[Alarm], quiet_days: Still) -> int | None:
    """Days from a label's window's first to the first alarm of its own; None where there is none."""
    days = quiet_days.series.values.index[-len(quiet_days.spread) :]
    area, category = quiet_days.series.values.columns[label.column]
    first, last = (days[each] for each in label.window)
    found = [
        (alarm.until.normalize() - first).days
        for alarm in alarms
        if (alarm.area_id, alarm.category) == (area, category) and first <= alarm.until.normalize() <= last
    ]
    return min(found, default=None)
