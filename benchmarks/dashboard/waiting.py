"""When a view is whole, seen from the browser: nothing is waited for any more, and what was drawn stands."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.serving import MOST_SECONDS, ROOT
from dashboard import app

__all__ = ["FIGURED", "VIEWS", "address", "ask", "cities", "questions", "until_first", "until_whole"]

VIEWS = tuple(app.VIEWS)
DATA = Path(os.environ.get("CIVICAST_TEST_DATA", ROOT.parent / "shared" / "data"))
LOOK_SECONDS = 0.03
STEADY_SECONDS = 0.5  # between two parts of a page the script may rest for a moment
# No progress, no figure without its range, nothing that is about to be replaced, and the script rests.
WHOLE = """figure => document.querySelector('h1.cc-headline') && document.querySelector(figure)
  && !document.querySelector('[data-testid=stProgress], .cc-strip.waiting, [data-stale=true], [data-testid=stSkeleton], '
    + '[data-testid=stApp][data-test-script-state=running]')"""
FIRST = "figure => document.querySelector('h1.cc-headline') && document.querySelector(figure)"
# Of questions: few, side by side; and what opens the list of many.
BUTTONS, LIST = ".st-key-question button[role=radio]", ".st-key-questions button"
LISTED = ".st-key-question label:has(input[type=radio])"
PLOT = ".js-plotly-plot .main-svg"
HEADLINE = "h1.cc-headline"
FIGURED = "outlook"  # a view that is not whole without a figure of plotly
# What a view has drawn when it is whole, where that is more than its headline.
FIGURE = dict.fromkeys(("outlook", "hotspots", "scenarios"), PLOT) | {"overview": ".cc-lines"}


def questions(page: Any) -> int:
    """How many questions the page lets a visitor choose from, as buttons or as a list."""
    if not page.locator(LIST).count():
        return int(page.locator(BUTTONS).count())
    page.locator(LIST).first.click()
    page.locator(LISTED).first.wait_for()
    found = int(page.locator(LISTED).count())
    page.keyboard.press("Escape")
    return found


def ask(page: Any, index: int) -> None:
    """Choose one of the questions.

    Parameters
    ----------
    page : of a browser that was led to the scenarios.
    index : of the question, in their order.
    """
    if page.locator(LIST).count():
        page.locator(LIST).first.click()
        page.locator(LISTED).nth(index).click()
    else:
        page.locator(BUTTONS).nth(index).click()


def cities(*, quick: bool) -> Iterator[tuple[str, str]]:
    """Meridian and, where its data are and it is not to be quick, Chicago: names, and what the server is started with."""
    yield "meridian", "meridian"
    if not quick and (DATA / "chicago").is_dir():
        os.environ.setdefault("CIVICAST_TEST_DATA", str(DATA))
        yield "chicago", str(ROOT / "tests" / "cities" / "chicago.toml")


def address(url: str, view: str) -> str:
    """Of a view of a server; the overview lives at the root."""
    return url + view.removeprefix(VIEWS[0])


def until_first(page: Any, view: str) -> float:
    """Wait until a view has its headline and what it has drawn with it, whatever is still to come; the time of that.

    Parameters
    ----------
    page : of a browser that was led to the view.
    view : its name.
    """
    page.wait_for_function(
        FIRST, arg=FIGURE.get(view, HEADLINE), timeout=MOST_SECONDS * 1000, polling=LOOK_SECONDS * 1000
    )
    return time.perf_counter()


def until_whole(page: Any, view: str) -> float:
    """Wait until a view is whole, and stays so for a moment; the time (as ``time.perf_counter``) since which it is.

    Parameters
    ----------
    page : of a browser that was led to the view.
    view : its name.

    Raises
    ------
    TimeoutError
        When it does not become so.
    """
    since, until = None, time.perf_counter() + MOST_SECONDS
    while since is None or time.perf_counter() - since < STEADY_SECONDS:
        now = time.perf_counter()
        if now > until:
            raise TimeoutError(f"{view} was not whole after {MOST_SECONDS} s")
        since = (since or now) if page.evaluate(WHOLE, FIGURE.get(view, HEADLINE)) else None
        page.wait_for_timeout(LOOK_SECONDS * 1000)
    return since
