"""A PostgreSQL of one's own, started where the system has one; each call gives another, empty database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

__all__ = ["postgres_lacks", "started_postgres"]

AS_USER = ("runuser", "-u", "postgres", "--")  # PostgreSQL refuses to run as root


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    onpath = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(onpath).parent if onpath else None


def postgres_lacks() -> str:
    """Why no PostgreSQL can be started here; "" where one can."""
    if _programs() is None:
        return "no PostgreSQL: install the system's package postgresql"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "no way to start PostgreSQL as another user than root"
    return ""


@contextmanager
def started_postgres() -> Iterator[Callable[[], str]]:
    """A server while the context lasts; what it gives makes an empty database and returns its URL."""
    programs = _programs()
    assert programs is not None
    root = os.geteuid() == 0
    before = AS_USER if root else ()
    with tempfile.TemporaryDirectory(prefix="civicast-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        if root:
            shutil.chown(place, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]

        def run(program: str, *arguments: str) -> None:
            command = [*before, str(programs / program), *arguments]
            subprocess.run(command, check=True, capture_output=True, cwd=place, timeout=120)

        data = place / "data"
        run("initdb", "-D", str(data), "-U", "civicast", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(place / "log"), "-w", "start")

        def database() -> str:
            name = f"t{token_hex(6)}"
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "civicast", name)
            return f"postgresql+psycopg://civicast@127.0.0.1:{port}/{name}"

        try:
            yield database
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
