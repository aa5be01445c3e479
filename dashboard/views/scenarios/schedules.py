"""The widget of a schedule: a table to fill in, hours down and days across for the hours of a week, else a row a slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analytics.scenarios import Lever, Schedule
from analytics.scenarios.values import HOURS_OF_WEEK, Named
from dashboard import markup
from dashboard.shell.session import keep, recall
from data.words import as_weekday, text

__all__ = ["edited", "schedule_of"]

HOURS = 24


def schedule_of(lever: Lever, kind: Schedule, value: Any, *, key: str, tell: Callable[[Any], None]) -> None:
    """A table that begins with what the lever is set to, whatever form that is written in.

    Parameters
    ----------
    lever : that is moved.
    kind : its slots and bounds.
    value : a number for all slots, one for each or those of some; None is as today.
    key : of the table.
    tell : is told a number for each slot.
    """
    named = Named("", lever.name, lever.unit, lever.rest)
    numbers = list(kind.numbers(lever.rest if value is None else kind.read(value, named=named)))
    frame, widget = _table(lever, kind, numbers, key)

    def shown() -> None:
        tell(edited(frame, recall(widget, {}).get("edited_rows", {})))

    unit = f" ({text(lever.unit)})" if lever.unit else ""
    with st.expander(markup.label(f"{text(lever.title)}{unit}")):
        st.html(markup.paragraph(text(lever.description)))
        column = st.column_config.NumberColumn(
            min_value=kind.low, max_value=kind.high, step=kind.step or None, required=True
        )
        st.data_editor(frame, key=widget, column_config=dict.fromkeys(frame.columns, column), on_change=shown)


def edited(frame: pd.DataFrame, changes: Mapping[Any, Mapping[str, Any]]) -> list[float]:
    """The numbers of a table after some cells were changed, column by column.

    Parameters
    ----------
    frame : as it was.
    changes : new values by row (from 0) and column; an emptied cell keeps what it was.

    Returns
    -------
    One number a slot.
    """
    new = frame.copy()
    for row, cells in changes.items():
        for column, number in cells.items():
            if number is not None and column in new.columns:
                new.loc[new.index[int(row)], column] = float(number)
    return [float(each) for column in new.columns for each in new[column]]


def _table(lever: Lever, kind: Schedule, numbers: list[float], key: str) -> tuple[pd.DataFrame, str]:
    """The table as it was before its edits, and the key of its widget.

    A table keeps its own edits for as long as its key and its content stay the same, so that the cell one is in is not
    lost; a schedule that came by another way (a step back, a file) is another table.
    """
    count, first = recall(f"{key}_table", (0, numbers))
    frame, widget = _frame(lever, kind, first), f"{key}_{count}"
    edits = recall(widget, {}).get("edited_rows", {})
    if edited(frame, edits) != numbers:
        count, first = count + 1, numbers
        frame, widget = _frame(lever, kind, first), f"{key}_{count}"
    keep(f"{key}_table", (count, first))
    return frame, widget


def _frame(lever: Lever, kind: Schedule, numbers: list[float]) -> pd.DataFrame:
    if kind.slots == HOURS_OF_WEEK:
        days = {as_weekday(day): numbers[HOURS * day : HOURS * (day + 1)] for day in range(7)}
        return pd.DataFrame(days, index=[f"{hour}:00" for hour in range(HOURS)])
    return pd.DataFrame({text(lever.title): numbers}, index=list(kind.slots))
