"""What a row must be, and what happens to one that is not: it is set aside under the reason it failed, and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from data.errors import TableError
from data.provenance import Finding

__all__ = ["AREAS", "COUNTS", "POINTS", "Sifted", "column", "sift"]

# When more than this share of a table fails for one reason, the reader was told the wrong thing: setting rows aside
# would hide a mistake in the city.toml.
MOST_FAILING = 0.5
# So many row numbers stand in an error or a finding; the rest are counted.
EXAMPLES = 5

POINTS = pa.DataFrameSchema(
    {
        "time": pa.Column(
            "datetime64[ns]", pa.Check(lambda times: times.notna(), name="time_unreadable"), nullable=True
        ),
        "longitude": pa.Column(
            float,
            [
                pa.Check(lambda degrees: degrees.notna(), name="no_position"),
                pa.Check(lambda degrees: degrees.abs() <= 180, name="outside_globe"),
            ],
            nullable=True,
        ),
        "latitude": pa.Column(
            float,
            [
                pa.Check(lambda degrees: degrees.notna(), name="no_position"),
                pa.Check(lambda degrees: degrees.abs() <= 90, name="outside_globe"),
            ],
            nullable=True,
        ),
    }
)

COUNTS = pa.DataFrameSchema(
    {
        "period": pa.Column(
            "datetime64[ns]", pa.Check(lambda times: times.notna(), name="time_unreadable"), nullable=True
        ),
        "value": pa.Column(
            float,
            [
                pa.Check(lambda values: values.notna(), name="not_a_number"),
                pa.Check(lambda values: ~(values < 0), name="negative"),
            ],
            nullable=True,
        ),
    }
)

AREAS = pa.DataFrameSchema(
    {
        "population": pa.Column(float, pa.Check.ge(0, name="negative"), nullable=True),
        r"share_.*": pa.Column(
            float, pa.Check.in_range(0, 1, name="not_a_share"), nullable=True, regex=True, required=False
        ),
    },
    index=pa.Index(str, unique=True),
)


@dataclass(frozen=True, eq=False)
class Sifted:
    """Rows that are kept, how many were set aside by reason, and the row numbers of the first few of each."""

    rows: pd.DataFrame
    set_aside: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, list[int]] = field(default_factory=dict)

    def without(self, failing: pd.Series, reason: str) -> Sifted:
        """The same without the rows for which ``failing`` is true."""
        count = int(failing.sum())
        if not count:
            return self
        first = [int(row) + 1 for row in self.rows.index[failing.to_numpy()][:EXAMPLES]]
        kept = self.rows.loc[~failing.to_numpy()]
        return Sifted(kept, {**self.set_aside, reason: count}, {**self.examples, reason: first})

    def findings(self, table: str) -> tuple[Finding, ...]:
        """One finding a reason."""
        return tuple(
            Finding("rows_set_aside", table, {"reason": reason, "rows": count, "examples": self.examples[reason]})
            for reason, count in self.set_aside.items()
        )


def sift(sifted: Sifted, schema: pa.DataFrameSchema, *, table: str) -> Sifted:
    """The rows that satisfy a schema, the others set aside by the first check that they fail.

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
    total = len(sifted.rows)
    checks = [check.name for column in schema.columns.values() for check in column.checks]
    for reason in dict.fromkeys(checks):
        failed = sifted.rows.index.isin(failures.loc[failures["check"] == reason, "index"])
        if failed.mean() > MOST_FAILING:
            first = [int(row) + 1 for row in sifted.rows.index[failed][:EXAMPLES]]
            raise TableError(f"mostly_{reason}", table=table, rows=int(failed.sum()), total=total, examples=first)
        sifted = sifted.without(pd.Series(failed, index=sifted.rows.index), reason)
    return sifted


def column(frame: pd.DataFrame, name: str, *, table: str) -> pd.Series:
    """A column of a source by name.

    Raises
    ------
    TableError
        When there is none, naming those that there are.
    """
    if name not in frame.columns:
        raise TableError("no_such_column", table=table, column=name, columns=[str(each) for each in frame.columns])
    return frame[name]
