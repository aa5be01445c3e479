"""How much each thing has to do with the leader's lead, alone and with all others: Sobol's indices over the engines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.parallel import Progress, quiet
from analytics.scenarios.mind.factors import Factor
from data.words import Words

__all__ = ["SETTINGS", "Influence", "Sweep", "influences_of", "swept"]

Floats = npt.NDArray[np.float64]

MOST, FEWEST = 64, 16  # points of Sobol's sequence: powers of two, as it wants
SETTINGS = 400  # each point is tried once for all and once for every factor: so many take some ten seconds
SEED = 0  # the sequence is scrambled by the study's seed plus this
LEVEL = 0.95
RESAMPLES = 200


@dataclass(frozen=True)
class Influence:
    """The share of the lead's variance that a factor explains by itself (``first``) and with all others (``total``).

    ``first_error`` and ``total_error`` are half the widths of their 95 % intervals.
    """

    name: str
    title: Words
    first: float
    first_error: float
    total: float
    total_error: float


@dataclass(frozen=True, eq=False)
class Sweep:
    """Settings of all factors together, (setting, factor), and the lead there.

    ``plain`` marks those that are spread evenly over what may be; the others repeat them with one factor changed, for the
    indices alone.
    """

    factors: tuple[Factor, ...]
    levels: Floats
    places: Floats
    leads: Floats
    plain: npt.NDArray[np.bool_]


def swept(
    lead: Callable[[dict[str, float]], float],
    factors: Sequence[Factor],
    *,
    points: int | None = None,
    most: int = SETTINGS,
    seed: int = 0,
    progress: Progress = quiet,
    doing: Words = "",
) -> Sweep:
    """The lead at settings that are spread over what all factors may be.

    Parameters
    ----------
    lead : of the leader, where factors stand at these places.
    factors : at least one.
    points : a power of two; (points) × (factors + 2) settings are tried (default: from 16 to 64, as ``most`` allows).
    most : settings.
    seed : of the sequence.
    progress : told how far it is, as ``doing``.
    doing : what is being done.

    Returns
    -------
    Sweep
        In the order of Saltelli's design (Saltelli et al. 2010, Computer Physics Communications 181:259-270).
    """
    from SALib.sample import sobol

    if points is None:
        points = max(FEWEST, min(MOST, 2 ** int(np.log2(max(most / (len(factors) + 2), 1)))))
    levels = sobol.sample(_problem(factors), points, calc_second_order=False, seed=seed)
    places = np.column_stack([each.quantile(levels[:, index]) for index, each in enumerate(factors)])
    leads = np.empty(len(places))
    for index, row in enumerate(places):
        progress(index / len(places), doing)
        leads[index] = lead({each.name: float(place) for each, place in zip(factors, row, strict=True)})
    # Each block of the design is A, then A with one column of B for each factor, then B.
    within = np.arange(len(places)) % (len(factors) + 2)
    return Sweep(tuple(factors), levels, places, leads, (within == 0) | (within == len(factors) + 1))


def influences_of(sweep: Sweep, *, seed: int = 0) -> tuple[Influence, ...]:
    """Sobol's first-order and total indices with their intervals, the greatest total first.

    Parameters
    ----------
    sweep : as ``swept`` gives it.
    seed : of the intervals.

    Returns
    -------
    tuple of Influence
        None where the lead is the same everywhere.
    """
    from SALib.analyze import sobol

    if not np.ptp(sweep.leads) > 0:
        return ()
    scaled = (sweep.leads - sweep.leads.mean()) / sweep.leads.std()
    found = sobol.analyze(
        _problem(sweep.factors), scaled, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed
    )
    influences = [
        Influence(each.name, each.title, *(float(found[key][index]) for key in ("S1", "S1_conf", "ST", "ST_conf")))
        for index, each in enumerate(sweep.factors)
    ]
    return tuple(sorted(influences, key=lambda each: -each.total))


def _problem(factors: Sequence[Factor]) -> dict[str, object]:
    return {"num_vars": len(factors), "names": [each.name for each in factors], "bounds": [[0.0, 1.0]] * len(factors)}
