"""A dashboard of its own for the tests, and a browser that looks at it."""

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
from typing import Any
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
DESK = {"width": 1440, "height": 900}
# Between two parts of a page the script may rest for a moment, and what was clicked takes one to reach it.
RESTED_MS = 1000
LOOK_MS = 50  # not with each frame: a page that nothing moves would be drawn sixty times a second for being looked at
RESTS = """long => {
  const now = performance.now();
  if (document.querySelector("[data-testid=stApp][data-test-script-state=running]")) window.rests = undefined;
  else window.rests ??= now;
  return now - window.rests >= long;
}"""
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the system's package")


@pytest.fixture(scope="session")
def address(dashboard_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own, with Meridian, on a free port."""
    yield from served(dashboard_home, tmp_path_factory)


def served(
    home: Path,
    folders: pytest.TempPathFactory,
    *,
    city: Path | str = "meridian",
    started_in: Path = ROOT,
    processes: int = 1,
    **more: str,
) -> Iterator[str]:
    """The address of a dashboard for as long as it is asked for.

    Parameters
    ----------
    home : its workspace.
    folders : where its log is written.
    city : the one that it opens with.
    started_in : the folder that it is started in.
    processes : that serve behind the address.
    more : of its environment.

    Yields
    ------
    str
        Ends with a slash.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"CIVICAST_HOME": str(home), "PYTHONPATH": str(ROOT)} | more
    with (folders.mktemp("server") / "log").open("w") as log:
        command = [sys.executable, "-m", "dashboard", "--port", str(port), "--city", str(city), "--on-demand"]
        command += ["--processes", str(processes)]
        server = subprocess.Popen(command, cwd=started_in, env=environment, stdout=log, stderr=log)
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def visitor(browser: Any, **more: Any) -> Any:
    """A context of its own at a desk, for who wants less motion: to draw what moves took two fifths of a visit's time."""
    return browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce"} | more)


@pytest.fixture(scope="session")
def window(browser: Any) -> Iterator[Any]:
    """A window in which one test goes to its page after another: in a new one the browser would compile all scripts again, over
    half of its work on a page.
    """
    context = visitor(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: Any) -> Iterator[Any]:
    """A page that fails its test when it asks anything of another machine, or when a script of it fails."""
    outside: list[str] = []
    failures: list[str] = []
    listeners = {
        "request": lambda request: outside.append(request.url) if not _loopback(request.url) else None,
        "pageerror": lambda error: failures.append(str(error)),
    }
    window.set_viewport_size(DESK)
    window.mouse.move(0, 0)
    for event, listener in listeners.items():
        window.on(event, listener)
    yield window
    for event, listener in listeners.items():
        window.remove_listener(event, listener)
    assert outside == []
    assert failures == []


def _loopback(url: str) -> bool:
    return urlparse(url).scheme in {"data", "blob"} or urlparse(url).hostname == "127.0.0.1"


def open_view(page: Any, url: str) -> None:
    """Open a view and wait for its headline."""
    page.goto(url)
    page.locator("h1.cc-headline").wait_for(timeout=MINUTES * 60_000)
    assert page.locator("[data-testid=stException]").count() == 0


def wait_until_drawn(page: Any) -> None:
    """Wait until the server has sent all of a view."""
    page.evaluate("() => { window.rests = undefined }")
    page.wait_for_function(RESTS, arg=RESTED_MS, timeout=MINUTES * 60_000, polling=LOOK_MS)


def exported(page: Any, name: str, button: str) -> Any:
    """The download of a figure, as a visitor comes to it.

    Parameters
    ----------
    page : that shows the figure.
    name : of the figure.
    button : in what the figure's "Export" opens.
    """
    page.locator(f".st-key-take-{name} [data-testid=stPopover] button").click()
    opened = page.locator("[data-testid=stPopoverBody]")
    with page.expect_download(timeout=MINUTES * 60_000) as waiting:
        opened.get_by_role("button", name=button).click()
    page.keyboard.press("Escape")
    opened.wait_for(state="detached")
    return waiting.value
