"""What every method finds of a past policy."""

from __future__ import annotations

import pandas as pd

from analytics.evaluation import Evaluation
from analytics.results import Caveat
from dashboard.figures.chart import Chart
from dashboard.figures.columns import SHARE, column
from dashboard.figures.tables.build import table_of
from data.words import say, text

__all__ = ["estimates_table"]


def estimates_table(found: Evaluation, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One row a method: its effect with the 95 % interval, what it could have seen, and what it finds where nothing was done.

    Parameters
    ----------
    found : of a policy.
    caveats : replace the result's own.

    Returns
    -------
    Chart
        Without marks, the leading method first; the plain change from before to after stands last, without a range.
    """
    rows = [
        (say(f"evaluation.methods.{each.method}"), each.effect.share, each.effect.low, each.effect.high, each.effect.seen,
         each.placebo_error)
        for each in found.estimates
    ]  # fmt: skip
    unknown = (float("nan"),) * 4
    rows.append((say("evaluation.methods.naive"), found.naive.share, *unknown))
    heads = [column("method"), *(column(name, unit=SHARE) for name in ("effect", "low95", "high95", "seen", "placebo"))]
    effect = found.effect
    evidence = {
        "subject": text(found.subject),
        "since": found.since,
        "share": effect.share,
        "low": effect.low,
        "high": effect.high,
        "method": say(f"evaluation.methods.{found.lead.method}"),
        "rows": len(found.estimates),
    }
    table = pd.DataFrame(rows, columns=heads)
    return table_of(found, name="estimates", evidence=evidence, table=table, caveats=caveats)
