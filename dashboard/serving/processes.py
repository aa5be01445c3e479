"""Several server processes behind one address: each visitor stays with the process that holds their session.

A session, what it loads and what it downloads live in one process. So whoever opens a page is led to the process with the
fewest visitors, whose answer sets a cookie with its number; all that carries the cookie goes there. Nothing else is decided
here: each process has the guard before it.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any
from zlib import crc32

from dashboard.serving.guard import LOOPBACK

__all__ = ["QUEUE", "Process", "chosen", "closing", "cookie_of", "serve_behind", "watch_parent"]

MOST_HEAD = 1 << 16  # bytes of a request's head
HEAD_SECONDS = 60.0  # in which it must have come
CHUNK = 1 << 16
LOOK_SECONDS = 0.5  # between two looks for a process that has ended
SOON_SECONDS = 20.0  # a process that ends by itself so soon after its start would end again
STOP_SECONDS = 10.0  # in which a process must end when it is told to
QUEUE = 2048  # connections that wait to be taken
SPAWN = get_context("spawn")
# What lives in the process of a session; every process answers all else alike.
OF_A_SESSION = re.compile(rb"[A-Z]+ /(_stcore|media)/")
UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)
CONNECTION = re.compile(rb"\r\n(connection|keep-alive):[^\r\n]*", re.IGNORECASE)
TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
NOBODY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"


@dataclass(eq=False)
class Process:
    """A server process: the socket on which it listens, when it was started, and how many connections lead to it.

    ``last`` is the turn in which it was last given a visitor.
    """

    number: int
    listening: socket.socket
    running: BaseProcess
    since: float
    open: int = 0
    last: int = -1


def cookie_of(port: int) -> str:
    """What the cookie is called; by the port, because browsers show cookies to all ports of a host."""
    return f"civicast_process_{port}"


def chosen(processes: Sequence[Process], head: bytes, *, cookie: str, address: str, turn: int) -> Process | None:
    """The process to which a request goes.

    Parameters
    ----------
    processes : all of them.
    head : of the request.
    cookie : what the cookie is called.
    address : of the visitor. Where a browser keeps no cookie, as in a frame of another site, a session is found by it.
    turn : a number that rises, by which those with equally many visitors come one after the other.

    Returns
    -------
    Process or None
        None where none is running.
    """
    running = [each for each in processes if each.running.is_alive()]
    named = re.search(rb"\r\ncookie:[^\r\n]*\b%s=(\d+)" % cookie.encode(), head, re.IGNORECASE)
    for each in running:
        if named and each.number == int(named[1]):
            return each
    if not running:
        return None
    if OF_A_SESSION.match(head):
        return running[crc32(address.encode()) % len(running)]
    found = min(running, key=lambda each: (each.open, each.last))
    found.last = turn
    return found


def closing(head: bytes) -> bytes:
    """The head of a request whose connection serves no other: the next on it might be of another visitor."""
    if UPGRADE.search(head):
        return head
    return CONNECTION.sub(b"", head).removesuffix(b"\r\n\r\n") + b"\r\nConnection: close\r\n\r\n"


def serve_behind(serve: Callable[..., None], given: Any, *, host: str, port: int, processes: int) -> None:
    """Serve by several processes until this one is told to end; one that ends is started again.

    Parameters
    ----------
    serve : what each does, of a module's top: of ``given``, its number and the sockets on which it is to listen.
    given : to each; it must pickle.
    host, port : of the one address.
    processes : how many.

    Raises
    ------
    OSError
        When the address is taken, or does not exist here.
    RuntimeError
        When a process fails as soon as it has begun.
    """
    asyncio.run(_House(serve, given, port=port, processes=processes).stand(host))


class _House:
    def __init__(self, serve: Callable[..., None], given: Any, *, port: int, processes: int) -> None:
        self.serve, self.given, self.port, self.most = serve, given, port, processes
        self.cookie, self.turn = cookie_of(port), 0
        self.processes: list[Process] = []

    def _begun(self, number: int, listening: socket.socket) -> Process:
        # Not a daemon: it has workers of its own.
        running = SPAWN.Process(target=self.serve, args=(self.given, number, [listening]), name=f"server-{number}")
        running.start()
        return Process(number, listening, running, time.monotonic())

    async def stand(self, host: str) -> None:
        ended = asyncio.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows has no handlers; there an interrupt ends the loop itself
                asyncio.get_running_loop().add_signal_handler(each, ended.set)
        server = await asyncio.start_server(self._led, host, self.port, limit=MOST_HEAD, backlog=QUEUE)
        try:
            self.processes = [self._begun(number, _listening()) for number in range(self.most)]
            while not ended.is_set():
                self._begin_again()
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), LOOK_SECONDS)
        finally:
            server.close()
            self._stop()

    def _begin_again(self) -> None:
        for index, each in enumerate(self.processes):
            if each.running.is_alive():
                continue
            if (each.running.exitcode or 0) > 0 and time.monotonic() - each.since < SOON_SECONDS:
                raise RuntimeError(f"server process {each.number} ended with {each.running.exitcode} as it began")
            self.processes[index] = self._begun(each.number, each.listening)

    def _stop(self) -> None:
        for each in self.processes:
            each.running.terminate()
        for each in self.processes:
            each.running.join(STOP_SECONDS)
            if each.running.is_alive():
                each.running.kill()
            each.listening.close()

    async def _led(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead a connection to a process, and pass on what both say until one of them ends."""
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            self.turn += 1
            address = str((writer.get_extra_info("peername") or ("",))[0])
            process = chosen(self.processes, head, cookie=self.cookie, address=address, turn=self.turn)
            if process is None:
                writer.write(NOBODY)
            else:
                await _passed(process, closing(head), reader, writer)
        except asyncio.LimitOverrunError:
            writer.write(TOO_LONG)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass  # one of the two has gone
        finally:
            writer.close()


async def _passed(process: Process, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    inner_reader, inner_writer = await asyncio.open_connection(*process.listening.getsockname())
    process.open += 1
    try:
        inner_writer.write(head)
        ways = {asyncio.create_task(_pass(reader, inner_writer)), asyncio.create_task(_pass(inner_reader, writer))}
        _, going = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for each in going:
            each.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
    finally:
        process.open -= 1
        inner_writer.close()


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while chunk := await source.read(CHUNK):
        target.write(chunk)
        await target.drain()


def _listening() -> socket.socket:
    """A socket on a free port of this machine: what comes while its process is started again waits in it."""
    made = socket.create_server((LOOPBACK[1], 0), backlog=QUEUE)
    made.set_inheritable(True)
    return made


def watch_parent() -> None:
    """Let this process end when the one that started it has ended, however it did."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
