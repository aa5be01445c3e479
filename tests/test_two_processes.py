"""Two server processes behind one address, in a browser: visitors of both see the same, and what is made is made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.browsing import exported, needs_browser, open_view, served, visitor, wait_until_drawn
from tests.test_workspace_plugins import TEMPLATES
from tests.tiny_city import write_city

pytestmark = needs_browser
DAYS = 90


def requests(day_of_many: int) -> str:
    days = pd.date_range("2024-01-01", periods=DAYS, freq="D").strftime("%Y-%m-%d")
    rows = "".join(f"{day},{ward},{3 + index % 7}\n" for index, day in enumerate(days[:-1]) for ward in (1, 2))
    return f"day,ward,n\n{rows}{days[-1]},1,{day_of_many}\n{days[-1]},2,1\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("two-home")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_city(tmp_path_factory.mktemp("two"), requests=requests(7))


@pytest.fixture(scope="module")
def both(home: Path, city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from served(home, tmp_path_factory, city=city, processes=2)


@pytest.fixture
def visitors(browser: Any, both: str) -> Iterator[list[Any]]:
    """A page of a visitor of each process, which the other knows nothing of."""
    contexts = [visitor(browser) for _ in range(2)]
    for number, each in enumerate(contexts):
        each.add_cookies(
            [{"name": f"civicast_process_{both.split(':')[-1].strip('/')}", "value": str(number), "url": both}]
        )
    yield [each.new_page() for each in contexts]
    for each in contexts:
        each.close()


def process_of(page: Any) -> list[str]:
    return [each["value"] for each in page.context.cookies() if each["name"].startswith("civicast_process")]


def measured(home: Path) -> dict[str, int]:
    """When each thing that is kept of measurements and answers was written."""
    files = [*(home / "results").rglob("*.result"), *(home / "answers").iterdir()]
    return {file.relative_to(home).as_posix(): file.stat().st_mtime_ns for file in files}


def csv_of(page: Any, folder: Path) -> str:
    given = exported(page, "fan", "CSV")
    file = folder / given.suggested_filename
    given.save_as(file)
    return file.read_text(encoding="utf-8-sig")


def test_visitors_of_both_see_the_same_and_nothing_is_made_twice(
    visitors: list[Any], both: str, home: Path, city: Path, tmp_path: Path
) -> None:
    headlines, files, kept = [], [], []
    for number, page in enumerate(visitors):
        open_view(page, both + "outlook")
        wait_until_drawn(page)
        assert process_of(page) == [str(number)]
        headlines.append(page.locator("h1.cc-headline").inner_text())
        files.append(csv_of(page, tmp_path))
        kept.append(measured(home))
    assert headlines[0] == headlines[1]
    assert files[0] == files[1]
    assert "requests" in files[0]
    assert [each for each in kept[0] if each.startswith("results/backtest/")]
    assert kept[0] == kept[1]

    # The data change: both processes see it, and again what was made for one is read by the other.
    (city.parent / "requests.csv").write_text(requests(70_000))
    after, changed = [], []
    for page in reversed(visitors):
        page.reload()
        page.locator("h1.cc-headline").wait_for(timeout=180_000)
        wait_until_drawn(page)
        after.append(csv_of(page, tmp_path))
        changed.append(measured(home))
    assert after[0] == after[1] != files[0]
    assert changed[0] == changed[1] != kept[0]


def test_both_see_a_plug_in_that_came_after_they_had_begun(visitors: list[Any], both: str, home: Path) -> None:
    (home / "models").mkdir()
    (home / "models" / "mine.py").write_text(TEMPLATES["models"].read_text())
    for page in visitors:
        open_view(page, both + "models?tab=record&record=forecasting.recent_mean")
        page.get_by_text("Mean of the last four weeks").first.wait_for(timeout=60_000)
