"""How wide the columns of a table are on paper, in a document and on a slide."""

from __future__ import annotations

import re
from collections.abc import Callable

from dashboard.briefings.briefing import Table

__all__ = ["widths_of"]

BREAKS = re.compile("[ \n]")  # not at the spaces that hold a number and its unit together


def widths_of(table: Table, *, room: float, measure: Callable[[str], float]) -> list[float]:
    """Columns as wide as what they hold; where that is too much, those give way whose cells can be broken between words.

    Parameters
    ----------
    table : whose columns they are.
    room : for all of them.
    measure : how wide a text is in one line, with the room beside it, in the unit of ``room``.

    Returns
    -------
    list of float
        As many as the table has heads, together ``room`` at most.

    Examples
    --------
    >>> table = Table("", ("A", "B"), (("one", "two words"),))
    >>> widths_of(table, room=20, measure=len), widths_of(table, room=10, measure=len)
    ([3, 9], [3.0, 7.0])
    """
    columns = list(zip(table.heads, *table.rows, strict=True))
    wanted = [max(map(measure, column)) for column in columns]
    if sum(wanted) <= room:
        return wanted
    least = [max(measure(word) for cell in column for word in BREAKS.split(cell)) for column in columns]
    more = [want - need for want, need in zip(wanted, least, strict=True)]
    left = room - sum(least)
    if left < 0:
        return [room * need / sum(least) for need in least]
    return [need + left * each / sum(more) for need, each in zip(least, more, strict=True)]
