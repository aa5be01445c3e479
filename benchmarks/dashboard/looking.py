"""What nobody can read, reach or understand on a page: found by axe, by the boxes of its text, and by the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python

__all__ = ["PHONE_AND_DESK", "draw_at", "look_at", "unreadable", "unseen_focus", "violations"]

HERE = Path(__file__).parent
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
BOXES = (HERE / "looking.js").read_text(encoding="utf-8")
FOCUS = (HERE / "focus.js").read_text(encoding="utf-8")
PHONE_AND_DESK = (390, 1440)
HEIGHT = 900
# A test has to tell every violation that a rule finds, with the element: best practices, such as the order of headings, too.
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
  rule => rule.nodes.map(node => `${rule.impact}: ${rule.id} (${rule.help}): ${node.html.slice(0, 120)}`))"""
REDRAWN_MS = 400  # until figures have taken the width of a window that has changed
BUSY = "[data-testid=stApp]:not([data-test-script-state=notRunning])"


def look_at(page: Any, *, width: int, by_axe: bool = True) -> list[str]:
    """All that is found at one width; the page needs a context with ``bypass_csp``.

    Parameters
    ----------
    page : of a browser, drawn.
    width : of its window, pixels.
    by_axe : whether axe looks too, which takes a second.

    Returns
    -------
    list
        A line each; none on a page that everybody can use.
    """
    draw_at(page, width=width)
    return [*(violations(page) if by_axe else []), *unreadable(page)]


def draw_at(page: Any, *, width: int) -> None:
    """Give a window its width, and wait until the page is drawn for it: by the server too, where another drawing fits."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.wait_for_timeout(REDRAWN_MS)
    while page.locator(BUSY).count():
        page.locator(BUSY).wait_for(state="detached")
        page.wait_for_timeout(REDRAWN_MS)


def violations(page: Any) -> list[str]:
    """What axe says breaks WCAG 2.2 AA or a practice that goes with it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate(RUN))


def unreadable(page: Any) -> list[str]:
    """Text that is cut, labels of figures over each other or outside their drawing, and a page that scrolls sideways."""
    return list(page.evaluate(BOXES))


def unseen_focus(page: Any) -> list[str]:
    """Controls that look no different with the keyboard on them.

    Raises
    ------
    RuntimeError
        When no control could be tried.
    """
    page.keyboard.press("Tab")  # from now on the browser shows where the focus is
    tried, found = page.evaluate(FOCUS)
    if not tried:
        raise RuntimeError("the page has no control that takes the keyboard")
    return list(found)
