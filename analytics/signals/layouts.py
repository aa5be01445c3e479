"""What a junction with signals is to a calculation: its movements, the lanes that they share, and its phases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

__all__ = ["CLEARS", "IDEAL_SATURATION", "SATURATION_FACTOR", "Layout", "Movement", "Phase", "Turn"]

IDEAL_SATURATION = 1_900.0
"""Vehicles an hour of green and lane where nobody measured it: the base of HCM 2000, exhibit 10-12."""

CLEARS = 5.0
"""Seconds after a green until the next stream moves freely, where the plan shows less between them: who goes on at the end of
a yellow must have left. t + v / 2a of yellow and (w + l) / v to leave (Institute of Transportation Engineers), at 50 km/h, a
junction 20 m wide and a car of 6 m: 3.3 and 1.9 s."""


class Turn(StrEnum):
    """Where a movement goes."""

    LEFT = "left"
    THROUGH = "through"
    RIGHT = "right"


SATURATION_FACTOR = {Turn.LEFT: 0.95, Turn.THROUGH: 1.0, Turn.RIGHT: 0.85}
"""How many of the straight on pass where they turn: of protected lefts and of rights from a lane of their own, HCM 2000,
equations 16-4 and following (exhibit 16-7)."""


@dataclass(frozen=True)
class Movement:
    """Vehicles that come from one ``approach`` and turn one way.

    ``lanes`` are the numbers of the approach's lanes that serve it, from the kerb inward, 1 first. ``saturation`` is in
    vehicles an hour of green and lane; ``assumed`` where it is a default of the handbook.
    """

    approach: str
    turn: Turn
    lanes: tuple[int, ...]
    saturation: float
    assumed: bool = False

    @property
    def name(self) -> str:
        """Approach and turn, as plans name it: ``north.left``."""
        return f"{self.approach}.{self.turn.value}"


@dataclass(frozen=True)
class Phase:
    """A part of the cycle in which the same movements have green.

    ``protected`` and ``permitted`` are places among the layout's movements: those that nobody crosses, and those that go
    where the others leave gaps. ``yellow`` and ``all_red`` are the seconds after its green, ``minimum`` the least green,
    that of pedestrians included.
    """

    name: str
    protected: tuple[int, ...]
    permitted: tuple[int, ...] = ()
    yellow: float = 3.0
    all_red: float = 2.0
    minimum: float = 5.0

    @property
    def change(self) -> float:
        """Seconds between its green and the next."""
        return self.yellow + self.all_red

    @property
    def late(self) -> float:
        """Seconds that the next green loses since the plan leaves less than it takes to clear the junction."""
        return max(0.0, CLEARS - self.change)


@dataclass(frozen=True)
class Layout:
    """A junction as it is computed with: movements, and phases in their order."""

    junction_id: str
    title: str
    movements: tuple[Movement, ...]
    phases: tuple[Phase, ...]

    @property
    def lost(self) -> float:
        """Seconds of a cycle in which nobody has green: with two seconds of start-up and two of yellow used, as the
        handbook has it (HCM 2000, exhibit 16-1), those between the greens.
        """
        return sum(each.change for each in self.phases)

    @property
    def unused(self) -> float:
        """Seconds of a cycle that serve nobody: those between the greens, and what greens lose until the junction is clear."""
        return self.lost + sum(each.late for each in self.phases)

    @property
    def shortest(self) -> float:
        """The shortest cycle that leaves each phase its least green."""
        return self.lost + sum(each.minimum for each in self.phases)

    @property
    def lanes(self) -> tuple[tuple[str, int], ...]:
        """Approach and number of each lane."""
        named = {(each.approach, lane): None for each in self.movements for lane in each.lanes}
        return tuple(sorted(named, key=lambda lane: (self.approaches.index(lane[0]), lane[1])))

    @property
    def approaches(self) -> tuple[str, ...]:
        """The approaches in the order of the movements."""
        return tuple(dict.fromkeys(each.approach for each in self.movements))

    def right_of_way(self) -> npt.NDArray[np.int8]:
        """What each movement may do by (movement, interval): 0 wait, 1 go, 2 go where there are gaps.

        The intervals are each phase's green and what follows it. A movement that goes on in the next phase goes on between
        the two as well.
        """
        own = np.zeros((len(self.movements), len(self.phases)), np.int8)
        for place, phase in enumerate(self.phases):
            own[list(phase.permitted), place] = 2
            own[list(phase.protected), place] = 1
        following = np.roll(own, -1, axis=1)
        between = np.where((own > 0) & (following > 0), own, 0)
        return np.stack([own, between], axis=2).reshape(len(self.movements), -1).astype(np.int8)

    def without(self, dropped: int) -> Layout:
        """The layout without one of its phases."""
        return replace(self, phases=tuple(each for place, each in enumerate(self.phases) if place != dropped))
