"""Every view and every file in the pseudo-language: all that we say comes from messages, and has room to be longer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data import open_city
from data.words import PSEUDO
from tests.browsing import needs_browser, open_view, wait_until_drawn
from tests.pseudo_text import data_words, foreign
from tests.saved_files import said_by

pytestmark = needs_browser

VIEWS = (
    "",
    "outlook",
    "outlook?series=ambulance_calls",
    "hotspots",
    "scenarios",
    "traffic",
    "evaluation",
    "decisions",
    "models",
)
WIDTHS = (1440, 390)
# What Streamlit itself says: on its own buttons, and to screen readers.
STREAMLITS = {
    "App pages", "Choose an option", "Choose date", "Clear value", "Expand sidebar", "Help for", "Homepage", "Logo",
    "Clear all", "Copy to clipboard", "Decrement", "Increment", "Navigate to home page", "Remove", "Selected values", "file upload",
    "folder_open", "lightbulb", "Open", "Upload", "per file", "TOML", "day", "month", "year",
    "start", "end", "info", "yyyy",
}  # fmt: skip
# What Matplotlib writes of itself into a file.
MATPLOTLIBS = {"Matplotlib", "https://matplotlib.org", "image/svg+xml"}
TEXTS = """() => {
  const roots = [...document.querySelectorAll(
    "[data-testid=stMain],[data-testid=stHeader],[data-testid=stPopoverBody]")];
  const others = "[data-testid=stIconMaterial],[data-testid=stToolbarActions],[data-testid=stMainMenu]," +
    "[data-testid=stStatusWidget],[data-testid=stElementToolbar],.modebar,style,script,[class*=st-key-code-]";
  const texts = new Set();
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
      if (!walker.currentNode.parentElement.closest(others)) texts.add(walker.currentNode.data.trim());
    for (const each of root.querySelectorAll("[aria-label],[alt],[title],[placeholder],input[type=text]"))
      if (!each.closest(others)) {
        for (const name of ["aria-label", "alt", "title", "placeholder"]) texts.add((each.getAttribute(name) || "").trim());
        if (each.matches("input[type=text]")) texts.add(each.value.trim());
      }
  }
  return [...texts].filter(text => text);
}"""
CLIPPED = """() => {
  const found = [];
  for (const each of document.querySelectorAll(
      "[data-testid=stMain] :is(h1,h2,h3,label,button,th,td,p,span,small,summary,dt,dd)," +
      "[data-testid=stMain] :is(input[type=text],[role=tab],[class^=cc-])")) {
    const style = getComputedStyle(each);
    if (each.clientWidth <= 1 || style.display === "inline" || ["auto", "scroll"].includes(style.overflowX)) continue;
    if (each.closest(".modebar,[data-testid=stIconMaterial]")) continue;
    const box = each.getBoundingClientRect(), scrolls = each.closest(".cc-scroll,[role=tablist]");
    const outside = !scrolls && each.innerText && box.width && box.right > document.documentElement.clientWidth + 1;
    if (each.scrollWidth > each.clientWidth + 1 || outside)
      found.push(`${each.tagName}.${each.className} ${each.scrollWidth} > ${each.clientWidth}: ${each.innerText || each.value}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def known(dashboard_home: Path) -> frozenset[str]:
    """What is Meridian's own, and Streamlit's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(dashboard_home))
        planted = {"lamps renewed before they fail"}  # what the sample's own truth calls its policy
        return data_words(open_city("meridian")) | STREAMLITS | MATPLOTLIBS | planted


def unsaid(texts: list[str], known: frozenset[str]) -> list[str]:
    return [f"{', '.join(words)} in: {text}" for text in texts if (words := foreign(text, known))]


def look(page: Any, address: str, view: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_view(page, f"{address}{view}{'&' if '?' in view else '?'}language={PSEUDO}")
    wait_until_drawn(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", VIEWS)
def test_no_text_of_ours_is_written_into_code_and_none_is_clipped(
    page: Any, address: str, view: str, width: int, known: frozenset[str]
) -> None:
    look(page, address, view, width)
    texts, clipped = set(page.evaluate(TEXTS)), set(page.evaluate(CLIPPED))
    tabs = page.locator("[data-testid=stMain] [role=tab]")
    for index in range(1, tabs.count()):
        tabs.nth(index).click()
        wait_until_drawn(page)
        texts |= set(page.evaluate(TEXTS))
        clipped |= set(page.evaluate(CLIPPED))
    assert any("⟦" in text for text in texts)
    found = [*unsaid(sorted(texts), known), *sorted(clipped)]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    "view", [view for view in VIEWS if view not in ("evaluation", "decisions") and "?" not in view]
)  # empty pages give none
def test_no_file_says_what_is_written_into_code(
    page: Any, address: str, view: str, known: frozenset[str], tmp_path: Path
) -> None:
    look(page, address, view, WIDTHS[0])
    texts = _files(page, tmp_path)
    popovers = page.locator("[data-testid=stPopover] button:visible")
    for index in range(popovers.count()):
        popovers.nth(index).click()
        page.locator("[data-testid=stPopoverBody]").wait_for()
        wait_until_drawn(page)
        texts += page.evaluate(TEXTS)
        texts += _files(page, tmp_path, inside="[data-testid=stPopoverBody] ")
        page.keyboard.press("Escape")
        page.locator("[data-testid=stPopoverBody]").wait_for(state="detached")
    assert texts
    assert {".docx", ".pptx", ".pdf", ".html"} <= {file.suffix for file in tmp_path.iterdir()}, "the page as one file"
    found = unsaid(sorted(set(texts)), known)
    assert not found, "\n".join(["", *found])


def _files(page: Any, folder: Path, *, inside: str = "[data-testid=stMain] ") -> list[str]:
    """What the files say that can be downloaded here, word by word."""
    texts = []
    buttons = page.locator(f"{inside}[data-testid=stDownloadButton] button")
    for index in range(buttons.count()):
        if not buttons.nth(index).is_visible():
            continue
        with page.expect_download(timeout=60_000) as waiting:
            buttons.nth(index).click()
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        texts += said_by(file)
    return texts
