"""Which model is used: the simplest of those that did about as well as the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.backtesting.backtest import BASELINE
from analytics.forecasting.registry import find_model
from analytics.forecasting.results import Backtest, Score, Selection
from analytics.forecasting.scoring import NEARLY_NONE
from analytics.resampling import mean_interval
from data.frequency import Frequency
from data.words import Sentence

__all__ = ["choose", "paired_scores", "simplest_of_best"]

Array = npt.NDArray[np.float64]

SAME_TIME = 2.0  # what an origin counts whose window lies at the time of the year that lies ahead
DAYS_A_YEAR = 365.25
SLACK_DAYS = 8  # whole weeks are no whole years: five days are lost up to the fourth
MOST_BEHIND = 0.05  # of the baseline's loss: a model further behind the best is not as good, however unsure that is


def paired_scores(backtests: Mapping[str, Backtest]) -> pd.DataFrame:
    """Mean SQL by cutoff and model, over the series and origins that every model was scored on."""
    return _paired({name: result.detail for name, result in backtests.items()})


def _paired(losses: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    keys = ["cutoff", "area_id", "category"]
    scores = [detail.set_index(keys)["sql"].rename(name) for name, detail in losses.items()]
    return pd.concat(scores, axis=1, join="inner").dropna().groupby("cutoff").mean()


@dataclass(frozen=True, eq=False)
class _Standing:
    """How models stand: ``scores`` by cutoff, each as often as it counts, ``means``, and by how much each is behind the best.

    ``weighted`` is whether some cutoffs count more than others.
    """

    scores: pd.DataFrame
    means: pd.Series[float]
    best: str
    differences: pd.DataFrame
    tied: tuple[str, ...]
    weighted: bool

    @classmethod
    def of(cls, scores: pd.DataFrame, *, as_of: pd.Timestamp | None, horizon: int, freq: Frequency) -> _Standing:
        """Of paired scores, those of the baseline among them."""
        weights = np.ones(len(scores))
        if as_of is not None:
            weights = _weights(pd.DatetimeIndex(scores.index), as_of, horizon, freq)
            scores = scores.mul(weights, axis=0)
        means = scores.mean()
        best = str(means.idxmin())
        differences = scores.sub(scores[best], axis=0)
        # One common origin has no spread; then only what is as good as the best is tied with it.
        errors = differences.std(ddof=1).fillna(0.0) / np.sqrt(len(scores))
        # Where one origin holds nearly all of the loss, a standard error says little: twice the loss is then no tie either.
        most = np.minimum(errors, MOST_BEHIND * means[BASELINE])
        tied = tuple(str(name) for name in scores.columns if differences[name].mean() <= most[name])
        return cls(scores, means, best, differences, tied, bool(np.ptp(weights) > 0))

    @property
    def simplest(self) -> str:
        """Of those that did about as well as the best."""
        return min(self.tied, key=lambda name: find_model(name).complexity)


def simplest_of_best(losses: Mapping[str, pd.DataFrame], *, freq: Frequency, horizon: int, as_of: pd.Timestamp) -> str:
    """The model that ``choose`` chooses, from the losses alone.

    Parameters
    ----------
    losses : by the name of the model, as ``losses_of`` gives them; without those of the baseline it is taken.
    freq : the series' frequency.
    horizon : periods ahead that were tested.
    as_of : the last period that is known.

    Returns
    -------
    str
        Its name.
    """
    scores = _paired(losses) if BASELINE in losses else pd.DataFrame()
    return BASELINE if scores.empty else _Standing.of(scores, as_of=as_of, horizon=horizon, freq=freq).simplest


def choose(
    backtests: Mapping[str, Backtest],
    *,
    freq: Frequency,
    failed: Mapping[str, Sentence],
    pinned: str | None = None,
    as_of: pd.Timestamp | None = None,
) -> Selection:
    """The simplest model within one standard error of the best by SQL; areas are compared, not only the total.

    The standard error is of the difference to the best, paired over origins; those of earlier years at the time that lies
    ahead count twice. ``pinned`` names a model that the user insists on; ``freq`` is the series' frequency.

    Parameters
    ----------
    backtests : by the name of the model; those of the baseline must be among them for any choice.
    freq : the series' frequency, for the words of the reason.
    failed : models that could not be measured, and what was wrong.
    pinned : a model that the user insists on; it is still compared.
    as_of : the last period that is known: what follows it lies ahead (None: all origins count alike).

    Returns
    -------
    The model to use, how it compares, and why it is taken.
    """
    if BASELINE not in backtests or (pinned is not None and pinned not in backtests):
        return _alone(pinned or BASELINE, "untested", failed)
    scores = paired_scores(backtests)
    if scores.empty:
        return _alone(pinned or BASELINE, "nothing_varies", failed)
    standing = _Standing.of(scores, as_of=as_of, horizon=backtests[BASELINE].horizon, freq=freq)
    scores, means, best, tied = standing.scores, standing.means, standing.best, standing.tied
    chosen = pinned or standing.simplest
    beats = chosen != BASELINE and means[chosen] < means[BASELINE]
    if means[BASELINE] < NEARLY_NONE:
        evidence = {"model": find_model(chosen).title, "baseline": Sentence(f"baseline.{freq}"), "origins": len(scores)}
        reason = Sentence("selection.yardstick_exact", evidence)
        return Selection(chosen, best, {}, tied, beats, reason, dict(failed))
    ratios = {str(name): float(value) for name, value in (means / means[BASELINE]).items()}
    apart = {str(name): _behind(standing.differences[name], means[BASELINE]) for name in scores.columns}
    reason = _reason(
        chosen, best, tied, ratios[chosen], freq=freq, origins=len(scores), pinned=pinned is not None,
        weighted=standing.weighted,
    )  # fmt: skip
    return Selection(chosen, best, ratios, tied, beats, reason, dict(failed), apart)


def _weights(cutoffs: pd.DatetimeIndex, as_of: pd.Timestamp, horizon: int, freq: Frequency) -> Array:
    """What each origin counts, 1 on average: those of earlier years at most a horizon from this time of the year double."""
    days = np.asarray((as_of - cutoffs) / pd.Timedelta(days=1))
    years = np.rint(days / DAYS_A_YEAR)
    near = np.abs(days - years * DAYS_A_YEAR) <= horizon * DAYS_A_YEAR / freq.periods_a_year + SLACK_DAYS
    weights = np.where((years >= 1) & near, SAME_TIME, 1.0)
    answer: Array = weights / weights.mean()
    return answer


def _behind(difference: pd.Series[float], naive: float) -> Score:
    """How far a model lies behind the best, as a share of the naive's loss, paired over origins."""
    return Score(*(each / naive for each in mean_interval(list(difference), seed=0)))


def _alone(chosen: str, why: str, failed: Mapping[str, Sentence]) -> Selection:
    """A model that nothing could be compared with."""
    reason = Sentence(f"selection.{why}", {"model": find_model(chosen).title})
    return Selection(chosen, chosen, {}, (chosen,), False, reason, dict(failed))


def _reason(
    chosen: str, best: str, tied: Sequence[str], ratio: float, *, freq: str, origins: int, pinned: bool, weighted: bool
) -> Sentence:
    """How the chosen model did, and, where it is not simply the best, why it is taken all the same."""
    others = [find_model(name).title for name in tied if name != chosen]
    evidence = {
        "model": find_model(chosen).title,
        "best": find_model(best).title,
        "baseline": Sentence(f"baseline.{freq}"),
        "less": 1 - ratio,
        "more": ratio - 1,
        "origins": origins,
        "others": others,
    }
    if chosen == BASELINE:
        return Sentence("selection.pinned" if pinned else "selection.nothing_beats", evidence)
    less = "less" if ratio < 1 else "more"
    did = Sentence(f"selection.{less}_error_weighted" if weighted else f"selection.{less}_error", evidence)
    if not pinned and not others:
        return did
    why = Sentence("selection.pinned" if pinned else "selection.tied", evidence)
    return Sentence("selection.did_and_why", {"did": did, "why": why})
