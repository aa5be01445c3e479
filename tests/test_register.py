"""The register: what is stored is read and nothing else, numbers stay numbers, and every entry has its whole record."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import example_results as examples
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.forecasting.backtesting.store import save_backtest
from analytics.forecasting.registry import find_model
from analytics.forecasting.results import Backtest, Score
from analytics.hotspots.backtesting.standing import Standing
from analytics.hotspots.backtesting.store import MapRecord
from analytics.results import Severity
from dashboard.briefings import Table, stated
from dashboard.shell.cached import table_file_of
from dashboard.views.models.briefing import models_briefing
from dashboard.views.models.measurements import Measured, Measurements, Standings, measured_in
from dashboard.views.models.record import record_of
from dashboard.views.models.register import Entry, entries, finding, fitness_counts
from dashboard.views.models.sections import fitness_titles, kept
from dashboard.views.models.tables import FORECASTS, HOTSPOTS, forecast_frame, hotspot_frame, titled
from data import City

RATIOS = {"pooled_counts": 0.7, "drift": 1.2, "theta": 0.9}


def result(name: str, ratio: float) -> Backtest:
    made = examples.backtest(ratio=ratio, model=name)
    scores = {**made.scores, "sql_ratio": Score(ratio, ratio - 0.05, ratio + 0.05), "coverage_80": Score(0.79)}
    return replace(made, scores=scores, seconds=2.5)


def standing(method: str, place: int, rate: float, *, tied: bool = False) -> Standing:
    return Standing(method, place, tied, rate, rate - 0.02, rate + 0.03, rate / 0.4, 0.9, 1.3, 0.9)


def measurements() -> Measurements:
    verdicts = {"pooled_counts": Severity.NOTE, "drift": Severity.DO_NOT_USE, "theta": Severity.NOTE}
    record = MapRecord("assault", "x", None, "squares", 200.0, True, 28, 12, {})
    placed = (standing("kernel_mixture", 1, 0.5, tied=True), standing("promap", 1, 0.49, tied=True),
              standing("count_last_year", 3, 0.4))  # fmt: skip
    return Measurements(
        tuple(
            Measured(name, find_model(name).title, examples.series(), result(name, ratio), verdicts[name])
            for name, ratio in RATIOS.items()
        ),
        (Standings("Assaults", record, placed, examples.provenance("assault")),),
    )


@pytest.fixture(scope="module")
def found() -> list[Entry]:
    return entries(measurements())


TABLES = """
from dataclasses import replace
from tests import example_results as examples
from tests.test_register import measurements
from dashboard.views.models.register import entries
from dashboard.views.models.sections import Shown, tables
if __name__ == "__main__":
    found = entries(measurements())
    tables(Shown(examples.city(), measurements(), found, found))
"""


def test_a_narrow_table_begins_with_what_matters_and_keeps_the_rest() -> None:
    app = AppTest.from_string(TABLES, default_timeout=240).run()
    assert not app.exception
    wide, narrow, _, maps = (list(each.proto.column_order) for each in app.dataframe)
    assert wide == list(FORECASTS)
    assert narrow[:4] == ["model", "error", "coverage", "series"]
    assert maps[:3] == ["method", "hit_rate", "rank"]
    assert (sorted(narrow), sorted(maps)) == (sorted(FORECASTS), sorted(HOTSPOTS))
    columns = json.loads(app.dataframe[1].proto.columns)
    assert [name for name, each in columns.items() if each.get("pinned")] == ["model"]
    assert sum(columns[name]["width"] for name in narrow[:3]) < 320  # a phone of 390 shows that there is more


def test_what_is_stored_of_a_city_is_read_and_nothing_else() -> None:
    series = replace(examples.series(), name="requests")
    city = replace(examples.city(), series={"requests": series}, incidents={})
    assert measured_in(city) == Measurements((), ())
    save_backtest(series, find_model("drift"), result("drift", 1.2))
    [one] = measured_in(city).forecasts
    assert (one.model, one.ahead, one.verdict) == ("drift", "28 days", Severity.DO_NOT_USE)
    assert one.result.scores["sql_ratio"].value == 1.2
    assert measured_in(replace(city, series={"other": replace(series, name="other")})).forecasts == ()


def test_the_tables_hold_numbers_that_sort_and_say_which_series() -> None:
    frame = forecast_frame(measurements())
    assert list(frame["model"]) == ["Pooled counts", "Dynamic theta", "Last season with drift"]
    first = frame.iloc[0]
    assert first[["error", "low", "high", "coverage", "origins", "seconds"]].tolist() == pytest.approx(
        [70, 65, 75, 79, 6, 2.5]
    )
    assert (first["series"], first["ahead"], first["verdict"]) == ("Sanitation requests", "28 days", "Fit for use")
    assert frame.iloc[2]["verdict"] == "Do not use"
    maps = hotspot_frame(measurements())
    assert list(maps["rank"]) == ["1 =", "1 =", "3"]
    assert maps.iloc[0][["hit_rate", "low", "high", "ratio", "coverage_90", "windows"]].tolist() == pytest.approx(
        [50, 48, 53, 1.25, 90, 12]
    )
    assert maps.iloc[0]["map"] == "Assaults, squares of 200 m"
    assert list(forecast_frame(measurements(), only=frozenset({"drift"}))["error"]) == pytest.approx([120])
    assert list(hotspot_frame(measurements(), only=frozenset({"promap"}))["hit_rate"]) == pytest.approx([49])


def test_the_headline_and_the_pills_count_the_same(found: list[Entry]) -> None:
    assert fitness_counts(found) == {"n": 3, "fit": 2, "care": 0, "bad": 1, "none": len(found) - 3}
    assert finding(found) == "3 models are measured on this city: 2 fit for use, 0 to use with care, 1 not to be used."
    titles = fitness_titles(found)
    assert titles == {
        "all": f"All {len(found)}", "fit": "Fit 2", "bad": "Do not use 1", "none": f"No verdict {len(found) - 3}",
    }  # fmt: skip
    for name, title in titles.items():
        assert title.endswith(f" {len(kept(found, kind='all', fitness=name))}")
    assert {each.kind for each in kept(found, kind="hotspots", fitness="all")} == {"hotspots"}
    assert kept(found, kind="hotspots", fitness="fit") == []


def rows(table: Table) -> dict[str, list[str]]:
    """The lines of each part; a label stands at the first of them."""
    gathered: dict[str, list[str]] = {}
    label = ""
    for part, line in table.rows:
        label = part or label
        gathered.setdefault(label, []).append(line)
    return gathered


def test_every_entry_has_its_whole_record(found: list[Entry]) -> None:
    for entry in found:
        record = rows(record_of(entry, measurements())[0])
        wanted = {"What it is for", "What it needs", "How it works", "Source of the method", "Settings", "Limits", "Version",
                  "Changes"}  # fmt: skip
        assert wanted <= set(record), entry.key
        assert "Not stated." not in (*record["How it works"], *record["Source of the method"])


def test_a_record_holds_what_was_measured_by_series_and_map(found: list[Entry]) -> None:
    by_key = {each.key: each for each in found}
    _, results = record_of(by_key["forecasting.drift"], measurements())
    assert results.rows == (
        (
            "Sanitation requests",
            "28 days",
            "120\u202f% [115\u202f%, 125\u202f%]",
            "79\u202f%",
            "6",
            "12 of 12",
            "2.5 s",
            "1",
        ),
    )
    _, stood = record_of(by_key["hotspots.promap"], measurements())
    assert stood.rows[0][:3] == (
        "Assaults, squares of 200 m", "1 = of 3", "49\u202f% [47\u202f%, 52\u202f%]",
    )  # fmt: skip
    [alone] = record_of(by_key["forecasting.prophet"], measurements())
    assert rows(alone)["How wrong it has been"] == ["Not measured on this city."]
    version = rows(record_of(by_key["forecasting.hour_of_week"], measurements())[0])
    assert version["Changes"] == ["Version 2 forecasts holidays and the days beside them by what such days were."]
    unknown = rows(record_of(by_key["hotspots.kernel_density"], measurements())[0])
    assert unknown["Changes"] == ["What version 2 changed is not stated."]


def test_the_register_is_taken_along_whole_or_one_entry_alone(found: list[Entry]) -> None:
    def taken(entries: list[Entry], city: City) -> str:
        made = pd.Timestamp("2026-01-01")
        return "\n".join(stated(models_briefing(measurements(), entries, city=city, link="http://x", made=made)))

    city = examples.city()
    whole, alone = taken(found, city), taken([each for each in found if each.name == "drift"], city)
    for entry in found:
        assert entry.title in whole
        assert all(limit in whole for limit in entry.limits)
    assert "1 =" in whole
    assert "City of Examples" in whole
    assert "Last season with drift" in alone
    assert "Pooled counts" not in alone


def test_the_register_is_a_few_tables_with_one_row_an_entry_and_repeats_nothing(found: list[Entry]) -> None:
    made = models_briefing(
        measurements(), found, city=examples.city(), link="http://x", made=pd.Timestamp("2026-01-01")
    )
    tables = [part for part in made.parts if isinstance(part, Table)]
    assert len(tables) == 5
    records = [row for table in tables[2:] for row in table.rows]
    assert [name.rpartition(" (version ")[0] for name, *_ in records] == [each.title for each in found]
    [drift] = [row for row in records if row[0].startswith("Last season with drift")]
    assert "section 5.2" in drift[1]
    assert drift[2] == "Past values"
    assert drift[3].endswith("Knows no holiday and no event.")
    cells = [cell for table in tables for row in table.rows for cell in row]
    assert not [each for each in cells if "Not measured" in each or "Not stated" in each]
    assert cells.count("120") == 1, "each error stands once"
    assert not [each for each in cells if "120\u202f%" in each]
    assert "entries without a measurement here: " in made.statements[1]
    assert "Prophet" in made.statements[1]


def test_the_files_hold_the_numbers_and_where_they_come_from() -> None:
    table = titled(forecast_frame(measurements()))
    pairs = (("Finding", "Three."), ("Source", "=HYPERLINK(1)"))
    text = table_file_of("k", "csv", "en", table, pairs).decode("utf-8-sig")
    assert text.startswith("# Finding: Three.")
    read = pd.read_csv(io.StringIO(text), comment="#")
    assert read.iloc[0, 4] == pytest.approx(70)
    book = table_file_of("k", "xlsx", "en", table, pairs)
    sheet = pd.read_excel(io.BytesIO(book), sheet_name=0)
    assert sheet.iloc[:, 4].tolist() == pytest.approx([70, 90, 120])
    assert "=HYPERLINK(1)" in pd.read_excel(io.BytesIO(book), sheet_name=1, header=None).to_numpy()
