"""Many at once: seconds from a visitor's click until all of the page has been sent, and what the server holds of memory."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np

from benchmarks.rows import Row
from benchmarks.serving import Server, load_note, served
from benchmarks.visitors import Visitor, connected

__all__ = ["rows"]

CLICKS = 12  # of each visitor
ROUNDS = 3
THINKS = (1.0, 3.0)  # seconds between two clicks
CASES = ((20, 1, "sessions_20_p95_s", 1.0), (50, 2, "sessions_50_two_processes_p95_s", 1.5))
VIEWS = ("", "hotspots")  # half of the visitors redraw the overview, half move the slider of a map


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Twenty visitors of one process, then fifty of two; each thinks between two clicks as people do."""
    for many, processes, name, goal in CASES:
        visitors, clicks = (4, 2) if quick else (many, CLICKS)
        with (
            tempfile.TemporaryDirectory() as folder,
            served("meridian", home=Path(folder), processes=processes) as server,
        ):
            asyncio.run(
                _round(server, 2 * processes, clicks=1)
            )  # whoever comes first waits for what all later ones read
            server.rest()  # what is made before anybody asks takes minutes, and memory that no visitor takes
            waited, held = [], []
            for _ in range(ROUNDS):
                seconds, megabytes = asyncio.run(_round(server, visitors, clicks=clicks))
                waited.append(seconds)
                held.append(megabytes)
        all_of_them = np.concatenate(waited)
        note = (
            f"{visitors} visitors, {processes} processes, {len(all_of_them)} clicks in {ROUNDS} rounds, a click each "
        )
        note += f"{THINKS[0]:.0f} to {THINKS[1]:.0f} s; median {np.median(all_of_them):.2f} s; {load_note()}"
        yield Row(name, float(np.quantile(all_of_them, 0.95)), "s by the clock", goal, note=note)
        note = f"MB with workers after each round: {', '.join(f'{each:.0f}' for each in held)}"
        yield Row(f"{name.removesuffix('_p95_s')}_memory", held[-1] / held[0], "× the first round", 1.1, note=note)


async def _round(server: Server, visitors: int, *, clicks: int) -> tuple[list[float], float]:
    """The seconds of every click but those that open a page, and the megabytes held while all are there."""
    async with AsyncExitStack() as there:
        people = [
            Visitor(await there.enter_async_context(connected(server)), VIEWS[number % len(VIEWS)])
            for number in range(visitors)
        ]
        waited = await asyncio.gather(*(_visit(each, number, clicks) for number, each in enumerate(people)))
        held = server.megabytes()
    await asyncio.sleep(2)  # the server learns that they have left
    return [second for each in waited for second in each], held


async def _visit(visitor: Visitor, number: int, clicks: int) -> list[float]:
    thinking = random.Random(number)
    await visitor.ask()
    waited = []
    for click in range(clicks):
        await asyncio.sleep(thinking.uniform(*THINKS))
        for slider, value in visitor.sliders.items():
            visitor.sliders[slider] = value + (1 if click % 8 < 4 else -1)
        waited.append(await visitor.ask())
    return waited
