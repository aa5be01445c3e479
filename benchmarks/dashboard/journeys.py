"""Five things that people come for: how many interactions each takes, and how long, on a server that is warm."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.rows import Row
from benchmarks.serving import MOST_SECONDS, browsed, load_note, served

__all__ = ["JOURNEYS", "Traveller", "rows"]

REST = "[data-testid=stApp][data-test-script-state=running], [data-testid=stProgress], [data-stale=true]"


class Traveller:
    """A person at a browser, who counts what she does: each click and each thing typed is one interaction."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.interactions = 0
        page.goto(f"{url}?guide=off")
        self.see("h1.cc-headline")  # who knows the way waits for no more

    def see(self, selector: str) -> bool:
        """Wait until something is there."""
        self.page.locator(selector).first.wait_for(timeout=MOST_SECONDS * 1000)
        return True

    def settle(self) -> None:
        """Wait until the page is drawn and rests, twice: between two of its parts it may rest for a moment."""
        for _ in range(2):
            self.page.wait_for_timeout(150)
            self.page.locator(REST).first.wait_for(state="detached", timeout=MOST_SECONDS * 1000)

    def click(self, target: Any) -> None:
        """Click on something."""
        self.interactions += 1
        target.click(timeout=MOST_SECONDS * 1000)
        self.settle()

    def visit(self, view: str) -> None:
        """Open a view by its name in the navigation."""
        self.click(self.page.get_by_role("link", name=view, exact=True).first)
        self.see("h1.cc-headline")
        self.settle()  # a page that still grows would move what is clicked on

    def button(self, name: str) -> Any:
        """The first button of a name."""
        return self.page.get_by_role("button", name=name).first

    def headline(self) -> str:
        """What the page says first."""
        return str(self.page.locator("h1.cc-headline").first.inner_text())

    def take(self, name: str) -> bytes:
        """Click on what gives a file, and read it."""
        with self.page.expect_download(timeout=MOST_SECONDS * 1000) as coming:
            self.click(self.button(name))
        return Path(coming.value.path()).read_bytes()


def two_plans(traveller: Traveller) -> bool:
    """Which of two plans for sites is better, by how much, and in how many futures?"""
    traveller.visit("Scenarios")
    cards = traveller.page.locator(".cc-card").count()
    return cards >= 3 and "paired futures" in traveller.headline()


def into_a_report(traveller: Traveller) -> bool:
    """The outlook with its figures, ranges and caveats in a document that can be edited."""
    traveller.visit("Outlook")
    traveller.click(traveller.button("Take this page along"))
    return traveller.take("Word").startswith(b"PK")


def where_next(traveller: Traveller) -> bool:
    """Where will incidents be next month, and how sure is that?"""
    traveller.visit("Hotspots")
    notes = traveller.page.locator(".cc-notes .n").count()
    return "chance would be" in traveller.headline() and notes > 0


def which_model(traveller: Traveller) -> bool:
    """Which model is used, and what speaks for it?"""
    traveller.visit("Models & caveats")
    return traveller.see("[data-testid=stDataFrame]")


def elsewhere(traveller: Traveller) -> bool:
    """A map of another share of the city, sent to somebody who opens it in a browser of their own."""
    traveller.visit("Hotspots")
    chosen = traveller.page.locator("[data-testid=stSlider] [role=slider], [data-testid=stSlider] input").first
    traveller.interactions += 1
    chosen.press("ArrowRight")
    traveller.settle()
    said, address = traveller.headline(), traveller.page.url
    other = traveller.page.context.browser.new_context(viewport={"width": 1440, "height": 900})
    page = other.new_page()
    page.goto(address)
    page.locator("h1.cc-headline").first.wait_for(timeout=MOST_SECONDS * 1000)
    page.locator(REST).first.wait_for(state="detached", timeout=MOST_SECONDS * 1000)
    found = str(page.locator("h1.cc-headline").first.inner_text())
    other.close()
    return found == said


JOURNEYS: dict[str, Callable[[Traveller], bool]] = {
    "two_plans_compared": two_plans,
    "a_chart_into_a_report": into_a_report,
    "where_next_month": where_next,
    "which_model_and_why": which_model,
    "a_link_opened_elsewhere": elsewhere,
}


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Interactions of each journey from the overview on; where it is quick the first two."""
    with tempfile.TemporaryDirectory() as folder, served("meridian", home=Path(folder)) as server:
        for name, journey in list(JOURNEYS.items())[: 2 if quick else None]:
            for warm in (False, True):  # the first makes what a workspace keeps; the second is what is measured
                with browsed(accept_downloads=True) as page:
                    traveller = Traveller(page, server.url)
                    began = time.perf_counter()
                    reached = journey(traveller)
                    seconds = time.perf_counter() - began
                if warm:
                    note = f"{seconds:.1f} s by the clock; {load_note()}" + ("" if reached else "; NOT REACHED")
                    print(f"  {name}: {note}", file=sys.stderr)
                    yield Row(f"journey_{name}", traveller.interactions if reached else 99, "interactions", note=note)
