"""``forecast``: the future of a series, by the model that did best."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished, positive, show_caveats, table
from analytics.requests import CityRequest, ForecastRequest
from data import open_city
from data.words import as_date, as_number, as_percent


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "forecast", forecast_command)
    made.takes("series", metavar="SERIES")
    made.takes("--horizon", type=positive, default=28)
    made.takes("--model")


def forecast_command(options: argparse.Namespace) -> None:
    """Forecast one series."""
    city = open_city(options.city)
    series = table(city, "series", options.series)
    request = ForecastRequest(
        CityRequest(options.city),
        series=options.series,
        horizon=options.horizon,
        model=options.model,
        # Who names a model need not wait for the slow ones to be measured too.
        slow=options.model is None,
        seed=options.seed,
    )
    result = request.answer(city)
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
