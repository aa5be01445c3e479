"""Signals: what a plan of greens does to those who wait, and which plan is better."""

from analytics.signals.diagrams import (
    Band,
    Stop,
    TimeSpaceDiagram,
    TimingDiagram,
    TimingRow,
    Window,
    green_windows,
    time_space_diagram,
    timing_diagram,
)
from analytics.signals.layouts import Layout, Movement, Phase, Turn
from analytics.signals.timings import DayPlan, Program, Timing

__all__ = [
    "Band", "DayPlan", "Layout", "Movement", "Phase", "Program", "Stop", "TimeSpaceDiagram", "Timing", "TimingDiagram",
    "TimingRow", "Turn", "Window", "green_windows", "time_space_diagram", "timing_diagram",
]  # fmt: skip
