"""The same function over chunks of work, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

from data.words import Sentence, Words

__all__ = ["BY_ANOTHER", "Progress", "part_of", "quiet", "run_chunks"]

T = TypeVar("T")

Progress = Callable[[float, Words], None]
"""Told the share done (0 to 1) and what is being done; may raise ``Cancelled`` to stop the work."""
BY_ANOTHER = Sentence("by_another")  # what progress is told while another process does the same work


def quiet(share: float, doing: Words) -> None:
    """Progress that nobody watches.

    Parameters
    ----------
    share : of the work that is done, between 0 and 1.
    doing : what is being done.
    """


def part_of(progress: Progress, place: int, *, parts: int) -> Progress:
    """The progress of one of several pieces of work of about one size, told as that of all.

    Parameters
    ----------
    progress : of all pieces.
    place : of the piece, counted from 0.
    parts : how many pieces there are.

    Returns
    -------
    Progress
        For the piece.

    Examples
    --------
    >>> part_of(lambda share, doing: print(share, doing), 1, parts=4)(0.5, "fitting")
    0.375 fitting
    """

    def part(share: float, doing: Words) -> None:
        progress((place + share) / parts, doing)

    return part


def run_chunks(
    function: Callable[..., T],
    chunks: Iterable[Sequence[Any]],
    *,
    workers: int = 1,
    progress: Progress = quiet,
    doing: Words = "",
) -> list[T]:
    """The results of ``function(*chunk)`` for each chunk, in order.

    With one worker the work is done in this process. With more, in processes of their own: the function and all that
    it is given and returns must pickle. An exception in one chunk, or one raised by ``progress``, stops the rest.

    Parameters
    ----------
    function : called once a chunk.
    chunks : its arguments, a sequence each.
    workers : processes; 1 is this one.
    progress : told how far the work is; what it raises stops the work.
    doing : what is being done, for those who wait.

    Returns
    -------
    One result a chunk, in their order.
    """
    work = [tuple(chunk) for chunk in chunks]
    if workers <= 1 or len(work) <= 1:
        results = []
        for done, chunk in enumerate(work):
            progress(done / len(work), doing)
            results.append(function(*chunk))
        return results
    answers: dict[int, T] = {}
    # "spawn" because the caller may run threads (the dashboard does), and forking those can deadlock.
    with ProcessPoolExecutor(min(workers, len(work)), mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(function, *chunk): index for index, chunk in enumerate(work)}
        try:
            for future in as_completed(futures):
                answers[futures[future]] = future.result()
                progress(len(answers) / len(work), doing)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [answers[index] for index in range(len(work))]
