"""Maps of a square kilometre that one can count by hand, and events dealt to their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from shapely.geometry import box

from analytics.hotspots.cells import Cells, Squares
from data import Areas, Incidents, Provenance

SOURCE = Provenance(name="burglary", origin="test", licence="none", fingerprint="1")
START = pd.Timestamp("2024-01-01")
CRS = "EPSG:32633"


def layer(count: int = 2, *, width: float = 1000.0, height: float = 1000.0, **columns: Sequence[float]) -> Areas:
    """Areas side by side: W and E, or A0, A1 and so on; a hundred people each."""
    ids = ["W", "E"] if count == 2 else [f"A{place}" for place in range(count)]
    names = {"W": "West", "E": "East"}
    each = width / count
    frame = gpd.GeoDataFrame(
        {"name": [names.get(area, area) for area in ids], "population": 100.0, **columns},
        geometry=[box(each * place, 0, each * (place + 1), height) for place in range(count)],
        index=pd.Index(ids, name="area_id"),
        crs=CRS,
    )
    return Areas("side", frame, replace(SOURCE, name="side"))


def city(
    events: pd.DataFrame, *, days: int, areas: Areas | bool | None = True, reported_by: str = "public", title: str = "Burglaries"
) -> Incidents:  # fmt: skip
    """Incidents on a square of 1 km x 1 km, two areas side by side unless others are given."""
    found = layer() if areas is True else areas or None
    whole = events.assign(longitude=0.0, latitude=0.0)
    whole = whole if "category" in whole.columns else whole.assign(category="all")
    if "area_id" not in whole.columns:
        whole = whole.assign(area_id=np.where(whole["x"] < 500, "W", "E"))
    last = START + pd.Timedelta(days=days - 1)
    kinds = dict.fromkeys(sorted(set(whole["category"])), reported_by)
    frame = whole.sort_values("time", kind="stable", ignore_index=True)
    return Incidents("burglary", title, frame, SOURCE, kinds, START, last, found)  # type: ignore[arg-type]


def daily(days: int, place: tuple[float, float], a_day: int = 1) -> pd.DataFrame:
    """So many events a day in one place."""
    times = np.repeat(pd.date_range(START, periods=days), a_day)
    return pd.DataFrame({"time": times, "x": place[0], "y": place[1]})


# Of 25 squares of 200 m, number 6 holds three events a day and number 18 one.
HALF_YEAR = pd.concat([daily(182, (350, 350), 3), daily(182, (650, 650), 1)], ignore_index=True)


def grid(columns: int, rows: int, *, size: float = 100.0) -> Squares:
    """All the squares of a grid, in one area."""
    place = np.arange(columns * rows)
    row, column = np.divmod(place, columns)
    return Squares(
        kind="squares", size=size, x=(column + 0.5) * size, y=(row + 0.5) * size,
        extent=np.full(len(place), size**2), area_id=np.full(len(place), "W", dtype=object),
        x0=0.0, y0=0.0, columns=columns, rows=rows, index=place,
    )  # fmt: skip


def events_on(cells: Cells, counts: npt.ArrayLike, *, first: int = 0, step_days: int = 1) -> pd.DataFrame:
    """Events at the middles of cells, as many as ``counts`` (step, cell) say, a step every so many days."""
    steps, places = np.nonzero(np.asarray(counts))
    number = np.asarray(counts)[steps, places].astype(int)
    steps, places = np.repeat(steps, number), np.repeat(places, number)
    times = START + pd.to_timedelta(first + steps * step_days, unit="D")
    return pd.DataFrame({"time": times, "x": cells.x[places], "y": cells.y[places]})


def line(number: int) -> sparse.csr_array:
    """Cells in a row: each beside the next, and each its own neighbour."""
    return sparse.csr_array(np.eye(number) + np.eye(number, k=1) + np.eye(number, k=-1))
