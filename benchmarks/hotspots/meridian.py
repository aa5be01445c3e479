"""What was planted in Meridian, the made city, and whether it is found."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd

from analytics.hotspots import delay_table, find_hotspots
from analytics.hotspots.audit.reporting import reporting_gaps
from analytics.hotspots.find import flagged
from analytics.hotspots.results import Hotspots
from analytics.hotspots.significance.stability import map_change
from analytics.hotspots.subjects import subjects
from benchmarks.rows import Row
from data import City, open_city
from data.sample import truth

__all__ = ["rows"]

SHARE = 0.05


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Hotspots, a move, silence, patrols and congestion, each as a share of what was planted."""
    with _workspace():
        city = open_city("meridian")
        found = find_hotspots(city.incidents["assault"])
        yield _hotspots(found)
        yield _moved(city, found)
        yield _under_reporting(city)
        first = next(iter(subjects(city).values()))
        yield Row(
            "meridian_police_headline", float(not first.police), "of 1", 1.0, most=False, note=f"first: {first.title}"
        )
        yield _congestion(city)


@contextmanager
def _workspace() -> Iterator[None]:
    """A workspace of its own: nothing that an earlier run stored is used, and nothing is left behind."""
    before = os.environ.get("CIVICAST_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CIVICAST_HOME"] = folder
        try:
            yield
        finally:
            os.environ.pop("CIVICAST_HOME")
            if before is not None:
                os.environ["CIVICAST_HOME"] = before


def _hotspots(found: Hotspots) -> Row:
    """Planted places whose middle lies in a flagged cell."""
    planted = truth()
    (phase,) = planted.incident_kind("assault").phases
    x, y = (np.array([getattr(spot, axis) for spot in phase.hotspots]) for axis in ("x", "y"))
    cell = found.cells.locate(x, y)
    inside = (cell >= 0) & flagged(found, SHARE)[cell]
    under = planted.under_reporting[0]
    lost = [
        f"{found.cells.area_id[place]} (weight {spot.weight:g}, sigma {spot.sigma:g} m)"
        for place, spot, hit in zip(cell, phase.hotspots, inside, strict=True)
        if not hit
    ]
    half = [
        spot.weight
        for place, spot in zip(cell, phase.hotspots, strict=True)
        if found.cells.area_id[place] in under.areas
    ]
    return Row(
        "meridian_hotspots_found", float(inside.mean()), f"of {len(inside)}", 0.8, most=False,
        note=f"middles in the flagged {SHARE:.0%}; the port's ({len(half)}) is reported by {under.share_reported:.0%} only; "
        f"not found: {', '.join(lost) or 'none'}",
    )  # fmt: skip


def _moved(city: City, assaults: Hotspots) -> Row:
    """Burglary moved a year before the end; assault did not."""
    incidents = city.incidents["burglary"]
    day = incidents.until + pd.Timedelta(days=1)
    moved, stayed = (
        map_change(each, assaults.cells, as_of=day, shares=(SHARE,))[SHARE]
        for each in (incidents, city.incidents["assault"])
    )
    note = f"{moved.back:.0%} came back, {moved.expected:.0%} by chance; assault, which stays: {'moved' if stayed.moved else 'not'}"
    return Row("meridian_moved", float(moved.moved), "of 1", 1.0, most=False, note=note)


def _under_reporting(city: City) -> Row:
    incidents = city.incidents["assault"]
    assert incidents.second_source is not None
    gaps = reporting_gaps(incidents, city.incidents[incidents.second_source])
    named, wanted = set(gaps.loc[gaps["gap"], "area_id"].astype(str)), set(truth().under_reporting[0].areas)
    return Row(
        "meridian_under_reporting", len(named & wanted) / len(named | wanted), "of areas", 1.0, most=False,
        note=f"named: {', '.join(sorted(named))}; true: {', '.join(sorted(wanted))}",
    )  # fmt: skip


def _congestion(city: City) -> Row:
    """The planted hours are the first rows of the table."""
    planted = {
        (spot.area_id, "weekend" if min(spot.weekdays) > 4 else "working", hour)
        for spot in truth().delay.congestion
        for hour in spot.hours
    }
    top = delay_table(city.series["traffic_delay"]).head(len(planted))
    met = planted & set(top[["area_id", "days", "hour"]].itertuples(index=False, name=None))
    note = f"planted hours among the first {len(planted)} of the table"
    return Row("meridian_congestion", len(met) / len(planted), "of hours", 1.0, most=False, note=note)
