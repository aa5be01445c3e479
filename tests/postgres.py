"""A PostgreSQL of the tests' own, started where the system has one; each test gets a database of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest

__all__ = ["postgres"]

PLACES = ("/usr/lib/postgresql/*/bin/pg_ctl",)
AS_USER = ("runuser", "-u", "postgres", "--")  # PostgreSQL refuses to run as root


def _programs() -> Path | None:
    found = [each for place in PLACES for each in Path("/").glob(place.lstrip("/"))]
    onpath = shutil.which("pg_ctl")
    return max(found).parent if found else Path(onpath).parent if onpath else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Gives the URL of a new, empty database each time it is called; skips where there is no PostgreSQL."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL: install the system's package postgresql")
    root = os.geteuid() == 0
    if root and shutil.which("runuser") is None:
        pytest.skip("no way to start PostgreSQL as another user than root")
    # A folder that its user can reach; the path of its socket must be short.
    place = Path("/tmp") / f"civicast-{token_hex(6)}" if root else tmp_path_factory.mktemp("postgres")
    place.mkdir(exist_ok=True)
    if root:
        shutil.chown(place, "postgres", "postgres")
    before = AS_USER if root else ()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*before, str(programs / program), *arguments], check=True, capture_output=True, cwd=place, timeout=120
        )

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
        if root:
            shutil.rmtree(place, ignore_errors=True)
