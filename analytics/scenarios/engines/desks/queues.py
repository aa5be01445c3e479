"""People who wait in one line for several desks: who comes in each future, and what becomes of them.

First come, first served, by a recursion over the heap of the times at which desks become free: the same waits as an event
simulation, without its events. Times, handling and patience of a future are drawn once and are the same for every roster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.scenarios.engines.desks import _queue_loops as loops
from analytics.streams import Streams

__all__ = ["Contacts", "Outcome", "Stream", "contacts_of", "contacts_within", "serve", "serve_stream"]

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

TAIL = 48  # hours after the last in which those that still wait may be served
WAIT_LEVEL = 0.9


@dataclass(frozen=True, eq=False)
class Contacts:
    """The contacts of every future, one after the other.

    ``begin`` (draw + 1) says where each future's begin, ``times`` are seconds since the first hour, rising within a future;
    ``handled`` and ``patient`` are multiples of the mean. ``counts`` is (draw, hour).
    """

    begin: Counts
    times: Floats
    handled: npt.NDArray[np.float32]
    patient: npt.NDArray[np.float32]
    counts: Counts


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of the contacts by draw: shares, seconds, and those not answered in time by (draw, hour of the week)."""

    answered_within: Floats
    wait_mean: Floats
    wait_p90: Floats
    abandoned: Floats
    late: Floats


@dataclass(frozen=True, eq=False)
class Stream:
    """One stream of people: when they come, how long each takes and is willing to wait, in seconds."""

    times: Floats
    handling: Floats
    patience: Floats | None = None


def contacts_of(counts: Counts, table: Floats, streams: Streams, *, periods: Sequence[str]) -> Contacts:
    """Who comes in each future: the same people whatever the roster; one more leaves those before as they are.

    Parameters
    ----------
    counts : contacts by (draw, hour).
    table : evenly spaced quantiles of the handling time over its mean.
    streams : of the study; each hour of each draw has a stream of its own.
    periods : names of the hours.

    Returns
    -------
    Contacts
        Within an hour at uniform times; patience exponential.
    """
    uniforms = streams.uniform("desks.contacts", list(periods)).T
    states = np.ascontiguousarray((uniforms * 2.0**53).astype(np.uint64) << np.uint64(10))
    begin = np.concatenate([[0], np.cumsum(counts.sum(axis=1))]).astype(np.int64)
    times = np.empty(begin[-1])
    handled, patient = (np.empty(begin[-1], dtype=np.float32) for _ in range(2))
    loops.draw_contacts(np.ascontiguousarray(counts), states, np.asarray(table, float), begin, times, handled, patient)
    return Contacts(begin, times, handled, patient, counts)


def contacts_within(contacts: Contacts, hours: npt.NDArray[np.bool_]) -> Contacts:
    """Those who come in some of the hours, as they are among all.

    Parameters
    ----------
    contacts : of every future.
    hours : one truth an hour.

    Returns
    -------
    Contacts
        Of as many futures and hours, nobody in the others.
    """
    counts = np.where(hours, contacts.counts, 0)
    own = np.repeat(np.tile(hours, len(counts)), contacts.counts.ravel())
    begin = np.concatenate([[0], np.cumsum(counts.sum(axis=1))]).astype(np.int64)
    return Contacts(begin, contacts.times[own], contacts.handled[own], contacts.patient[own], counts)


def serve(
    contacts: Contacts, *, staff: Counts, slots: Counts, handling: Floats, patience: Floats, target: float
) -> Outcome:
    """What becomes of everybody at a roster.

    Parameters
    ----------
    contacts : of every future.
    staff : by hour of the week.
    slots : the hour of the week of each hour.
    handling, patience : means in seconds by draw; an infinite patience never leaves.
    target : seconds within which an answer is in time.

    Returns
    -------
    Outcome
        A future without contacts has all answered and no wait.
    """
    draws, weeks = len(contacts.begin) - 1, len(slots) / len(staff)
    after = (slots[-1] + 1 + np.arange(TAIL)) % len(staff)
    by_hour = np.concatenate([staff[slots], staff[after]]).astype(np.int64)
    totals, late, longest = np.zeros((draws, 6)), np.zeros((draws, len(staff))), np.zeros(draws)
    loops.outcomes(
        contacts.begin, contacts.times, contacts.handled, contacts.patient, handling, patience, by_hour, slots, target,
        WAIT_LEVEL, totals, late, longest,
    )  # fmt: skip
    n, queued = np.maximum(totals[:, 0], 1), np.maximum(totals[:, 5], 1)
    answered = np.where(totals[:, 0] > 0, totals[:, 1] / n, 1.0)
    return Outcome(answered, totals[:, 4] / queued, longest, (totals[:, 2] + totals[:, 3]) / n, late / max(weeks, 1e-9))


def serve_stream(stream: Stream, *, staff: Sequence[int]) -> tuple[Floats, npt.NDArray[np.int8]]:
    """The wait of each of one stream, and its fate: 0 served, 1 left, 2 turned away because nobody was there.

    Parameters
    ----------
    stream : in order of time, seconds from 0.
    staff : by hour from time 0; the last for good.

    Returns
    -------
    Seconds waited, and fates.
    """
    waited, fate = np.empty(len(stream.times)), np.empty(len(stream.times), dtype=np.int8)
    patient, mean = (np.ones(len(stream.times)), np.inf) if stream.patience is None else (stream.patience, 1.0)
    hours = np.asarray(staff, dtype=np.int64)
    loops.waits(
        stream.times, stream.handling, patient, 1.0, mean, hours, np.empty(int(hours.max()) + 1), waited, fate
    )  # fmt: skip
    return waited, fate
