"""Counted beside modelled volumes: how near the model comes to what was observed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.results import Caveat
from analytics.traffic.picture import Traffic, geh
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Band, Chart, Key, Line, Mark, Points
from dashboard.figures.columns import column
from dashboard.figures.roads_words import road_name
from data.words import say, text

__all__ = ["volumes_chart"]

GOOD, DOUBTFUL = 5.0, 10.0  # GEH: below the first volumes agree, above the second they do not
WANTED = 0.85  # of the counters within the first (Design Manual for Roads and Bridges 12.2.1)
EDGE_POINTS = 60  # of the curved edges of a band
KINDS = (("near", "ink", "circle", True), ("off", "ink2", "square", False), ("far", "worse", "diamond", True))


def volumes_chart(traffic: Traffic, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One mark a counter, modelled over observed volume, with the bands in which they are taken to agree.

    Parameters
    ----------
    traffic : with counters.
    caveats : replace the result's own, so that those that depend on the clock can be added.

    Returns
    -------
    Chart
        In vehicles an hour, both ways; its table has one row a counter.

    Raises
    ------
    ValueError
        When nothing was counted.
    """
    counted = traffic.counted.dropna(subset=["observed", "modelled"])
    if counted.empty:
        raise ValueError("nothing was counted on this network")
    apart = geh(counted["modelled"], counted["observed"])
    high = 1.06 * float(counted[["observed", "modelled"]].to_numpy().max())
    return chart_of(
        traffic,
        name="volumes",
        evidence=_evidence(traffic, counted, apart),
        marks=[*_bands(high), Line([0.0, high], [0.0, high], role="today", width=1.6), *_marks(traffic, counted, apart)],
        table=_table(traffic, counted, apart),
        axes=(
            number_axis([0.0, high], zero=True, title=say("charts.volumes.x")),
            number_axis([0.0, high], zero=True),
        ),
        headline="headline" if float((apart <= GOOD).mean()) >= WANTED else "headline_far",
        caveats=caveats,
        key=(
            *(Key(role, say(f"charts.volumes.{kind}"), shape, filled=filled) for kind, role, shape, filled in KINDS),
            Key("band80", say("charts.volumes.band_near")),
            Key("band95", say("charts.volumes.band_off")),
        ),
        height=360,
        right=16,
        key_width=330,
    )  # fmt: skip


def band_edges(observed: npt.ArrayLike, statistic: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The least and the greatest modelled volume that lie within a GEH of an observed one.

    Both solve 2 (m - c)² = g² (m + c) for m.

    Parameters
    ----------
    observed : vehicles an hour.
    statistic : the GEH at the edge.

    Returns
    -------
    low, high
        Low is not below zero.
    """
    c, square = np.asarray(observed, dtype=float), statistic**2
    root = np.sqrt(square**2 + 16 * square * c)
    return np.maximum(c + (square - root) / 4, 0.0), c + (square + root) / 4


def _bands(high: float) -> list[Mark]:
    x = np.linspace(0.0, high, EDGE_POINTS) ** 2 / high  # closer where the edges bend
    bands: list[Mark] = []
    for statistic, role in ((DOUBTFUL, "band95"), (GOOD, "band80")):
        low, above = band_edges(x, statistic)
        bands.append(Band(x, low, np.minimum(above, high), role=role))
    return bands


def _kinds(apart: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.searchsorted((GOOD, DOUBTFUL), apart, side="left")


def _marks(traffic: Traffic, counted: pd.DataFrame, apart: npt.NDArray[np.float64]) -> list[Mark]:
    marks: list[Mark] = []
    kinds = _kinds(apart)
    for index, (_, role, shape, filled) in enumerate(KINDS):
        of = counted[kinds == index]
        if len(of):
            hovers = [
                say("charts.volumes.hover", {"counter": counter, "road": road_name(traffic, str(row["link_id"])),
                                             "observed": row["observed"], "modelled": row["modelled"], "geh": value})
                for (counter, row), value in zip(of.iterrows(), apart[kinds == index], strict=True)
            ]  # fmt: skip
            ids = [f"counter:{counter}" for counter in of.index]
            marks.append(Points(of["observed"], of["modelled"], role, shape, filled, 9.0, hovers, ids))
    return marks


def _evidence(traffic: Traffic, counted: pd.DataFrame, apart: npt.NDArray[np.float64]) -> dict[str, Any]:
    observed, modelled = (counted[name].to_numpy(float) for name in ("observed", "modelled"))
    spread = float(np.square(observed - observed.mean()).sum())
    explained = 1 - float(np.square(observed - modelled).sum()) / spread if spread > 0 else float("nan")
    total = float(observed.sum())
    return {
        "network": text(traffic.title),
        "hours": text(traffic.hours),
        "near": int((apart <= GOOD).sum()),
        "n": len(counted),
        "wanted": WANTED,
        "r2": say("charts.volumes.r2", {"r2": explained}) if np.isfinite(explained) else say("charts.volumes.no_r2"),
        "sum": abs(modelled.sum() / total - 1) if total > 0 else float("nan"),
        "way": say(f"charts.volumes.{'less' if modelled.sum() < total else 'more'}"),
        "worst": str(counted.index[int(apart.argmax())]),
        "worst_geh": float(apart.max()),
    }


def _table(traffic: Traffic, counted: pd.DataFrame, apart: npt.NDArray[np.float64]) -> pd.DataFrame:
    an_hour = say("labels.vehicles_an_hour")
    return pd.DataFrame(
        {
            column("counter"): counted.index.astype(str),
            column("road"): [road_name(traffic, str(each)) for each in counted["link_id"]],
            column("link_id"): counted["link_id"].astype(str).to_numpy(),
            column("observed", unit=an_hour): counted["observed"].to_numpy(float),
            column("modelled", unit=an_hour): counted["modelled"].to_numpy(float),
            column("geh"): apart,
        }
    )
