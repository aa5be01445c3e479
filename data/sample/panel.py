"""What is measured in Meridian: daily service requests, each with its dates, and hourly traffic and its delays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy
from scipy.special import ndtr

from data.sample.draws import negative_binomial, normals, uniforms
from data.sample.plan import plan_of_meridian
from data.sample.planted import SEED, truth
from data.sample.truth import Truth

__all__ = ["draw_panel", "sample_delay", "sample_handling", "sample_panel", "sample_traffic"]

Floats = npt.NDArray[np.float64]


def sample_panel(*, seed: int = SEED) -> tuple[pd.DataFrame, Truth]:
    """Four years of daily requests, period × (area_id, category), and the truth that they were drawn from.

    Another seed gives another history of the same city: the truth stays, the chance changes.

    >>> values, planted = sample_panel(seed=1)
    >>> values.shape, list(planted.level.columns)
    ((1461, 180), ['refuse', 'street_lighting', 'graffiti'])
    """
    planted = truth(seed=seed)
    return draw_panel(planted), planted


def draw_panel(planted: Truth, *, spoiled: bool = False) -> pd.DataFrame:
    """The daily requests, period × (area_id, category), that a truth and its seed give.

    ``spoiled`` ones have the planted spells, and gaps (NaN) in the planted silences; the others are otherwise the same.

    Parameters
    ----------
    planted : the truth to draw from.
    spoiled : whether spells and silences are written into it.

    Returns
    -------
    Counts by period, as floats so that a gap can be NaN.
    """
    means = planted.shifted_means() if spoiled else planted.request_means()
    sizes = np.tile([kind.rhythm.size for kind in planted.requests], len(planted.level))
    common = normals(planted.seed, "requests/common", (len(means), 1))
    own = normals(planted.seed, "requests/own", means.shape)
    share = planted.correlation
    level = ndtr(np.sqrt(share) * common + np.sqrt(1 - share) * own)
    counts = negative_binomial(level, means.to_numpy(), np.broadcast_to(sizes, means.shape))
    frame = pd.DataFrame(counts, index=means.index, columns=means.columns)
    for silence in planted.silences if spoiled else ():
        area, kind = (frame.columns.get_level_values(level) for level in ("area_id", "category"))
        silent = (area == silence.area_id) & ((kind == silence.category) | (silence.category == ""))
        frame.loc[silence.since : silence.until, silent] = np.nan
    return frame


def sample_handling(counts: pd.DataFrame, planted: Truth) -> pd.DataFrame:
    """One row a request that was counted since its dates are recorded, in order of time.

    Columns opened, closed (to the minute; NaT where it was open when the data end), area_id, kind.

    Parameters
    ----------
    counts : requests, period × (area_id, category).
    planted : the truth that holds how long they take.

    Returns
    -------
    One row a request.
    """
    handling = planted.handling
    recent = counts.loc[handling.since :].fillna(0.0)
    cells = recent.to_numpy(dtype=np.int64)
    row, column = np.divmod(np.repeat(np.arange(cells.size), cells.ravel()), cells.shape[1])
    area, kind = (recent.columns.get_level_values(level).to_numpy()[column] for level in ("area_id", "category"))
    district = plan_of_meridian().neighbourhoods["parent_id"].astype(str)
    pairs = list(recent.columns.to_frame().itertuples(index=False, name=None))
    medians = np.array([handling.median(each, district[index]) for index, each in pairs])[column]
    minute = np.floor(1440 * uniforms(planted.seed, "handling/minute", len(row))).astype(np.int64)
    left = uniforms(planted.seed, "handling/days", len(row))
    days = medians * (np.log(left) / np.log(0.5)) ** (1 / handling.shape)
    opened = recent.index[row] + pd.to_timedelta(minute, unit="min")
    closed = opened + pd.to_timedelta(np.ceil(1440 * days), unit="min")
    known = closed < planted.until + pd.Timedelta(days=1)
    frame = pd.DataFrame({"opened": opened, "closed": closed.where(known), "area_id": area, "kind": kind})
    return frame.sort_values("opened", kind="stable", ignore_index=True)


def sample_traffic(*, seed: int = SEED) -> pd.DataFrame:
    """Vehicles an hour, period (UTC, which is Meridian's own time) × area_id of the counter."""
    planted = truth(seed=seed).traffic
    hours, slot = planted.hours, planted.hour_of_week()
    steady = planted.rhythm.factor(hours.normalize(), since=planted.since)
    noise = _lasting(normals(seed, "traffic/noise", (len(hours), len(planted.counters))), planted.persistence)
    means = np.stack([each.per_hour * np.array(planted.week[each.kind])[slot] for each in planted.counters], axis=1)
    counts = np.rint(means * steady[:, None] * np.exp(planted.noise * noise - planted.noise**2 / 2))
    return pd.DataFrame(counts, index=hours, columns=[each.area_id for each in planted.counters])


def sample_delay(planted: Truth) -> pd.DataFrame:
    """The mean delay in seconds a kilometre that a truth and its seed give, as :func:`sample_traffic` is laid out."""
    traffic, delay = planted.traffic, planted.delay
    hours, slot = traffic.hours, traffic.hour_of_week()
    means = np.stack(
        [delay.per_km[each.area_id] * np.array(delay.week[each.kind])[slot] for each in traffic.counters], axis=1
    )
    areas = [each.area_id for each in traffic.counters]
    for spot in delay.congestion:
        held_up = (hours >= spot.since) & np.isin(slot, spot.hours_of_week)
        means[held_up, areas.index(spot.area_id)] *= spot.factor
    noise = _lasting(normals(planted.seed, "delay/noise", means.shape), delay.persistence)
    return pd.DataFrame(np.round(means * np.exp(delay.noise * noise), 1), index=hours, columns=areas)


def _lasting(noise: Floats, persistence: float) -> Floats:
    """Standard normals by hour, each hour like the one before to this correlation."""
    steps = np.array([np.ones(len(noise)), np.full(len(noise), -persistence)])
    return np.asarray(scipy.linalg.solve_banded((1, 0), steps, np.sqrt(1 - persistence**2) * noise))
