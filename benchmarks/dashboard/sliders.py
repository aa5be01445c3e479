"""A slider moved step by step: milliseconds until what it changes is painted, and kilobytes that each step sends.

Beside ours moves the slider of a page of Streamlit alone with a map and a line: what two figures take at the least.
"""

from __future__ import annotations

import base64
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.dashboard.waiting import FIGURED, address, ask, questions, until_whole
from benchmarks.rows import Row
from benchmarks.serving import Server, browsed, load_note, served, served_bare

__all__ = ["rows"]

VIEWS = ("hotspots", "scenarios")
STEPS = 30
FIRST = 2  # steps that are not counted: what they load is loaded once
PAINT_MS, SENT_KB = 350.0, 40.0
BARE = Path(__file__).parent / "bare_slider.py"
STEP = (Path(__file__).parent / "step.js").read_text(encoding="utf-8")
# As uvicorn negotiates it with browsers: one window for the whole connection.
DEFLATE: dict[str, Any] = {"wbits": -12, "memLevel": 5}


class Sent:
    """What a page has been sent since it was last asked: in messages, whole and deflated, and in answers to requests."""

    def __init__(self, page: Any) -> None:
        self.plain = self.deflated = self.answers = 0
        self.deflate = zlib.compressobj(**DEFLATE)
        watched = page.context.new_cdp_session(page)
        watched.send("Network.enable")
        watched.on("Network.webSocketFrameReceived", self._message)
        watched.on("Network.loadingFinished", self._answer)

    def _message(self, event: Any) -> None:
        frame = event["response"]
        content = base64.b64decode(frame["payloadData"]) if frame["opcode"] == 2 else frame["payloadData"].encode()
        self.plain += len(content)
        self.deflated += len(self.deflate.compress(content) + self.deflate.flush(zlib.Z_SYNC_FLUSH))

    def _answer(self, event: Any) -> None:
        self.answers += int(event["encodedDataLength"])

    def since(self) -> tuple[float, float]:
        """Kilobytes on the wire, and as they would be without deflation."""
        found = (self.deflated + self.answers) / 1000, (self.plain + self.answers) / 1000
        self.plain = self.deflated = self.answers = 0
        return found


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Meridian's hotspots by their share, and scenarios by the first lever, once the server has made what pages open with."""
    steps = 5 if quick else STEPS
    with tempfile.TemporaryDirectory() as folder, served_bare(BARE, home=Path(folder)) as server:
        took, _ = _painted(server, "", steps=steps)
        note = f"Streamlit alone, a map and a line; {_note(took)}"
        yield Row("bare_slider_paint_p95_ms", _p95(took), "ms", note=note)
    with tempfile.TemporaryDirectory() as folder, served("meridian", home=Path(folder)) as server:
        server.rest()
        for view in VIEWS[: 1 if quick else None]:
            took, sent = _painted(server, view, steps=steps)
            yield Row(f"slider_paint_p95_ms_{view}", _p95(took), "ms", PAINT_MS, note=_note(took))
            wire, plain = np.array(sent).T
            note = (
                f"a step's median, most {wire.max():.0f}; {np.median(plain):.0f} kB before the connection deflates it"
            )
            yield Row(f"slider_kb_{view}", float(np.median(wire)), "kB", SENT_KB, note=note)


def _p95(took: list[float]) -> float:
    return float(np.quantile(took, 0.95))


def _note(took: list[float]) -> str:
    return f"{len(took)} steps by key, median {np.median(took):.0f} ms; {load_note()}"


def _painted(server: Server, view: str, *, steps: int) -> tuple[list[float], list[tuple[float, float]]]:
    """Of each step on a view, or on the one page that there is, milliseconds until it was painted and kilobytes, as ``_moved``."""
    with browsed(bypass_csp=True) as page:
        sent = Sent(page)
        page.goto(address(server.url, view))
        until_whole(page, view or FIGURED)
        if view:
            _find_slider(page, view)
            server.rest()
        return _moved(page, sent, steps=steps)


def _find_slider(page: Any, view: str) -> None:
    """Ask one question after the other until one has a lever that is a slider."""
    for index in range(questions(page)):
        if page.get_by_role("slider").count():
            return
        ask(page, index)
        page.wait_for_timeout(1000)
        until_whole(page, view)


def _moved(page: Any, sent: Sent, *, steps: int) -> tuple[list[float], list[tuple[float, float]]]:
    """Of each step the milliseconds until it was painted, and its kilobytes, deflated and plain."""
    took, kilobytes = [], []
    for step in range(FIRST + steps):
        page.wait_for_timeout(400)
        page.get_by_role("slider").first.focus()
        page.evaluate(STEP)
        sent.since()
        # There and back, so that no end of the slider is reached and no answer is the last one.
        page.keyboard.press("ArrowRight" if step // 8 % 2 == 0 else "ArrowLeft")
        milliseconds = page.evaluate("() => window.stepped")
        page.wait_for_timeout(100)
        if step >= FIRST:
            took.append(float(milliseconds))
            kilobytes.append(sent.since())
    return took, kilobytes
