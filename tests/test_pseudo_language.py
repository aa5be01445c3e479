"""Every view in the pseudo-language: all that we say comes from messages, and has room to be longer.

What popovers hold is read without a browser, beside the files of a view.
"""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.dashboard.looking import draw_at
from data.words import PSEUDO
from tests.browsing import needs_browser, open_view, wait_until_drawn
from tests.pseudo_text import STREAMLITS, texts_of, unsaid

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
TEXTS = """() => {
  const roots = [...document.querySelectorAll(
    "[data-testid=stMain],[data-testid=stHeader]")];
  const others = "[data-testid=stIconMaterial],[data-testid=stToolbarActions],[data-testid=stMainMenu]," +
    "[data-testid=stStatusWidget],[data-testid=stElementToolbar],.modebar,style,script,kbd,[class*=st-key-code-]," +
    ".rc-overflow-item-rest";  // Streamlit's "8 more" of the links above, there while it measures how many have room
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
    const box = each.getBoundingClientRect(), scrolls = each.closest(".cc-scroll,[role=tablist],.st-key-question");
    const outside = !scrolls && each.innerText && box.width && box.right > document.documentElement.clientWidth + 1;
    if (each.scrollWidth > each.clientWidth + 1 || outside)
      found.push(`${each.tagName}.${each.className} ${each.scrollWidth} > ${each.clientWidth}: ${each.innerText || each.value}`);
  }
  return found;
}"""


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_of_ours_is_written_into_code_and_none_is_clipped(
    page: Any, address: str, view: str, known: frozenset[str]
) -> None:
    open_view(page, f"{address}{view}{'&' if '?' in view else '?'}language={PSEUDO}")
    wait_until_drawn(page)
    texts, clipped = set(), set()
    tabs = page.locator("[data-testid=stMain] [role=tab]")
    for index in range(max(1, tabs.count())):
        if index:
            tabs.nth(index).click()
            wait_until_drawn(page)
        for width in WIDTHS:
            draw_at(page, width=width)
            texts |= set(page.evaluate(TEXTS))
            clipped |= {f"{width}: {each}" for each in page.evaluate(CLIPPED)}
    assert any("⟦" in text for text in texts)
    found = [*unsaid(sorted(texts), known | STREAMLITS), *sorted(clipped)]
    assert not found, "\n".join(["", *found])


def test_a_word_of_the_data_is_known_where_paper_breaks_it_and_no_other_word_is() -> None:
    known = {"Service requests"}
    for broken in ("Servi ce requests", "Servic e re quests"):
        assert unsaid([broken], known, broken=True) == []
        assert unsaid([broken], known) != []
    for other in ("ce", "Servi ce", "Service of requests"):
        assert unsaid([other], known, broken=True) != []


PLAIN = """
import streamlit as st
with st.popover("Open this"):
    st.html('<style>p{color:red}</style><p title="Said aloud">Read in it</p>')
    st.selectbox("Choose one", ["First one"], help="Some help")
"""


def test_what_a_page_says_without_a_browser_is_read_wherever_it_stands() -> None:
    said = texts_of(AppTest.from_string(PLAIN).run()._tree)
    assert set(said) == {"Open this", "Said aloud", "Read in it", "Choose one", "First one", "Some help"}
    assert len(unsaid(said, ())) == len(said)
