"""Which model is used: the simplest of those that did about as well as the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.forecasting.backtesting.backtest import BASELINE
from analytics.forecasting.registry import find_model
from analytics.forecasting.results import Backtest, Score, Selection
from analytics.resampling import mean_interval
from data.frequency import Frequency
from data.words import Sentence

__all__ = ["choose", "paired_scores"]


def paired_scores(backtests: Mapping[str, Backtest]) -> pd.DataFrame:
    """Mean SQL by cutoff and model, over the series and origins that every model was scored on."""
    keys = ["cutoff", "area_id", "category"]
    scores = [result.detail.set_index(keys)["sql"].rename(name) for name, result in backtests.items()]
    return pd.concat(scores, axis=1, join="inner").dropna().groupby("cutoff").mean()


def choose(
    backtests: Mapping[str, Backtest], *, freq: Frequency, failed: Mapping[str, Sentence], pinned: str | None = None
) -> Selection:
    """The simplest model within one standard error of the best by SQL; areas are compared, not only the total.

    The standard error is of the difference to the best, paired over origins. ``pinned`` names a model that the user
    insists on; ``freq`` is the series' frequency.

    Parameters
    ----------
    backtests : by the name of the model; those of the baseline must be among them for any choice.
    freq : the series' frequency, for the words of the reason.
    failed : models that could not be measured, and what was wrong.
    pinned : a model that the user insists on; it is still compared.

    Returns
    -------
    The model to use, how it compares, and why it is taken.
    """
    if BASELINE not in backtests or (pinned is not None and pinned not in backtests):
        return _alone(pinned or BASELINE, "untested", failed)
    scores = paired_scores(backtests)
    if scores.empty:
        return _alone(pinned or BASELINE, "nothing_varies", failed)
    means = scores.mean()
    best = str(means.idxmin())
    differences = scores.sub(scores[best], axis=0)
    # One common origin has no spread; then only what is as good as the best is tied with it.
    errors = differences.std(ddof=1).fillna(0.0) / np.sqrt(len(scores))
    tied = tuple(str(name) for name in scores.columns if differences[name].mean() <= errors[name])
    chosen = pinned or min(tied, key=lambda name: find_model(name).complexity)
    ratios = {str(name): float(value) for name, value in (means / means[BASELINE]).items()}
    apart = {str(name): _behind(differences[name], means[BASELINE]) for name in scores.columns}
    beats = chosen != BASELINE and ratios[chosen] < 1
    reason = _reason(chosen, best, tied, ratios[chosen], freq=freq, origins=len(scores), pinned=pinned is not None)
    return Selection(chosen, best, ratios, tied, beats, reason, dict(failed), apart)


def _behind(difference: pd.Series[float], naive: float) -> Score:
    """How far a model lies behind the best, as a share of the naive's loss, paired over origins."""
    return Score(*(each / naive for each in mean_interval(list(difference), seed=0)))


def _alone(chosen: str, why: str, failed: Mapping[str, Sentence]) -> Selection:
    """A model that nothing could be compared with."""
    reason = Sentence(f"selection.{why}", {"model": find_model(chosen).title})
    return Selection(chosen, chosen, {}, (chosen,), False, reason, dict(failed))


def _reason(
    chosen: str, best: str, tied: Sequence[str], ratio: float, *, freq: str, origins: int, pinned: bool
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
    did = Sentence("selection.less_error" if ratio < 1 else "selection.more_error", evidence)
    if not pinned and not others:
        return did
    why = Sentence("selection.pinned" if pinned else "selection.tied", evidence)
    return Sentence("selection.did_and_why", {"did": did, "why": why})
