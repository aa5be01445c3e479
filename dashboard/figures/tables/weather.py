"""What came in each spell of heat."""

from __future__ import annotations

import pandas as pd

from analytics.environment import Heat
from analytics.results import Caveat
from dashboard.figures.chart import Chart
from dashboard.figures.columns import column
from dashboard.figures.tables.build import table_of
from data.words import text

__all__ = ["spells_table"]


def spells_table(found: Heat, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One row a spell of heat: its days, the hottest of them, and what came beside the same days of other years.

    Parameters
    ----------
    found : with all spells that could be compared.
    caveats : replace the result's own.

    Returns
    -------
    Chart
        Without marks, the hottest spell first.
    """
    spells, unit = found.spells, text(found.series.unit)
    table = pd.DataFrame(
        {
            column("first_day"): pd.DatetimeIndex(spells["first"]),
            column("last_day"): pd.DatetimeIndex(spells["last"]),
            column("hottest_day", unit=text(found.degree)): spells["peak"].to_numpy(),
            column("observed", unit=unit): spells["observed"].to_numpy(),
            column("usual_then", unit=unit): spells["expected"].to_numpy(),
            column("above_usual", unit=unit): spells["excess"].to_numpy(),
            column("low95"): spells["low"].to_numpy(),
            column("high95"): spells["high"].to_numpy(),
            column("years_compared"): spells["years"].to_numpy(),
        }
    )
    first = {str(name): value for name, value in spells.iloc[0].items()}
    evidence = first | {
        "series": text(found.series.title), "unit": unit, "degree": text(found.degree), "rows": len(table),
        "left_out": found.left_out, "since": spells["first"].min(), "until": spells["last"].max(),
    }  # fmt: skip
    return table_of(found, name="spells", evidence=evidence, table=table, caveats=caveats)
