"""Whatever leaves the dashboard carries where it came from, how sure it is and who may see it."""

from __future__ import annotations

import dataclasses
import hashlib
import io

import example_results as examples
import numpy as np
import openpyxl
import pandas as pd
import pytest
from saved_files import said_in
from test_charts import EVERY

from dashboard.figures import charts
from dashboard.figures.chart import Chart
from dashboard.figures.exports import MIME, file_name, to_csv, to_pdf, to_png, to_svg, to_xlsx
from dashboard.figures.statement import statement


def fan(**more: object) -> Chart:
    return charts.fan_chart(examples.forecast(**more))


def words_in(content: bytes, format: str) -> str:
    return "\n".join(said_in(content, format))


def read_back(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), comment="#")


def test_every_caveat_is_in_every_format() -> None:
    chart = charts.fan_chart(examples.forecast(caveats=examples.nine_long_caveats()))
    makers = {"png": to_png, "svg": to_svg, "pdf": to_pdf, "csv": to_csv, "xlsx": to_xlsx}
    files = {format: words_in(make(chart), format) for format, make in makers.items()}
    for format, words in files.items():
        for caveat in chart.caveats:
            assert " ".join(caveat.message.split()) in words, format
            assert " ".join(caveat.detail.split()) in words, format


@pytest.mark.parametrize("make", [to_png, to_svg, to_csv])
def test_a_restricted_class_is_in_the_bytes(make: object) -> None:
    content = make(fan(**examples.restricted()))  # type: ignore[operator]
    words = words_in(content, "png") if content.startswith(b"\x89PNG") else content.decode()
    assert "Restricted" in words
    assert "synthetic data" in words
    assert b"Restricted" in content


def test_a_public_chart_is_not_marked() -> None:
    assert "Classification" not in to_csv(fan()).decode()


def test_the_statement_holds_headline_choices_interval_source_and_date() -> None:
    chart = fan()
    words = dict(statement(chart))
    assert words["Finding"] == chart.headline
    assert {"Figure", "Shown", "Ranges", "Source", "Data to", "Caveat 1", "Caveat 3"} <= set(words)


@pytest.mark.parametrize("name", EVERY)
def test_csv_is_read_back_as_it_was(name: str) -> None:
    chart = EVERY[name]()
    table = read_back(to_csv(chart))
    assert list(table.columns) == [str(column) for column in chart.table.columns]
    assert len(table) == len(chart.table)
    for column in chart.table.select_dtypes("number"):
        assert np.allclose(table[str(column)], chart.table[column].astype(float), equal_nan=True)


def test_csv_begins_with_what_spreadsheets_need() -> None:
    content = to_csv(fan())
    assert content.startswith("\ufeff# Finding: ".encode())
    assert b"\r\n" in content


def with_table(**columns: list[object]) -> Chart:
    return dataclasses.replace(fan(), table=pd.DataFrame(columns))


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(evil: str) -> None:
    cells = read_back(to_csv(with_table(name=[evil, "fine"])))["name"]
    assert cells[0].startswith("'")
    assert cells[1] == "fine"


def test_evil_column_names_are_made_harmless_too() -> None:
    assert read_back(to_csv(with_table(**{"=1+1": [1.0]}))).columns[0] == "'=1+1"


def test_negative_numbers_stay_numbers_and_text_keeps_its_signs() -> None:
    table = read_back(to_csv(with_table(change=[-1.5, np.nan], area=['a, "b" # c', "d"], seen=[True, False])))
    assert table["change"].tolist()[0] == -1.5
    assert np.isnan(table["change"][1])
    assert table["area"][0] == 'a, "b" # c'
    assert table["seen"].tolist() == ["yes", "no"]


def test_a_number_among_texts_stays_a_number() -> None:
    table = read_back(to_csv(with_table(value=[-1.5, "-1.5", None, -2])))
    assert table["value"].tolist()[:2] == ["-1.5", "'-1.5"]
    assert table["value"].tolist()[3] == "-2"
    assert b'\r\n-1.5\r\n"\'-1.5"\r\n' in to_csv(with_table(value=[-1.5, "-1.5"]))


def test_a_headline_cannot_smuggle_a_formula_into_a_comment() -> None:
    chart = dataclasses.replace(fan(), headline='Fine,=HYPERLINK("http://x"), =1\n=2;@3')
    first = to_csv(chart).decode("utf-8-sig").splitlines()[0]
    cells = [cell.strip() for cell in first.replace(";", ",").split(",")]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert '"' not in first
    assert len(read_back(to_csv(chart))) == len(chart.table)


def test_the_name_of_a_file_holds_the_hash_of_its_content() -> None:
    chart = fan()
    content = to_csv(chart)
    name = file_name(chart, format="csv", content=content)
    assert hashlib.sha256(content).hexdigest()[:12] in name
    assert name.endswith(".csv")
    assert file_name(chart, format="csv", content=b"other") != name
    assert set(MIME) == {"png", "svg", "pdf", "csv", "xlsx"}


@pytest.mark.parametrize("title", ["../../etc/passwd", "東京", "a\x00b", "x" * 500, 'CON: "a"?'])
def test_the_name_of_a_file_is_plain_whatever_the_title(title: str) -> None:
    name = file_name(dataclasses.replace(fan(), title=title), format="png", content=b"")
    assert name.replace("-", "").replace(".", "").isalnum()
    assert name.isascii()
    assert len(name) < 100
    assert name.count(".") == 1


def test_a_class_that_is_not_public_is_in_the_name() -> None:
    assert "-restricted-" in file_name(fan(**examples.restricted()), format="png", content=b"")


@pytest.mark.parametrize("name", EVERY)
def test_a_workbook_is_read_back_as_it_was(name: str) -> None:
    chart = EVERY[name]()
    table = pd.read_excel(io.BytesIO(to_xlsx(chart)), sheet_name=0)
    assert list(table.columns) == [str(column) for column in chart.table.columns]
    assert len(table) == len(chart.table)
    for column in chart.table.select_dtypes("number"):
        assert np.allclose(table[str(column)].astype(float), chart.table[column].astype(float), equal_nan=True)
    for column in chart.table.select_dtypes("datetime"):
        assert (pd.to_datetime(table[str(column)]).dt.round("s") == chart.table[column].dt.round("s")).all()


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    texts = ["=1+1", "+1", "-1", "@sum(a1)", "http://example.org", "00123", "\t=1"]
    chart = with_table(**{"=title": texts, "change": [-1.0, np.nan, np.inf, 3, 4, 5, 6]})
    chart = dataclasses.replace(chart, headline='=HYPERLINK("http://example.org")')
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(chart)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    first, second = book.worksheets
    assert [row[0] for row in first.values] == ["=title", *texts]
    assert [row[1] for row in first.values] == ["change", -1.0, None, "inf", 3, 4, 5, 6]
    assert second["B1"].value == chart.headline


def test_the_same_chart_gives_the_same_bytes_again() -> None:
    chart = fan()
    assert to_pdf(chart) == to_pdf(chart)
    assert to_xlsx(chart) == to_xlsx(chart)
