"""A chart as a value: marks in data units, the table behind them, and everything that must travel with it.

Charts are made from results by ``charts/`` and ``maps/`` and drawn by ``render/``: plotly for the screen,
matplotlib for files. Neither can be given a chart without its headline, source and caveats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.results import Caveat, by_severity
from dashboard.figures.geometry import ToDegrees
from data import Classification

__all__ = [
    "Anchor", "Axis", "Band", "Bars", "Chart", "Choropleth", "Class", "Column", "Grid", "GridHover", "Key", "Line", "Mark", "Note",
    "Outline", "Points", "Rule", "Strokes", "Text", "Voices",
]  # fmt: skip

Role = str  # a name in the palette
Dash = Literal["solid", "dot", "dash"]
Anchor = Literal["start", "middle", "end"]
Column = Literal["plot", "left", "right", "start", "end"]


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points; ``label`` stands at its right end, in bold where ``strong``.

    ``hover`` is a sentence for each point, empty where nothing is known; a line without any is silent.
    """

    x: npt.ArrayLike
    y: npt.ArrayLike
    role: Role = "ink"
    width: float = 2.0
    dash: Dash = "solid"
    label: str = ""
    strong: bool = False
    opacity: float = 1.0
    hover: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Strokes:
    """Many separate lines drawn as one, and silent: their points in order, NaN between two lines."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    role: Role = "ink"
    width: float = 2.0
    dash: Dash = "solid"


@dataclass(frozen=True, eq=False)
class Voices:
    """Sentences over points that nobody sees: ``template`` with ``{0}``, ``{1}``, ... for the columns of ``parts``.

    ``parts`` is (points, columns). Thousands of roads share one sentence, so that its parts travel lighter than whole ones.
    ``ids`` name the points to a page that lets people choose them, as those of ``Points`` do; none where it is empty.
    """

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    template: str
    parts: npt.NDArray[np.str_]
    ids: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Band:
    """The area between two lines; ``label`` stands at the right end of its upper edge."""

    x: npt.ArrayLike
    low: npt.ArrayLike
    high: npt.ArrayLike
    role: Role = "band95"
    label: str = ""


@dataclass(frozen=True, eq=False)
class Points:
    """Points with a shape (circle, square, diamond, triangle, cross), filled or hollow; ``size`` in pixels.

    ``hover`` is a sentence for each point, told when somebody points at it; points without any are silent.
    ``ids`` name them to a page that lets people choose points: they travel as the points' ``customdata``. Hollow ones that
    stand ``above`` are not covered by the streets and borders of a map.
    """

    x: npt.ArrayLike
    y: npt.ArrayLike
    role: Role = "ink"
    shape: str = "circle"
    filled: bool = True
    size: float = 8.0
    hover: Sequence[str] = ()
    ids: Sequence[str] = ()
    above: bool = False


@dataclass(frozen=True, eq=False)
class Bars:
    """Vertical bars from ``low`` to ``high``; ``width`` in units of x (days on a date axis).

    ``hover`` is a sentence for each bar; bars without any are silent.
    """

    x: npt.ArrayLike
    low: npt.ArrayLike
    high: npt.ArrayLike
    role: Role = "band80"
    width: float = 0.6
    hover: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Rule:
    """A straight line across the chart at ``at``."""

    at: Any
    axis: Literal["x", "y"] = "x"
    role: Role = "line"
    dash: Dash = "solid"
    width: float = 1.0


@dataclass(frozen=True, eq=False)
class Text:
    """Words at a point, or in a ``column`` at the height ``y``; names of waters are ``slanted`` on the screen.

    The columns "left" and "right" stand in the margins of the plot, each beside its edge; "start" and "end" stand inside it,
    from its left edge on and up to its right edge. ``dx`` and ``dy`` move words by pixels, to the right and up. What is
    ``minor`` stands among other marks with a light edge, and is left out where a map is as narrow as a phone.
    """

    x: Any
    y: Any
    text: str
    role: Role = "ink3"
    anchor: Anchor = "start"
    strong: bool = False
    column: Column = "plot"
    slanted: bool = False
    minor: bool = False
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, eq=False)
class Note:
    """A caveat's number beside the mark that it qualifies; the number is the caveat's position in ``Chart.caveats``, from 1.

    ``about`` (an option, a table) tells apart caveats of one code: it is a value of the caveat's evidence. ``dx`` and
    ``dy`` move it by pixels, to the right and up, so that it never covers data.
    """

    x: Any
    y: Any
    code: str
    about: str = ""
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True)
class Class:
    """One class of a map: its colour, what it means (empty: not in the key), whether hatched to survive a print in grey."""

    role: Role
    label: str
    hatched: bool = False


@dataclass(frozen=True, eq=False)
class GridHover:
    """The sentence of each square of a grid: ``template`` with ``{area}`` and ``{value}`` in it, both (rows, columns).

    Thousands of squares share few names and few values, so that the parts travel lighter than whole sentences.
    """

    template: str
    areas: npt.NDArray[np.str_]
    values: npt.NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Grid:
    """Classes on a regular grid in metres, drawn as flat squares.

    ``classes`` is (rows, columns), int8, from the lowest row upwards: 0 is nothing, n is ``legend[n - 1]``.
    ``x0``, ``y0`` is the lower left corner, ``size`` the side of a square.
    """

    classes: npt.NDArray[Any]
    x0: float
    y0: float
    size: float
    legend: tuple[Class, ...]
    hover: GridHover | None = None


@dataclass(frozen=True, eq=False)
class Outline:
    """The borders of a layer of areas in metres: ``url`` (an SVG of exactly ``bounds``) on screen, ``rings`` in files.

    The url holds ``{theme}``, which the renderer fills in. ``below`` puts it under all other marks. Lines of streets, which
    are ``open``, close no rings.
    """

    url: str
    bounds: tuple[float, float, float, float]
    rings: Sequence[npt.NDArray[Any]]
    below: bool = False
    open: bool = False


@dataclass(frozen=True, eq=False)
class Choropleth:
    """Areas coloured by class: ``url`` (GeoJSON whose feature ids are ``area_ids``) on screen, ``rings`` in files.

    ``classes`` holds for each area an index of ``legend``. ``rings`` are each area's closed paths in metres, and
    ``degrees`` and ``metres`` a point inside it, where a hatched class is marked with a cross on the screen,
    which has no hatching; ``to_degrees`` places all else that stands on the map. The borders of ``outlined`` areas are drawn
    darker. A page may let people choose areas that are ``choosable``: their ids then travel as ``customdata``.
    """

    url: str
    area_ids: Sequence[str]
    classes: npt.NDArray[Any]
    legend: tuple[Class, ...]
    rings: Sequence[Sequence[npt.NDArray[Any]]]
    degrees: npt.NDArray[Any]
    metres: npt.NDArray[Any]
    hover: Sequence[str]
    to_degrees: ToDegrees
    outlined: Sequence[str] = ()
    choosable: bool = False


@dataclass(frozen=True)
class Key:
    """One entry of the line under a chart that says what its marks mean; its shape is that of points, "line" or "dashes"."""

    role: Role
    label: str
    shape: str = "square"
    filled: bool = True
    hatched: bool = False


Mark = Line | Strokes | Voices | Band | Points | Bars | Rule | Text | Note | Grid | Outline | Choropleth


@dataclass(frozen=True)
class Axis:
    """An axis: its range and its ticks (position, label), which both renderers draw as they are.

    ``kind`` "map" hides the axis, "category" writes its ticks as the names of rows; ``beside`` stands lighter behind each name.
    """

    kind: Literal["number", "date", "category", "map"] = "number"
    range: tuple[Any, Any] | None = None
    ticks: Sequence[tuple[Any, str]] = ()
    title: str = ""
    beside: Sequence[str] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Chart:
    """Everything that a figure needs to stand on its own when it is pasted elsewhere.

    ``headline`` says the finding, ``title`` measure, unit and location, ``interval`` what bands and brackets hold;
    ``source`` is the line under the figure (source, snapshot, method, receipt); ``filters`` the choices made (areas,
    dates); ``date`` the data's date. ``table`` is what the CSV holds, columns with units in their names. ``alt``
    describes the figure to someone who cannot see it. ``right`` is the width in pixels kept for words right of the chart,
    and ``key_width`` that of a line of its key on screen.
    Caveats are kept gravest first: a caveat's number is its position among them.

    Raises
    ------
    ValueError
        When a text that must travel with the chart is empty.
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
    alt: str
    caveats: tuple[Caveat, ...]
    subtitle: str = ""
    filters: str = ""
    interval: str = ""
    key: tuple[Key, ...] = ()
    synthetic: bool = False
    classification: Classification = Classification.PUBLIC
    height: int = 320
    right: int = 96
    key_width: int = 480
    fingerprint: str = ""

    def __post_init__(self) -> None:
        for name in ("name", "headline", "title", "source", "date", "alt"):
            if not getattr(self, name).strip():
                raise ValueError(f"a chart needs its {name}")
        object.__setattr__(self, "caveats", by_severity(self.caveats))

    def number_of(self, code: str, *, about: str = "") -> int | None:
        """The number under which a caveat is shown.

        Parameters
        ----------
        code : of the caveat.
        about : a value of its evidence; empty for any.

        Returns
        -------
        Its position from 1, None when the chart has none.
        """
        for number, caveat in enumerate(self.caveats, start=1):
            if caveat.code == code and (not about or about in caveat.evidence.values()):
                return number
        return None
