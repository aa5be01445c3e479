"""Numbers as sources write them, and what stands in their place and is none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.provenance import Finding

__all__ = ["no_numbers", "numbers_of"]

SHOWN = 40  # letters of what is written


def numbers_of(values: pd.Series) -> pd.Series:
    """Values as numbers; what is empty or no number is NaN."""
    return pd.to_numeric(values, errors="coerce").astype(float)


def no_numbers(values: pd.Series, ids: Sequence[str], *, column: str, label: str) -> tuple[Finding, ...]:
    """A finding on what is written in a column of numbers and is none. What is empty says only that nobody knows.

    Parameters
    ----------
    values : as the source writes them.
    ids : whose each is.
    column : its name.
    label : how sentences name the table.

    Returns
    -------
    tuple of Finding
        One, or none.
    """
    words = values.astype("string").str.strip().fillna("")
    wrong = (numbers_of(values).isna() & (words != "")).to_numpy(dtype=bool)
    if not wrong.any():
        return ()
    whose = [str(each) for each, named in zip(ids, wrong, strict=True) if named]
    evidence = {"column": column, "ids": whose, "values": words[wrong].str.slice(0, SHOWN).unique().tolist()}
    return (Finding("no_number", label, evidence),)
