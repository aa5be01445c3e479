"""Where evaluations of maps are kept: under what they depend on, with a record that says of what they are.

The record holds how the methods stand beside each other, so that a page can show it without computing anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from analytics.hotspots.backtesting.scoring import Evaluation
from analytics.hotspots.backtesting.standing import Standing, standings
from data.store.results import Stored, keep, keys, load

__all__ = ["SCORING", "MapRecord", "StoredMap", "keep_evaluation", "load_evaluation", "stored_maps"]

HOTSPOTS = "hotspots"
SCORING = 4  # raise when scores change: what is stored no longer matches then
STANDINGS = "standings"


@dataclass(frozen=True)
class MapRecord:
    """What an evaluation is of: the incidents and the content of their table (``table``), category, cells, windows, methods.

    ``category`` None is all; ``versions`` are those of the methods; ``whole_week`` is false for a part of the week.
    """

    incidents: str
    table: str
    category: str | None
    kind: str
    size: float
    whole_week: bool
    horizon_days: int
    windows: int
    versions: Mapping[str, str]


@dataclass(frozen=True)
class StoredMap:
    """An evaluation that is kept: what it is of, and how the methods stood."""

    record: MapRecord
    standings: tuple[Standing, ...]


def keep_evaluation(key: str, evaluation: Evaluation, record: MapRecord, *, seed: int) -> None:
    """Keep an evaluation.

    Parameters
    ----------
    key : what it depends on, as a name.
    evaluation : what to keep.
    record : what it is of.
    seed : of the resampling behind the intervals.
    """
    placed = [asdict(each) for each in standings(evaluation, seed=seed)]
    keep(HOTSPOTS, key, tables=evaluation.tables, record=asdict(record) | {STANDINGS: placed})


def load_evaluation(key: str, record: MapRecord, *, seed: int) -> Evaluation | None:
    """The evaluation that is kept under a key.

    One that an earlier version kept did not say what it is of: then that is kept beside it now.

    Parameters
    ----------
    key, record, seed : as ``keep_evaluation`` takes them.

    Returns
    -------
    Evaluation or None
        None where there is none.
    """
    stored = load(HOTSPOTS, key)
    if stored is None:
        return None
    evaluation = Evaluation(**stored.tables)
    if _map_of(stored) is None:
        keep_evaluation(key, evaluation, record, seed=seed)
    return evaluation


def stored_maps(tables: Mapping[str, str], *, versions: Mapping[str, str]) -> Iterator[StoredMap]:
    """The evaluations that are kept of tables as they are now, by methods as they are now; nothing is computed.

    Parameters
    ----------
    tables : the content of each table of incidents (its fingerprint) by its name.
    versions : of the methods that there are, by name.

    Yields
    ------
    StoredMap
        In the order of the tables.
    """
    found = [each for each in map(_map_of, (load(HOTSPOTS, key) for key in keys(HOTSPOTS))) if each is not None]
    for name, fingerprint in tables.items():
        for each in found:
            record = each.record
            current = all(versions.get(method) == version for method, version in record.versions.items())
            if (record.incidents, record.table) == (name, fingerprint) and current:
                yield each


def _map_of(stored: Stored | None) -> StoredMap | None:
    """What a stored evaluation says that it is of; None where an earlier version kept it, or it is damaged."""
    if stored is None or STANDINGS not in stored.record:
        return None
    content = dict(stored.record)
    try:
        placed = tuple(Standing(**each) for each in content.pop(STANDINGS))
        return StoredMap(MapRecord(**content), placed)
    except TypeError:
        return None
