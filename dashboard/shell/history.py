"""Steps back and forward through values: whatever was changed can be undone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

__all__ = ["History"]

T = TypeVar("T")
MOST_STEPS = 100  # that can be undone; a draft of three options holds a few kilobytes


@dataclass(frozen=True)
class History(Generic[T]):
    """A value as it is, as it was before each step, and as it was before each step was undone.

    Examples
    --------
    >>> history = History("a").to("b").to("c")
    >>> history.undone.present, history.undone.undone.redone.present
    ('b', 'b')
    """

    present: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()

    def to(self, new: T, *, step: bool = True) -> History[T]:
        """The history after a change; one that is no ``step`` (where somebody looks) is not undone by itself.

        Parameters
        ----------
        new : the value from now on; the same again is no step.
        step : whether it can be undone.

        Returns
        -------
        History
            Without a future, where it was a step.
        """
        if new == self.present:
            return self
        if not step:
            return replace(self, present=new)
        return History(new, (*self.past, self.present)[-MOST_STEPS:])

    @property
    def undone(self) -> History[T]:
        """One step back; where there is none, the same."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    @property
    def redone(self) -> History[T]:
        """One step forward again; where none was undone, the same."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:])
