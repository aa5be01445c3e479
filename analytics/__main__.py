"""The command line: ``python -m analytics models | forecast | hotspots | compare``.

Exit status 0 on success; 2 on a user's mistake, with one line that says what to do.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from analytics import forecasting, hotspots, scenarios
from analytics.errors import AnalyticsError
from analytics.forecasting.registry import failed_models, models
from analytics.hotspots.registry import failed_methods, methods
from analytics.plain import to_plain
from analytics.results import Caveat
from analytics.scenarios.registry import engines, failed_engines
from data import City, CivicastError, open_city
from data.wording import as_count, as_date, as_number, as_percent

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except CivicastError as error:
        print(f"civicast: {error}", file=sys.stderr)
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="python -m analytics", description=__doc__.splitlines()[0] if __doc__ else None)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    command(commands, "models", models_command, "what can be computed, and what is broken", city=False)
    outlook = command(commands, "forecast", forecast_command, "the future of a series, by the model that did best")
    outlook.add_argument("series", metavar="SERIES")
    outlook.add_argument("--horizon", type=positive, default=28, help="periods ahead (default 28)")
    outlook.add_argument("--model", help="this model instead of the one chosen by backtest")
    places = command(commands, "hotspots", hotspots_command, "where the next incidents are expected")
    places.add_argument("incidents", metavar="INCIDENTS")
    places.add_argument("--horizon", type=positive, default=28, help="days ahead (default 28)")
    places.add_argument("--windows", type=positive, default=12, help="past windows to judge on (default 12)")
    places.add_argument("--cell", type=positive, default=200, help="side of a cell in metres (default 200)")
    places.add_argument("--method", help="this method instead of the one chosen by past windows")
    options = command(commands, "compare", compare_command, "planning options over the same futures")
    options.add_argument("scenarios", metavar="SCENARIO.toml", nargs="+", help="the first is the baseline")
    options.add_argument("--series", help="the series to study (default: the city's first)")
    options.add_argument("--periods", type=positive, help="length of the study in periods")
    options.add_argument("--draws", type=positive, default=500, help="paired futures (default 500)")
    return top


def command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], what: str, *, city: bool = True
) -> argparse.ArgumentParser:
    """A sub-command with the options that all of them share."""
    sub: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    sub.set_defaults(run=run)
    if city:
        sub.add_argument("city", metavar="CITY", help="a name in the workspace or a path to a city.toml")
        sub.add_argument("--seed", type=int, default=0, help="seed of everything random (default 0)")
        sub.add_argument("--csv", type=Path, metavar="FILE", help="also write the result's table")
    sub.add_argument("--json", action="store_true", help="the whole result as JSON")
    return sub


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def models_command(options: argparse.Namespace) -> None:
    """List forecasting models, hotspot methods and engines with their limits, and what failed to load."""
    kinds: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
        "forecasting": (models(), failed_models()),
        "hotspots": (methods(), failed_methods()),
        "scenarios": (engines(), failed_engines()),
    }
    if options.json:
        show_json({kind: {"ready": describe(ready), "failed": failed} for kind, (ready, failed) in kinds.items()})
        return
    for kind, (ready, failed) in kinds.items():
        print(kind)
        for each in describe(ready):
            print(f"  {each['name']:24} {each['title']} ({each['version']})")
        for name, error in failed.items():
            print(f"  {name:24} broken: {error}")


def describe(plugins: Any) -> list[dict[str, Any]]:
    """Name, title, version and limits of each plug-in."""
    attributes = ("name", "title", "version", "limits")
    return [{key: to_plain(getattr(each, key)) for key in attributes} for each in plugins.values()]


def forecast_command(options: argparse.Namespace) -> None:
    """Forecast one series."""
    city = open_city(options.city)
    series = table(city, "series", options.series)
    result = forecasting.forecast(
        series,
        horizon=options.horizon,
        quantiles=QUANTILES,
        model=options.model,
        # Who names a model need not wait for the slow ones to be measured too.
        slow=options.model is None,
        seed=options.seed,
    )
    columns = [f"quantile {level:g} ({series.unit})" for level in result.total.get_index("quantile")]
    frame = pd.DataFrame(result.total.to_numpy().T, index=result.total.get_index("period"), columns=columns)
    if finished(options, result, frame):
        return
    print(
        f"{series.title}, {city.name}: {result.model_title}, {options.horizon} periods after {as_date(result.cutoff)}"
    )
    print(result.selection.reason)
    for name, ratio in sorted(result.selection.ratios.items(), key=lambda pair: pair[1]):
        print(f"  {name:24} error {as_percent(ratio)} of the seasonal naive's")
    middle = result.total.sel(quantile=[0.1, 0.5, 0.9]).sum("period") / result.horizon
    print(f"A period holds about {as_number(float(middle[1]))} {series.unit} on average over the horizon.")
    show_caveats(result.caveats)


def hotspots_command(options: argparse.Namespace) -> None:
    """Map one kind of incident and score the map on later data."""
    city = open_city(options.city)
    incidents = table(city, "incidents", options.incidents)
    result = hotspots.find_hotspots(
        incidents,
        horizon_days=options.horizon,
        cell_size=options.cell,
        windows=options.windows,
        method=options.method,
        seed=options.seed,
    )
    if finished(options, result, result.summary):
        return
    print(f"{incidents.title}, {city.name}: {result.method_title}, {as_count(len(result.cells))} cells")
    for row in result.summary.to_dict("records"):
        band = f"[{as_percent(row['low'])}, {as_percent(row['high'])}]"
        caught = f"{as_percent(row['hit_rate'])} {band}, PAI {as_number(row['pai'])}"
        print(f"  {row['method']:24} {as_percent(row['share']):>5} of the area held {caught}")
    show_caveats(result.caveats)


def compare_command(options: argparse.Namespace) -> None:
    """Compare scenario files; the first is the baseline."""
    city = open_city(options.city)
    chosen = [scenarios.read_scenario(Path(path)) for path in options.scenarios]
    result = scenarios.compare(
        city, chosen, series=options.series, periods=options.periods, draws=options.draws, seed=options.seed
    )
    frame = pd.DataFrame(to_plain(result.differences))
    if finished(options, result, frame):
        return
    print(result.verdict)
    for difference in result.differences:
        print(f"  {difference.sentence}")
    print(f"Receipt {result.receipt}, seed {result.seed}")
    show_caveats(result.caveats)


def table(city: City, kind: str, name: str) -> Any:
    """A series or incidents of the city by name."""
    tables = getattr(city, kind)
    if name not in tables:
        raise AnalyticsError("no_such_table", city=city.name, kind=kind, name=name, names=list(tables))
    return tables[name]


def finished(options: argparse.Namespace, result: Any, frame: pd.DataFrame) -> bool:
    """Write the table where asked, and the JSON; true when nothing is left to print."""
    if options.csv:
        try:
            frame.to_csv(options.csv, index=not isinstance(frame.index, pd.RangeIndex))
        except OSError as error:
            raise AnalyticsError("cannot_write", path=str(options.csv), why=error.strerror or str(error)) from error
    if options.json:
        show_json(to_plain(result))
    return bool(options.json)


def show_json(value: Any) -> None:
    """Print plain values as JSON."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode())


def show_caveats(caveats: Sequence[Caveat]) -> None:
    """Print numbered caveats, the gravest first."""
    for number, caveat in enumerate(caveats, start=1):
        print(f"{number:3}  {caveat.severity_word} {caveat.message} ({caveat.detail})")


if __name__ == "__main__":
    sys.exit(main())
