"""Visitors without a browser: each speaks Streamlit's protocol over a connection of its own, and takes all that a page sends."""

from __future__ import annotations

import asyncio
import re
import time
import urllib.request
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.serving import Server

__all__ = ["Visitor", "connected"]

PATIENCE = 300  # seconds in which a page must have come


@dataclass(eq=False)
class Visitor:
    """Somebody with a connection, who is shown a view: its session, the hash of its page, and where each of its sliders stands."""

    socket: ClientConnection
    view: str = ""
    session: str = ""
    sliders: dict[str, float] = field(default_factory=dict)
    page: str = ""

    async def ask(self) -> float:
        """Ask for the page as the sliders stand, and take all of it; the seconds that took.

        Raises
        ------
        TimeoutError
            When it does not come.
        """
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        asked = BackMsg()
        asked.rerun_script.query_string = ""
        if self.page:
            asked.rerun_script.page_script_hash = self.page
        else:
            asked.rerun_script.page_name = self.view
        for name, value in self.sliders.items():
            state = asked.rerun_script.widget_states.widgets.add()
            state.id = name
            state.double_array_value.data.append(value)
        began = time.monotonic()
        await self.socket.send(asked.SerializeToString())
        headline = False
        while time.monotonic() - began < PATIENCE:
            content = await asyncio.wait_for(self.socket.recv(), PATIENCE)
            assert isinstance(content, bytes)
            message = ForwardMsg()
            message.ParseFromString(content)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id or self.session
            if kind == "navigation":  # not the session's own word: it names the first page while another is drawn
                self.page = message.navigation.page_script_hash or self.page
            headline |= b"<h1" in content  # the style names its class, too
            if kind == "delta" and message.delta.new_element.WhichOneof("type") == "slider":
                slider = message.delta.new_element.slider
                self.sliders.setdefault(slider.id, slider.default[0])
            if kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                assert headline, f"{self.view or 'the first page'} came without its headline"
                return time.monotonic() - began
        raise TimeoutError


def connected(server: Server) -> connect:
    """A connection of a new visitor, who opens the address first as a browser does and keeps the cookie that leads them."""
    cookie = ""
    with urllib.request.urlopen(server.url, timeout=PATIENCE) as answer:
        found = re.search(r"civicast_process_\d+=\d+", answer.headers.get("Set-Cookie") or "")
        cookie = found[0] if found else ""
    url = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    return connect(url, subprotocols=["streamlit"], additional_headers={"Cookie": cookie}, max_size=None)
