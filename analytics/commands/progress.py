"""A bar for those who wait at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from analytics.parallel import Progress
from data.words import Words, text

__all__ = ["shown"]

PATIENCE = 1.0  # seconds of work before a bar is worth drawing


@contextmanager
def shown() -> Iterator[Progress]:
    """Progress that is drawn on standard error while the work goes on; nothing where that is no terminal."""
    look = "{desc} {percentage:3.0f} % {bar} {elapsed}"
    bar = tqdm(total=1.0, delay=PATIENCE, disable=None, leave=False, bar_format=look)
    with bar, logging_redirect_tqdm():  # a warning has a line of its own beside the bar

        def progress(share: float, doing: Words) -> None:
            bar.set_description_str(text(doing), refresh=False)
            bar.update(min(max(share, 0.0), 1.0) - bar.n)

        yield progress
