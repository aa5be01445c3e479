"""What plotly is asked to draw, as plain values: its own objects check each value, which takes longer than all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseFigure

__all__ = ["DIGITS", "Checked", "Drawing", "Trace"]

Trace = dict[str, Any]  # its ``type`` and properties, as plotly's reference names them
PLACES = ("x", "y", "lon", "lat")  # of a trace
ALONG = (*PLACES, "text", "hovertext")  # told of each of its points
ALIKE = ("type", "mode", "hoverinfo", "hovertemplate")  # of traces that can be one
DIGITS = 7  # of a number of single precision: what a screen can show, in few letters


@dataclass(eq=False)
class Drawing:
    """A figure that is being drawn: its traces, and its layout with what stands on them.

    Arrays are numpy's until it is sent; properties that are None are left out.
    """

    layout: dict[str, Any]
    data: list[Trace] = field(default_factory=list)

    def add_trace(self, trace: Trace) -> None:
        """Draw a trace over those that are there: as a part of the last one where that looks the same or holds points, too.

        Of each trace plotly reads its whole schema anew, which takes a browser longer than to draw the few marks in it.
        """
        together = _joined(self.data[-1], trace) if self.data else None
        if together is None:
            self.data.append(trace)
        else:
            self.data[-1] = together

    def add_annotation(self, **properties: Any) -> None:
        """Write words on the figure."""
        self._add("annotations", properties)

    def add_shape(self, **properties: Any) -> None:
        """Draw a shape on the figure."""
        self._add("shapes", properties)

    def add_image(self, **properties: Any) -> None:
        """Lay an image on the figure."""
        self._add("images", properties)

    def _add(self, kind: str, properties: dict[str, Any]) -> None:
        self.layout.setdefault(kind, []).append(properties)

    def whole(self) -> dict[str, Any]:
        """All of it, without what is None, its arrays as numpy's."""
        return {"data": [_stated(trace) for trace in self.data], "layout": _stated(self.layout)}


class Checked(BaseFigure):  # type: ignore[misc]
    """A drawing as Streamlit takes figures: of any other kind it would make plotly's objects after all.

    That each of our drawings is one that plotly takes is tested, on all charts.
    """

    def __init__(self, drawing: Drawing) -> None:
        # Plotly's own beginning makes its objects.
        whole = _listed(drawing.whole())
        # Streamlit gives plotly each figure again once its width is known. Where a revision is stated, plotly sees by it that
        # the lists are the same and draws no second time; typed arrays it takes for others whatever the revision.
        self.__dict__["sent"] = whole | {"layout": whole["layout"] | {"datarevision": 1}}

    def to_dict(self) -> dict[str, Any]:
        """What is sent: one copy for all who look at it, which nobody changes."""
        sent: dict[str, Any] = self.__dict__["sent"]
        return {**sent}


def _joined(first: Trace, second: Trace) -> Trace | None:
    """Two traces as one, lines with a gap between them and points each with its own look; None where they stay apart."""
    if set(first) != set(second) or any(first[name] != second[name] for name in first if name in ALIKE):
        return None
    lines = first.get("mode") == "lines"
    if lines and ("fill" in first or any(first[name] != second[name] for name in first if name not in ALONG)):
        return None
    # Points that can be chosen, and those that nobody sees, are told apart by their trace.
    if not lines and (first.get("mode") not in ("markers", "text") or first.get("customdata") or _unseen(first)):
        return None
    sizes = [len(next(each[name] for name in PLACES if name in each)) for each in (first, second)]
    return {name: _in_row(name, value, second[name], sizes, gap=lines) for name, value in first.items()}


def _unseen(trace: Trace) -> bool:
    return "marker" in trace and trace["marker"].get("opacity") == 0


def _in_row(name: str, first: Any, second: Any, sizes: Sequence[int], *, gap: bool) -> Any:
    """A property of both: one after the other where it is told point by point, or differs."""
    if name in PLACES and isinstance(first, np.ndarray):
        return np.concatenate([first, np.full(int(gap), np.nan, dtype=first.dtype), second])
    if name in ALONG and first is not None:
        return [*first, *([None if name in PLACES else ""] if gap else []), *second]
    if isinstance(first, dict):
        return {each: _in_row(each, value, second[each], sizes, gap=gap) for each, value in first.items()}
    if first is None or first == second:
        return first
    return [
        each
        for value, n in zip((first, second), sizes, strict=True)
        for each in (value if isinstance(value, list) else [value] * n)
    ]


def _stated(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stated(each) for name, each in value.items() if each is not None}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_stated(each) for each in value]
    return value


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(each) for name, each in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_listed(each) for each in value]
    if not isinstance(value, np.ndarray):
        return value
    return _short(value.tolist()) if value.dtype.kind == "f" else value.tolist()


def _short(numbers: list[Any]) -> list[Any]:
    """Numbers of few digits; what is no number is a gap, as JSON knows none."""
    return [
        _short(each) if isinstance(each, list) else float(f"{each:.{DIGITS}g}") if isfinite(each) else None
        for each in numbers
    ]
