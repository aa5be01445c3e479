"""Ratios of scores over the same series, with their intervals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.resampling import BOUNDS, resamples
from benchmarks.rows import Row

__all__ = ["Array", "paired"]

Array = npt.NDArray[np.float64]

RESAMPLED = 2000


def paired(
    name: str,
    ours: Array,
    peer: Array,
    *,
    peer_name: str,
    unit: str,
    goal: float,
    on_point: bool = False,
    seed: int = 0,
) -> Row:
    """The ratio of two mean scores by series; the interval resamples the series in pairs."""
    both = np.isfinite(ours) & np.isfinite(peer)
    ours, peer = ours[both], peer[both]
    places = resamples(len(ours), seed=seed, times=RESAMPLED)
    ratios = ours[places].mean(axis=1) / peer[places].mean(axis=1)
    low, high = np.quantile(ratios, BOUNDS)
    return Row(
        name, float(ours.mean()), unit, goal, peer=float(peer.mean()), peer_name=peer_name,
        low=float(low), high=float(high), on_point=on_point, note=f"{len(ours)} series",
    )  # fmt: skip
