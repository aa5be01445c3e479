"""Delay at signals by the Highway Capacity Manual, one stream of vehicles and one green; it has a value above capacity, too."""

from __future__ import annotations

import math

__all__ = [
    "LEVELS",
    "PERIOD",
    "control_delay",
    "incremental_delay",
    "level_of_service",
    "pedestrian_delay",
    "uniform_delay",
]

PERIOD = 0.25
"""Hours over which flows are taken to last."""
LEVELS = ((10.0, "A"), (20.0, "B"), (35.0, "C"), (55.0, "D"), (80.0, "E"))
"""Control delay in seconds up to which a level of service reaches (HCM 2000, exhibit 16-2); beyond is F."""


def uniform_delay(cycle: float, green: float, ratio: float) -> float:
    """The delay of even arrivals, d1 = .5 C (1 - g/C)² / (1 - min(1, X) g/C); HCM 2000, equation 16-11.

    Parameters
    ----------
    cycle, green : seconds.
    ratio : X, flow over capacity.

    Returns
    -------
    float
        Seconds a vehicle.
    """
    share = green / cycle
    return 0.5 * cycle * (1 - share) ** 2 / (1 - min(1.0, ratio) * share)


def incremental_delay(
    ratio: float, capacity: float, *, period: float = PERIOD, k: float = 0.5, i: float = 1.0
) -> float:
    """The delay of chance and of queues that grow, d2; HCM 2000, equation 16-12.

    Parameters
    ----------
    ratio : X, flow over capacity.
    capacity : vehicles an hour.
    period : hours.
    k : .5 where the plan is fixed.
    i : 1 where no signal upstream meters the flow.

    Returns
    -------
    float
        Seconds a vehicle.
    """
    over = ratio - 1
    return 900 * period * (over + math.sqrt(over**2 + 8 * k * i * ratio / (capacity * period)))


def control_delay(
    cycle: float, green: float, *, flow: float, saturation: float, period: float = PERIOD, k: float = 0.5, i: float = 1.0
) -> float:  # fmt: skip
    """Mean control delay d1 + d2 of vehicles that arrive at random, without a queue at the start.

    Parameters
    ----------
    cycle, green : seconds.
    flow, saturation : vehicles an hour.
    period : hours over which the flow lasts.
    k, i : as of ``incremental_delay``.

    Returns
    -------
    float
        Seconds a vehicle.

    Examples
    --------
    >>> round(control_delay(60, 30, flow=600, saturation=1800), 3)
    15.149
    >>> round(control_delay(60, 30, flow=990, saturation=1800), 2)
    76.18
    """
    capacity = saturation * green / cycle
    ratio = flow / capacity
    return uniform_delay(cycle, green, ratio) + incremental_delay(ratio, capacity, period=period, k=k, i=i)


def level_of_service(delay: float, ratio: float = 0.0) -> str:
    """The letter that the handbook gives a control delay: A to F.

    Parameters
    ----------
    delay : seconds a vehicle.
    ratio : flow over capacity; above 1 it is F whatever the delay.

    Returns
    -------
    str
        One letter.
    """
    if ratio > 1:
        return "F"
    return next((letter for most, letter in LEVELS if delay <= most), "F")


def pedestrian_delay(cycle: float, green: float) -> float:
    """Mean seconds that people on foot wait, .5 (C - g)² / C; HCM 2000, equation 18-5.

    Parameters
    ----------
    cycle : seconds.
    green : seconds in which they may start to cross.

    Returns
    -------
    float
        Seconds a person.
    """
    return 0.5 * (cycle - green) ** 2 / cycle
