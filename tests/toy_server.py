"""A server process of the tests: behind the real guard, an app that says which process answers and what it was sent."""

from __future__ import annotations

import os
from socket import socket

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.serving.guard import LOOPBACK, Guard, Quota
from dashboard.serving.processes import cookie_of, watch_parent


def serve(port: int, number: int, sockets: list[socket]) -> None:
    """Serve as a process of this number behind a port."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            stream = WebSocket(scope, receive, send)
            await stream.accept()
            try:
                while True:
                    await stream.send_text(f"{number} {len(await stream.receive_text())}")
            except WebSocketDisconnect:
                return
        body = await Request(scope, receive).body()
        await PlainTextResponse(f"{number} {os.getpid()} {len(body)}")(scope, receive, send)

    watch_parent()
    quota = Quota(1 << 20, 1 << 22, 1 << 26, dict)
    process = f"{cookie_of(port)}={number}"
    guard = Guard(app, hosts=LOOPBACK, pages=["outlook"], quota=quota, process=process)
    uvicorn.Server(uvicorn.Config(guard, log_level="critical", lifespan="off")).run(sockets)
