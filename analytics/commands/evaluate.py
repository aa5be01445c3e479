"""``evaluate``: whether a past policy worked."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import command, finished, show_caveats, table
from analytics.commands.progress import shown
from analytics.commands.warnings import day
from analytics.evaluation import Evaluation
from analytics.requests import CityRequest, EvaluationRequest
from data import open_city
from data.words import say, text


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "evaluate", evaluate_command)
    made.takes("series", metavar="SERIES")
    made.takes("--since", type=day, metavar="DATE", required=True)
    made.takes("--until", type=day, metavar="DATE")
    made.takes("--areas", nargs="+", metavar="AREA", default=[])
    made.takes("--category")


def evaluate_command(options: argparse.Namespace) -> None:
    """Judge one policy."""
    city = open_city(options.city)
    table(city, "series", options.series)
    request = EvaluationRequest(
        CityRequest(options.city),
        series=options.series,
        since=options.since,
        until=options.until,
        areas=tuple(each.strip() for word in options.areas for each in word.split(",") if each.strip()),
        category=options.category,
        seed=options.seed,
    )
    with shown() as progress:
        result = request.answer(city, progress=progress)
    if finished(options, result, result.line):
        return
    print("\n".join(lines_of(result, city=city.name)))
    show_caveats(result.caveats)


def lines_of(result: Evaluation, *, city: str) -> list[str]:
    """What was found, in lines: the verdict, why by this method, the other methods, placebos, earlier trends, next door.

    Parameters
    ----------
    result : what was found.
    city : its name.

    Returns
    -------
    Lines in the reader's language.
    """
    periods = {"before": result.freq.periods(result.before), "after": result.freq.periods(result.after)}
    about = {"series": result.subject, "city": city, "since": result.since, "areas": len(result.areas)}
    heading = _say("heading_areas" if result.areas else "heading", about | periods)
    lines = [heading, text(result.verdict), text(result.reason)]
    for each in result.estimates:
        found = {key: getattr(each.effect, key) for key in ("share", "low", "high", "seen")}
        method = say(f"evaluation.methods.{each.method}")
        lines.append(f"  {method:38} {_say('estimate', found)}")
    naive = {key: getattr(result.naive, key) for key in ("share", "before", "after")} | {"unit": result.series.unit}
    lines.append(f"  {say('evaluation.methods.naive'):38} {_say('naive', naive | {'each': result.freq.each})}")
    if result.dates_clear is not None:
        clear = round(result.dates_clear * len(result.dates))
        lines.append(_say("dates", {"n": len(result.dates), "clear": clear}))
    if result.rank is not None:
        lines.append(_say("rank", {"n": len(result.shifted), "p": result.rank}))
    if result.study is not None:
        lines.append(_say("parallel" if result.study.parallel else "apart", {"p": result.study.p}))
    door = result.next_door
    if door is not None:
        found = {"n": len(door.areas), "share": door.effect.share, "low": door.effect.low, "high": door.effect.high}
        lines.append(_say("next_door", found))
        if door.low is not None and result.effect.clear:
            lines.append(_say("quotient", {"quotient": door.quotient, "low": door.low, "high": door.high}))
    return lines


def _say(code: str, evidence: dict[str, Any]) -> str:
    return say(f"evaluate_lines.{code}", evidence)
