"""A server started as anybody starts it: what it answers to whom, and what many visitors and their files take of memory."""

from __future__ import annotations

import asyncio
import http.client
import re
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

from benchmarks.rows import Row
from benchmarks.serving import Server, served
from benchmarks.visitors import Visitor, connected

__all__ = ["rows"]

SESSIONS = 50
ROUNDS = 3
QUOTA = 64  # megabytes of files that the server holds for all
MOST = (1 << 20) - 4096  # bytes of a file, with room for what stands around it
# What nobody who has not opened a page may reach, by method: whatever Streamlit serves beside pages and their parts.
CLOSED = (
    ("PUT", "/_stcore/upload_file/made-up/file"),
    ("DELETE", "/_stcore/upload_file/made-up/file"),
    ("OPTIONS", "/_stcore/upload_file/made-up/file"),
    ("GET", "/_stcore/upload_file/made-up/file"),
    ("POST", "/_stcore/upload_file/made-up/file"),
    ("PUT", "/outlook/_stcore/upload_file/made-up/file"),
    ("GET", "/_stcore/metrics"),
    ("GET", "/outlook/_stcore/metrics"),
    ("GET", "/_stcore/script-health-check"),
    ("GET", "/_stcore/message?hash=x"),
    ("GET", "/_stcore/allowed-message-origins"),
    ("GET", "/_stcore/agent/openapi.json"),
    ("POST", "/_stcore/agent/mcp"),
    ("GET", "/_stcore/agent"),
    ("GET", "/_stcore/bidi-components/x/y.js"),
    ("GET", "/component/x/index.html"),
    ("GET", "/app/static/x"),
    ("GET", "/media/" + "0" * 56 + ".csv"),
    ("GET", "/media/../dashboard/app.py"),
    ("GET", "/static/../../../../../../etc/passwd"),
    ("GET", "/geometry/..%2f..%2fetc/passwd.geojson"),
    ("GET", "/auth/login"),
    ("GET", "/oauth2callback"),
    ("POST", "/"),
    ("TRACE", "/"),
)
# Pages elsewhere, and names that were never allowed: nothing at all may be reached as them.
FOREIGN = ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"})
OPEN = ("/", "/outlook", "/_stcore/health", "/_stcore/host-config", "/geometry/meridian/district.geojson")


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Routes, then rounds of visitors, then visitors who load as many files as they can."""
    sessions = 3 if quick else SESSIONS
    with tempfile.TemporaryDirectory() as folder, served("meridian", home=Path(folder) / "home") as server:
        yield _open_routes(server)
        alone, _ = asyncio.run(_visited(server, 1))  # whoever comes first waits for what all later ones read
        held = [asyncio.run(_visited(server, sessions)) for _ in range(ROUNDS)]
        note = f"{sessions} sessions on Meridian's overview at once, {ROUNDS} times; MB of the server, {alone:.0f} at one, "
        note += f"then {', '.join(f'{own:.0f}' for own, _ in held)}; with its workers "
        note += ", ".join(f"{whole:.0f}" for _, whole in held)
        yield Row("sessions_memory", held[-1][0] / held[0][0], "× the first round", 1.1, note=note)
        yield Row("sessions_memory_whole", held[-1][1] / held[0][1], "× the first round", 1.1, note="with its workers")
        grown, taken, refused = asyncio.run(_flooded(server, 6 if quick else SESSIONS))
        note = f"{taken} files of 1 MB were taken and {refused} refused; the quota is {QUOTA} MB"
        yield Row("upload_flood_mb", grown, "MB", QUOTA * 1.2, note=note)


def _open_routes(server: Server) -> Row:
    """Requests of somebody who has no session, and of pages elsewhere."""
    reached = [f"{method} {path}" for method, path in CLOSED if _status(server, method, path) < 400]
    for headers in FOREIGN:
        reached += [f"{path} {headers}" for path in OPEN if _status(server, "GET", path, **headers) < 400]
    answered = sum(_status(server, "GET", path) == 200 for path in OPEN)
    asked = len(CLOSED) + len(FOREIGN) * len(OPEN)
    note = f"{asked} requests without a session or from elsewhere; its own pages answer {answered} of {len(OPEN)}"
    return Row("routes_open", len(reached), "routes", 0, note="; ".join([note, *reached]))


def _status(server: Server, method: str, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, body=b"x" if method in {"PUT", "POST"} else None, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


async def _visited(server: Server, sessions: int) -> tuple[float, float]:
    """The megabytes that the server holds, alone and with its workers, once so many have seen its first page and are there."""
    async with AsyncExitStack() as there:
        people = [Visitor(await there.enter_async_context(connected(server))) for _ in range(sessions)]
        await asyncio.gather(*(each.ask() for each in people))
        held = server.megabytes(workers=False), server.megabytes()
    await asyncio.sleep(2)  # the server learns that they have left
    return held


async def _flooded(server: Server, sessions: int) -> tuple[float, int, int]:
    """By how many megabytes the server grows when each of some sessions loads eight files, and how many were taken."""
    async with AsyncExitStack() as there:
        people = [Visitor(await there.enter_async_context(connected(server))) for _ in range(sessions)]
        await asyncio.gather(*(each.ask() for each in people))
        cookie = await asyncio.to_thread(_cookie, server)
        before = server.megabytes(workers=False)
        statuses = [await asyncio.to_thread(_load, server, each.session, cookie) for each in people for _ in range(8)]
        grown = server.megabytes(workers=False) - before
    taken = statuses.count(204)
    assert taken + statuses.count(413) == len(statuses), set(statuses)
    return grown, taken, len(statuses) - taken


def _cookie(server: Server) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/_stcore/health")
    found = re.search(r"_streamlit_xsrf=([^;]+)", connection.getresponse().getheader("Set-Cookie") or "")
    connection.close()
    return found[1] if found else ""


def _load(server: Server, session: str, cookie: str) -> int:
    """The status of one file of the largest size."""
    edge = uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="plan.toml"\r\n\r\n'
    body = head.encode() + bytes(MOST) + f"\r\n--{edge}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Cookie": f"_streamlit_xsrf={cookie}",
        "X-Xsrftoken": cookie,
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("PUT", f"/_stcore/upload_file/{session}/{uuid4()}", body=body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
