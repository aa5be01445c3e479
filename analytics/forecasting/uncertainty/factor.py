"""The common factor: how strongly areas rise and fall together beyond what the forecast knows, and how long it lasts.

Both are read from a backtest, from the normal scores of what came. Scores of small counts are blurred: what they show is
less than what was there by a factor known in closed form (``score_strengths``), which is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from analytics.forecasting.uncertainty.distribution import LARGE, Distribution, NegativeBinomial
from analytics.forecasting.uncertainty.pit import Step, normal_scores, score_strengths, step_of

__all__ = ["USUAL", "common_factor"]

Array = npt.NDArray[np.float64]

STRENGTHS = np.linspace(0.0, 0.95, 96)
# Below this many outcomes shared by all pairs of columns a correlation is noise: then it is what it usually is. Strength
# and lasting share were measured on 52 backtests of 30 to 48 months (crimes in Chicago by type and by place, incidents in
# Philadelphia by type and by place): means .18 and .12 three months ahead, .22 and .28 a year ahead. Areas that were
# taken to be independent made ranges of a city's total that held 7 of 30 outcomes in place of 24.
FEWEST_PERIODS = 20
USUAL = (0.2, 0.25)


def common_factor(
    windows: Sequence[tuple[Distribution, Array]], *, steps: Sequence[Step] | None = None
) -> tuple[float, float]:
    """The factor's strength (rho) and the share of it that lasts over a window (kappa), each 0 to 1.

    See ``draws`` for the model.

    Parameters
    ----------
    windows : past (distribution, observed), arrays (period, column), gaps NaN.
    steps : of the distributions at what was observed, where they are known.

    Returns
    -------
    rho, kappa
        Both 0 for one column.
    """
    if windows[0][1].shape[1] < 2:
        return 0.0, 0.0
    if sum(len(observed) for _, observed in windows) < FEWEST_PERIODS:
        return USUAL
    together, lasting = np.zeros(3), np.zeros(2)
    for scores, strengths in _read(windows, steps or [step_of(*window) for window in windows]):
        known = ~np.isnan(scores)
        first, second = (np.where(known, each, 0.0) for each in strengths)
        together += [_pairs(np.nan_to_num(scores)), _pairs(first), _pairs(second)]
        lasting += _across_periods(np.nan_to_num(scores), first)
    if together[1] <= 0:
        return 0.0, 0.0
    # The covariance that a strength would show rises with it; the strength is where it meets the one that was seen.
    shown = STRENGTHS * together[1] + STRENGTHS**2 * together[2]
    rho = float(np.interp(together[0], shown, STRENGTHS))
    if rho == 0 or lasting[1] <= 0:
        return rho, 0.0
    return rho, float(np.clip(lasting[0] / lasting[1] / rho, 0.0, 1.0))


def _read(
    windows: Sequence[tuple[Distribution, Array]], steps: Sequence[Step]
) -> Iterator[tuple[Array, tuple[Array, Array]]]:
    """The normal scores of each window, and what of a latent normal they keep."""
    counts = [each for each, _ in windows if isinstance(each, NegativeBinomial) and each.mean.max(initial=0) <= LARGE]
    if len(counts) < len(windows):
        for (distribution, observed), step in zip(windows, steps, strict=True):
            yield normal_scores(step, observed), score_strengths(distribution)
        return
    # Counts are climbed one by one, of all windows in the time of one.
    whole = NegativeBinomial(*(np.concatenate([getattr(each, name) for each in counts]) for name in ("mean", "size")))
    strengths, start = score_strengths(whole), 0
    for (_, observed), step in zip(windows, steps, strict=True):
        rows = slice(start, start + len(observed))
        yield normal_scores(step, observed), (strengths[0][rows], strengths[1][rows])
        start += len(observed)


def _pairs(values: Array) -> float:
    """The sum of products of different columns in the same period."""
    return float((values.sum(axis=1) ** 2 - (values**2).sum(axis=1)).sum())


def _across_periods(scores: Array, first: Array) -> Array:
    """The sums of products of different columns in different periods: of the scores, and of their strengths."""
    sums = []
    for values in (scores, first):
        everything = values.sum() ** 2 - (values.sum(axis=0) ** 2).sum()
        sums.append(everything - _pairs(values))
    return np.array(sums)
