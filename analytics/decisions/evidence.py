"""What a comparison puts before those who decide: who advised, what it cannot tell, and what each option promises."""

from __future__ import annotations

import pandas as pd

from analytics.decisions.decision import Advice, Limit, Promise
from analytics.results import Caveat
from analytics.scenarios import Comparison, Study
from analytics.scenarios.registry import engines
from data.frequency import Frequency
from data.words import text

__all__ = ["advice_of", "limits_of", "promises_of"]


def advice_of(found: Comparison) -> tuple[Advice, ...]:
    """The engines that a comparison rests on, in the order in which they ran."""
    known = engines()
    titles = {name: text(known[name].title) if name in known else name for name in found.engines}
    return tuple(Advice("engine", name, titles[name], version) for name, version in found.engines.items())


def limits_of(caveats: tuple[Caveat, ...]) -> tuple[Limit, ...]:
    """Caveats in the words in which they are read, in their order."""
    return tuple(Limit(each.code, each.severity, each.message, each.detail) for each in caveats)


def promises_of(found: Comparison, *, option: str) -> tuple[Promise, ...]:
    """What each measure is to be in an option.

    Parameters
    ----------
    found : the comparison.
    option : that is chosen; the baseline, too.

    Returns
    -------
    Promises, one a measure, in the order of the measures.
    """
    start, end = found.study.start.date(), _last_day(found.study).date()
    return tuple(
        Promise(
            measure=each.name,
            title=text(each.title),
            unit=text(each.unit),
            start=start,
            end=end,
            **vars(found.levels[option, each.name]),
        )
        for each in found.measures
    )


def _last_day(study: Study) -> pd.Timestamp:
    """The last local day of a study."""
    end = study.index[-1] + study.freq.offset
    last: pd.Timestamp = end - (pd.Timedelta(hours=1) if study.freq is Frequency.HOUR else pd.Timedelta(days=1))
    return last.normalize()
