"""Every view, tab and question at every width, light and dark: what cannot be read, reached or understood; none is the goal."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.dashboard.looking import PHONE_AND_DESK, look_at, unseen_focus
from benchmarks.dashboard.waiting import VIEWS, address, ask, questions
from benchmarks.rows import Row
from benchmarks.serving import MOST_SECONDS, browsed, served

__all__ = ["rows"]

WIDTHS = (390, 720, 768, 1024, 1440, 1920)  # 720: a window of 1,440 at 200 %
THEMES = ("light", "dark")
BUSY = "[data-testid=stApp][data-test-script-state=running], [data-testid=stProgress], [data-stale=true]"
TABS = "[data-testid=stMain] [role=tablist] [role=tab]"


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Meridian's views, a row each; where it is quick, on a phone and a desk and in one theme."""
    widths, themes = (PHONE_AND_DESK, THEMES[:1]) if quick else (WIDTHS, THEMES)
    with tempfile.TemporaryDirectory() as folder, served("meridian", home=Path(folder)) as server:
        for view in VIEWS:
            found: list[str] = []
            parts = 0
            for theme in themes:
                with browsed(bypass_csp=True, color_scheme=theme) as page:
                    for part in _parts(page, address(server.url, view)):
                        parts += 1
                        seen = [*(each for width in widths for each in _at(page, width)), *unseen_focus(page)]
                        found += [f"{theme}, part {part}, {each}" for each in seen]
            for each in found:
                print(f"  {view}, {each}", file=sys.stderr)
            note = f"{parts} parts at {', '.join(map(str, widths))} px; {', '.join(themes)}"
            yield Row(f"screens_faults_{view}", len(found), "faults", 0, note=note)


def _at(page: Any, width: int) -> list[str]:
    # What axe sees is the same at every width but for the phone's own layout.
    return [f"{width} px, {each}" for each in look_at(page, width=width, by_axe=width in PHONE_AND_DESK)]


def _parts(page: Any, url: str) -> Iterator[int]:
    """A view's parts, by number from 0, each drawn when it is given."""
    page.goto(url)
    page.locator("h1.cc-headline").first.wait_for(timeout=MOST_SECONDS * 1000)
    _wait(page)
    asked, tabs = questions(page), page.locator(TABS)  # a view has tabs, or the questions that it answers
    for index in range(max(1, asked or tabs.count())):
        if index:
            ask(page, index) if asked else tabs.nth(index).click()
            _wait(page)
        yield index


def _wait(page: Any) -> None:
    # Between two parts of a page the script may rest for a moment: it must be found at rest twice.
    for _ in range(2):
        page.wait_for_timeout(700)
        page.locator(BUSY).first.wait_for(state="detached", timeout=MOST_SECONDS * 1000)
