"""Which model is used: the simplest of those that did about as well as the best."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.forecasting.backtest import BASELINE
from analytics.forecasting.registry import find_model
from analytics.forecasting.results import Backtest, Selection
from analytics.results import WORDING

__all__ = ["choose", "paired_scores"]


def paired_scores(backtests: Mapping[str, Backtest]) -> pd.DataFrame:
    """Mean SQL by cutoff and model, over the series and origins that every model was scored on."""
    keys = ["cutoff", "area_id", "category"]
    scores = [result.detail.set_index(keys)["sql"].rename(name) for name, result in backtests.items()]
    return pd.concat(scores, axis=1, join="inner").dropna().groupby("cutoff").mean()


def choose(backtests: Mapping[str, Backtest], *, failed: Mapping[str, str], pinned: str | None = None) -> Selection:
    """The simplest model within one standard error of the best by SQL; areas are compared, not only the total.

    The standard error is of the difference to the best, paired over origins. ``pinned`` names a model that the user
    insists on.
    """
    scores = paired_scores(backtests)
    means = scores.mean()
    best = str(means.idxmin())
    differences = scores.sub(scores[best], axis=0)
    errors = differences.std(ddof=1) / np.sqrt(len(scores))
    tied = tuple(str(name) for name in scores.columns if differences[name].mean() <= errors[name])
    chosen = pinned or min(tied, key=lambda name: find_model(name).complexity)
    ratios = {str(name): float(value) for name, value in (means / means[BASELINE]).items()}
    beats = chosen != BASELINE and ratios[chosen] < 1
    return Selection(
        chosen=chosen,
        best=best,
        ratios=ratios,
        tied=tied,
        beats_naive=beats,
        reason=_reason(chosen, best, tied, ratios, origins=len(scores), pinned=pinned is not None),
        failed=dict(failed),
    )


def _reason(
    chosen: str, best: str, tied: tuple[str, ...], ratios: Mapping[str, float], *, origins: int, pinned: bool
) -> str:
    titles = {name: find_model(name).title for name in ratios}
    others = [titles[name] for name in tied if name != chosen]
    evidence = {
        "model": titles[chosen],
        "best": titles[best],
        "baseline": titles[BASELINE],
        "less": 1 - ratios[chosen],
        "more": ratios[chosen] - 1,
        "origins": origins,
        "others": others,
    }
    if chosen == BASELINE and not pinned:
        return WORDING.sentence("selection.nothing_beats", evidence)
    code = "less_error" if ratios[chosen] < 1 else "more_error"
    sentences = [WORDING.sentence(f"selection.{code}", evidence)]
    if pinned:
        sentences.append(WORDING.sentence("selection.pinned", evidence))
    elif others:
        sentences.append(WORDING.sentence("selection.tied", evidence))
    return " ".join(sentences)
