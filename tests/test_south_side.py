"""Which of two plans is better for the south side, and can I trust it? Answered for Chicago in at most eight interactions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import MINUTES, needs_browser, open_view, served, wait_until_drawn
from tests.conftest import CITIES, REAL_DATA

pytestmark = needs_browser

MOST = 8
SCENARIOS = CITIES / "scenarios"


@pytest.fixture(scope="module")
def chicago_address(dashboard_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own, with Chicago."""
    yield from served(dashboard_home, tmp_path_factory, city=CITIES / "chicago.toml", CIVICAST_TEST_DATA=str(REAL_DATA))


@dataclass
class Person:
    """Somebody at a page who counts what they do: every click, choice and file is one interaction."""

    page: Any
    done: list[str] = field(default_factory=list)

    def does(self, what: str, act: Callable[[], None]) -> None:
        act()
        wait_until_drawn(self.page)
        self.done.append(what)


def test_which_plan_is_better_for_the_south_side(real_data: Path, page: Any, chicago_address: str) -> None:
    open_view(page, chicago_address + "scenarios")
    wait_until_drawn(page)
    person = Person(page)
    upload = page.locator("input[type=file]")
    person.does("open the files", lambda: page.get_by_text("Files", exact=True).click())
    person.does("make room", lambda: page.locator(".st-key-option-remove button").click())
    for name in ("chicago_sites_south.toml", "chicago_sites_west.toml"):
        person.does(name, lambda name=name: upload.set_input_files(SCENARIOS / name))  # type: ignore[misc]
    page.locator("h1.cc-headline", has_text="Two in the west").wait_for(timeout=MINUTES * 60_000)  # of the whole city
    person.does("open the areas", lambda: page.get_by_text("For which areas", exact=True).click())
    person.does("open the regions", lambda: page.locator(".st-key-terms-region input").click())
    person.does("the South Side", lambda: page.get_by_role("option", name="South Side", exact=True).click())
    assert len(person.done) <= MOST, person.done

    headline = page.locator("h1.cc-headline").inner_text()
    assert re.match(r"Two in the south: \d+\s% shorter mean travel to the nearest site than Today \[", headline)
    assert re.search(r"better in \d+ of 500 paired futures", headline)
    notes = page.locator(".st-key-notes").inner_text()
    assert "Caution. Travel is the straight line times 1.3" in notes
    assert "The whole city stands where South Side cannot be told apart" in notes
    assert page.locator("[data-testid=stException]").count() == 0
