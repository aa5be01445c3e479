"""``hotspots``: where the next incidents are expected, who is exposed, and a map that may leave the house."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from analytics.commands.common import command, finished, positive, show_caveats, written
from analytics.commands.progress import shown
from analytics.equity import group_label
from analytics.errors import HotspotError
from analytics.hotspots import (
    Audit,
    Hotspots,
    PartOfWeek,
    flagged,
    hit_rate_at,
    publishable,
    snapped_points,
)
from analytics.hotspots.backtesting.scoring import CURVE
from analytics.plain import to_plain
from analytics.requests import AuditRequest, CityRequest, MapRequest
from analytics.results import by_severity
from data import City, open_city
from data.commandline import number
from data.words import say

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "hotspots", hotspots_command)
    made.takes("incidents", metavar="INCIDENTS")
    made.takes("--horizon", type=positive, default=28)
    made.takes("--windows", type=positive, default=12)
    made.takes("--kind")
    made.takes("--cell", type=positive, default=200)
    made.takes("--method")
    made.takes("--slow", action="store_true")
    made.takes("--category")
    made.takes("--hours", metavar="FIRST-LAST")
    made.takes("--days", metavar="DAYS")
    made.takes("--share", type=number, default=0.05)
    made.takes("--audit", action="store_true")
    made.takes("--points", type=Path, metavar="FILE")


def hotspots_command(options: argparse.Namespace) -> None:
    """Map one kind of incident and score the map on later data."""
    if not 0 < options.share <= CURVE[-1]:
        raise HotspotError("bad_share", share=options.share, most=CURVE[-1])
    request = MapRequest(
        CityRequest(options.city),
        incidents=options.incidents,
        category=options.category,
        part=part_of_week(options.hours, options.days),
        horizon_days=options.horizon,
        cells=options.kind,
        cell_size=options.cell,
        windows=options.windows,
        method=options.method,
        slow=options.slow,
        seed=options.seed,
    )
    city = open_city(options.city)
    with shown() as progress:
        result = request.answer(city, progress=progress)
    audit = None
    if options.audit:
        with shown() as progress:
            audit = AuditRequest(request, share=options.share).answer(city, hotspots=result, progress=progress)
    points = write_points(result, options) if options.points else ""
    if finished(options, audit or result, result.summary):
        return
    tell(city, result, options.share)
    if points:
        print(points)
    if audit:
        print("\n".join(audit_lines(audit)))
    shared = {caveat.code for caveat in audit.caveats} if audit else set()
    of_map = [caveat for caveat in result.caveats if caveat.code not in shared]
    show_caveats(by_severity([*of_map, *(audit.caveats if audit else ())]))


def part_of_week(hours: str | None, days: str | None) -> PartOfWeek:
    """The part of the week of "22-6" and "mon-fri".

    Raises
    ------
    HotspotError
        When they are written otherwise.
    """
    first, last = 0, 24
    if hours is not None:
        ends = hours.split("-")
        if len(ends) != 2 or not all(each.isdigit() and int(each) <= 24 for each in ends) or int(ends[0]) > 23:
            raise HotspotError("bad_hours", hours=hours)
        first, last = (int(each) for each in ends)
    return PartOfWeek(first, last, () if days is None else _days(days.lower()))


def _days(text: str) -> tuple[int, ...]:
    chosen: set[int] = set()
    for piece in text.split(","):
        ends = piece.strip().split("-")
        if len(ends) > 2 or not set(ends) <= set(WEEKDAYS):
            raise HotspotError("bad_days_of_week", days=text, names=WEEKDAYS)
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        chosen |= {day % 7 for day in range(first, last + 1 + 7 * (last < first))}
    return tuple(sorted(chosen))


def write_points(result: Hotspots, options: argparse.Namespace) -> str:
    """Write the snapped points; what was written and what was held back."""
    published = publishable(result, share=options.share)
    points = snapped_points(result, published)
    written(points, options.points)
    evidence = {"points": len(points), "path": str(options.points), "places": len(published.locations)}
    evidence |= {
        "withheld": published.withheld_events,
        "least": published.least_count,
        "people": published.least_people,
    }
    return _say("points", evidence)


def tell(city: City, result: Hotspots, share: float) -> None:
    """The map's method, what it flags, and how every method did."""
    about = {"title": result.incidents.title, "city": city.name, "method": result.method_title}
    print(_say("heading", about | {"cells": len(result.cells)}))
    rate, low, high = hit_rate_at(result, share)
    evidence = {"share": share, "cells": int(flagged(result, share).sum()), "rate": rate, "low": low, "high": high}
    print(_say("flagged", evidence))
    for row in result.summary.to_dict("records"):
        print(f"  {row['method']:24} {_say('caught', row)}")


def audit_lines(audit: Audit) -> list[str]:
    """The audit in lines: exposure, reporting, feedback."""
    lines = []
    halved = {} if audit.if_half.empty else audit.if_half.set_index("group")["if_half"].to_dict()
    for row in audit.exposure.to_dict("records"):
        about = {"label": group_label(row["group"]), "if_half": halved[row["group"]]}
        lines.append(_say("exposure_few" if row["verdict"] == "few" else "exposure", row | about))
    if audit.gaps is not None:
        areas = audit.hotspots.incidents.areas
        names = {} if areas is None else areas.frame["name"].astype(str).to_dict()
        found = audit.gaps[audit.gaps["gap"]]
        for row in found.to_dict("records"):
            lines.append(
                _say("gap", row | {"area": names.get(row["area_id"], row["area_id"]), "second": audit.second_title})
            )
        if found.empty:
            lines.append(_say("no_gap", {"second": audit.second_title}))
    return [*lines, _say("feedback", to_plain(audit.feedback))]


def _say(code: str, evidence: dict[Any, Any]) -> str:
    return say(f"hotspots_lines.{code}", evidence)
