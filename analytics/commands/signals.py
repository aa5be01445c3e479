"""``signals``: today's plan of a junction or corridor beside the one that is proposed, and both in the simulator."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from analytics.commands.common import command, positive, show_caveats, show_json, written
from analytics.commands.progress import shown
from analytics.errors import AnalyticsError
from analytics.parallel import Progress
from analytics.plain import to_plain
from analytics.requests import CheckRequest, CityRequest, CorridorRequest, JunctionRequest
from analytics.requests.signals import limits_with
from analytics.signals.checking import found_check
from analytics.signals.checks import ALONE, PROPOSED, TODAY, Check
from analytics.signals.choices import best_plan, corridor_plans
from analytics.signals.proposal import plan_table
from analytics.signals.refined import RefinedPlans, drive_of, keep_refined, refined_plans
from analytics.signals.sheets import CorridorSheet, DayPart, JunctionSheet
from analytics.signals.simulation import simulator
from analytics.signals.tables import junctions_of
from analytics.signals.timings import DAY_MINUTES, DayPlan
from data import City, Junctions, open_city
from data.words import say

SECONDS = 3600


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "signals", signals_command)
    made.takes("place", metavar="JUNCTION|CORRIDOR")
    made.takes("--check", action="store_true")
    made.takes("--refine", action="store_true")
    made.takes("--seeds", type=positive, metavar="N", default=0)


def signals_command(options: argparse.Namespace) -> None:
    """Tell the plans, and drive them where that is asked for."""
    city = open_city(options.city)
    table, junction, corridor = _place(city, options.place)
    about = CityRequest(options.city), table.name
    if (options.check or options.refine) and simulator() is None:
        raise AnalyticsError("no_simulator")
    place, kept = corridor or junction, None
    with shown() as progress:
        if options.refine:
            kept = _refined(table, place, progress)
        key = "" if kept is None else kept.key
        if corridor:
            wave = CorridorRequest(about[0], junctions=about[1], corridor=corridor, refined=key)
            found = wave.answer(city, progress=progress)
            sheet: JunctionSheet | CorridorSheet = found
            plans = dict(found.plans)
        else:
            alone = JunctionRequest(about[0], junctions=about[1], junction=junction, refined=key)
            sheet = own = alone.answer(city, progress=progress)
            plans = {junction: own.plan}
        check = found_check(drive_of(table, place), plans)
        if options.check or options.refine:
            wanted = CheckRequest(
                about[0], junctions=about[1], junction=junction, corridor=corridor, seeds=options.seeds,
                plan=plans[junction] if junction else None, refined=key,
            )  # fmt: skip
            check = wanted.answer(city, progress=progress)
    rows = pd.concat([plan_table(table, each, plan) for each, plan in plans.items()], ignore_index=True)
    if options.csv:
        written(rows, options.csv)
    title = corridor or junctions_of(table)[junction].layout.title
    caveats = limits_with(sheet.caveats, check, table=table, place=place, plans=plans)
    if options.json:
        plain = {"check": None if check is None else _plain(check), "plan": rows.to_dict("records")}
        plain["refined"] = None if kept is None else {"key": kept.key, **to_plain(kept)}
        show_json(to_plain(sheet) | plain | {"caveats": to_plain(caveats)})
        return
    heading = {"name": title, "city": city.name, "tag": say("signals_lines.refined") if options.refine else ""}
    print(_say("heading", heading))
    print("\n".join(_junction(sheet) if isinstance(sheet, JunctionSheet) else _corridor(sheet)))
    if kept is not None:
        names = {name: each.layout.title for name, each in junctions_of(table).items()}
        print("\n".join(line for name, plan in plans.items() for line in _greens(names[name], plan)))
    print("\n".join(_checked(check)))
    if kept is not None:
        print(_say("kept", {"key": kept.key}))
    show_caveats(caveats)


def _refined(table: Junctions, place: str, progress: Progress) -> RefinedPlans:
    """The plans of least delay, moved in the simulator, and kept."""
    begun = corridor_plans(table, place) if place in table.corridors else {place: best_plan(table, place)}
    longest = table.longest_cycle
    found = refined_plans(drive_of(table, place), begun, place=place, longest=longest, progress=progress)
    if found is None:
        raise AnalyticsError("no_simulator")
    keep_refined(table, found)
    return found


def _place(city: City, wanted: str) -> tuple[Junctions, str, str]:
    """The table, and the junction or corridor that is meant, by its id or name."""
    tables = city.of("junctions")
    if not tables:
        raise AnalyticsError("no_junctions", city=city.name)
    names: list[str] = []
    for table in tables.values():
        by_name = {str(name): str(key) for key, name in table.frame["name"].items()}
        if wanted in table.frame.index or wanted in by_name:
            return table, by_name.get(wanted, wanted), ""
        if wanted in table.corridors:
            return table, "", wanted
        names += [*map(str, table.frame.index), *table.corridors]
    raise AnalyticsError("no_such_signals", city=city.name, name=wanted, names=names)


def _junction(sheet: JunctionSheet) -> list[str]:
    lines = [_part(each) for each in sheet.parts]
    one = sheet.difference
    lost = {
        "before": sheet.hours_today,
        "after": sheet.hours_proposed,
        "low": one.low * one.pairs,
        "high": one.high * one.pairs,
    }
    lines.append(_say("hours", lost | {"pairs": one.pairs}))
    lines.append(_say(f"verdict_{one.verdict}", {}))
    if sheet.worse_for:
        lines.append(_say("longer", {"movement": sheet.worse_for, "seconds": sheet.worse_by}))
    return lines


def _part(part: DayPart) -> str:
    evidence = {
        "start": _clock(part.start), "end": _clock(part.end), "cycle": part.today.cycle, "proposed": part.proposed.cycle,
        "wait": part.wait_today, "after": part.wait_proposed, "vehicles": part.vehicles,
    }  # fmt: skip
    return _say("part" if part.vehicles else "part_uncounted", evidence)


def _corridor(sheet: CorridorSheet) -> list[str]:
    lines = []
    for part in sheet.parts:
        widths = {
            name: 0.0 if each is None else each.width
            for name, each in (("today", part.today), ("after", part.proposed))
        }
        cycle = part.proposed.cycle if part.proposed is not None else float("nan")
        evidence = {
            "start": _clock(part.start),
            "end": _clock(part.end),
            "cycles": sorted(set(part.cycles)),
            "proposed": cycle,
        }
        lines.append(_say("wave" if part.proposed is not None else "no_wave", evidence | widths))
    return lines


def _greens(name: str, plan: DayPlan) -> list[str]:
    return [
        _say("greens", {
            "name": name, "start": _clock(each.start), "greens": [f"{green:g}" for green in each.timing.greens],
            "offset": each.timing.offset,
        })
        for each in plan.programs
    ]  # fmt: skip


def _checked(check: Check | None) -> list[str]:
    if check is None:
        return [_say("unchecked", {})]
    bases = [(TODAY, "checked")] + ([(ALONE, "checked_alone")] if ALONE in check.runs else [])
    lines = []
    for base, code in bases:
        one = check.beside(PROPOSED, base)
        evidence = {"when": _clock(check.minute), "seeds": len(check.seeds), "version": check.version}
        found = {"before": one.before, "after": one.after, "mean": one.mean, "low": one.low, "high": one.high}
        lines.append(_say(code, evidence | found | {"verdict": say(f"signals_lines.{one.verdict}")}))
    return lines


def _plain(check: Check) -> dict[str, Any]:
    """A check with its differences worked out."""
    plain: dict[str, Any] = to_plain(check)
    beside = {base: to_plain(check.beside(PROPOSED, base)) for base in check.runs if base != PROPOSED}
    return plain | {"beside": beside, "same_order": check.same_order}


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}" if minute < DAY_MINUTES else "24:00"


def _say(code: str, evidence: dict[str, Any]) -> str:
    return say(f"signals_lines.{code}", evidence)
