"""Where a map's flagged cells are, and what each method would have caught."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.hotspots import Hotspots, flagged
from analytics.results import Caveat
from dashboard.figures.chart import Chart
from dashboard.figures.charts.capture import capture_evidence
from dashboard.figures.columns import SHARE, column
from dashboard.figures.tables.build import table_of
from data.words import say, text

__all__ = ["flagged_table", "methods_table"]

SCORES = ("rri", "bits", "coverage_90")


def flagged_table(hotspots: Hotspots, *, share: float, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One row an area with flagged cells: how many, of how many, and the mean chance of an incident in one of them.

    Parameters
    ----------
    hotspots : the map.
    share : of the city that is looked at, 0 to 1.
    caveats : replace the map's own, so that those that depend on the clock can be added.

    Returns
    -------
    Chart
        Without marks, the area with most flagged cells first.
    """
    ids = hotspots.cells.area_id.astype(str)
    chosen = flagged(hotspots, share)
    chances = pd.Series(hotspots.chance.to_numpy()[chosen]).groupby(ids[chosen]).agg(["size", "mean"])
    found = chances.sort_values("size", ascending=False, kind="stable")
    cells = pd.Series(ids).value_counts()
    layer = hotspots.incidents.areas
    names = {} if layer is None else layer.frame["name"].astype(str).to_dict()
    table = pd.DataFrame(
        {
            column("area"): [names.get(key, say("charts.hotspots.nowhere")) for key in found.index],
            column("area_id"): found.index,
            column("cells_flagged"): found["size"].to_numpy(),
            column("cells_in_all"): cells.loc[found.index].to_numpy(),
            column("chance", unit=SHARE, days=hotspots.horizon_days): found["mean"].to_numpy(),
        }
    )
    evidence = capture_evidence(hotspots, share=share) | {"rows": len(table), "flagged": int(np.sum(chosen))}
    return table_of(hotspots, name="flagged", evidence=evidence, table=table, caveats=caveats)


def methods_table(hotspots: Hotspots, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One row a method and share of the city: what it would have caught, and that beside chance and plain counts.

    Parameters
    ----------
    hotspots : a map that was judged.
    caveats : replace the map's own.

    Returns
    -------
    Chart
        Without marks, the method in use first.
    """
    rows = hotspots.summary[hotspots.summary["method"].isin(list(hotspots.methods))].merge(
        hotspots.scores[list(SCORES)], left_on="method", right_index=True, how="left"
    )
    order = {name: place for place, name in enumerate(dict.fromkeys([hotspots.method, *hotspots.methods]))}
    rows = rows.assign(place=rows["method"].map(order)).sort_values(["place", "share"], kind="stable")
    table = pd.DataFrame(
        {
            column("method"): [text(hotspots.methods[each]) for each in rows["method"]],
            column("share_of_city", unit=SHARE): rows["share"].to_numpy(),
            column("caught", unit=SHARE): rows["hit_rate"].to_numpy(),
            column("low95", unit=SHARE): rows["low"].to_numpy(),
            column("high95", unit=SHARE): rows["high"].to_numpy(),
            column("times_chance"): rows["pai"].to_numpy(),
            **{column(name): rows[name].to_numpy() for name in _against(rows)},
            column("pei"): rows["pei"].to_numpy(),
            column("rri"): rows["rri"].to_numpy(),
            column("bits"): rows["bits"].to_numpy(),
            column("coverage_90", unit=SHARE): rows["coverage_90"].to_numpy(),
        }
    )
    evidence = capture_evidence(hotspots, share=float(rows["share"].max())) | {"rows": rows["method"].nunique()}
    return table_of(hotspots, name="map_methods", evidence=evidence, table=table, caveats=caveats)


def _against(rows: pd.DataFrame) -> list[str]:
    """The comparisons with plain counts that the history was long enough for, each with its 95 % interval."""
    counts = [name for name in ("vs_last_year", "vs_all_history") if name in rows]
    return [f"{name}{end}" for name in counts for end in ("", "_low", "_high")]
