"""Heads of the tables behind charts, in the reader's language."""

from __future__ import annotations

from typing import Any

from data.words import say

__all__ = ["SHARE", "column"]

SHARE = "share"


def column(name: str, *, unit: str = "", **evidence: Any) -> str:
    """The head of a column with its unit: "observed (requests)".

    Parameters
    ----------
    name : the code of its words, in ``columns`` of the messages.
    unit : as people write it, ``SHARE`` for a share of a whole, or empty where there is none.
    evidence : what the words name.

    Returns
    -------
    The words, with the unit in brackets after them.
    """
    words = say(f"columns.{name}", evidence)
    if not unit:
        return words
    return say("columns.in_unit", {"words": words, "unit": say("columns.share") if unit == SHARE else unit})
