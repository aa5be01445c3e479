"""Targets: how likely a city is to meet what it has set itself, and how right such statements have been.

A statement is the share of joint futures that meet the target, given what had come by its cutoff. Every statement is
kept; when the target's time is over, it is scored. ``played_back`` makes the statements that would have been made at the
end of each period before, from nothing but what was known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.caveats import assess
from analytics.errors import ForecastError
from analytics.forecasting import Forecast, forecast
from analytics.forecasting.uncertainty.draws import copula_of, distribution_of, sample_totals
from analytics.monitoring.limits import days_above, judged
from analytics.parallel import Progress, quiet
from analytics.results import Result
from analytics.streams import Streams
from data import City, Series, Target, fingerprint_of
from data.frequency import Frequency
from data.store.results import keep, keys, load
from data.words import Sentence, Words

__all__ = [
    "QUICK", "Chance", "Statement", "calibration_error", "chance_of", "chance_word", "chances_in", "played_back", "statements_of",
]  # fmt: skip

Array = npt.NDArray[np.float64]

QUICK = ("seasonal_naive", "pooled_counts", "hour_of_week")
DRAWS = 1000
FORECAST_SHARE = 0.8  # of the work of all chances
KEPT = "statement"
LEVELS = (0.1, 0.9)
# Where the words for a chance begin.
WORDS = (
    (0.95, "nearly_certain"), (0.75, "probably_met"), (0.65, "more_likely"), (0.35, "either_way"), (0.1, "probably_missed"),
    (0.0, "very_unlikely"),
)  # fmt: skip
DAYS = Frequency.DAY.plural  # in which days above a limit are counted
STATEMENTS = 4  # that a play-back makes, evenly over the target's time


@dataclass(frozen=True)
class Statement:
    """What was stated of a target at a cutoff: the probability of meeting it; ``met`` is None until its time is over.

    ``brier`` is the squared distance of the probability from what came (0 is perfect; always saying one half gets .25).
    """

    target: str
    cutoff: pd.Timestamp
    probability: float
    met: bool | None

    @property
    def brier(self) -> float | None:
        """The statement's score, None until the target's time is over."""
        return None if self.met is None else (self.probability - float(self.met)) ** 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Chance(Result):
    """The chance of meeting a target, as known at ``cutoff``.

    ``so_far`` is what has come within the target's time, ``low`` and ``high`` hold 8 in 10 futures of the whole, and
    ``probability`` is the share of futures that meet it (0 or 1 once the time is over). ``statements`` are earlier ones.
    """

    target: Target
    cutoff: pd.Timestamp
    unit: Words
    so_far: float
    middle: float
    low: float
    high: float
    probability: float
    over: bool
    statements: tuple[Statement, ...] = ()

    @property
    def word(self) -> Sentence:
        """The chance in words: "probably met"."""
        return Sentence(f"chance.{chance_word(self.probability)}")

    @property
    def sentence(self) -> Sentence:
        """One sentence for whoever set the target."""
        goal = self.target.at_most if self.target.at_most is not None else self.target.at_least
        kind = "at_most" if self.target.at_most is not None else "at_least"
        code = ("met" if self.probability == 1 else "missed") if self.over else "open"
        evidence = {
            "title": self.target.title, "goal": goal, "unit": self.unit, "until": self.target.until, "so_far": self.so_far,
            "probability": self.probability, "low": self.low, "high": self.high, "middle": self.middle,
            "bound": Sentence(f"targets.{kind}"), "word": self.word,
        }  # fmt: skip
        return Sentence(f"targets.{code}", evidence)


def chance_word(probability: float) -> str:
    """The code of the word for a chance of meeting a target; the only place that knows where words begin.

    >>> chance_word(0.97), chance_word(0.5)
    ('nearly_certain', 'either_way')
    """
    return next(word for least, word in WORDS if probability >= least)


def chances_in(city: City, *, seed: int = 0, progress: Progress = quiet) -> tuple[Chance, ...]:
    """The chance of each of a city's targets, in the city's order; one that cannot be forecast is left out.

    Targets of one series are judged by one forecast, which reaches the end of the last of them.

    Parameters
    ----------
    city : a city with targets.
    seed : of everything drawn.
    progress : told how far the work is.

    Returns
    -------
    One chance a target.
    """
    outlooks, wanted = {}, {_kind(target): target for target in city.targets.values()}
    for index, (kind, first) in enumerate(wanted.items()):

        def part(share: float, doing: Words, index: int = index) -> None:
            progress(FORECAST_SHARE * (index + share) / len(wanted), doing)

        reach = max(target.until for target in city.targets.values() if _kind(target) == kind)
        with suppress(ForecastError):  # then each target is told by itself whether it can be forecast
            outlooks[kind] = _outlook(judged(city.series[first.series], first), reach, seed=seed, progress=part)
    found, drawn = [], dict[tuple[object, ...], Array]()
    for index, target in enumerate(city.targets.values()):
        progress(FORECAST_SHARE + (1 - FORECAST_SHARE) * index / len(city.targets), target.title)
        series, outlook = city.series[target.series], outlooks.get(_kind(target))
        same = (
            *_kind(target),
            target.area_id,
            target.category,
        )  # a spring and a summer of one series meet the same futures
        try:
            if outlook is not None and same not in drawn:
                drawn[same] = _futures(outlook, judged(series, target), target, seed=seed)
            found.append(chance_of(series, target, outlook=outlook, futures=drawn.get(same), seed=seed))
        except ForecastError:
            continue
    return tuple(found)


def _kind(target: Target) -> tuple[object, ...]:
    """What targets share that are judged by one forecast."""
    return (target.series, None) if target.above is None else (target.series, target.hours, target.area_id)


def _outlook(series: Series, reach: pd.Timestamp, *, seed: int, progress: Progress = quiet) -> Forecast | None:
    """The forecast up to a day, by what needs no waiting; None where the day has come."""
    left = _left(series, reach)
    if not len(left):
        return None
    return forecast(series, horizon=len(left), candidates=QUICK, slow=False, seed=seed, progress=progress)


def _left(series: Series, until: pd.Timestamp) -> pd.DatetimeIndex:
    """The periods of a target's time that have not come."""
    return pd.date_range(series.as_of, until, freq=series.freq)[1:]


def chance_of(
    series: Series, target: Target, *, outlook: Forecast | None = None, futures: Array | None = None, seed: int = 0,
    keep: bool = True,
) -> Chance:  # fmt: skip
    """The chance of meeting a target from a series as it stands; the statement is kept unless told otherwise.

    ``outlook`` is a forecast of the same series that reaches the target's end, where there already is one; ``futures`` are its
    joint draws.

    Parameters
    ----------
    series : the series of the target.
    target : what is to be met, and when.
    outlook : a forecast that is there already.
    futures : what was drawn from it for the target's columns, (draw, period), where something was.
    seed : of everything drawn.
    keep : whether the statement is stored, to be scored later.

    Returns
    -------
    The probability, and what it rests on.

    Raises
    ------
    ForecastError
        When the history is too short to forecast from, or the target's time begins before the series does.
    """
    whole, series = series, judged(series, target)
    if target.since < series.values.index[0]:
        raise ForecastError("target_before", target=target.title, since=target.since, first=series.values.index[0])
    own = _columns(series, target)
    known = own.values.loc[target.since : target.until]
    so_far = _summed(known, target)
    left = _left(series, target.until)
    values = np.full(DRAWS, so_far)
    if len(left):
        outlook = outlook or _outlook(series, target.until, seed=seed)
        assert outlook is not None  # for something is left
        ahead = outlook.mean.get_index("period").isin(left[left >= target.since])
        drawn = _futures(outlook, series, target, seed=seed) if futures is None else futures
        ahead_of_us = drawn[:, ahead]
        values = values + (ahead_of_us if target.above is None else days_above(ahead_of_us, target)).sum(axis=1)
    periods = len(known) + int((left >= target.since).sum())
    if series.value_type != "count" and target.above is None:
        values, so_far = values / max(periods, 1), so_far / max(len(known), 1)
    met = _met(values, target)
    low, high = np.quantile(values, LEVELS, method="inverted_cdf")
    chance = Chance(
        made_from=(series.provenance,),
        caveats=outlook.caveats if outlook and len(left) else assess(made_from=(series.provenance,)),
        config={"target": target.name, "draws": DRAWS},
        seed=seed, target=target, cutoff=series.as_of, unit=series.unit if target.above is None else DAYS, so_far=so_far,
        middle=float(np.median(values)), low=float(low), high=float(high), probability=float(met.mean()),
        over=not len(left), statements=statements_of(whole, target),
    )  # fmt: skip
    if keep and not chance.over:
        _keep(series, chance)
    return chance


def played_back(series: Series, target: Target, *, seed: int = 0) -> tuple[Statement, ...]:
    """What would have been stated over a target's time, each from what was known then, and whether it was met.

    Parameters
    ----------
    series : the series of the target.
    target : one whose time has begun; ``met`` is None until it is over.
    seed : of everything drawn.

    Returns
    -------
    Statements, the oldest first.
    """
    days = judged(series, target)
    last = min(days.as_of, target.until)
    inside = days.values.loc[target.since : last].index
    rows = np.unique(np.linspace(0, max(len(inside) - 2, 0), STATEMENTS + 1).astype(int))[:-1]
    cutoffs = [pd.Timestamp(inside[row]) - days.freq.offset for row in rows]
    met = _outcome(series, target)
    statements = []
    for cutoff in cutoffs:
        known = series.until(cutoff if days is series else _last_hour(cutoff, series))
        chance = chance_of(known, target, seed=seed, keep=False)
        statements.append(Statement(target.name, cutoff, chance.probability, met))
    return tuple(statements)


def statements_of(series: Series, target: Target) -> tuple[Statement, ...]:
    """The statements that were kept of a target, oldest first, scored where its time is over.

    Parameters
    ----------
    series : the series of the target.
    target : one that was forecast before.

    Returns
    -------
    Statements, the oldest first.
    """
    met = _outcome(series, target)
    prefix = _prefix(series, target)
    found = []
    for key in keys(KEPT):
        stored = load(KEPT, key) if key.startswith(prefix) else None
        if stored is not None and pd.Timestamp(stored.record["cutoff"]) < series.as_of:
            cutoff = pd.Timestamp(stored.record["cutoff"])
            found.append(Statement(target.name, cutoff, float(stored.record["probability"]), met))
    return tuple(sorted(found, key=lambda each: each.cutoff))


def _columns(series: Series, target: Target) -> Series:
    return series.select(
        areas=(target.area_id,) if target.area_id else None, categories=(target.category,) if target.category else None
    )


def _futures(outlook: Forecast, series: Series, target: Target, *, seed: int) -> Array:
    """Joint futures of the target's columns, (draw, period)."""
    chosen = _columns(series, target)
    columns, whole = chosen.values.columns, chosen.value_type == "count"
    distribution = distribution_of(outlook.mean, outlook.size, outlook.grid, columns, whole=whole)
    periods = pd.DatetimeIndex(outlook.mean.get_index("period"))
    copula = copula_of(chosen, periods, correlation=outlook.correlation, persistence=outlook.persistence)
    return sample_totals([distribution], copula, Streams(seed, DRAWS))[0]


def _met(values: Array, target: Target) -> npt.NDArray[np.bool_]:
    most = np.inf if target.at_most is None else target.at_most
    least = -np.inf if target.at_least is None else target.at_least
    met: npt.NDArray[np.bool_] = (values <= most) & (values >= least)
    return met


def _last_hour(day: pd.Timestamp, series: Series) -> pd.Timestamp:
    """The last hour of a local day, as hours are written."""
    end = (day + pd.Timedelta(days=1)).tz_localize(series.timezone).tz_convert("UTC").tz_localize(None)
    return end - pd.Timedelta(hours=1)


def _summed(known: pd.DataFrame, target: Target) -> float:
    values = known.to_numpy(dtype=float)
    return float(np.nansum(values) if target.above is None else days_above(values, target).sum())


def _outcome(series: Series, target: Target) -> bool | None:
    """Whether a target was met; None while its time is not over."""
    series = judged(series, target)
    if series.as_of < target.until:
        return None
    observed = _columns(series, target).values.loc[target.since : target.until]
    summed = series.value_type == "count" or target.above is not None
    value = _summed(observed, target) if summed else float(np.nanmean(observed.to_numpy(dtype=float)))
    return bool(_met(np.array([value]), target)[0])


def _prefix(series: Series, target: Target) -> str:
    limit = () if target.above is None else (target.above, target.hours)
    return fingerprint_of(series.name, target, *limit) + "-"


def _keep(series: Series, chance: Chance) -> None:
    record = {"cutoff": chance.cutoff.isoformat(), "probability": chance.probability}
    keep(KEPT, f"{_prefix(series, chance.target)}{chance.cutoff:%Y%m%dT%H}", tables={}, record=record)


def calibration_error(probabilities: Sequence[float], met: Sequence[bool], *, bins: int = 5) -> float:
    """The expected calibration error: how far the share that was met lies from what was stated, over bins of equal width.

    Parameters
    ----------
    probabilities : between 0 and 1.
    met : whether each came true.
    bins : of equal width between 0 and 1.

    Returns
    -------
    Between 0 (as stated) and 1.

    Examples
    --------
    >>> calibration_error([0.9, 0.9, 0.1, 0.1], [True, True, False, False])
    0.1
    """
    stated, observed = np.asarray(probabilities, dtype=float), np.asarray(met, dtype=float)
    bin_of = np.minimum((stated * bins).astype(int), bins - 1)
    gaps = [abs(stated[bin_of == each].mean() - observed[bin_of == each].mean()) * (bin_of == each).mean()
            for each in range(bins) if (bin_of == each).any()]  # fmt: skip
    return round(float(np.sum(gaps)), 12)
