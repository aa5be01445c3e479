"""The rows of a report and the cost of work; peers' environments import this file, so it needs nothing of ours."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

__all__ = ["Row", "cost_of", "rows_of"]

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One line of a report: ours against a peer, or against a goal alone.

    ``ratio`` is ours / peer (None without a peer), ``low`` and ``high`` its 95 % interval where it has one. ``goal`` is
    the most (``most``) or least that ratio (or ours, without a peer) may be. ``note`` says what else must be known.
    """

    name: str
    ours: float
    unit: str
    goal: float | None = None
    most: bool = True
    peer: float | None = None
    peer_name: str | None = None
    low: float | None = None
    high: float | None = None
    on_point: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        return None if not self.peer else self.ours / self.peer

    @property
    def holds(self) -> bool | None:
        """Whether the goal is met: by the interval's worse end where there is one, unless it is judged on the point."""
        if self.goal is None:
            return None
        value = self.ours if self.ratio is None else self.ratio
        if not self.on_point:
            end = self.high if self.most else self.low
            value = value if end is None else end
        return bool(value <= self.goal) if self.most else bool(value >= self.goal)

    def to_dict(self) -> dict[str, Any]:
        """The row as it stands in a report."""
        return asdict(self) | {"ratio": self.ratio, "holds": self.holds}


def cost_of(work: Callable[[], T]) -> tuple[T, float]:
    """What work returns, and the CPU seconds that it took in this process and in those that it started."""
    before = _cpu_seconds()
    answer = work()
    return answer, _cpu_seconds() - before


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def rows_of(parts: Mapping[str, Callable[..., Iterator[Row]]], *, quick: bool, only: str) -> Iterator[Row]:
    """The rows of all parts whose name holds a word.

    Parameters
    ----------
    parts : of a suite by name, each called with ``quick``.
    quick : smaller samples, which show that a part runs.
    only : the word; every name holds the empty one.
    """
    for name, part in parts.items():
        if only in name:
            yield from part(quick=quick)
