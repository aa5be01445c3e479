"""``python -m dashboard brief CITY``: a page as one file, without a browser."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd

from analytics.commands.common import table, write_out
from analytics.hotspots.subjects import subjects
from analytics.parallel import quiet
from analytics.recipes import keep_recipe, recipe_of
from analytics.requests import (
    USUAL_HORIZON,
    AuditRequest,
    CityRequest,
    ComparisonRequest,
    ForecastRequest,
    MapRequest,
    MindRequest,
    city_request,
)
from analytics.scenarios import Comparison, Scenario, agreed, read_scenario_file
from dashboard.briefings import FORMATS, Briefing, BriefingFormat, to_file
from dashboard.errors import DashboardError
from dashboard.figures.charts import difference_charts, dot_plot, fan_chart
from dashboard.figures.maps import hotspot_map
from dashboard.shell.ageing import stale
from dashboard.views.hotspots.briefing import hotspots_briefing
from dashboard.views.hotspots.words import PERCENTS
from dashboard.views.hotspots.work import USUAL_PERCENT
from dashboard.views.outlook.briefing import outlook_briefing, record_charts
from dashboard.views.overview.briefing import overview_briefing
from dashboard.views.overview.known import read_back
from dashboard.views.overview.work import figures_part, sources_part, unusual_part, weeks_part
from dashboard.views.scenarios.briefing import comparison_briefing
from dashboard.views.scenarios.draft import SEED, Draft
from dashboard.views.scenarios.link import as_link
from dashboard.views.scenarios.words import telling
from dashboard.views.scenarios.work import OfferRequest
from dashboard.workers.work import chances_of
from data import City, open_city
from data.commandline import Parser, whole
from data.words import say

__all__ = ["brief"]

ADDRESS = "http://localhost:8501"


def brief(arguments: Sequence[str]) -> str:
    """Write one briefing.

    Parameters
    ----------
    arguments : of the command line.

    Returns
    -------
    str
        Where it is, and its finding.

    Raises
    ------
    CivicastError
        What the work raised, or that the file cannot be written.
    """
    options = _parser().parse_intermixed_args(arguments)  # scenario files may stand behind options
    path = Path(options.out)
    format = _format_of(path)
    city = open_city(options.city)
    if options.hotspots is not None:
        found = _hotspots(options, city)
    elif options.scenarios:
        found = _comparison(options, city)
    elif options.outlook is not None:
        found = _outlook(options, city)
    else:
        found = _overview(options, city)
    write_out(to_file(found, format=format), path)
    return say("brief.written", {"path": str(path), "finding": found.finding})


def _parser() -> argparse.ArgumentParser:
    made = Parser(prog="python -m dashboard brief", description=say("brief.about"))
    made.add_argument("city", metavar="CITY", help=say("serve.city"))
    made.add_argument("scenarios", metavar="SCENARIO.toml", nargs="*", help=say("brief.scenarios"))
    made.add_argument("--question", metavar="NAME", help=say("brief.question"))
    made.add_argument("--subject", metavar="NAME", help=say("brief.subject"))
    made.add_argument("--mind", action="store_true", help=say("brief.mind"))
    which = made.add_mutually_exclusive_group()
    which.add_argument("--outlook", metavar="SERIES", help=say("brief.outlook"))
    which.add_argument("--hotspots", metavar="INCIDENTS", help=say("brief.hotspots"))
    made.add_argument(
        "--share", type=_percent, default=USUAL_PERCENT, help=say("brief.share", {"default": USUAL_PERCENT})
    )
    made.add_argument("--address", default=ADDRESS, help=say("brief.address", {"default": ADDRESS}))
    made.add_argument("--out", required=True, metavar="FILE", help=say("brief.out"))
    return made


def _percent(text: str) -> int:
    percent = whole(text)
    least, most = PERCENTS
    if not least <= percent <= most:
        raise argparse.ArgumentTypeError(say("brief.no_share", {"value": percent, "least": least, "most": most}))
    return percent


def _format_of(path: Path) -> BriefingFormat:
    for format in FORMATS:
        if path.suffix.lower() == f".{format}":
            return format
    raise DashboardError("no_briefing_format", path=str(path), names=[f".{each}" for each in FORMATS])


def _link(options: argparse.Namespace, page: str, **chosen: object) -> str:
    return f"{options.address.rstrip('/')}/{page}?{urlencode({name: each for name, each in chosen.items() if each})}"


def _overview(options: argparse.Namespace, city: City) -> Briefing:
    request = city_request(options.city)
    for part in (figures_part, sources_part, unusual_part, chances_of, weeks_part):
        part(request, progress=quiet)
    link = _link(options, "", city=city.key)
    return overview_briefing(read_back(request), city=city, link=link, made=pd.Timestamp.now())


def _outlook(options: argparse.Namespace, city: City) -> Briefing:
    name = options.outlook
    horizon = USUAL_HORIZON[table(city, "series", name).freq]
    request = ForecastRequest(CityRequest(options.city), series=name, horizon=horizon, reconcile=True)
    found = request.answer(city)
    caveats = stale(found.made_from, found.caveats)
    charts = [fan_chart(found, caveats=caveats), *record_charts(found, caveats=caveats)]
    link = _link(options, "outlook", city=city.key, series=name)
    return outlook_briefing(found, charts, city=city, caveats=caveats, link=link, made=pd.Timestamp.now())


def _hotspots(options: argparse.Namespace, city: City) -> Briefing:
    share, name = options.share / 100, options.hotspots
    request = MapRequest(CityRequest(options.city), incidents=name)
    found = request.answer(city)
    audit = AuditRequest(request, share=share).answer(city)
    caveats = stale(found.made_from, found.caveats)
    chart = hotspot_map(found, city_key=city.key, areas=found.incidents.areas, share=share, caveats=caveats, city=city)
    link = _link(options, "hotspots", city=city.key, incidents=name, share=options.share)
    return hotspots_briefing(
        found, chart, city=city, share=share, title=str(subjects(city)[name].title), audit=audit, caveats=caveats,
        link=link, made=pd.Timestamp.now(),
    )  # fmt: skip


def _comparison(options: argparse.Namespace, city: City) -> Briefing:
    files = [read_scenario_file(Path(path)) for path in options.scenarios]
    question, subject = agreed(files, city, question=options.question, subject=options.subject)
    scenarios = tuple(each.scenario for each in files)
    if len(scenarios) == 1:  # one plan is measured against today
        scenarios = (Scenario(say("scenarios.today")), *scenarios)
    asked = ComparisonRequest(
        CityRequest(options.city), scenarios=scenarios, question=question, subject=subject, seed=SEED
    )
    found = asked.answer(city)
    keep_recipe(recipe_of(asked, found))
    question, subject = found.study.question, subject or ""
    offer = OfferRequest(asked.city, question=question, subject=subject).answer(city)
    chosen = _best(found)
    shown, _ = telling(found)
    charts = (*difference_charts(shown, chosen=chosen), dot_plot(found, option=chosen, measure=found.primary))
    plan = as_link(Draft(question, subject, options=tuple(each for each in scenarios if each.levers)))
    link = _link(options, "scenarios", city=city.key, question=question, subject=subject, plan=plan)
    caveats = stale(found.made_from, found.caveats)
    mind = MindRequest(asked).answer(city) if options.mind else None
    made = pd.Timestamp.now()
    return comparison_briefing(
        found, charts, city=city, offer=offer, chosen=chosen, caveats=caveats, link=link, made=made, mind=mind
    )


def _best(found: Comparison) -> str:
    """The option that does best on the first measure; the first of those that cannot be told apart."""
    names = [each.name for each in found.scenarios if each.name != found.baseline]
    places = {each.option: each.place for each in found.ranks if each.measure == found.primary}
    return min(names, key=lambda name: places.get(name, 0))
