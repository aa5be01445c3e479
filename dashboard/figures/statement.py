"""What a chart says beyond its marks, in words and in order: every file that leaves the dashboard carries all of it."""

from __future__ import annotations

import numpy as np

from analytics.results import Caveat
from dashboard.figures.chart import Chart
from data import Classification, fingerprint_of
from data.words import say

__all__ = ["caveat_words", "drawing", "marking", "statement"]

PLACES = "fimM"  # kinds of arrays that say where marks lie: numbers and times


def statement(chart: Chart) -> tuple[tuple[str, str], ...]:
    """(label, text) pairs: headline, title, choices, intervals, source, date, marking, and each caveat by its number."""
    stated = [
        (part, text)
        for part in ("headline", "title", "subtitle", "filters", "interval", "source", "date")
        if (text := getattr(chart, part))
    ]
    labelled = [(say(f"statement.{part}"), text) for part, text in [*stated, *marking(chart)]]
    pairs = [(label, text.removeprefix(f"{label}: ")) for label, text in labelled]
    label = say("statement.caveat")
    return (*pairs, *((f"{label} {number}", caveat_words(each)) for number, each in enumerate(chart.caveats, start=1)))


def marking(chart: Chart) -> list[tuple[str, str]]:
    """What must be seen first: that data are synthetic, and a class that is not public."""
    marks = [("synthetic", say("labels.synthetic"))] if chart.synthetic else []
    if chart.classification != Classification.PUBLIC:
        marks.append(("classification", say(f"classification.{chart.classification.value}")))
    return marks


def drawing(chart: Chart) -> str:
    """What tells two pictures apart that say the same, such as two parts of a map around one area: where their marks lie.

    >>> from dashboard.figures.chart import Axis, Chart
    >>> x, y = Axis(range=(0, 1)), Axis()
    >>> said = dict.fromkeys(("name", "headline", "title", "source", "date", "alt"), "A")
    >>> charts = (Chart(**said, marks=(), table=None, x=each, y=y, caveats=()) for each in (x, Axis(range=(0, 2))))
    >>> len(set(map(drawing, charts)))
    2
    """
    fields = (each for mark in chart.marks for each in vars(mark).values())
    places = [each for each in fields if isinstance(each, np.ndarray) and each.dtype.kind in PLACES]
    return fingerprint_of(chart.x.range, chart.y.range, *places)


def caveat_words(caveat: Caveat) -> str:
    """ "Caution. One sentence. (The numbers behind it.)" """
    return f"{caveat.severity_word} {caveat.message} ({caveat.detail})"
