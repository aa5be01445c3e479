"""A small city that tries a hotspot method, and what the method did with it."""

from __future__ import annotations

import contextlib
import io
import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analytics.errors import HotspotError
from analytics.hotspots.cells import Cells, cells_over
from analytics.hotspots.contract import Method, fit_method, run_method
from analytics.plugins.checks import global_random
from data import Areas, Incidents, Network, Provenance, fingerprint_of

__all__ = ["AS_OF", "HORIZON", "SINCE", "Observation", "Trial", "refuses"]

Array = npt.NDArray[np.float64]

SINCE = pd.Timestamp("2020-01-06")
DAYS, KNOWN = 800, 730  # observed, and of them before the day on which the method is asked
AS_OF = SINCE + pd.Timedelta(days=KNOWN)
HORIZON = 28
SIDE, CELL = 1200.0, 100.0  # metres: 144 squares
A_DAY = 3.0
BUSY = (350.0, 350.0)  # where half of everything happens
CRS = "EPSG:32633"
QUICK_SECONDS = 2.0  # twice what the contract says of a city's year: the machine may be busy with other things


def refuses(error: Exception) -> bool:
    """Whether an error is a refusal in words, rather than a breakdown or a broken contract."""
    return isinstance(error, HotspotError) and error.code not in {"method_failed", "broken_method"}


@dataclass(frozen=True, eq=False)
class Observation:
    """One call of a method, watched: what it returned before anyone checked it, and what else it did."""

    raw: Any
    touched: bool
    random_moved: bool
    printed: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Trial:
    """A method on trial; ``quick_seconds`` is the longest that one that is not slow may take."""

    method: Method
    seed: int = 0
    quick_seconds: float = QUICK_SECONDS

    @cached_property
    def areas(self) -> Areas:
        """Two areas side by side."""
        shapes = [shapely.box(0, 0, SIDE / 2, SIDE), shapely.box(SIDE / 2, 0, SIDE, SIDE)]
        index = pd.Index(["W", "E"], name="area_id")
        frame = gpd.GeoDataFrame({"name": ["West", "East"], "population": 500.0}, geometry=shapes, index=index, crs=CRS)
        return Areas("side", frame, _source("side"))

    @cached_property
    def incidents(self) -> Incidents:
        """Three a day for more than two years: half in one place, half anywhere but in the far corner."""
        rng = np.random.Generator(np.random.Philox(self.seed))
        number = rng.poisson(A_DAY * DAYS)
        days = np.sort(rng.integers(0, DAYS, number))
        busy = rng.random(number) < 0.5
        x, y = (np.where(busy, at + rng.normal(0, 40, number), rng.uniform(0, SIDE - 200, number)) for at in BUSY)
        return self.of(days, x, y)

    def of(self, days: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike) -> Incidents:
        """Incidents at noon of days counted from the first.

        Parameters
        ----------
        days : whole days since the first.
        x, y : metres.

        Returns
        -------
        Incidents of one category, in the given order.
        """
        when = SINCE + pd.to_timedelta(np.asarray(days, dtype=float) + 0.5, unit="D")
        frame = pd.DataFrame({"time": when, "x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float)})
        frame = frame.assign(
            longitude=15.0, latitude=50.0, category="all", area_id=np.where(frame["x"] < SIDE / 2, "W", "E")
        )
        until = SINCE + pd.Timedelta(days=DAYS - 1)
        return Incidents("trial", "Trial", frame, _source("trial"), {"all": "public"}, SINCE, until, self.areas)

    def poisoned(self, *, since: pd.Timestamp) -> Incidents:
        """The same past, and from a day on 4,000 events in the far corner."""
        days = np.full(4000, (since - SINCE).days)
        corner = self.of(days, np.full(4000, SIDE - 50), np.full(4000, SIDE - 50)).frame
        past = self.incidents.frame
        return replace(self.incidents, frame=pd.concat([past.loc[past["time"] < since], corner], ignore_index=True))

    @cached_property
    def cells(self) -> Cells:
        """Squares over the city."""
        return self.cells_of("squares")

    def cells_of(self, kind: str, *, size: float = CELL) -> Cells:
        """The city's cells of a kind; its streets are five lines across.

        Parameters
        ----------
        kind : squares, hexagons, areas or segments.
        size : metres.

        Returns
        -------
        Cells over the trial's city.
        """
        lines = [shapely.LineString([(0, up), (SIDE, up)]) for up in np.arange(50, SIDE, 240)]
        network = Network("streets", "Streets", gpd.GeoDataFrame(geometry=lines, crs=CRS), _source("streets"))
        return cells_over(self.incidents, size=size, kind=kind, network=network)

    def ask(
        self, incidents: Incidents | None = None, cells: Cells | None = None, *, as_of: pd.Timestamp = AS_OF,
        horizon_days: int = HORIZON, method: Method | None = None, fitted: Any = None,
    ) -> Array:  # fmt: skip
        """What the method says, checked by ``run_method``; of the ordinary past it learns once.

        Parameters
        ----------
        incidents : the ordinary past by default.
        cells : squares by default.
        as_of : the first day that is not known.
        horizon_days : days that the map is for.
        method : the one on trial by default.
        fitted : what it learned, where it need not learn anew.

        Returns
        -------
        One number a cell.
        """
        if incidents is None and cells is None and as_of == AS_OF and fitted is None:
            fitted = self.fitted
        return run_method(
            method or self.method, incidents or self.incidents, cells or self.cells, as_of=as_of,
            horizon_days=horizon_days, seed=self.seed, fitted=fitted,
        )  # fmt: skip

    @cached_property
    def fitted(self) -> Any:
        """What the method learned of the ordinary past."""
        return self.learned()

    def learned(self, *, as_of: pd.Timestamp = AS_OF) -> Any:
        """What the method learns by a day, anew; None for one that learns nothing."""
        return fit_method(
            self.method, self.incidents, self.cells, as_of=as_of, horizon_days=HORIZON, seed=self.seed
        )  # fmt: skip

    @cached_property
    def ordinary(self) -> Observation:
        """What the method does with an ordinary past, told before anyone checks it."""
        cells, past = self.cells, self.incidents
        located = replace(past, frame=cells.located(past.frame.loc[past.frame["time"] < AS_OF]))
        located = replace(located, until=AS_OF - pd.Timedelta(days=1))
        frame, arrays = located.frame.copy(), [each.copy() for each in (cells.x, cells.y, cells.extent)]
        options: dict[str, Any] = {"as_of": AS_OF, "horizon_days": HORIZON, "seed": self.seed}
        with contextlib.redirect_stdout(io.StringIO()) as printed, global_random() as moved:
            began = time.perf_counter()
            if self.method.fit is not None:
                options["fitted"] = self.method.fit(located, cells, **options)
            raw = self.method.function(located, cells, **options)
            seconds = time.perf_counter() - began
            random_moved = moved()
        kept = all(np.array_equal(*pair) for pair in zip(arrays, (cells.x, cells.y, cells.extent), strict=True))
        return Observation(raw, not (kept and located.frame.equals(frame)), random_moved, printed.getvalue(), seconds)


def _source(name: str) -> Provenance:
    return Provenance(name=name, origin="trial", licence="none", fingerprint=fingerprint_of(name))
