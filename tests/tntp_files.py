"""Roads and trips of the transportation networks' test files, for tests and benchmarks."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np

from analytics.traffic import Demand, Road

__all__ = ["read_flow", "read_road", "read_trips"]


def _text(path: Path) -> str:
    if path.suffix == ".gz":
        with gzip.open(path, "rt") as file:
            return file.read()
    return path.read_text()


def _table(path: Path) -> tuple[dict[str, str], np.ndarray]:
    head, _, body = _text(path).partition("<END OF METADATA>")
    meta = dict(re.findall(r"<([^>]+)>\s*([^\n\t]*)", head))
    lines = [line.split("~")[0].replace(";", " ").split() for line in body.splitlines()]
    return meta, np.array([[float(each) for each in line[:10]] for line in lines if line])


def read_road(path: Path, *, toll_weight: float = 0.0, distance_weight: float = 0.0) -> Road:
    """The links of a file as they stand, lengths in its own unit."""
    meta, rows = _table(path)
    nodes = int(meta["NUMBER OF NODES"])
    return Road(
        link_ids=tuple(str(index + 1) for index in range(len(rows))),
        node_ids=tuple(str(index + 1) for index in range(nodes)),
        tail=rows[:, 0].astype(np.int64) - 1,
        head=rows[:, 1].astype(np.int64) - 1,
        capacity=rows[:, 2],
        length=rows[:, 3],
        free_time=rows[:, 4],
        b=rows[:, 5],
        power=rows[:, 6],
        fixed=toll_weight * rows[:, 8] + distance_weight * rows[:, 3],
        is_open=np.ones(len(rows), np.bool_),
        through=np.arange(1, nodes + 1) >= int(meta["FIRST THRU NODE"]),
    )


def read_trips(path: Path) -> Demand:
    """The matrix of a file, zones at the first nodes."""
    head, _, body = _text(path).partition("<END OF METADATA>")
    zones = int(dict(re.findall(r"<([^>]+)>\s*([^\n\t]*)", head))["NUMBER OF ZONES"])
    matrix = np.zeros((zones, zones))
    for block in re.split(r"Origin", body)[1:]:
        origin, _, rest = block.strip().partition("\n")
        for end, trips in re.findall(r"(\d+)\s*:\s*([-\d.eE+]+)", rest):
            matrix[int(origin) - 1, int(end) - 1] = float(trips)
    return Demand(tuple(str(index + 1) for index in range(zones)), np.arange(zones), matrix)


def read_flow(path: Path) -> np.ndarray:
    """Published volumes as (tail, head, volume) rows."""
    found = []
    for line in path.read_text().splitlines():
        parts = line.replace(":", " ").replace(";", " ").split()
        if len(parts) >= 3 and parts[0].isdigit():
            found.append([float(each) for each in parts[:3]])
    return np.array(found)
