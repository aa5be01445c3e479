"""The drafts of this session: one city's options as they are, with every step back and forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.shell.history import History
from dashboard.shell.session import forget, keep, link, linked, recall
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link, from_link
from data import CivicastError

__all__ = ["Drafts"]

PLAN = "plan"  # the link's name for a draft


@dataclass(frozen=True)
class Drafts:
    """What a person builds for one city; every widget reads it from here and tells its change to here."""

    city: str

    @property
    def _key(self) -> str:
        return f"scenarios-{self.city}"

    @property
    def started(self) -> bool:
        """Whether there is a draft."""
        return recall(self._key) is not None

    @property
    def history(self) -> History[Draft]:
        """The draft with its past and future."""
        found: History[Draft] = recall(self._key)
        return found

    @property
    def present(self) -> Draft:
        """The draft as it is."""
        return self.history.present

    def start(self, draft: Draft) -> None:
        """Begin with a draft."""
        keep(self._key, History(draft))

    def from_link(self) -> Draft | None:
        """The draft of the link, once a session; None where it holds none that can be read, which is then told."""
        text = linked(PLAN)
        if not text:
            return None
        try:
            return from_link(text)
        except CivicastError as error:
            self.complain(error)
            return None

    def to_link(self) -> None:
        """Let the link say the draft."""
        link(PLAN, as_link(self.present))

    def change(self, draft: Draft, *, step: bool = True) -> None:
        """Go on with another draft; what was wrong is forgotten."""
        forget(f"{self._key}-problem")
        keep(self._key, self.history.to(draft, step=step))

    def take(self, draft: Draft, problems: Sequence[CivicastError]) -> None:
        """Put right what a link brought, without a step of its own, and tell what was wrong."""
        keep(self._key, self.history.to(draft, step=False))
        if problems:
            self.complain(*problems)

    def undo(self) -> None:
        """One step back."""
        forget(f"{self._key}-problem")
        keep(self._key, self.history.undone)

    def redo(self) -> None:
        """One step forward."""
        forget(f"{self._key}-problem")
        keep(self._key, self.history.redone)

    def complain(self, *errors: CivicastError) -> None:
        """Tell what was wrong above the levers until something is changed; nothing else changes."""
        keep(f"{self._key}-problem", errors)

    @property
    def problems(self) -> tuple[CivicastError, ...]:
        """What was wrong."""
        found: tuple[CivicastError, ...] = recall(f"{self._key}-problem", ())
        return found

    def earlier(self, question: str, subject: str = "") -> Draft | None:
        """The latest draft for a question among the steps, so that nothing is lost by looking at another question."""
        steps = (*self.history.past, self.present)
        return next(
            (each for each in reversed(steps) if each.question == question and subject in ("", each.subject)), None
        )
