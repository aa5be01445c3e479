"""Whether the treated and the others moved alike before: an event study with intervals, and one test over all of it.

That they did is shown, never assumed; that they would have gone on to is what no data can show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtrc

from analytics.evaluation.comparing import difference_in_differences
from analytics.evaluation.panel import PolicyPanel
from analytics.evaluation.placebos import noise_of

__all__ = ["EventStudy", "event_study"]

Array = npt.NDArray[np.float64]

FEWEST_TO_RANK = 40  # groups of which one in twenty is two
BLOCKS = 8  # of periods before the policy: few enough to be read, enough to show a trend
NORMAL_95 = 1.959964


@dataclass(frozen=True, eq=False)
class EventStudy:
    """How far the treated lay from the others, block of periods by block, against their mean distance before the policy.

    ``blocks`` has the columns start, gap, low, high (shares where values add up, else units) and after. ``p`` is the chance of
    earlier blocks that scatter as much where there is no policy: below .05 the earlier trends were not parallel.
    """

    blocks: pd.DataFrame
    p: float

    @property
    def parallel(self) -> bool:
        """Whether the earlier trends give no sign of having differed."""
        return self.p >= 0.05


def event_study(panel: PolicyPanel, sets: Sequence[Sequence[str]]) -> EventStudy:
    """The difference in differences by block of periods, its intervals from groups of areas without the policy.

    Parameters
    ----------
    panel : with its treated units.
    sets : groups of controls, as ``placebo_sets`` gives them.

    Returns
    -------
    EventStudy
        Blocks of equal length, at most ``BLOCKS`` before the policy.
    """
    length = max(1, int(np.ceil(panel.before / BLOCKS)))
    starts = [*range(panel.before % length, panel.before, length), *range(panel.before, len(panel.values), length)]
    own = _blocks(panel, list(panel.treated), starts)
    scale = noise_of(panel, panel.treated)
    others = np.array([_blocks(panel, group, starts) * scale / noise_of(panel, group) for group in sets])
    spread = np.sqrt((others**2).mean(axis=0))
    earlier = np.array([start < panel.before for start in starts])
    blocks = pd.DataFrame(
        {
            "start": panel.periods[starts],
            "gap": own,
            "low": own - NORMAL_95 * spread,
            "high": own + NORMAL_95 * spread,
            "after": ~earlier,
        }
    )
    return EventStudy(blocks, _joint(own[earlier], others[:, earlier]))


def _joint(own: Array, others: Array) -> float:
    """The chance of blocks that scatter as much: the rank among the groups; of few groups, which have no rank below .05, by F."""
    if len(others) >= FEWEST_TO_RANK:
        sizes = (others**2).sum(axis=1)
        return float((1 + (sizes >= (own**2).sum()).sum()) / (1 + len(sizes)))
    ratio = (own**2 / np.maximum((others**2).mean(axis=0), 1e-300)).mean()
    return float(fdtrc(max(len(own) - 1, 1), len(others), ratio))


def _blocks(panel: PolicyPanel, group: Sequence[str], starts: Sequence[int]) -> Array:
    fit = difference_in_differences(panel.pair(group))
    ends = [*starts[1:], len(panel.values)]
    return np.array([fit.gaps[start:end].mean() for start, end in zip(starts, ends, strict=True)])
