"""The guard in front of the app: names, origins, pages, methods, sizes and headers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.app import VIEWS
from dashboard.serving.guard import HEADERS, LOOPBACK, Guard, Quota
from dashboard.serving.scripts import links_of

LOADED: dict[str, int] = {}
QUOTA = Quota(1000, 7000, 10_000, lambda: LOADED)
FILE = "/_stcore/upload_file/s1/f1"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers whatever is let through; a header of its own stays, one of the guard's does not."""
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.send_text("open")
        await socket.close()
        return
    body = await Request(scope, receive).body()
    headers = {"X-Frame-Options": "ALLOWALL", "ETag": "x"}
    await PlainTextResponse(str(len(body)), headers=headers)(scope, receive, send)


def test_pages_that_open_with_a_figure_say_what_draws_it_and_no_other() -> None:
    links = links_of()
    assert set(links) < set(VIEWS)
    name = links["outlook"].partition(">")[0].removeprefix("</static/")
    assert (Path(streamlit.__file__).parent / "static" / "static" / name).stat().st_size > 1e6
    guard = Guard(echo, hosts=LOOPBACK, pages=VIEWS, quota=QUOTA, links=links)
    client = TestClient(guard, base_url="http://localhost:8501")
    assert client.get("/outlook").headers["Link"] == links["outlook"]
    assert "Link" not in client.get("/models").headers
    assert "Link" not in client.get("/").headers


def test_where_streamlit_names_its_scripts_otherwise_none_is_said(tmp_path: Path) -> None:
    assert links_of(tmp_path) == {}


@pytest.fixture
def client() -> TestClient:
    LOADED.clear()
    guard = Guard(echo, hosts=[*LOOPBACK, "City.example"], names=["city.example"], pages=["outlook"], quota=QUOTA)
    return TestClient(guard, base_url="http://localhost:8501")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8501", 200),
        ("127.0.0.1", 200),
        ("[::1]:8501", 200),
        ("LOCALHOST.", 200),
        ("city.example", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("city.example.evil", 421),
        ("localhost@evil.example", 421),
        ("127.0.0.1.nip.example:8501", 421),
        ("", 421),
        ("[::1", 421),
    ],
)
def test_only_names_that_were_allowed_are_answered(client: TestClient, host: str, status: int) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == status
    if status == 200:
        with client.websocket_connect("/_stcore/stream", headers={"Host": host}) as socket:
            assert socket.receive_text() == "open"
    else:
        with (
            pytest.raises(WebSocketDisconnect) as closed,
            client.websocket_connect("/_stcore/stream", headers={"Host": host}),
        ):
            pass
        assert closed.value.code == 1008


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        ("http://localhost:8501", True),
        ("https://city.example", True),  # a server in front may ask for it by another name
        ("http://localhost:9999", False),
        ("http://127.0.0.1:8501", False),
        ("https://evil.example", False),
        ("null", False),
        ("http://[", False),
    ],
)
def test_only_pages_of_the_server_itself_may_ask(client: TestClient, origin: str, let_in: bool) -> None:
    headers = {"Origin": origin, "Host": "localhost:8501"}
    assert client.get("/", headers=headers).status_code == (200 if let_in else 403)
    if let_in:
        with client.websocket_connect("/_stcore/stream", headers=headers) as socket:
            assert socket.receive_text() == "open"
    else:
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream", headers=headers):
            pass


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/outlook", 200),
        ("GET", "/outlook/", 200),
        ("GET", "/static/js/a.js", 200),
        ("GET", "/media/a.svg", 200),
        ("GET", "/geometry/meridian/district.svg", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/_stcore/bidi-components/civicast.rooms/rooms.js", 200),
        ("GET", "/_stcore/bidi-components/civicast.rooms/other.js", 404),
        ("GET", "/_stcore/bidi-components/x/rooms.js", 404),
        ("DELETE", FILE, 200),
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/_stcore/agent/openapi.json", 404),
        ("POST", "/_stcore/agent/mcp", 404),
        ("GET", "/_stcore/script-health-check", 404),
        ("GET", "/_stcore/stream", 404),
        ("GET", "/component/x/index.html", 404),
        ("GET", "/app/static/x", 404),
        ("GET", "/auth/login", 404),
        ("GET", "/outlook/_stcore/metrics", 404),
        ("GET", "/elsewhere", 404),
        ("GET", FILE, 405),
        ("PUT", "/_stcore/upload_file/s1", 404),
        ("POST", "/", 405),
        ("PUT", "/media/a.svg", 405),
        ("OPTIONS", "/", 405),
    ],
)
def test_only_what_the_pages_need_is_open(client: TestClient, method: str, url: str, status: int) -> None:
    assert client.request(method, url).status_code == status


@pytest.mark.parametrize("url", ["/_stcore/metrics", "/media/x"])
def test_no_other_stream_is_open(client: TestClient, url: str) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(url):
        pass


@pytest.mark.parametrize(
    ("size", "loaded", "status"),
    [
        (1000, {}, 200),
        (1000 + 4096, {}, 200),  # what stands around a file is no part of it
        (1001 + 4096, {}, 413),
        (1000, {"s1": 6000}, 200),
        (1000, {"s1": 6001}, 413),
        (1000, {"s2": 6001}, 200),
        (1000, {"s2": 6000, "s3": 3000}, 200),
        (1000, {"s2": 6000, "s3": 3001}, 413),
    ],
)
def test_files_are_let_in_up_to_their_size_a_session_and_all(
    client: TestClient, size: int, loaded: dict[str, int], status: int
) -> None:
    LOADED.update(loaded)
    answer = client.put(FILE, content=b"x" * size)
    assert answer.status_code == status
    assert answer.text == str(size) if status == 200 else "load" in answer.text


def test_what_is_still_coming_counts_and_what_has_come_does_not(client: TestClient) -> None:
    guard = client.app
    assert isinstance(guard, Guard)
    guard._coming["s1"] = 6500
    assert client.put(FILE, content=b"x" * 501).status_code == 413
    assert client.put(FILE, content=b"x" * 500).status_code == 200
    assert dict(guard._coming) == {"s1": 6500}
    guard._coming["s2"] = guard._coming.pop("s1")
    assert client.put(FILE, content=b"x" * 4000).status_code == 413
    assert client.put(FILE, content=b"x" * 3500).status_code == 200
    assert dict(guard._coming) == {"s2": 6500}


@pytest.mark.parametrize(("chunks", "left"), [(3, 0), (8, 0), (9, 1), (90, 82)])
def test_what_is_refused_is_taken_up_to_a_limit_so_that_the_answer_arrives(chunks: int, left: int) -> None:
    guard = Guard(echo, hosts=LOOPBACK, pages=[], quota=QUOTA)
    coming = [{"type": "http.request", "body": b"x" * 1000, "more_body": True} for _ in range(chunks - 1)]
    coming.append({"type": "http.request", "body": b"x" * 1000, "more_body": False})
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-length", b"99999")]
    scope = {"type": "http", "method": "PUT", "path": FILE, "headers": headers}
    with ThreadPoolExecutor(1) as thread:  # this one has a loop already where a browser was opened in it
        thread.submit(asyncio.run, guard(scope, receive, send)).result()
    assert sent[0]["status"] == 413
    assert len(coming) == left


def test_a_file_of_no_stated_length_is_refused(client: TestClient) -> None:
    assert client.put(FILE, content=iter([b"x", b"y"])).status_code == 411
    assert client.put(FILE, content=b"x", headers={"Content-Length": "-1"}).status_code == 411


@pytest.mark.parametrize(("url", "host"), [("/", "localhost"), ("/elsewhere", "localhost"), ("/", "evil.example")])
def test_every_answer_forbids_what_a_page_could_do_to_others(client: TestClient, url: str, host: str) -> None:
    answer = client.get(url, headers={"Host": host})
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "'unsafe-inline'" not in HEADERS["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    assert not any(each in HEADERS["Content-Security-Policy"] for each in ("http", "*", "unsafe-eval"))


def test_only_sites_that_are_named_may_show_a_page_in_a_frame(client: TestClient) -> None:
    sites = ["https://intranet.example.org", "http://localhost:9000"]
    guard = Guard(echo, hosts=LOOPBACK, pages=["outlook"], quota=QUOTA, frames=sites)
    answer = TestClient(guard, base_url="http://localhost:8501").get("/")
    rules = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert rules["frame-ancestors"] == " ".join(sites)
    closed = dict(rule.split(" ", 1) for rule in client.get("/").headers["Content-Security-Policy"].split("; "))
    assert closed.pop("frame-ancestors") == "'none'"
    assert {name: rules[name] for name in closed} == closed
    # The older header knows no sites: it would forbid them all.
    assert answer.headers.get("X-Frame-Options") != "DENY"
    assert client.get("/").headers["X-Frame-Options"] == "DENY"


CLOSED = """
from dashboard.serving.asgi import create_app
from streamlit import config
guard = create_app(address="192.0.2.7", names=["city.example"])
keys = ("browser.gatherUsageStats", "client.showErrorDetails", "client.showErrorLinks", "server.enableAgentApi",
        "server.enableStaticServing", "server.enableCORS", "server.maxUploadSize", "theme.light.primaryColor")
print([config.get_option(key) for key in keys])
print(sorted(guard.hosts), sorted(guard.names), guard.hosts == set(config.get_option("server.allowedHosts")))
guard = create_app(address="0.0.0.0")
print(sorted(guard.hosts), sorted(guard.names))
"""
OPEN = """
[browser]
gatherUsageStats = true
[client]
showErrorDetails = "full"
[server]
enableStaticServing = true
enableCORS = false
"""


def test_it_is_closed_wherever_it_is_started_whatever_a_config_there_says(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(OPEN)
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "STREAMLIT_SERVER_ENABLE_AGENT_API": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", CLOSED], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "[False, 'type', False, False, False, True, 1, '#0B5D87']",
        "['127.0.0.1', '192.0.2.7', '::1', 'city.example', 'localhost'] ['city.example'] True",
        "['127.0.0.1', '::1', 'localhost'] []",
    ]
