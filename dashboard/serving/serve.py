"""What one server process does: it makes what pages open with, and serves the app."""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from socket import socket
from typing import Any

from dashboard.serving.processes import cookie_of, watch_parent

__all__ = ["Address", "serve"]

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


def serve(address: Address, number: int = 0, listening: socket | None = None) -> None:
    """Serve in this process until it is told to end.

    Parameters
    ----------
    address : where.
    number : of this process among several; the first makes what pages open with for all of them.
    listening : the socket on which it is led to among several; None where it listens on the address itself.
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

    process = "" if listening is None else f"{cookie_of(address.port)}={number}"
    app = create_app(address=address.host, names=address.names, frames=address.frames, process=process)
    gc.freeze()  # what was loaded stays for good: to go over it in search of garbage takes .2 s a time
    settings: dict[str, Any] = {"log_level": "warning", "server_header": False, "ws_max_size": MOST_MESSAGE}
    if listening is None:
        uvicorn.run(app, host=address.host, port=address.port, **settings)
    else:
        with suppress(KeyboardInterrupt):  # the process that leads to it is stopped by the same key
            uvicorn.Server(uvicorn.Config(app, **settings)).run([listening])
