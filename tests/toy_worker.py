"""A worker that does whatever it is asked to, for better or worse."""

from __future__ import annotations

import mmap
import os
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.confined.wire import HEAD, receive, send


def serve(channel: socket.socket, arguments: Mapping[str, Any], files: list[int]) -> None:
    while True:
        deed, _, of = receive(channel).decode().partition(" ")
        send(channel, DEEDS[deed](of, channel))


def fork(of: str, channel: socket.socket) -> bytes:
    """Leave a process in the worker's group and one in none, and hang."""
    for group in (os.getpgid(0), 0):
        if os.fork() == 0:
            os.setpgid(0, group)
            Path(of, str(os.getpid())).touch()
            time.sleep(600)
    time.sleep(600)
    return b""


def write(of: str, channel: socket.socket) -> bytes:
    try:
        Path(of).write_bytes(bytes(2 << 20))
    except OSError as error:
        return str(error).encode()
    return b"written"


def lie(of: str, channel: socket.socket) -> bytes:
    channel.sendall(HEAD.pack(1 << 60))
    time.sleep(600)
    return b""


def leave(status: str, channel: socket.socket) -> bytes:
    os._exit(int(status))


def answer_and_leave(of: str, channel: socket.socket) -> bytes:
    send(channel, b"gone")
    os._exit(0)


def kill(pid: int) -> bytes:
    os.kill(pid, signal.SIGKILL)
    time.sleep(600)
    return b""


DEEDS = {
    "": answer_and_leave,
    "echo": lambda of, channel: of.encode(),
    "sleep": lambda of, channel: time.sleep(600),
    "take": lambda of, channel: bytes(8 << 30),
    "map": lambda of, channel: mmap.mmap(-1, 8 << 30)[:1],
    "raise": lambda of, channel: 1 / 0,
    "leave": leave,
    "kill": lambda of, channel: kill(os.getpid()),
    "kill_parent": lambda of, channel: kill(os.getppid()),
    "answer": lambda of, channel: bytes(int(of)),
    "lie": lie,
    "fork": fork,
    "write": write,
    "secret": lambda of, channel: os.environ.get(of, "unknown").encode(),
    "files": lambda of, channel: " ".join(sorted(os.listdir("/proc/self/fd"), key=int)).encode(),
}
