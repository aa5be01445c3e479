"""How long requests take, area by area or kind by kind."""

from __future__ import annotations

from analytics.monitoring.service_quality import ServiceQuality
from analytics.results import Caveat
from dashboard.figures.chart import Chart
from dashboard.figures.columns import SHARE, column
from dashboard.figures.tables.build import table_of

__all__ = ["service_table"]


def service_table(found: ServiceQuality, *, areas: bool, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One row an area or kind: the share done in time and the median days, each with its 95 % interval, and the requests.

    Parameters
    ----------
    found : of a table of requests.
    areas : whether by area, with also those that have too few requests to be compared; else by kind.
    caveats : replace the result's own.

    Returns
    -------
    Chart
        Without marks; an interval that the data do not end stays open.
    """
    rows = (found.by_area if areas else found.by_kind).sort_values(["share_high", "share"])
    layer = found.requests.areas
    names = layer.frame["name"].astype(str).to_dict() if areas and layer is not None else {}
    keys = rows.index.astype(str)
    table = rows.replace(float("inf"), float("nan")).set_axis(keys)
    table.insert(0, "name", [names.get(key, key.replace("_", " ")) for key in keys])
    heads = {
        "name": column("area" if areas else "category"),
        "share": column("done_in_time", unit=SHARE),
        "share_low": column("low95", unit=SHARE),
        "share_high": column("high95", unit=SHARE),
        "median": column("days_to_done"),
        "median_low": column("days_low95"),
        "median_high": column("days_high95"),
        "n": column("requests"),
        "open": column("still_open"),
    }
    table = table[list(heads)].rename(columns=heads)
    if areas:
        table.insert(1, column("area_id"), keys)
    evidence = {
        "title": found.requests.title.lower(),
        "days": found.target_days,
        "share": found.whole["share"],
        "low": found.whole["share_low"],
        "high": found.whole["share_high"],
        "rows": len(table),
    }
    name = "service_areas" if areas else "service_kinds"
    return table_of(found, name=name, evidence=evidence, table=table.reset_index(drop=True), caveats=caveats)
