"""Formulas of queues in a steady state, and staff for a load that changes with time: what a simulation is checked against.

``arrivals`` and ``service`` are rates of one unit of time (60 an hour; an answer of 5 minutes is 12 an hour), ``leaving`` is
the rate at which one who waits loses patience. All take exponential times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from scipy.special import betainc, gammaln, logsumexp

from analytics.errors import ScenarioError

__all__ = ["Steady", "answered_within", "erlang_a", "erlang_c", "load_of", "slack_for", "staff_for", "waiting_chance"]

Floats = npt.NDArray[np.float64]

NEGLIGIBLE = -40.0  # of the logarithm of a chance, below its greatest: what lies beyond changes no digit
MOST_SLACK = 8.0  # square roots of the load: beyond it nobody waits, and before its mirror everybody does


@dataclass(frozen=True)
class Steady:
    """A queue in its steady state.

    ``waits`` is the chance to wait at all, ``abandons`` that of leaving, ``wait`` the mean of all in the unit of time,
    ``queue`` how many wait, ``busy`` the share of the servers' time.
    """

    waits: float
    abandons: float
    wait: float
    queue: float
    busy: float


def erlang_c(arrivals: float, service: float, servers: int) -> Steady:
    """M/M/n: nobody leaves (Erlang 1917).

    Parameters
    ----------
    arrivals : per unit of time.
    service : that one server completes per unit of time.
    servers : how many.

    Returns
    -------
    Steady
        Of which nobody leaves.

    Raises
    ------
    ScenarioError
        When the queue would grow without end, naming the fewest servers that keep up.

    Examples
    --------
    >>> round(erlang_c(20, 5, 5).wait, 4)
    0.1108
    """
    load = arrivals / service
    if load >= servers:
        raise ScenarioError("unstable_queue", servers=servers, load=load, least=int(np.floor(load)) + 1)
    state = np.arange(servers)
    below = state * np.log(load) - gammaln(state + 1) if load > 0 else np.where(state == 0, 0.0, -np.inf)
    at = servers * np.log(load) - gammaln(servers + 1) + np.log(servers / (servers - load)) if load > 0 else -np.inf
    waits = float(np.exp(at - logsumexp([*below, at])))
    wait = waits / (servers * service - arrivals)
    return Steady(waits, 0.0, wait, arrivals * wait, load / servers)


def erlang_a(arrivals: float, service: float, leaving: float, servers: int) -> Steady:
    """M/M/n+M: each who waits leaves at a rate (Palm 1957; Garnett, Mandelbaum & Reiman 2002). Always stable.

    Parameters
    ----------
    arrivals : per unit of time.
    service : that one server completes per unit of time.
    leaving : of one who waits, above 0.
    servers : how many, at least 1.

    Returns
    -------
    Steady
        By the balance of the birth-death process.

    Examples
    --------
    >>> found = erlang_a(48, 1, 0.5, 50)
    >>> round(found.abandons, 4), round(60 * found.wait, 2)
    (0.0309, 3.71)
    """
    chance = _states(arrivals, service, leaving, servers)
    waiting = np.maximum(np.arange(len(chance)) - servers, 0)
    queue = float(chance @ waiting)
    busy = float(chance @ np.minimum(np.arange(len(chance)), servers)) / servers
    waits = float(chance[servers:].sum())
    return Steady(waits, leaving * queue / arrivals, queue / arrivals, queue, busy)


def answered_within(arrivals: float, service: float, leaving: float, servers: int, target: float) -> float:
    """The share of M/M/n+M that is answered within a time, those that leave counted as not answered.

    Who finds k waiting before them is served after the sum of k + 1 exponentials of rates nμ + jθ, j = 0 ... k. With U such a
    sum, exp(-θU) is Beta(nμ/θ, k + 1), and they are still there at U with chance exp(-θU).

    Parameters
    ----------
    arrivals, service, leaving, servers : as of ``erlang_a``.
    target : in the unit of time.

    Returns
    -------
    float
        From 0 to 1.
    """
    chance = _states(arrivals, service, leaving, servers)
    ahead = np.arange(len(chance) - servers)
    shape = servers * service / leaving
    stays = shape / (shape + ahead + 1)
    in_time = 1 - betainc(shape + 1, ahead + 1, np.exp(-leaving * target))
    return float(chance[:servers].sum() + chance[servers:] @ (stays * in_time))


def _states(arrivals: float, service: float, leaving: float, servers: int) -> Floats:
    """The chance of each number of people in the system, as far as it is not negligible."""
    down = [service * n for n in range(1, servers + 1)]
    logs = [0.0, *np.cumsum(np.log(arrivals) - np.log(down))]
    top = max(logs)
    while logs[-1] > top + NEGLIGIBLE or len(logs) <= servers + 1:
        n = len(logs)
        logs.append(logs[-1] + np.log(arrivals / (servers * service + (n - servers) * leaving)))
        top = max(top, logs[-1])
    chance: Floats = np.exp(np.array(logs) - logsumexp(logs))
    return chance


def load_of(arrivals: Floats, *, service: float, step: float, before: float | None = None) -> Floats:
    """The offered load: how many would be served at once if nobody had to wait, m' = λ - μm.

    It lags behind the arrivals by about one service; staff for each hour's own average is late by as much (Jennings,
    Mandelbaum, Massey & Whitt 1996; Green, Kolesar & Whitt 2007).

    Parameters
    ----------
    arrivals : rate in each step.
    service : rate of one server.
    step : in the same unit of time.
    before : the load at the beginning (default: that of the first step for ever).

    Returns
    -------
    Array
        The load at the end of each step, solved exactly for a rate that is constant within it.
    """
    keeps = np.exp(-service * step)
    load = np.empty(len(arrivals))
    now = arrivals[0] / service if before is None else before
    for place, rate in enumerate(arrivals):
        now = rate / service + (now - rate / service) * keeps
        load[place] = now
    return load


def waiting_chance(slack: float, *, patience: float = np.inf) -> float:
    """The chance to wait with ``load + slack * sqrt(load)`` servers, in the limit of a large load.

    Halfin & Whitt 1981 where nobody leaves, Garnett, Mandelbaum & Reiman 2002 else.

    Parameters
    ----------
    slack : beta, above 0 where nobody leaves.
    patience : mean patience over the mean service.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> round(waiting_chance(0.5061), 3)
    0.5
    """
    norm = scipy.stats.norm
    hazard = float(np.exp(norm.logpdf(slack) - norm.logcdf(slack)))  # of a standard normal at -slack
    if np.isinf(patience):
        return 1 / (1 + slack / hazard)
    shifted = slack * np.sqrt(patience)
    own = float(np.exp(norm.logpdf(shifted) - norm.logsf(shifted)))
    return float(1 / (1 + own / (hazard * np.sqrt(patience))))


def slack_for(chance: float, *, patience: float = np.inf) -> float:
    """The beta at which so many wait: the inverse of ``waiting_chance``.

    Parameters
    ----------
    chance : between 0 and 1.
    patience : mean patience over the mean service.

    Returns
    -------
    float
        Square roots of the load.
    """
    low = 1e-9 if np.isinf(patience) else -MOST_SLACK
    return float(
        scipy.optimize.brentq(lambda slack: waiting_chance(slack, patience=patience) - chance, low, MOST_SLACK)
    )


def staff_for(load: Sequence[float] | Floats, *, slack: float) -> npt.NDArray[np.int64]:
    """The square-root rule: ``ceil(load + slack * sqrt(load))``, never below 0.

    Parameters
    ----------
    load : offered, in servers.
    slack : beta.

    Returns
    -------
    Array
        Whole numbers of people.
    """
    each = np.asarray(load, dtype=float)
    found: npt.NDArray[np.int64] = np.maximum(np.ceil(each + slack * np.sqrt(each) - 1e-9), 0).astype(np.int64)
    return found
