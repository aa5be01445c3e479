"""A server with a workspace of its own, and a browser that opens its pages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["CHROMIUM", "MOST_SECONDS", "ROOT", "Server", "browsed", "load_note", "served"]

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MOST_SECONDS = 300


@dataclass(frozen=True)
class Server:
    """Where it answers, its process, and the seconds until it answered."""

    url: str
    process: int
    seconds: float

    def cpu_seconds(self) -> float:
        """What it and all that it started have used so far: the same however busy the machine is."""
        parents, used = {}, {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended
                continue
            parents[int(entry.name)] = int(stat[1])
            used[int(entry.name)] = sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK")
        tree, found = {self.process}, 0
        while found != len(tree):
            found = len(tree)
            tree |= {child for child, parent in parents.items() if parent in tree}
        return sum(used.get(each, 0.0) for each in tree)


@contextmanager
def served(city: str, *, home: Path) -> Iterator[Server]:
    """A server for as long as it is wanted.

    Parameters
    ----------
    city : a name or the path of a city.toml.
    home : the workspace.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, began = f"http://127.0.0.1:{port}/", time.perf_counter()
    command = [sys.executable, "-m", "dashboard", "--city", city, "--port", str(port)]
    environment = os.environ | {"CIVICAST_HOME": str(home)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _answers(url):
            if server.poll() is not None or time.perf_counter() - began > MOST_SECONDS:
                raise RuntimeError(f"the dashboard did not begin to serve {city}")
            time.sleep(0.02)
        yield Server(url, server.pid, time.perf_counter() - began)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def browsed(**context: Any) -> Iterator[Any]:
    """A page of a browser that has opened nothing yet, in a ``context`` as Playwright calls its options."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield chromium.new_page(viewport={"width": 1440, "height": 900}, **context)
        finally:
            chromium.close()


def load_note() -> str:
    """How busy the machine was meanwhile: waiting by the clock is longer where others work too."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
