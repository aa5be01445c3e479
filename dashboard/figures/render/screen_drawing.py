"""What plotly is asked to draw, as plain values: its own objects check each value, which takes longer than all the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseFigure

__all__ = ["DIGITS", "Checked", "Drawing", "Trace"]

Trace = dict[str, Any]  # its ``type`` and properties, as plotly's reference names them
DIGITS = 7  # of a number of single precision: what a screen can show, in few letters


@dataclass(eq=False)
class Drawing:
    """A figure that is being drawn: its traces, and its layout with what stands on them.

    Arrays are numpy's until it is sent; properties that are None are left out.
    """

    layout: dict[str, Any]
    data: list[Trace] = field(default_factory=list)

    def add_trace(self, trace: Trace) -> None:
        """Draw a trace over those that are there."""
        self.data.append(trace)

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
