"""``forecast``: the future of a series, by the model that did best."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished, positive, show_caveats, table
from analytics.commands.progress import shown
from analytics.forecasting import Forecast
from analytics.requests import CityRequest, ForecastRequest
from data import open_city
from data.words import say, text


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "forecast", forecast_command)
    made.takes("series", metavar="SERIES")
    made.takes("--horizon", type=positive, default=28)
    made.takes("--model")
    made.takes("--slow", action="store_true")


def forecast_command(options: argparse.Namespace) -> None:
    """Forecast one series."""
    city = open_city(options.city)
    series = table(city, "series", options.series)
    request = ForecastRequest(
        CityRequest(options.city),
        series=options.series,
        horizon=options.horizon,
        model=options.model,
        slow=options.slow,
        seed=options.seed,
    )
    with shown() as progress:
        result = request.answer(city, progress=progress)
    levels = result.total.get_index("quantile")
    columns = [say("forecast_told.quantile", {"level": f"{level:g}", "unit": series.unit}) for level in levels]
    frame = pd.DataFrame(result.total.to_numpy().T, index=result.total.get_index("period"), columns=columns)
    if finished(options, result, frame):
        return
    print("\n".join(lines_of(result, city=city.name)))
    show_caveats(result.caveats)


def lines_of(result: Forecast, *, city: str) -> list[str]:
    """The forecast in lines: of what and by which model, why, how wrong each model was, and what to expect.

    Parameters
    ----------
    result : what was forecast.
    city : its name.

    Returns
    -------
    Lines in the reader's language.
    """
    series = result.series
    about = {"series": series.title, "city": city, "model": result.model_title, "cutoff": result.cutoff}
    lines = [say("forecast_told.heading", about | {"horizon": result.horizon}), text(result.selection.reason)]
    for name, ratio in sorted(result.selection.ratios.items(), key=lambda pair: pair[1]):
        lines.append(say("forecast_told.error", {"name": f"{name:24}", "ratio": ratio}))
    middle = float(result.total.sel(quantile=0.5).sum("period")) / result.horizon
    return [*lines, say("forecast_told.middle", {"value": middle, "unit": series.unit})]
