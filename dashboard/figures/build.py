"""From a result to a chart: the words come from ``messages/``, the rest from the result itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from analytics.results import Caveat, Result
from dashboard.figures.chart import Axis, Chart, Key, Mark
from data import Provenance, fingerprint_of
from data.words import as_date, knows, say

__all__ = ["chart_of", "provenance_words"]


def provenance_words(made_from: Sequence[Provenance]) -> dict[str, Any]:
    """What every source line needs: where the tables come from, their date and a hash of their content."""
    dates = [table.as_of for table in made_from if table.as_of is not None]
    return {
        "sources": list(dict.fromkeys(table.origin for table in made_from)),
        "as_of": max(dates) if dates else pd.NaT,
        "snapshot": fingerprint_of(*sorted(table.fingerprint for table in made_from))[:8],
    }


def _sentence(name: str, facts: Mapping[str, Any], part: str) -> str:
    code = f"charts.{name}.{part}"
    return say(code, facts) if knows(code) else ""


def chart_of(
    result: Result,
    *,
    name: str,
    evidence: Mapping[str, Any],
    marks: Sequence[Mark],
    table: pd.DataFrame,
    axes: tuple[Axis, Axis],
    headline: str = "headline",
    caveats: tuple[Caveat, ...] | None = None,
    key: tuple[Key, ...] = (),
    height: int = 320,
    right: int = 96,
    key_width: int = 480,
) -> Chart:
    """A chart of a result: its sentences ``charts.NAME.*``, with the provenance and the caveats of the result.

    Parameters
    ----------
    result : what it is made from, and how far it can be trusted.
    name : of the chart, and of its sentences.
    evidence : what the sentences name, beside the provenance.
    marks, table, axes, key, height, right, key_width : as in ``Chart``; axes are x and y.
    headline : which of several headlines.
    caveats : replace the result's own, so that those that depend on the clock can be added.

    Returns
    -------
    A chart with its text in the reader's language.
    """
    facts = {**provenance_words(result.made_from), **evidence}
    part_of = partial(_sentence, name, facts)
    source = "charts.source" if pd.notna(facts["as_of"]) else "charts.source_undated"  # roads have no last day
    return Chart(
        name=name,
        headline=part_of(headline),
        **{part: part_of(part) for part in ("title", "subtitle", "filters", "interval", "alt")},
        marks=tuple(marks),
        table=table,
        x=axes[0],
        y=axes[1],
        source=" ".join(part for part in (say(source, facts), part_of("method")) if part),
        date=as_date(facts["as_of"]),
        caveats=result.caveats if caveats is None else caveats,
        key=key,
        synthetic=result.synthetic,
        classification=result.classification,
        height=height,
        right=right,
        key_width=key_width,
        fingerprint=facts["snapshot"],
    )
