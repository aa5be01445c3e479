"""A city whose every name is an attack, in a real browser: its names are read as names, and nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hostile_city import OUTSIDE, attack, write_hostile_city

from tests.browsing import needs_browser, open_view, served, wait_until_drawn

pytestmark = needs_browser

# What a name could have become: an element that asks, goes or runs somewhere, or a script that ran.
FOREIGN = """(outside) => {
  const found = window.hit === undefined ? [] : ["a script ran"];
  const named = ["src", "srcset", "href", "xlink:href", "data", "action", "formaction", "poster"];
  for (const each of document.querySelectorAll("*")) {
    for (const name of named) {
      const value = each.getAttribute(name) || "";
      if (value.includes(outside) || /^\\s*javascript:/i.test(value)) found.push(`${each.tagName} ${name}=${value}`);
    }
    for (const {name} of each.attributes) if (name.startsWith("on")) found.push(`${each.tagName} ${name}`);
    if (each.matches("iframe, object, embed, base, form[action]")) found.push(each.tagName);
  }
  for (const each of document.querySelectorAll("#root script")) found.push(`script ${each.textContent}`);
  return found;
}"""


@pytest.fixture(scope="module")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own, started where nothing of the project is, with the hostile city alone."""
    folder = tmp_path_factory.mktemp("hostile")
    city = write_hostile_city(folder)
    yield from served(folder / "home", tmp_path_factory, city=city, started_in=folder)


@pytest.mark.parametrize("view", ["", "hotspots"])
def test_names_on_a_page_stay_names(page: Any, hostile_address: str, view: str) -> None:
    open_view(page, hostile_address + view)
    wait_until_drawn(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert attack("city") in page.locator("[data-testid=stApp]").inner_text()
    assert page.evaluate(FOREIGN, OUTSIDE) == []
