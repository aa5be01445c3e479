"""Rows that fail are set aside; a table of which most fail was told wrongly, and is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from data.errors import TableError
from data.tables.sifting import Sifted


def sifted(rows: int) -> Sifted:
    return Sifted(pd.DataFrame({"value": range(rows)}), "requests")


def test_exactly_half_may_fail_and_one_more_may_not() -> None:
    half = pd.Series([True, False] * 4)
    kept = sifted(8).without(half, "negative")
    assert kept.set_aside == {"negative": 4}
    assert list(kept.rows["value"]) == [1, 3, 5, 7]
    more = half.copy()
    more[1] = True
    with pytest.raises(TableError) as refused:
        sifted(8).without(more, "negative")
    assert refused.value.code == "mostly_negative"
    assert refused.value.evidence["rows"] == [1, 2, 3, 5, 7]
    assert sifted(8).without(more, "negative", tolerated=True).set_aside == {"negative": 5}
