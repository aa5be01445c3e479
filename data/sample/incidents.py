"""The incidents of Meridian: when and where, drawn from the planted rhythm and hotspots, and which are reported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.sample.draws import negative_binomial, normals, uniforms
from data.sample.people import BASE_YEAR, drivers
from data.sample.plan import plan_of_meridian
from data.sample.planted import SEED, truth
from data.sample.truth import IncidentKind, Phase, SecondSource, Truth

__all__ = ["sample_incidents", "true_density", "true_incidents"]

Floats = npt.NDArray[np.float64]


def sample_incidents(kind: str, *, seed: int = SEED) -> pd.DataFrame:
    """The incidents of a kind that are reported, or those of a second source, laid out as by :func:`true_incidents`.

    Parameters
    ----------
    kind : a kind of incident that the truth plants, or a second source.
    seed : of the whole city.

    Returns
    -------
    One row an incident that somebody recorded.
    """
    planted = truth(seed=seed)
    for second in planted.second_sources:
        if second.name == kind:
            return _noted(second, planted)
    incidents = true_incidents(kind, seed=seed)
    share = _share_reported(kind, incidents, planted)
    reported = uniforms(seed, f"{kind}/reported", len(incidents)) < share
    return incidents.loc[reported].reset_index(drop=True)


def true_incidents(kind: str, *, seed: int = SEED) -> pd.DataFrame:
    """Incidents of one kind, reported or not, in order of time.

    Columns ``time`` (local, to the minute), ``x``, ``y`` (metres in the city's crs).

    Parameters
    ----------
    kind : a kind of incident that the truth plants.
    seed : of the whole city.

    Returns
    -------
    One row an incident.
    """
    planted = truth(seed=seed)
    of_kind = planted.incident_kind(kind)
    mean = of_kind.per_day * of_kind.rhythm.factor(planted.days, since=planted.since)
    level = uniforms(seed, f"{kind}/counts", len(mean))
    counts = negative_binomial(level, mean, np.full(len(mean), of_kind.rhythm.size)).astype(int)
    day = planted.days.repeat(counts)
    time = day + pd.to_timedelta(_minutes(of_kind, seed=seed, count=len(day)), unit="min")
    starts = [phase.since for phase in of_kind.phases]
    phase_of_day = np.searchsorted(pd.DatetimeIndex(starts), day, side="right") - 1
    points = np.empty((len(day), 2))
    for number, phase in enumerate(of_kind.phases):
        within = np.flatnonzero(phase_of_day == number)
        points[within] = _points(of_kind, phase, count=len(within), seed=seed, what=f"{kind}/{number}")
    frame = pd.DataFrame({"time": time, "x": points[:, 0], "y": points[:, 1]})
    return frame.sort_values("time", kind="stable", ignore_index=True)


def true_density(kind: str, x: Floats, y: Floats, *, on: pd.Timestamp, reported: bool = False) -> Floats:
    """How closely incidents of a kind lie at points (metres in the city's crs) on a day, a km²; 0 off the land.

    It is the density that the points are drawn from (with ``reported`` of those that are reported), up to one factor
    for the whole city (points that would fall on the water are drawn again), which no ranking of places depends on.

    Parameters
    ----------
    kind : a kind of incident that the truth plants.
    x, y : metres in the city's crs.
    on : the day.
    reported : whether only those that are reported count.

    Returns
    -------
    Relative density by point, in the shape of `x`.
    """
    of_kind = truth().incident_kind(kind)
    phase = max((phase for phase in of_kind.phases if phase.since <= on), key=lambda phase: phase.since)
    area = _area_at(x, y)
    density = _background_weight(phase) * _ground(of_kind.background).per_area[area]
    for spot in phase.hotspots:
        apart = ((x - spot.x) ** 2 + (y - spot.y) ** 2) / spot.sigma**2
        density += spot.weight * np.exp(-apart / 2) / (2 * np.pi * spot.sigma**2)
    if reported:
        density *= _share_reported(kind, pd.DataFrame({"time": on, "x": x, "y": y}), truth())
    return np.where(area >= 0, density * 1e6, 0.0)


def _share_reported(kind: str, incidents: pd.DataFrame, planted: Truth) -> Floats:
    """The chance of each incident of a kind to be reported."""
    share = np.ones(len(incidents))
    names = plan_of_meridian().neighbourhoods.index
    for under in planted.under_reporting:
        if under.category == kind:
            index = _area_at(incidents["x"].to_numpy(), incidents["y"].to_numpy())
            within = (
                np.isin(index, names.get_indexer(list(under.areas))) & (incidents["time"] >= under.since).to_numpy()
            )
            share[within] *= under.share_reported
    return share


def _noted(second: SecondSource, planted: Truth) -> pd.DataFrame:
    """What a second source notes of all incidents of its kind, as far as it does so before the data end."""
    seed, incidents = planted.seed, true_incidents(second.of, seed=planted.seed)
    noted = uniforms(seed, f"{second.name}/noted", len(incidents)) < second.share
    late = np.floor((second.minutes + 1) * uniforms(seed, f"{second.name}/minutes", len(incidents)))
    here = incidents[["x", "y"]].to_numpy()
    near = here + second.jitter * normals(seed, f"{second.name}/offsets", here.shape)
    on_land = shapely.contains_xy(plan_of_meridian().land, near)
    points = np.where(on_land[:, None], near, here)
    time = incidents["time"] + pd.to_timedelta(late, unit="min")
    frame = pd.DataFrame({"time": time, "x": points[:, 0], "y": points[:, 1]})
    in_time = (time < planted.until + pd.Timedelta(days=1)).to_numpy()
    return frame.loc[noted & in_time].sort_values("time", kind="stable", ignore_index=True)


def _minutes(kind: IncidentKind, *, seed: int, count: int) -> npt.NDArray[np.int64]:
    """Minutes after midnight by the shares of the hours, even within the hour."""
    level = uniforms(seed, f"{kind.name}/minutes", count)
    ends = np.cumsum(kind.hours)
    ends[-1] = 1.0
    return np.floor(60 * np.interp(level, [0.0, *ends], np.arange(25))).astype(np.int64)


def _background_weight(phase: Phase) -> float:
    return 1 - sum(spot.weight for spot in phase.hotspots)


def _points(kind: IncidentKind, phase: Phase, *, count: int, seed: int, what: str) -> Floats:
    """Points of one phase, shape (count, 2): a hotspot or the background by weight, drawn again where it is not land."""
    candidates = round(1.2 * count) + 50  # a twentieth of the hotspots' mass lies on the water
    weights = [spot.weight for spot in phase.hotspots]
    which = np.searchsorted(np.cumsum(weights), uniforms(seed, f"{what}/which", candidates), side="right")
    points = _ground(kind.background).points(uniforms(seed, f"{what}/ground", (candidates, 3)))
    offsets = normals(seed, f"{what}/offsets", (candidates, 2))
    for number, spot in enumerate(phase.hotspots):
        chosen = which == number
        points[chosen] = (spot.x, spot.y) + spot.sigma * offsets[chosen]
    on_land = shapely.contains_xy(plan_of_meridian().land, points)
    return points[on_land][:count]


@dataclass(frozen=True, eq=False)
class _Ground:
    """The land as triangles, shape (triangle, corner, 2), each with its share of a driver.

    ``per_area`` is that share a m², by neighbourhood.
    """

    triangles: Floats
    shares: Floats
    per_area: Floats

    def points(self, level: Floats) -> Floats:
        """Points spread as the driver is, from three uniforms each: the triangle, then the place within it."""
        ends = np.cumsum(self.shares)
        chosen = self.triangles[np.searchsorted(ends, level[:, 0] * ends[-1], side="right")]
        root = np.sqrt(level[:, 1])
        corners = np.stack([1 - root, root * (1 - level[:, 2]), root * level[:, 2]], axis=1)
        return np.asarray((chosen * corners[:, :, None]).sum(axis=1))


@cache
def _dry() -> npt.NDArray[np.object_]:
    """The neighbourhoods without the river's water."""
    plan = plan_of_meridian()
    return np.asarray(shapely.intersection(plan.neighbourhoods.geometry.to_numpy(), plan.land))


def _area_at(x: Floats, y: Floats) -> npt.NDArray[np.int64]:
    """The position of the neighbourhood in which each point lies, -1 off the land."""
    point, area = shapely.STRtree(_dry()).query(shapely.points(x, y), predicate="intersects")
    found = np.full(len(x), -1)
    found[point] = area
    return found


@cache
def _ground(driver: str) -> _Ground:
    people = drivers()[driver].loc[BASE_YEAR]
    shares = (people / people.sum()).to_numpy()
    parts, part_of = shapely.get_parts(shapely.constrained_delaunay_triangles(_dry()), return_index=True)
    areas = shapely.area(parts)
    per_area = shares / np.bincount(part_of, areas)
    triangles = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    return _Ground(triangles, per_area[part_of] * areas, per_area)
