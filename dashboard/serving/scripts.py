"""Streamlit's scripts on their way to a browser: those that draw figures early, and all of them packed for another machine."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.serving.guard import LOOPBACK

__all__ = ["Packing", "links_of"]

STATIC = Path(streamlit.__file__).parent / "static"  # of the app, as Streamlit ships it
SCRIPTS = "static/js"  # below the address of the app, and in that folder
DRAWS = "PlotlyChart.*.js"  # the part of Streamlit's app that holds plotly, 4.7 MB
WITH_FIGURES = ("outlook", "hotspots", "scenarios", "traffic")  # views that open with one
# A script whose content changes has another name.
HEADERS = {
    "Cache-Control": "public, immutable, max-age=31536000",
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}


def links_of(static: Path = STATIC) -> Mapping[str, str]:
    """By view the header ``Link`` of its page, by which a browser loads at once what it would ask for late.

    Empty where this Streamlit names its scripts otherwise.

    Parameters
    ----------
    static : the folder of the app's files.
    """
    found = sorted((static / SCRIPTS).glob(DRAWS))
    link = ", ".join(f"</{SCRIPTS}/{each.name}>; rel=modulepreload" for each in found)
    return dict.fromkeys(WITH_FIGURES, link) if link else {}


class Packing:
    """An app whose scripts are packed for browsers on other machines: a page with a figure loads 8 MB of them, packed 3.

    Streamlit sends them as they are, and lets no route of ours take their place. So it stays for a browser on this
    machine: to pack and unpack them takes longer than to send them.

    Parameters
    ----------
    app : that sends all else.
    static : the folder of its files.
    """

    def __init__(self, app: ASGIApp, static: Path = STATIC) -> None:
        self.app = app
        self.static = static

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a script packed to who can unpack it; leave the rest to the app."""
        script = self._asked(scope)
        if script is None:
            await self.app(scope, receive, send)
            return
        content = await run_in_threadpool(_packed, script)
        await Response(content, media_type="text/javascript", headers=HEADERS)(scope, receive, send)

    def _asked(self, scope: Scope) -> Path | None:
        """The script that is to be packed; None where there is none."""
        folder, _, name = str(scope.get("path", "")).strip("/").rpartition("/")
        if scope["type"] != "http" or scope["method"] != "GET" or folder != SCRIPTS or not name.endswith(".js"):
            return None
        request = Request(scope)
        if request.url.hostname in LOOPBACK or "gzip" not in request.headers.get("accept-encoding", ""):
            return None
        file = self.static / SCRIPTS / name
        return file if file.is_file() else None


@cache
def _packed(script: Path) -> bytes:
    return gzip.compress(script.read_bytes(), mtime=0)
