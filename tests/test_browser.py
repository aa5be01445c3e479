"""The dashboard in a real browser: maps change, files carry their caveats, nothing leaves the machine."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browsing import exported, needs_browser, open_view, wait_until_drawn

pytestmark = needs_browser


def test_the_map_changes_with_the_slider_and_sends_no_geometry_again(page, address: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "hotspots")
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for()
    wait_until_drawn(page)  # with a map that was judged: until then another stands there
    before = chart.screenshot()
    geometry: list[str] = []
    page.on("request", lambda request: geometry.append(request.url) if "/geometry/" in request.url else None)
    slider = page.get_by_role("slider").first
    # To its end by one key: how many of ten presses a busy machine takes is not what is asked here.
    slider.press("End")
    page.locator("h1.cc-headline", has_text="This 20").wait_for(timeout=60_000)
    wait_until_drawn(page)
    assert chart.screenshot() != before
    assert [url for url in geometry if "geojson" in url] == []


def test_the_keyboard_stays_among_a_maps_buttons_when_the_one_it_pressed_goes(page, address: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "hotspots?seen=3x50x50")
    page.get_by_role("button", name="See all of the map").wait_for(timeout=120_000)
    for _ in range(3):  # between two parts of a page the script may rest for a moment
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=120_000)
        page.wait_for_timeout(1000)
    page.get_by_role("button", name="See all of the map").press("Enter")
    page.get_by_role("button", name="See all of the map").wait_for(state="detached", timeout=60_000)
    page.wait_for_function(
        "() => document.querySelector('.st-key-map-moves-map').contains(document.activeElement)", timeout=20_000
    )


# Elements of the open tab before its first control, and whether that is seen below the map. The browser looks for the
# control at each change in the tab, and a map alone has hundreds of elements that are none.
FIRST_CONTROL = """() => {
  const tab = [...document.querySelectorAll('[role=tabpanel]')].find(each => each.checkVisibility());
  const control = [...tab.querySelectorAll('button, input, a[href]')].find(each => each.checkVisibility());
  const map = tab.querySelector('.js-plotly-plot').getBoundingClientRect();
  return [[...tab.querySelectorAll('*')].indexOf(control), control.getBoundingClientRect().top >= map.bottom];
}"""


def test_the_first_control_of_a_tab_with_a_map_is_found_at_once_and_seen_below_it(page, address: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "hotspots")
    page.locator(".js-plotly-plot").first.wait_for()
    before, below = page.evaluate(FIRST_CONTROL)
    assert before < 40
    assert below


# Elements as Streamlit shows them until a figure is there, which move for ever, or at each step of the work, where nothing keeps
# them still: what stands for the figure, a bar, and one of neither.
MOVES = """() => {
  const added = (inside, kind) => {
    const made = inside.appendChild(document.createElement('div'));
    if (kind) made.dataset.testid = kind;
    return made;
  };
  const page = document.querySelector('.stApp');
  const bar = added(added(added(page, 'stProgress'), 'stProgressBarTrack'));
  const all = [added(page, 'stSkeleton'), bar, added(page)];
  const style = document.head.appendChild(document.createElement('style'));
  style.textContent = '@keyframes pulse {to {opacity: .5}} .moves {animation: pulse 1s infinite; transition: transform 9s}';
  all.forEach(each => each.classList.add('moves'));
  all.forEach(each => each.getBoundingClientRect());
  all.forEach(each => { each.style.transform = 'translateX(9px)'; });
  return all.map(each => each.getAnimations().map(one => one.constructor.name).sort().join(' '));
}"""


def test_what_stands_for_a_figure_does_not_move_and_a_bar_does_not_slide(page, address: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "decisions")
    assert page.evaluate(MOVES) == ["CSSTransition", "CSSAnimation", "CSSAnimation CSSTransition"]


def test_a_download_carries_its_caveats(page, address: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "outlook")
    given = exported(page, "fan", "SVG")
    file = tmp_path / given.suggested_filename
    given.save_as(file)
    content = file.read_text(encoding="utf-8")
    assert "synthetic" in content
    assert "Do not use." in content
    assert file.suffix == ".svg"


def test_a_figure_alone_on_a_phone_is_the_drawing_that_was_made_for_it(page, address: str) -> None:  # type: ignore[no-untyped-def]
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address + "outlook?figure=effects")
    page.locator(".st-key-alone-effects-narrow .js-plotly-plot").wait_for(timeout=120_000)
    assert page.locator(".js-plotly-plot:visible").count() == 1
    assert page.locator("h1.cc-headline:visible").count() == 1


def test_a_figure_has_an_address_of_its_own(page, address: str) -> None:  # type: ignore[no-untyped-def]
    page.goto(address + "outlook?figure=fan")
    page.locator(".st-key-alone-fan h1").wait_for(timeout=120_000)
    page.locator(".st-key-alone-fan .js-plotly-plot").wait_for()
    page.locator("h1.cc-headline").nth(1).wait_for(state="attached")
    visible = page.locator("h1.cc-headline:visible")
    assert visible.count() == 1
    assert "8 in 10 futures lie between" in visible.inner_text()
    assert page.locator(".js-plotly-plot:visible").count() == 1
    assert "synthetic" in page.locator(".cc-notes:visible").inner_text()
    assert "Source:" in page.locator(".cc-source:visible").inner_text()
    assert (
        page.locator("header:visible, [data-testid=stSelectbox]:visible, [data-testid=stButton]:visible").count() == 0
    )


def shown_metres(page) -> float:  # type: ignore[no-untyped-def]
    """From the left edge of the hotspot map that is drawn to its right edge."""
    low, high = page.locator("[class*=st-key-figure-hotspots] .js-plotly-plot").evaluate("e => e.layout.xaxis.range")
    return float(high - low)


def test_a_map_answers_where_one_points_and_becomes_that_of_an_area(page, address: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "hotspots")
    dots = page.locator(".st-key-figure-hotspots .scatterlayer .points path")
    dots.first.wait_for(state="attached")
    page.wait_for_timeout(2000)
    dot = dots.nth(20)
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + 20, y + 14)
    page.mouse.move(x + 22, y + 14, steps=3)
    said = page.locator(".st-key-figure-hotspots .hoverlayer")
    said.get_by_text("expected in 28 days").first.wait_for(timeout=10_000)
    page.mouse.move(x, y, steps=3)
    said.get_by_text("are among the").first.wait_for(timeout=10_000)
    sentence = "".join(said.locator("text").first.all_text_contents())
    across = shown_metres(page)
    page.mouse.click(x, y)
    area = sentence.partition(":")[0]
    page.locator("h1.cc-headline", has_text=area).first.wait_for(timeout=60_000)
    assert "area=" in page.url
    assert page.locator(".cc-context", has_text=area).count() == 1
    chosen = page.url.partition("area=")[2].partition("&")[0]
    page.locator(f".st-key-figure-hotspots-{chosen} .js-plotly-plot").wait_for()
    assert page.locator(".st-key-figure-hotspots").count() == 0, "the map of the whole city is gone"
    assert shown_metres(page) < across / 2


def test_the_notes_have_the_same_numbers_on_the_page_on_the_map_and_in_its_file(page, address: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "hotspots")
    figure = page.locator(".st-key-figure-hotspots")
    figure.locator(".js-plotly-plot").wait_for()
    notes = page.locator(".cc-notes:visible").first.locator(".n")
    numbers = [int(re.findall(r"\d+", each)[0]) for each in notes.all_text_contents()]
    assert numbers == list(range(1, len(numbers) + 1))
    content = exported(page, "hotspots", "CSV").path().read_text(encoding="utf-8-sig")
    places = [content.find(" ".join(each.split())) for each in notes.locator("small").all_text_contents()]
    assert min(places) > 0
    assert places == sorted(places), "in the same order"
    on_map = [each for each in figure.locator(".annotation-text").all_text_contents() if each.strip().isdecimal()]
    assert on_map
    assert {int(each) for each in on_map} <= set(numbers)
