"""How a confined worker ends before it has answered."""

from __future__ import annotations

from typing import Any

from data.words import Sentence

__all__ = ["Ended"]


class Ended(Exception):
    """A worker that ended before it answered; ``reason`` is what whoever asked it says in a sentence of their own.

    ``how`` is ``by_time``, ``by_memory``, ``by_answer``, ``by_signal``, ``by_exit``, or ``no_worker`` where none was there.
    """

    def __init__(self, how: str, **evidence: Any) -> None:
        self.how = how
        self.reason = Sentence(f"ended.{how}", evidence)
        super().__init__(self.reason)
