"""What one server process does: it listens, makes what pages open with, and serves the app."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dashboard.serving.processes import QUEUE, cookie_of, watch_parent

__all__ = ["Address", "listening", "serve"]

ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # of a machine without IPv6, whose name has an address of it
MOST_MESSAGE = 4 << 20  # bytes of what a page sends at once; Streamlit refuses more than two megabytes in a sentence


@dataclass(frozen=True)
class Address:
    """Where the dashboard is served: host and port, other names it goes by, and the sites that may show it in a frame.

    ``on_demand`` says that nothing is made before somebody asks for it.
    """

    host: str
    port: int
    names: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    on_demand: bool = False


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets on all addresses of a host: who opens a page before it can be served waits for it, and is not refused.

    Parameters
    ----------
    host : a name or an address; "" for all addresses of this machine.
    port : of each.

    Returns
    -------
    list of socket
        Whoever is given them closes them.

    Raises
    ------
    OSError
        When an address is taken, or does not exist here.
    """
    made: list[socket.socket] = []
    absent = None
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    try:
        for family, address in dict.fromkeys((each[0], each[4]) for each in found):
            try:
                made.append(socket.create_server(address, family=family, backlog=QUEUE))
            except OSError as error:
                if error.errno not in ABSENT:
                    raise
                absent = error
        if absent is not None and not made:
            raise absent
    except OSError as error:
        for each in made:
            each.close()
        raise OSError(error.errno, os.strerror(error.errno or 0)) from error  # Python's own says the address, too
    return made


def serve(address: Address, number: int | None, sockets: Sequence[socket.socket]) -> None:
    """Serve in this process until it is told to end.

    Parameters
    ----------
    address : where.
    number : of this process among several, of which the first makes what pages open with for all; None where it is alone.
    sockets : on which it listens, or is led to among several.
    """
    from dashboard import beforehand
    from dashboard.serving import following
    from dashboard.workers import jobs

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # as by a key: what the process holds is given back
    watch_parent()
    if address.on_demand or number:
        jobs.warm()
    else:
        beforehand.begin()  # workers read the tables while the libraries of the server are loaded
    if not number:
        following.begin()
    import uvicorn

    from dashboard.serving.asgi import create_app

    process = "" if number is None else f"{cookie_of(address.port)}={number}"
    app = create_app(address=address.host, names=address.names, frames=address.frames, process=process)
    gc.freeze()  # what was loaded stays for good: to go over it in search of garbage takes .2 s a time
    settings: dict[str, Any] = {"log_level": "warning", "server_header": False, "ws_max_size": MOST_MESSAGE}
    with suppress(KeyboardInterrupt):  # a process that leads to this one is stopped by the same key
        uvicorn.Server(uvicorn.Config(app, **settings)).run(list(sockets))
