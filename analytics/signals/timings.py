"""A plan of signals: how long each phase is green, and when in the day which plan runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.signals.layouts import Layout

__all__ = ["DAY_MINUTES", "DayPlan", "Program", "Timing"]

DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Timing:
    """Green seconds of each phase of a layout, and by how many seconds its cycle starts later than the corridor's clock."""

    greens: tuple[float, ...]
    offset: float = 0.0

    def cycle(self, layout: Layout) -> float:
        """Seconds until it starts again."""
        return sum(self.greens) + layout.lost

    def fits(self, layout: Layout, *, longest: float) -> bool:
        """Whether each green reaches its least, and the cycle does not exceed the longest.

        Parameters
        ----------
        layout : whose phases they are.
        longest : seconds that a cycle may last.

        Returns
        -------
        bool
            True where a controller could run it.
        """
        enough = all(green >= phase.minimum for green, phase in zip(self.greens, layout.phases, strict=True))
        return enough and self.cycle(layout) <= longest

    def intervals(self, layout: Layout) -> tuple[float, ...]:
        """Seconds of each phase's green and of what follows it, in turn."""
        return tuple(
            each for green, phase in zip(self.greens, layout.phases, strict=True) for each in (green, phase.change)
        )

    def served(self, layout: Layout) -> tuple[float, ...]:
        """The intervals as vehicles can use them: a green begins late where the one before leaves no time to clear.

        Parameters
        ----------
        layout : whose phases they are.

        Returns
        -------
        tuple of float
            Of the same cycle.
        """
        if len(layout.phases) == 1:
            return self.intervals(layout)
        late = [min(green, layout.phases[place - 1].late) for place, green in enumerate(self.greens)]
        after = [*late[1:], late[0]]
        each = zip(self.greens, layout.phases, late, after, strict=True)
        return tuple(
            seconds for green, phase, own, next_one in each for seconds in (green - own, phase.change + next_one)
        )


@dataclass(frozen=True)
class Program:
    """A timing that runs from a minute of the day."""

    start: int
    timing: Timing


@dataclass(frozen=True)
class DayPlan:
    """The timings of a junction over a day, the first of which also runs before it starts: the day is a circle."""

    programs: tuple[Program, ...]

    def at(self, minute: int) -> Timing:
        """The timing that runs at a minute of the day."""
        begun = [each for each in self.programs if each.start <= minute % DAY_MINUTES]
        return (begun or self.programs)[-1].timing

    @classmethod
    def of(cls, timing: Timing) -> DayPlan:
        """One timing all day."""
        return cls((Program(0, timing),))

    @property
    def timings(self) -> Sequence[Timing]:
        """Those that run, in the order of the day."""
        return [each.timing for each in self.programs]
