"""A server with a workspace of its own, and a browser that opens its pages."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

__all__ = ["CHROMIUM", "MOST_SECONDS", "ROOT", "Server", "browsed", "load_note", "served", "served_bare"]

ROOT = Path(__file__).parent.parent
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MOST_SECONDS = 300
RESTS = 3  # seconds in a row, each with less than a tenth of work


@dataclass(frozen=True)
class Server:
    """Where it answers, its process, and the seconds until it answered."""

    url: str
    process: int
    seconds: float

    @property
    def port(self) -> int:
        """On which it listens."""
        return urlsplit(self.url).port or 0

    def cpu_seconds(self) -> float:
        """What it and all that it started have used so far: the same however busy the machine is."""
        return sum(sum(map(int, stat[11:15])) for stat in self._stats().values()) / os.sysconf("SC_CLK_TCK")

    def rest(self) -> None:
        """Wait until it and its workers have nothing left to do: what is made before anybody asks takes minutes.

        Raises
        ------
        TimeoutError
            When it never rests.
        """
        still, until, before = 0, time.perf_counter() + MOST_SECONDS, self.cpu_seconds()
        while still < RESTS:
            if time.perf_counter() > until:
                raise TimeoutError(f"the server did not rest within {MOST_SECONDS} s")
            time.sleep(1)
            now = self.cpu_seconds()
            still, before = still + 1 if now - before < 0.1 else 0, now

    def megabytes(self, *, workers: bool = True) -> float:
        """What it holds in memory, and all processes that it started."""
        pages = (int(stat[21]) for process, stat in self._stats().items() if workers or process == self.process)
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _stats(self) -> dict[int, list[str]]:
        """Of it and of all that it started what the system counts, from the state on (see proc_pid_stat(5))."""
        stats: dict[int, list[str]] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended
                stats[int(entry.name)] = (entry / "stat").read_text().rpartition(")")[2].split()
        tree, found = {self.process}, 0
        while found != len(tree):
            found = len(tree)
            tree |= {each for each, stat in stats.items() if int(stat[1]) in tree}
        return {each: stats[each] for each in tree if each in stats}


@contextmanager
def served(city: Path | str, *, home: Path, processes: int = 1) -> Iterator[Server]:
    """A dashboard for as long as it is wanted.

    Parameters
    ----------
    city : a name or the path of a city.toml.
    home : the workspace.
    processes : that serve behind the address.
    """
    port = _free_port()
    command = ["-m", "dashboard", "--city", str(city), "--port", str(port), "--processes", str(processes)]
    with _started(command, port=port, home=home) as server:
        yield server


@contextmanager
def served_bare(script: Path, *, home: Path) -> Iterator[Server]:
    """Streamlit alone with one script, as it starts when nobody has told it anything but not to ask the internet.

    Parameters
    ----------
    script : that draws the page.
    home : a folder without settings.
    """
    port = _free_port()
    command = ["-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true"]
    with _started([*command, "--browser.gatherUsageStats", "false"], port=port, home=home, folder=home) as server:
        yield server


@contextmanager
def _started(command: Sequence[str], *, port: int, home: Path, folder: Path = ROOT) -> Iterator[Server]:
    url, began = f"http://127.0.0.1:{port}/", time.perf_counter()
    environment = os.environ | {"CIVICAST_HOME": str(home)}
    server = subprocess.Popen(
        [sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(url):
            if server.poll() is not None or time.perf_counter() - began > MOST_SECONDS:
                raise RuntimeError(f"nothing began to serve by {' '.join(command)}")
            time.sleep(0.02)
        yield Server(url, server.pid, time.perf_counter() - began)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


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
