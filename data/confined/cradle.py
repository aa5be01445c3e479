"""The process that workers are forked from: it has loaded what they need, runs none of their work and watches over them.

``python -m data.confined.cradle FD MODULE FOLDER`` is started by ``nursery``, with a socket on which each order for a worker
arrives with three or more files: the worker's channel, the socket on which its end is reported (and whose closing asks for
that end), and what the worker is to read or write. ``MODULE`` has a function ``serve(channel, arguments, files)``.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import itertools
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import orjson

from data.confined.limits import OUT_OF_MEMORY, adopt_orphans, die_with_parent, limit

__all__: list[str] = []

MOST_ORDER, MOST_FILES = 65_536, 8

Serve = Callable[[socket.socket, dict[str, Any], list[int]], None]


class Cradle:
    """The workers that are alive, each with the socket on which its end is reported."""

    def __init__(self, control: socket.socket, serve: Serve) -> None:
        self.control = control
        self.serve = serve
        self.alive: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()

    def watch(self) -> None:
        """Start workers and report their ends until nobody is left to give orders."""
        woken, wakes = socket.socketpair()
        wakes.setblocking(False)
        signal.signal(signal.SIGCHLD, _noticed)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        self.selector.register(self.control, selectors.EVENT_READ, self._order)
        self.selector.register(woken, selectors.EVENT_READ, lambda: woken.recv(4096))
        while True:
            for key, _ in self.selector.select():
                if key.data() is None:
                    return
            self._reap()

    def _order(self) -> object:
        """Fork a worker; None when there are no more orders."""
        order, files, _, _ = socket.recv_fds(self.control, MOST_ORDER, MOST_FILES)
        if not order:
            return None
        pid = os.fork()
        if pid == 0:
            _work(self.serve, orjson.loads(order), files)
        for file in (files[0], *files[2:]):
            os.close(file)
        self.alive[pid] = report = socket.socket(fileno=files[1])
        self.selector.register(report, selectors.EVENT_READ, lambda: self._end(pid, report))
        return pid

    def _end(self, pid: int, report: socket.socket) -> object:
        """Kill a worker whose end is asked for."""
        self.selector.unregister(report)
        _kill_group(pid)
        return pid

    def _reap(self) -> None:
        """Report who has ended, and kill what they left behind."""
        some = False
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                some = True
                pid, status = ended
                report = self.alive.pop(pid, None)
                if report is not None:
                    _kill_group(pid)
                    with contextlib.suppress(KeyError):
                        self.selector.unregister(report)
                    with contextlib.suppress(OSError):
                        report.send(str(os.waitstatus_to_exitcode(status)).encode())
                    report.close()
        # Only an end leaves orphans, and to look for them reads a file of each process of the machine.
        for pid in _children() - set(self.alive) if some else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _noticed(number: int, frame: FrameType | None) -> None:
    """A signal handler that leaves it to the wake-up file."""


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _children() -> set[int]:
    """The processes whose parent this one is, adopted ones among them."""
    return set(_offspring(os.getpid()))


def _offspring(parent: int) -> Iterator[int]:
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", "rb") as stat:
            # The name of a program, in brackets, may itself hold brackets and spaces.
            if int(stat.read().rpartition(b")")[2].split(maxsplit=2)[1]) == parent:
                yield int(pid)


def _work(serve: Serve, order: dict[str, Any], files: list[int]) -> None:
    """Be a worker, from its birth to its end."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        die_with_parent()
        _keep_open(files[0], *files[2:])
        limit(order["memory"], order["written"])
        serve(socket.socket(fileno=files[0]), order["arguments"], files[2:])
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    except OSError as error:
        status = OUT_OF_MEMORY if error.errno == errno.ENOMEM else status
    finally:
        # Nothing of the cradle's own is to be flushed, joined or run at a worker's exit.
        os._exit(status)


def _keep_open(*files: int) -> None:
    """Close all files but these and the three of every process."""
    kept = [2, *sorted(files), os.sysconf("SC_OPEN_MAX")]
    for low, high in itertools.pairwise(kept):
        os.closerange(low + 1, high)


def main(file: str, module: str, scratch: str) -> None:
    """Load what workers need, say so, and watch; at the end what they wrote into their folder is removed.

    Parameters
    ----------
    file : the number of the control socket.
    module : what is loaded.
    scratch : the workers' folder.
    """
    serve: Serve = importlib.import_module(module).serve
    control = socket.socket(fileno=int(file))
    control.send(b"ready")
    adopt_orphans()
    gc.freeze()  # workers share what was loaded for as long as nobody writes to it, and a collection would
    cradle = Cradle(control, serve)
    try:
        cradle.watch()
    finally:
        for pid in cradle.alive:
            _kill_group(pid)
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
