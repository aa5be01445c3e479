"""A city whose every name is an attack, in Chromium: what it asks of other machines, and what of it becomes an element."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.serving import served

__all__ = ["rows"]

VIEWS = ("", "outlook", "hotspots", "scenarios", "models")


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Every view of the hostile city."""
    from hostile_city import OUTSIDE, write_hostile_city
    from playwright.sync_api import sync_playwright
    from test_hostile_pages import FOREIGN

    from tests.browsing import CHROMIUM, FLAGS, open_view, wait_until_drawn

    if CHROMIUM is None:
        print("The rows of pages are left out: there is no Chromium.", file=sys.stderr)
        return
    outside: list[str] = []
    injected: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        city = write_hostile_city(Path(folder))
        with served(city, home=Path(folder) / "home") as server:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page()
            own = ("data:", "blob:", server.url)
            page.on("request", lambda asked: None if asked.url.startswith(own) else outside.append(asked.url))
            for view in VIEWS[: 1 if quick else None]:
                open_view(page, server.url + view)
                wait_until_drawn(page)
                injected += page.evaluate(FOREIGN, OUTSIDE)
            browser.close()
    note = f"{len(VIEWS)} views in Chromium"
    yield Row("pages_outside_requests", len(outside), "requests", 0, note=note)
    yield Row("pages_injected", len(injected), "elements", 0, note=note)
