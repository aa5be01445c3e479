"""The daily service requests of Meridian: correlated negative-binomial counts around the planted means."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from data.sample.draws import negative_binomial, normals
from data.sample.planted import SEED, truth
from data.sample.truth import Truth

__all__ = ["draw_panel", "sample_panel"]


def sample_panel(*, seed: int = SEED) -> tuple[pd.DataFrame, Truth]:
    """Four years of daily requests, period × (area_id, category), and the truth that they were drawn from.

    Another seed gives another history of the same city: the truth stays, the chance changes.

    >>> values, planted = sample_panel(seed=1)
    >>> values.shape, list(planted.level.columns)
    ((1461, 180), ['refuse', 'street_lighting', 'graffiti'])
    """
    planted = truth(seed=seed)
    return draw_panel(planted), planted


def draw_panel(planted: Truth) -> pd.DataFrame:
    """The daily requests, period × (area_id, category), that a truth and its seed give."""
    means = planted.request_means()
    sizes = np.tile([kind.rhythm.size for kind in planted.requests], len(planted.level))
    common = normals(planted.seed, "requests/common", (len(means), 1))
    own = normals(planted.seed, "requests/own", means.shape)
    share = planted.correlation
    level = ndtr(np.sqrt(share) * common + np.sqrt(1 - share) * own)
    counts = negative_binomial(level, means.to_numpy(), np.broadcast_to(sizes, means.shape))
    return pd.DataFrame(counts, index=means.index, columns=means.columns)
