"""What a row must be, and what happens to one that is not: it is set aside under the reason it failed, and counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from data.errors import TableError
from data.provenance import Finding

__all__ = ["AMOUNTS", "COUNTS", "POINTS", "SITE_ROWS", "Sifted", "column", "dropped", "empty_refused", "sift"]

# When more than this share of a table fails for one reason, the reader was told the wrong thing: setting rows aside
# would hide a mistake in the city.toml.
MOST_FAILING = 0.5
# So many row numbers stand in a finding; an error carries them all.
EXAMPLES = 5
# Beyond it a float no longer holds every whole number, so a count would be rounded.
LARGEST_COUNT = 2.0**53


def _check(name: str, holds: Callable[[pd.Series], pd.Series]) -> pa.Check:
    # pandera leaves missing values out of a check unless told otherwise, and they are what most of these look for.
    return pa.Check(holds, name=name, ignore_na=False)


def _degrees(limit: float) -> pa.Column:
    position = _check("no_position", lambda degrees: degrees.notna())
    return pa.Column(
        float, [position, _check("outside_globe", lambda degrees: ~(degrees.abs() > limit))], nullable=True
    )


_TIME = pa.Column("datetime64[ns]", _check("time_unreadable", lambda times: times.notna()), nullable=True)
_NUMBER = _check("not_a_number", lambda values: np.isfinite(values) & (values.abs() <= LARGEST_COUNT))
_NEGATIVE = _check("negative", lambda values: ~(values < 0))
_WHOLE = _check("not_whole", lambda values: ~(values % 1 > 0))

POINTS = pa.DataFrameSchema({"time": _TIME, "longitude": _degrees(180), "latitude": _degrees(90)})
COUNTS = pa.DataFrameSchema({"time": _TIME, "value": pa.Column(float, [_NUMBER, _NEGATIVE, _WHOLE], nullable=True)})
AMOUNTS = pa.DataFrameSchema({"time": _TIME, "value": pa.Column(float, [_NUMBER], nullable=True)})
_STATED = pa.Column(float, [_NEGATIVE, _check("not_a_number", lambda values: ~np.isinf(values))], nullable=True)
SITE_ROWS = pa.DataFrameSchema(
    {"longitude": _degrees(180), "latitude": _degrees(90)}
    | dict.fromkeys(("capacity", "opening_cost", "running_cost"), _STATED)
)


@dataclass(frozen=True, eq=False)
class Sifted:
    """Rows that are kept, how many were set aside by reason, and the row numbers of the first few of each.

    ``table`` is how sentences name the table. Row 1 is the first below the header.
    """

    rows: pd.DataFrame
    table: str
    set_aside: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, list[int]] = field(default_factory=dict)

    def without(self, failing: pd.Series, reason: str, *, tolerated: bool = False) -> Sifted:
        """The same without the rows for which ``failing`` is true.

        Parameters
        ----------
        failing : one truth value a row, in the order of ``rows``.
        reason : its code, under which the rows are counted.
        tolerated : whether more than half may fail.

        Returns
        -------
        Sifted
            The rows that are left, and the number and first few of those set aside.

        Raises
        ------
        TableError
            When more than half of the rows fail, unless that is ``tolerated``; it names every failing row.
        """
        mask = failing.to_numpy(dtype=bool)
        count = int(mask.sum())
        if not count:
            return self
        numbers = [int(row) + 1 for row in self.rows.index[mask]]
        if count > MOST_FAILING * len(mask) and not tolerated:
            evidence = {"failing": count, "total": len(mask), "rows": numbers}
            raise TableError(f"mostly_{reason}", table=self.table, **evidence)
        return replace(
            self,
            rows=self.rows.loc[~mask],
            set_aside={**self.set_aside, reason: count},
            examples={**self.examples, reason: numbers[:EXAMPLES]},
        )

    def findings(self) -> tuple[Finding, ...]:
        """One finding a reason."""
        return tuple(
            Finding("rows_set_aside", self.table, {"reason": reason, "rows": count, "examples": self.examples[reason]})
            for reason, count in self.set_aside.items()
        )


def sift(sifted: Sifted, schema: pa.DataFrameSchema) -> Sifted:
    """The rows that satisfy a schema, the others set aside by the first check that they fail.

    Parameters
    ----------
    sifted : the rows so far.
    schema : what each must be; its checks are named by their reasons.

    Returns
    -------
    Sifted
        The rows that are left.

    Raises
    ------
    TableError
        When more than half of the rows fail one check.
    """
    try:
        schema.validate(sifted.rows, lazy=True)
    except SchemaErrors as error:
        failures = error.failure_cases
    else:
        return sifted
    checks = [check.name for each in schema.columns.values() for check in each.checks]
    for reason in dict.fromkeys(checks):
        failing = sifted.rows.index.isin(failures.loc[failures["check"] == reason, "index"])
        sifted = sifted.without(pd.Series(failing), reason)
    return sifted


def column(frame: pd.DataFrame, name: str, *, table: str) -> pd.Series:
    """A column of a source by name.

    Parameters
    ----------
    frame : the source.
    name : of the column.
    table : how sentences name the table.

    Returns
    -------
    pd.Series
        The column.

    Raises
    ------
    TableError
        When there is none, naming those that there are.
    """
    if name not in frame.columns:
        raise TableError("no_such_column", table=table, column=name, columns=[str(each) for each in frame.columns])
    return frame[name]


def empty_refused(sifted: Sifted, *, rows: int) -> Sifted:
    """The same, if any row is left.

    Parameters
    ----------
    sifted : what is left of a source.
    rows : how many it had.

    Returns
    -------
    Sifted
        As given.

    Raises
    ------
    TableError
        When no row is left.
    """
    if sifted.rows.empty:
        raise TableError("nothing_left", table=sifted.table, rows=rows)
    return sifted


def dropped(table: pd.DataFrame, rules: Mapping[str, Sequence[str]], *, label: str) -> pd.Series:
    """Whether a drop rule leaves a row out: the value of a column matches a pattern, in which ``*`` is any text.

    Parameters
    ----------
    table : a source.
    rules : patterns by column.
    label : how sentences name the table.

    Returns
    -------
    pd.Series
        One truth value a row.

    Raises
    ------
    TableError
        When the source has no such column.
    """
    out = pd.Series(False, index=table.index)
    for name, patterns in rules.items():
        text = column(table, name, table=label).astype("string").str.strip().fillna("")
        for pattern in patterns:
            expression = ".*".join(re.escape(part) for part in pattern.split("*"))
            out |= text.str.fullmatch(expression).astype(bool)
    return out
