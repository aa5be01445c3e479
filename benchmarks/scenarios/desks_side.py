"""Runs in the peers' environment: simpy on streams of people that we wrote; writes their waits and how long it took."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import simpy


def served(times: Any, handling: Any, servers: int) -> Any:
    """The wait of each, first come, first served."""
    environment = simpy.Environment()
    desks = simpy.Resource(environment, capacity=servers)
    waits = np.empty(len(times))

    def visit(who: int) -> Any:
        with desks.request() as turn:
            came = environment.now
            yield turn
            waits[who] = environment.now - came
            yield environment.timeout(handling[who])

    def arrivals() -> Any:
        for who, at in enumerate(times):
            yield environment.timeout(at - environment.now)
            environment.process(visit(who))

    environment.process(arrivals())
    environment.run()
    return waits


def main(source: str, target: str) -> None:
    """Serve the stream of a file, and write the waits of the last of three runs beside the CPU seconds of the quickest."""
    stored = np.load(source)
    seconds = []
    for _ in range(3):
        began = time.process_time()
        waits = served(stored["times"], stored["handling"], int(stored["servers"]))
        seconds.append(time.process_time() - began)
    np.savez(target, waits=waits, seconds=min(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
