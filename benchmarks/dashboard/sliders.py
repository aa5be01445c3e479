"""A slider moved step by step: milliseconds until what it changes is painted, and kilobytes that each step sends."""

from __future__ import annotations

import base64
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.dashboard.waiting import address, ask, questions, until_whole
from benchmarks.rows import Row
from benchmarks.serving import browsed, load_note, served

__all__ = ["rows"]

VIEWS = ("hotspots", "scenarios")
STEPS = 30
FIRST = 2  # steps that are not counted: what they load is loaded once
PAINT_MS, SENT_KB = 350.0, 40.0
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
    """Meridian's hotspots by their share, and scenarios by the first lever."""
    with tempfile.TemporaryDirectory() as folder, served("meridian", home=Path(folder)) as server:
        for view in VIEWS[: 1 if quick else None]:
            with browsed(bypass_csp=True) as page:
                sent = Sent(page)
                page.goto(address(server.url, view))
                until_whole(page, view)
                _find_slider(page, view)
                took, wire, plain = _moved(page, view, sent, steps=5 if quick else STEPS)
            note = f"{len(took)} steps by key, median {np.median(took):.0f} ms; {load_note()}"
            yield Row(f"slider_paint_p95_ms_{view}", float(np.quantile(took, 0.95)), "ms", PAINT_MS, note=note)
            note = f"a step's median, most {max(wire):.0f}; {np.median(plain):.0f} kB before the connection deflates it"
            yield Row(f"slider_kb_{view}", float(np.median(wire)), "kB", SENT_KB, note=note)


def _find_slider(page: Any, view: str) -> None:
    """Ask one question after the other until one has a lever that is a slider."""
    for index in range(questions(page)):
        if page.get_by_role("slider").count():
            return
        ask(page, index)
        page.wait_for_timeout(1000)
        until_whole(page, view)


def _moved(page: Any, view: str, sent: Sent, *, steps: int) -> tuple[list[float], list[float], list[float]]:
    """Of each step the milliseconds until it was painted, and its kilobytes, deflated and plain."""
    took, wire, plain = [], [], []
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
            for kilobytes, each in zip((wire, plain), sent.since(), strict=True):
                kilobytes.append(each)
    return took, wire, plain
