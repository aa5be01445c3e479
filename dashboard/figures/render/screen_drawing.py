"""What plotly is asked to draw, as plain values: its own objects check each value, which takes longer than all the rest."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseFigure

__all__ = ["Checked", "Drawing", "Trace"]

Trace = dict[str, Any]  # its ``type`` and properties, as plotly's reference names them
TYPED = {"int8": "i1", "uint8": "u1", "int16": "i2", "int32": "i4", "float32": "f4", "float64": "f8"}


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
        self.__dict__["sent"] = _packed(drawing.whole())

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


def _packed(value: Any) -> Any:
    """Arrays as plotly's browser part reads them, in few bytes: the digits of their memory in base 64."""
    if isinstance(value, dict):
        return {name: _packed(each) for name, each in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_packed(each) for each in value]
    if not isinstance(value, np.ndarray) or value.dtype.name not in TYPED:
        return value
    if not value.size:
        return []
    code = TYPED[value.dtype.name]
    packed = {
        "dtype": code,
        "bdata": base64.b64encode(np.ascontiguousarray(value, dtype=f"<{code}").tobytes()).decode("ascii"),
    }
    return packed if value.ndim == 1 else {**packed, "shape": ", ".join(map(str, value.shape))}
