"""Confined workers as their callers see them: started in milliseconds, asked in bytes, ended in one of a few ways."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import orjson

from data.confined.errors import Ended
from data.confined.limits import OUT_OF_MEMORY, Limits
from data.confined.wire import TooLarge, receive, send

__all__ = ["Nursery", "Worker", "can_confine", "sandbox"]

STARTING = 60.0  # seconds in which libraries must be loaded
ENDING = 5.0  # seconds in which a killed worker must be reported
SCRATCH = 1 << 30  # bytes that all workers of a sandbox may write together
MEGABYTE = 1 << 20
# What of the environment a worker is given: nothing that may be a secret.
ENVIRONMENT = ("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")
# Where people keep what is theirs: a sandbox shows them empty, but for the libraries that lie there.
HIDDEN = ("/home", "/root", "/tmp", "/var/tmp", "/run", "/mnt", "/media", "/srv")


def can_confine() -> bool:
    """Whether workers can be confined here: on Linux, whose limits of memory hold and whose processes die with their parent."""
    return sys.platform == "linux"


def sandbox() -> str | None:
    """Bubblewrap's program, which keeps workers from the network and from files; None where it is not installed."""
    return shutil.which("bwrap")


class Worker:
    """One process, asked by one thread at a time. It ends when it is closed, or by what ``Ended`` says."""

    def __init__(
        self, channel: socket.socket, report: socket.socket, limits: Limits, *, lost: Callable[[], None]
    ) -> None:
        self._channel, self._report, self._limits, self._lost = channel, report, limits, lost
        self._drop = weakref.finalize(self, _closed, channel, report)  # which ends it, should nobody close it

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def ask(self, request: bytes, *, seconds: float | None = None) -> bytes:
        """The answer to a request.

        Parameters
        ----------
        request : what the worker's function receives.
        seconds : until the answer must be there (default: those of the worker's limits).

        Returns
        -------
        What the worker's function sends.

        Raises
        ------
        Ended
            When the worker ends instead, or is ended for what it took.
        """
        most = self._limits.seconds if seconds is None else seconds
        try:
            send(self._channel, request, seconds=most)
            return receive(self._channel, most=self._limits.answer, seconds=most)
        except TimeoutError:
            self.close()
            raise Ended("by_time", seconds=most) from None
        except TooLarge:
            self.close()
            raise Ended("by_answer", megabytes=self._limits.answer / MEGABYTE) from None
        except (EOFError, OSError):
            raise self._reason(self.close()) from None

    def _reason(self, status: int | None) -> Ended:
        if status == OUT_OF_MEMORY:
            return Ended("by_memory", megabytes=self._limits.memory / MEGABYTE)
        if status is not None and status < 0:
            names = {each.value: each.name for each in signal.Signals}
            return Ended("by_signal", signal=names.get(-status, str(-status)))
        return Ended("no_worker") if status is None else Ended("by_exit", status=status)

    def close(self) -> int | None:
        """End the worker and all that it started; its status, or None where nobody is left to tell it."""
        if not self._drop.alive:
            return None
        try:
            with contextlib.suppress(TimeoutError):
                # A worker that ended by itself has been reported already, or is about to be.
                return self._status(0.05)
            self._report.shutdown(socket.SHUT_WR)
            with contextlib.suppress(TimeoutError):
                return self._status(ENDING)
        except OSError:
            return None
        finally:
            self._drop()
        self._lost()  # nobody ends workers any more: they go with the process that they were forked from
        return None

    def _status(self, seconds: float) -> int | None:
        self._report.settimeout(seconds)
        status = self._report.recv(16)
        return int(status) if status else None


class Nursery:
    """A process with a module loaded, and workers that are forked from it; safe to use from many threads.

    The module has a function ``serve(channel, arguments, files)``: what a worker does. The process is started when the
    first worker is asked for, and anew when it has been killed.
    """

    def __init__(self, module: str, *, threads: int | None = None) -> None:
        self._module = module
        self._threads = threads
        self._lock = threading.Lock()
        self._running: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    def start(self, arguments: Mapping[str, Any], *, limits: Limits, files: Sequence[int] = ()) -> Worker:
        """A new worker.

        Parameters
        ----------
        arguments : plain values, given to the module's function.
        limits : what the worker may take.
        files : open files that it may use, in the order in which it is given them.

        Returns
        -------
        To be closed by whoever asked for it.

        Raises
        ------
        Ended
            When the process that workers are forked from cannot be started.
        """
        order = orjson.dumps({"arguments": arguments, "memory": limits.memory, "written": limits.written})
        ours, theirs = socket.socketpair()
        report, reports = socket.socketpair()
        with theirs, reports:
            try:
                self._send(order, [theirs.fileno(), reports.fileno(), *files])
            except BaseException:
                ours.close()
                report.close()
                raise
        return Worker(ours, report, limits, lost=self.stop)

    def begin(self) -> None:
        """Start the process, so that the first worker need not wait for it.

        Raises
        ------
        Ended
            When it cannot be started.
        """
        with self._lock:
            self._control()

    def stop(self) -> None:
        """End the process and all workers."""
        with self._lock:
            self._stop()

    def _send(self, order: bytes, files: Sequence[int]) -> None:
        with self._lock:
            if self._running is not None and self._running[0].poll() is not None:
                self._stop()
            for last in (False, True):
                control = self._control()
                try:
                    socket.send_fds(control, [order], files)
                    return
                except OSError as error:  # killed a moment ago, or deaf
                    self._stop()
                    if last:
                        raise Ended("no_worker") from error

    def _control(self) -> socket.socket:
        if self._running is None:
            # No thread may fork while another starts a program: the pair is not inherited but by name.
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            scratch = tempfile.mkdtemp(prefix="civicast-confined-")
            with theirs:
                process = _started(
                    _program(theirs.fileno(), self._module, scratch),
                    env=_environment(scratch, self._threads),
                    cwd=scratch,
                    file=theirs.fileno(),
                )
            self._running = process, ours
            self._finalizer = weakref.finalize(self, _end, process, ours, scratch)
            ours.settimeout(STARTING)
            with contextlib.suppress(OSError):
                if ours.recv(16):
                    return ours
            self._stop()
            raise Ended("no_worker")
        return self._running[1]

    def _stop(self) -> None:
        if self._running is not None:
            self._running = None
            self._finalizer()


def _closed(*sockets: socket.socket) -> None:
    for each in sockets:
        each.close()


def _end(process: subprocess.Popen[bytes], control: socket.socket, scratch: str) -> None:
    control.close()  # it ends its workers and itself
    try:
        process.wait(timeout=ENDING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(scratch, ignore_errors=True)


def _started(program: Sequence[str], *, env: Mapping[str, str], cwd: str, file: int) -> subprocess.Popen[bytes]:
    """A process, started by a thread that lives as long as it does.

    A sandbox ends with its parent, and for the system that is the thread that started it: whoever asks for the first worker
    may be a thread that draws one page.
    """
    started: Future[subprocess.Popen[bytes]] = Future()

    def tend() -> None:
        try:
            process = subprocess.Popen(
                program,
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[file],
                start_new_session=True,  # what interrupts a command line ends its workers by closing their channels
            )
        except BaseException as error:  # noqa: BLE001 - it is raised where the process is waited for
            started.set_exception(error)
        else:
            started.set_result(process)
            process.wait()

    threading.Thread(target=tend, name="nursery", daemon=True).start()
    return started.result()


def _environment(scratch: str, threads: int | None) -> dict[str, str]:
    own = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    own |= {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path), "PYTHONHASHSEED": "0"}
    own["MALLOC_ARENA_MAX"] = "2"  # each arena of a thread would take 64 MB of address space
    own |= dict.fromkeys(("HOME", "TMPDIR", "CIVICAST_HOME", "NUMBA_CACHE_DIR", "MPLCONFIGDIR"), scratch)
    if threads is not None:
        own |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), str(threads))
    return own


def _program(file: int, module: str, scratch: str) -> list[str]:
    python = [sys.executable, "-P", "-m", "data.confined.cradle", str(file), module, scratch]
    wrap = sandbox()
    if wrap is None:
        return python
    options = ["--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/"]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for folder in filter(os.path.isdir, HIDDEN):
        options += ["--tmpfs", folder]
    for path in _libraries():
        options += ["--ro-bind", path, path]
    return [wrap, *options, "--size", str(SCRATCH), "--tmpfs", scratch, "--chdir", scratch, "--", *python]


def _libraries() -> list[str]:
    """Folders with libraries that lie in a hidden one, as they are named and where they lie; none inside another."""
    named = [Path(path).absolute() for path in (*sys.path, sys.prefix, sys.base_prefix)]  # "" is the working folder
    shown: list[Path] = []
    for path in sorted({*named, *(path.resolve() for path in named)}):
        hidden = any(path.is_relative_to(folder) for folder in HIDDEN)
        if hidden and path.exists() and not any(path.is_relative_to(each) for each in shown):
            shown.append(path)
    return [str(path) for path in shown]
