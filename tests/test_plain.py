"""What leaves as JSON: every table of input data by name, rows, class and provenance, and none of its rows."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import shapely

from analytics.plain import to_plain
from analytics.results import Result
from data import Classification, Network, Provenance, Requests
from data.words import Sentence, use_language
from tests.small_city import layer, provenance, requests

SECRET = "the street of a person"


@dataclass(frozen=True, eq=False)
class Sites:
    """A kind of table that is not there yet."""

    name: str
    frame: pd.DataFrame
    provenance: Provenance


def tables() -> list[object]:
    restricted = provenance("held", SECRET, classification=Classification.RESTRICTED)
    rows = pd.DataFrame({"opened": pd.Timestamp("2024-01-01"), "category": [SECRET] * 3, "area_id": "A"})
    streets = gpd.GeoDataFrame({"name": [SECRET]}, geometry=[shapely.LineString([(0, 0), (1, 1)])])
    until = pd.Timestamp("2024-01-31")
    return [
        Requests("held", "Held", rows, restricted, until, until),
        Network("held", "Held", streets, restricted),
        Sites("held", rows, restricted),
    ]


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome(Result):
    """A result that carries what it was made from."""

    table: object
    tables: dict[str, object]


def test_no_kind_of_table_is_told_row_by_row() -> None:
    for table in tables():
        whole = Outcome(made_from=(provenance("x", "x"),), table=table, tables={"held": table})
        plain = to_plain(whole)
        assert SECRET not in json.dumps(plain)
        assert plain["table"] == plain["tables"]["held"]
        assert set(plain["table"]) == {"name", "rows", "classification", "provenance"}
        assert plain["table"]["classification"] == "restricted"
        assert plain["table"]["rows"] == len(table.frame)  # type: ignore[attr-defined]


def test_series_and_areas_are_told_alike() -> None:
    series = requests(areas="ward", ids=("A", "B"))
    assert to_plain(series)["rows"] == len(series.values)
    wards = layer("ward", ("A", "B", "C"))
    assert to_plain({"ward": wards}) == {"ward": to_plain(wards)}
    assert to_plain(wards)["rows"] == 3
    private = replace(series, provenance=replace(series.provenance, classification=Classification.PERSONAL))
    assert to_plain(private)["classification"] == "personal"


def test_a_sentence_is_told_in_the_readers_language() -> None:
    sentence = Sentence("errors.no_scenarios")
    assert to_plain([sentence]) == [
        "There is no scenario to compare: name at least one file; the first is the baseline."
    ]
    with use_language("qps"):
        assert to_plain(sentence).startswith("⟦")
