"""Several server processes behind one address: who stays where, what is passed on whole, and what ends or begins again."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from websockets.sync.client import connect

from dashboard.__main__ import main
from dashboard.serving.processes import Process, chosen, closing, cookie_of

ROOT = Path(__file__).parent.parent
COMMAND = """
from dashboard.serving.processes import serve_behind
from tests.toy_server import serve
serve_behind(serve, {port}, host="127.0.0.1", port={port}, processes=2)
"""
FILE = "/_stcore/upload_file/s1/f1"
COOKIE = cookie_of(8501)
SECONDS = 30.0
T = TypeVar("T")


def process(number: int, *, visitors: int = 0, alive: bool = True) -> Process:
    running: Any = SimpleNamespace(is_alive=lambda: alive)
    nobody: Any = None
    return Process(number, nobody, running, 0.0, visitors)


def number_of(processes: list[Process], head: bytes, *, address: str = "192.0.2.1", turn: int = 1) -> int | None:
    found = chosen(processes, head, cookie=COOKIE, address=address, turn=turn)
    return None if found is None else found.number


def asking(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n{f'Cookie: {cookie}' if cookie else 'Accept: */*'}\r\n\r\n".encode()


@pytest.mark.parametrize("path", ["/", "/outlook", "/media/x.csv", "/_stcore/stream"])
def test_a_visitor_stays_with_their_process(path: str) -> None:
    processes = [process(0), process(1, visitors=9), process(11)]
    assert number_of(processes, asking(path, f"{COOKIE}=1")) == 1
    assert number_of(processes, asking(path, f"a=2; {COOKIE}=11; b=0")) == 11
    assert number_of(processes, asking(path, f"a=2; {COOKIE}=1").replace(b"Cookie", b"cookie")) == 1


@pytest.mark.parametrize(
    "cookie", ["", f"{COOKIE}=7", f"{COOKIE}=x", f"{COOKIE}0=1", f"x{COOKIE}=1", "civicast_process_85=1"]
)
def test_who_has_no_process_goes_where_the_fewest_are(cookie: str) -> None:
    assert number_of([process(0, visitors=1), process(1, visitors=2)], asking("/", cookie)) == 0
    assert number_of([process(0, visitors=3), process(1, visitors=2)], asking("/", cookie)) == 1


def test_those_with_as_many_visitors_come_in_turn() -> None:
    processes = [process(0), process(1), process(2)]
    assert [number_of(processes, asking("/"), turn=turn) for turn in range(6)] == [0, 1, 2, 0, 1, 2]


def test_where_no_cookie_is_kept_a_session_is_found_by_the_visitors_address() -> None:
    processes = [process(0), process(1)]
    for path in ("/_stcore/stream", "/media/x.csv"):
        assert {number_of(processes, asking(path), address="192.0.2.1", turn=turn) for turn in range(5)} == {1}
        assert {number_of(processes, asking(path), address="192.0.2.4", turn=turn) for turn in range(5)} == {0}


def test_nobody_is_led_to_a_process_that_has_ended() -> None:
    ended = [process(0, alive=False), process(1)]
    assert number_of(ended, asking("/", f"{COOKIE}=0")) == 1
    assert number_of(ended[:1], asking("/")) is None


def test_a_connection_serves_one_request_unless_it_is_a_stream() -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nCookie: a=b\r\n\r\n"
    assert closing(head) == b"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nConnection: close\r\n\r\n"
    stream = b"GET /_stcore/stream HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    assert closing(stream) == stream


# Two processes of a toy behind one address


@dataclass
class Answer:
    """What came back: the number and the system's name of the process that answered, what it counted, and its cookie."""

    status: int
    text: str
    cookie: str

    @property
    def number(self) -> int:
        return int(self.text.split()[0])

    @property
    def process(self) -> int:
        return int(self.text.split()[1])


@dataclass
class House:
    port: int
    front: subprocess.Popen[bytes]

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
            return Answer(answer.status, answer.read().decode(), cookie)
        finally:
            connection.close()

    def cookie(self, number: int) -> dict[str, str]:
        return {"Cookie": f"a=b; {cookie_of(self.port)}={number}"}


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def none_alive(processes: list[int]) -> bool:
    return not any(map(alive, processes))


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    yield from a_house()


def a_house() -> Iterator[House]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    front = subprocess.Popen([sys.executable, "-c", COMMAND.format(port=port)], cwd=ROOT)
    try:
        found = House(port, front)
        until(lambda: _answers(found))
        yield found
    finally:
        front.kill()
        front.wait()


def _answers(house: House) -> bool:
    try:
        return house.ask("/").status == 200
    except OSError:
        return False


def test_visitors_are_spread_and_each_stays(house: House) -> None:
    first, second = house.ask("/"), house.ask("/outlook")
    assert {first.number, second.number} == {0, 1}
    for answer in (first, second):
        assert answer.cookie == f"{cookie_of(house.port)}={answer.number}"
        for path in ("/", "/outlook", "/media/x.csv", "/geometry/x"):
            again = house.ask(path, Cookie=answer.cookie)
            assert (again.process, again.cookie) == (answer.process, "")


def test_a_stream_leads_to_the_process_of_its_cookie_and_sets_it_where_it_is_another(house: House) -> None:
    url = f"ws://127.0.0.1:{house.port}/_stcore/stream"
    for number in (0, 1):
        with connect(url, additional_headers=house.cookie(number)) as stream:
            for size in (1, 200_000):
                stream.send("x" * size)
                assert stream.recv() == f"{number} {size}"
            assert stream.response is not None
            assert "Set-Cookie" not in stream.response.headers
    with connect(url, additional_headers=house.cookie(5)) as stream:
        stream.send("x")
        number = str(stream.recv()).split()[0]
        assert stream.response is not None
        assert stream.response.headers["Set-Cookie"].startswith(f"{cookie_of(house.port)}={number};")


def test_a_file_comes_through_whole(house: House) -> None:
    answer = house.ask(FILE, method="PUT", body=b"x" * 700_000, **house.cookie(1))
    assert (answer.status, answer.number, answer.text.split()[2]) == (200, 1, "700000")


def test_the_guard_stands_before_each_process(house: House) -> None:
    for number in (0, 1):
        cookie = house.cookie(number)
        assert house.ask("/", Host="evil.example", **cookie).status == 421
        assert house.ask("/", Origin="https://evil.example", **cookie).status == 403
        assert house.ask("/_stcore/metrics", **cookie).status == 404
        assert house.ask(FILE, method="PUT", body=b"x" * (2 << 20), **cookie).status == 413


def test_a_second_request_on_a_connection_is_not_answered_as_another_visitors(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.port), timeout=SECONDS) as connection:
        for number in (0, 1):
            cookie = f"{cookie_of(house.port)}={number}"
            connection.sendall(f"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.count(b"HTTP/1.1 200") == 1
    assert re.search(rb"connection: close", received, re.IGNORECASE)


def test_a_head_without_end_is_refused(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.port), timeout=SECONDS) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * (1 << 16))
        assert connection.recv(100).startswith(b"HTTP/1.1 431")


def test_when_a_process_is_killed_its_visitors_are_led_on_and_it_begins_again(house: House) -> None:
    killed = house.ask("/", **house.cookie(0)).process
    os.kill(killed, signal.SIGKILL)
    until(lambda: not alive(killed))
    assert house.ask("/", **house.cookie(1)).number == 1
    led_on = house.ask("/", **house.cookie(0))
    assert led_on.cookie == ("" if led_on.number == 0 else f"{cookie_of(house.port)}=1")
    until(lambda: house.ask("/", **house.cookie(0)).number == 0)
    assert house.ask("/", **house.cookie(0)).process != killed


def test_when_it_is_told_to_end_all_its_processes_do() -> None:
    for signalled in (signal.SIGTERM, signal.SIGKILL):
        houses = a_house()
        house = next(houses)
        processes = [house.ask("/", **house.cookie(number)).process for number in (0, 1)]
        assert len({*processes, house.front.pid}) == 3
        house.front.send_signal(signalled)
        assert house.front.wait(SECONDS) == (0 if signalled == signal.SIGTERM else -signal.SIGKILL)
        until(partial(none_alive, processes))
        houses.close()


def apart(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of its own: a browser that a test before it used may have left a loop running in this one."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=4 * SECONDS)


def test_an_address_that_is_taken_is_told_in_one_line(sample_city: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = apart("-m", "dashboard", "--city", str(sample_city), "--port", port, "--processes", "2")
    assert done.returncode == 2
    assert "cannot be listened on" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("given", ["0", "33", "1.5", "many"])
def test_a_number_of_processes_that_makes_no_sense_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--processes", given])
    assert ended.value.code == 2
    assert given in capsys.readouterr().err


def test_processes_that_end_as_they_begin_are_not_begun_for_ever() -> None:
    given = "sys.exit, '', host='127.0.0.1', port=0, processes=1"
    done = apart("-c", f"import sys\nfrom dashboard.serving.processes import serve_behind\nserve_behind({given})")
    assert done.returncode == 1
    assert "as it began" in done.stderr
