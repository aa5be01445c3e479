"""A dashboard of its own, and how much memory it and its workers hold."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Server", "served"]

ROOT = Path(__file__).parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Server:
    """Where it answers, and its process."""

    port: int
    process: int

    @property
    def url(self) -> str:
        """Ends with a slash."""
        return f"http://127.0.0.1:{self.port}/"

    def megabytes(self, *, workers: bool = True) -> float:
        """What it holds in memory, and all processes that it started."""
        parents, held = {}, {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(stat[1])
                held[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * PAGE / 2**20
            except OSError:  # it has ended
                continue
        tree, found = {self.process}, 0
        while workers and found != len(tree):
            found = len(tree)
            tree |= {child for child, parent in parents.items() if parent in tree}
        return sum(held.get(each, 0.0) for each in tree)


@contextmanager
def served(home: Path, *, city: Path | str = "meridian") -> Iterator[Server]:
    """A dashboard started as anybody starts it, for as long as the context lasts.

    Parameters
    ----------
    home : its workspace.
    city : the one that it opens with.

    Yields
    ------
    Server
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "--port", str(port), "--city", str(city)]
    environment = os.environ | {"CIVICAST_HOME": str(home)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        server = Server(port, process.pid)
        try:
            _wait(server.url)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)


def _wait(url: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(url)
