"""The dashboard in a real browser: every view draws, maps change, files carry their caveats, nothing leaves the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browsing import MINUTES, needs_browser, open_view

pytestmark = needs_browser


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("", "things were unusual"),
        ("outlook", "8 in 10 futures lie between"),
        ("hotspots", "chance would be"),
        ("scenarios", "paired futures"),
        ("models", "fit for use"),
    ],
)
def test_every_view_draws(page, address: str, view: str, words: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + view)
    page.locator("h1.cc-headline", has_text=words).wait_for(timeout=MINUTES * 60_000)
    assert page.locator("h1").count() == 1


def test_the_map_changes_with_the_slider_and_sends_no_geometry_again(page, address: str) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "hotspots")
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for()
    page.wait_for_timeout(2000)
    before = chart.screenshot()
    geometry: list[str] = []
    page.on("request", lambda request: geometry.append(request.url) if "/geometry/" in request.url else None)
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(10):
        slider.press("ArrowRight")
    page.locator("h1.cc-headline", has_text="This 15").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    assert chart.screenshot() != before
    assert [url for url in geometry if "geojson" in url] == []


def test_a_download_carries_its_caveats(page, address: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    open_view(page, address + "outlook")
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="SVG").first.click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    content = file.read_text(encoding="utf-8")
    assert "synthetic" in content
    assert "Do not use." in content
    assert file.suffix == ".svg"


def test_a_figure_has_an_address_of_its_own(page, address: str) -> None:  # type: ignore[no-untyped-def]
    page.goto(address + "outlook?figure=fan")
    page.locator(".st-key-alone h1").wait_for(timeout=120_000)
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
