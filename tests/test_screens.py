"""Every view and tab on a phone and on a desk: nothing cut or over each other, nothing that axe objects to, focus to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.dashboard.looking import PHONE_AND_DESK, look_at, unreadable, unseen_focus, violations
from tests.browsing import needs_browser, open_view, visitor, wait_until_drawn

pytestmark = needs_browser

VIEWS = {
    "": ("Overview", "things were unusual"),
    "outlook": ("Outlook", "8 in 10 futures lie between"),
    "outlook?series=electricity": ("Outlook", "8 in 10 futures lie between"),
    "hotspots": ("Hotspots", "chance would be"),
    "scenarios": ("Scenarios", "paired futures"),
    "traffic": ("Traffic", ""),
    "evaluation": ("Did it work?", ""),
    "evaluation?series=service_requests&category=street_lighting&since=2024-09-02&areas=D4,D8": ("Did it work?", ""),
    "decisions": ("Decisions", ""),
    "models": ("Models & caveats", "fit for use"),
}
TALL = "<!doctype html><html lang=en><title>A page</title><body style='margin:0;font:16px sans-serif'>"


@pytest.fixture(scope="module")
def inspected(browser: Any) -> Iterator[Any]:
    """A page into which axe may be put: the dashboard's own policy forbids all that is not its own."""
    context = visitor(browser, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_can_be_read_reached_and_understood(inspected: Any, address: str, view: str) -> None:
    open_view(inspected, address + view)
    wait_until_drawn(inspected)
    title, headline = VIEWS[view]
    assert inspected.title() == f"{title} · Meridian · Civicast"
    assert headline in " ".join(inspected.locator("h1").inner_text().split())  # of which there is one
    tabs = inspected.locator("[data-testid=stMain] [role=tablist] [role=tab]")
    found = []
    for index in range(max(1, tabs.count())):
        if index:
            tabs.nth(index).click()
            wait_until_drawn(inspected)
        for width in PHONE_AND_DESK:
            # A page's parts are the same at every width; what stands above its tabs is not.
            by_axe = width == min(PHONE_AND_DESK) or not index
            found += [f"{index} at {width}: {each}" for each in look_at(inspected, width=width, by_axe=by_axe)]
    assert [*found, *unseen_focus(inspected)] == []


def drawn(page: Any, inside: str) -> Any:
    page.set_viewport_size({"width": 390, "height": 400})
    page.set_content(f"{TALL}<main data-testid=stMain>{inside}</main>")
    return page


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<p style='width:60px;overflow:hidden;white-space:nowrap'>Far too long</p>", "cut: Far too long"),
        ("<p style='width:500px'>Wide</p>", "sideways: the page is 110 px too wide"),
        ("<div style='overflow:hidden'><p style='width:500px'>Wide</p></div>", "beyond the edge: Wide"),
    ],
)
def test_text_that_is_cut_is_found(inspected: Any, inside: str, said: str) -> None:
    assert unreadable(drawn(inspected, "<p>Short</p>")) == []
    assert any(each.startswith(said) for each in unreadable(drawn(inspected, inside)))


def figure(labels: str) -> str:
    svg = f"<svg class=main-svg width=300 height=100 style='overflow:visible'>{labels}</svg>"
    drawing = f"<div class=js-plotly-plot><div class=svg-container style='width:300px'>{svg}</div></div>"
    return f"<div class='st-key-figure-x'>{drawing}</div>"


CLIPPED = (
    "<clipPath id=c><rect width=40 height=100 /></clipPath><g clip-path='url(#c)'><text x=10 y=50>January</text></g>"
)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ("<text x=10 y=50>January</text><text x=40 y=50>May</text>", "over each other in figure-x: January / May"),
        ("<text x=280 y=50>January</text>", "outside figure-x: January"),
        (CLIPPED, "outside figure-x: January"),
    ],
)
def test_labels_of_a_figure_that_cannot_be_read_are_found(inspected: Any, labels: str, said: str) -> None:
    apart = "<text x=10 y=50>January</text><text x=10 y=68>February</text><text x=200 y=50>May</text>"
    assert unreadable(drawn(inspected, figure(apart))) == []
    assert any(each.startswith(said) for each in unreadable(drawn(inspected, figure(labels))))


def test_a_control_that_hides_its_focus_is_found(inspected: Any) -> None:
    assert unseen_focus(drawn(inspected, "<button>Seen</button>")) == []
    hidden = "<button>Seen</button><button style='outline:none'>Hidden</button>"
    assert unseen_focus(drawn(inspected, hidden)) == ["no focus to be seen: button Hidden"]


def test_axe_objects_to_list_items_without_a_list(inspected: Any) -> None:
    whole = "<h1>Page</h1><ul><li>One</li></ul>"
    assert violations(drawn(inspected, whole)) == []
    [said] = violations(drawn(inspected, "<h1>Page</h1><div role=listitem>One</div>"))
    assert said.startswith("critical: aria-required-parent")
