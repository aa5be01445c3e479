"""The dashboard in a real browser: every view draws, maps change, files carry their caveats, nothing leaves the machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest

ROOT = Path(__file__).parent.parent
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MINUTES = 3
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the system's package")


@pytest.fixture(scope="module")
def address(dashboard_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own, with Meridian, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"CIVICAST_HOME": str(dashboard_home)}
    with (tmp_path_factory.mktemp("server") / "log").open("w") as log:
        command = [sys.executable, "-m", "dashboard", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield _ready(f"http://127.0.0.1:{port}/", server)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _ready(url: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(240):
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return url
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the server did not answer within two minutes")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: object) -> Iterator[object]:
    """A page that fails its test when it asks anything of another machine, or when a script of it fails."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
    tab = context.new_page()
    outside: list[str] = []
    failures: list[str] = []
    tab.on("request", lambda request: outside.append(request.url) if not _loopback(request.url) else None)
    tab.on("pageerror", lambda error: failures.append(str(error)))
    yield tab
    context.close()
    assert outside == []
    assert failures == []


def _loopback(url: str) -> bool:
    return urlparse(url).scheme in {"data", "blob"} or urlparse(url).hostname == "127.0.0.1"


def _open(page, url: str) -> None:  # type: ignore[no-untyped-def]
    page.goto(url)
    page.locator("h1.cc-headline").wait_for(timeout=MINUTES * 60_000)
    assert page.locator("[data-testid=stException]").count() == 0


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("", "came outside the range expected"),
        ("outlook", "8 in 10 futures lie between"),
        ("hotspots", "chance would be"),
        ("scenarios", "paired futures"),
        ("models", "measured on this city"),
    ],
)
def test_every_view_draws(page, address: str, view: str, words: str) -> None:  # type: ignore[no-untyped-def]
    _open(page, address + view)
    assert words in page.locator("h1.cc-headline").inner_text()
    assert page.locator("h1").count() == 1


def test_the_map_changes_with_the_slider_and_sends_no_geometry_again(page, address: str) -> None:  # type: ignore[no-untyped-def]
    _open(page, address + "hotspots")
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
    _open(page, address + "outlook")
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name="SVG").first.click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    content = file.read_text(encoding="utf-8")
    assert "synthetic" in content
    assert "Do not use." in content
    assert file.suffix == ".svg"
