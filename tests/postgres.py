"""A PostgreSQL of the tests' own; each test gets a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from benchmarks.postgres import postgres_lacks, started_postgres

__all__ = ["postgres"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Gives the URL of a new, empty database each time it is called; skips where there is no PostgreSQL."""
    if postgres_lacks():
        pytest.skip(postgres_lacks())
    with started_postgres() as database:
        yield database
