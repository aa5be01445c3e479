"""A chart as a value: marks in data units, the table behind them, and everything that must travel with it.

Charts are made from results by ``charts.py`` and ``maps.py`` and drawn by ``render/``: plotly for the screen,
matplotlib for files. Neither can be given a chart without its headline, source and caveats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy.typing as npt
import pandas as pd

from analytics.results import Caveat
from data import Classification

__all__ = ["Axis", "Band", "Bars", "Chart", "Line", "Mark", "Note", "Points", "Polygons", "Rule", "Text"]

# A name in the palette: ink, ink2, ink3, today, option_a, option_b, option_c, fifth, primary, line, seq1..seq10, div1..div10.
Role = str


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points; ``label`` stands at its right end."""

    x: npt.ArrayLike
    y: npt.ArrayLike
    role: Role = "ink"
    width: float = 2.0
    dash: Literal["solid", "dot", "dash"] = "solid"
    label: str = ""
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class Band:
    """The area between two lines."""

    x: npt.ArrayLike
    low: npt.ArrayLike
    high: npt.ArrayLike
    role: Role = "seq2"
    label: str = ""


@dataclass(frozen=True, eq=False)
class Points:
    """Points with a shape (circle, square, diamond, triangle, cross) and an error bar where given."""

    x: npt.ArrayLike
    y: npt.ArrayLike
    role: Role = "ink"
    shape: str = "circle"
    filled: bool = True
    size: float = 8.0
    label: str = ""
    hover: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Bars:
    """Vertical bars from ``low`` to ``high``."""

    x: npt.ArrayLike
    low: npt.ArrayLike
    high: npt.ArrayLike
    role: Role = "seq3"
    width: float = 0.6
    label: str = ""


@dataclass(frozen=True, eq=False)
class Rule:
    """A straight line across the chart at ``at``, with a label at its end."""

    at: Any
    axis: Literal["x", "y"] = "x"
    role: Role = "line"
    dash: Literal["solid", "dot", "dash"] = "solid"
    label: str = ""
    width: float = 1.0


@dataclass(frozen=True, eq=False)
class Text:
    """Words at a point."""

    x: Any
    y: Any
    text: str
    role: Role = "ink3"
    anchor: Literal["start", "middle", "end"] = "start"
    size: float = 13.0


@dataclass(frozen=True, eq=False)
class Note:
    """A caveat's number beside the mark that it qualifies; the number is the caveat's place in ``Chart.caveats``."""

    x: Any
    y: Any
    code: str


@dataclass(frozen=True, eq=False)
class Polygons:
    """Filled polygons in metres, one class of colour a group; drawn without WebGL as closed paths.

    ``rings`` is a list of (n, 2) arrays; ``hatched`` survives a print in grey.
    """

    rings: Sequence[npt.NDArray[Any]]
    role: Role = "seq1"
    border: Role | None = None
    border_width: float = 0.9
    hatched: bool = False
    label: str = ""
    hover: Sequence[str] = ()


Mark = Line | Band | Points | Bars | Rule | Text | Note | Polygons


@dataclass(frozen=True)
class Axis:
    """An axis: its unit stands on the last tick; ``kind`` map hides it."""

    title: str = ""
    unit: str = ""
    kind: Literal["number", "date", "category", "map", "share"] = "number"
    range: tuple[Any, Any] | None = None
    ticks: Sequence[tuple[Any, str]] = ()


@dataclass(frozen=True, eq=False)
class Chart:
    """Everything that a figure needs to stand on its own when it is pasted elsewhere.

    ``headline`` says the finding, ``title`` measure, unit and place; ``source`` is the line under the figure (source,
    snapshot, bands, method, receipt); ``filters`` the choices made (areas, dates); ``date`` the data's date.
    ``table`` is what the CSV holds, columns with units in their names.
    ``alt`` describes the figure to someone who cannot see it.
    """

    name: str
    headline: str
    title: str
    marks: Sequence[Mark]
    table: pd.DataFrame
    x: Axis
    y: Axis
    source: str
    date: str
    caveats: tuple[Caveat, ...]
    filters: str = ""
    interval: str = ""
    synthetic: bool = False
    classification: Classification = Classification.PUBLIC
    height: int = 320
    alt: str = ""
    fingerprint: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
