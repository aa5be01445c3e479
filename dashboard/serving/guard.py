"""The guard in front of the app: who may ask, what may be asked, how much may be loaded, and what an answer forbids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.words import say

__all__ = ["HEADERS", "LOOPBACK", "Guard", "Quota", "headers_of"]

LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Styles are written into the page by Streamlit and by plotly; scripts never are, so a name that became one would not run.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
FRAMES = "frame-ancestors"  # the pages that may show this one in a frame
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FOLDERS = ("static", "media", "geometry")
SCRIPT = "_stcore/bidi-components/civicast.rooms/rooms.js"  # the only one that is ours
FILES = ("", "favicon.png", "manifest.json", "_stcore/health", "_stcore/host-config", SCRIPT)
STREAM = "_stcore/stream"
UPLOADS = "_stcore/upload_file/"
FRAME = 4096  # bytes around a file that is sent


@dataclass(frozen=True)
class Quota:
    """The most bytes of files that are loaded: each, those that a session holds and those that all hold.

    ``loaded`` says how many bytes each session holds.
    """

    file: int
    session: int
    process: int
    loaded: Callable[[], Mapping[str, int]]


class Guard:
    """An app behind its guard.

    Parameters
    ----------
    app : that answers what is let through.
    hosts : names and addresses under which it may be asked.
    names : of them, those of servers in front of it, whose pages may ask whatever the host is called by then.
    pages : of the app.
    quota : of files that are loaded.
    frames : addresses of sites whose pages may show these in a frame.
    process : a cookie, ``NAME=NUMBER``, by which a visitor is led to this process among several; "" where there is one.
    links : by page, what its header ``Link`` has the browser load with it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        names: Iterable[str] = (),
        pages: Iterable[str],
        quota: Quota,
        frames: Sequence[str] = (),
        process: str = "",
        links: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.app = app
        self.hosts = frozenset(each.lower() for each in hosts)
        self.names = frozenset(each.lower() for each in names)
        self.pages = frozenset(pages)
        self.files = frozenset((*FILES, *self.pages))
        self.quota = quota
        self.headers = headers_of(frames)
        self.process = process
        self.links = links
        self._coming: dict[str, int] = defaultdict(int)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be asked; else say why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            if self._refused(scope) is None:
                await self.app(scope, receive, self._with_process(scope, send))
            else:
                await send({"type": "websocket.close", "code": 1008})
        else:
            await self._answer(scope, receive, self._with_headers(scope, self._with_process(scope, send)))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        session, size = "", 0
        refused = self._refused(scope)
        if refused is None and scope["method"] == "PUT":
            session, size = _path(scope).split("/")[2], _length(scope)
            refused = self._too_much(session, size)
        if refused is not None:
            status, code = refused
            await _taken(receive, upto=self.quota.session)
            await PlainTextResponse(say(f"serve.{code}"), status_code=status)(scope, receive, send)
            return
        self._coming[session] += size
        try:
            await self.app(scope, receive, send)
        finally:
            self._coming[session] -= size
            if not self._coming[session]:
                del self._coming[session]

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Why something is not let through, as a status and the code of a sentence; None where it is."""
        headers, path = Headers(scope=scope), _path(scope)
        host = headers.get("host", "")
        if _name_of(host) not in self.hosts:
            return 421, "no_host"
        _, _, asking = headers.get("origin", f"//{host}").partition("//")
        if asking != host and _name_of(asking) not in self.names:
            return 403, "no_origin"
        if scope["type"] == "websocket":
            return None if path == STREAM else (404, "no_page")
        loads = path.startswith(UPLOADS) and path.count("/") == 3
        if not loads and path not in self.files and path.split("/")[0] not in FOLDERS:
            return 404, "no_page"
        return None if scope["method"] in (("PUT", "DELETE") if loads else ("GET", "HEAD")) else (405, "no_method")

    def _too_much(self, session: str, size: int) -> tuple[int, str] | None:
        if size < 0:
            return 411, "no_length"
        loaded = self.quota.loaded()
        mine = loaded.get(session, 0) + self._coming[session]
        all_of_them = sum(loaded.values()) + sum(self._coming.values())
        if size > self.quota.file + FRAME:
            return 413, "file_too_large"
        if mine + size > self.quota.session or all_of_them + size > self.quota.process:
            return 413, "files_too_large"
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        link = self.links.get(_path(scope), "")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if link:
                    headers["Link"] = link
            await send(message)

        return sending

    def _with_process(self, scope: Scope, send: Send) -> Send:
        """Let a visitor who opens a page or its stream stay with this process, where there are several."""
        named = re.split(r";\s*", Headers(scope=scope).get("cookie", ""))
        if not self.process or self.process in named or _path(scope) not in (*self.pages, "", STREAM):
            return send

        async def sending(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message.setdefault("headers", [])
                MutableHeaders(scope=message).append("Set-Cookie", f"{self.process}; Path=/; HttpOnly; SameSite=Lax")
            await send(message)

        return sending


def headers_of(frames: Sequence[str]) -> Mapping[str, str]:
    """What every answer forbids, but to be shown in frames of these sites."""
    if not frames:
        return HEADERS
    policy = "; ".join(f"{name} {sources}" for name, sources in (POLICY | {FRAMES: " ".join(frames)}).items())
    rest = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"}  # knows no sites
    return rest | {"Content-Security-Policy": policy}


async def _taken(receive: Receive, *, upto: int) -> None:
    """Take the body of what is refused, and forget it: who still sends may miss the answer. What is far too long is cut off."""
    taken = 0
    while taken <= upto:
        message = await receive()
        taken += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


def _path(scope: Scope) -> str:
    return str(scope["path"]).strip("/")


def _name_of(host: str) -> str:
    """The name or address in ``name:port``; "" where it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:  # brackets that do not close
        return ""


def _length(scope: Scope) -> int:
    """How long a body says that it is; -1 where it does not."""
    stated = Headers(scope=scope).get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdigit() else -1
