"""The database of the records: SQLite in the workspace, or another by its URL; its form is brought up to date when opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from data.errors import RecordsError

__all__ = ["ENTRIES", "FORM", "FORM_TABLE", "engine_of", "reading", "shown_url", "writing"]

HERE = Path(__file__).parent
WAIT = 30  # seconds that one writer waits for another
LOCK = 0x_C1C1_CA57  # any number: that of the advisory lock of PostgreSQL under which entries are added

# As the newest migration leaves them; the tests hold both together.
FORM, FORM_TABLE = "0001", "records_version"
ENTRIES = sa.Table(
    "entries",
    sa.MetaData(),
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("city", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False, index=True),
    sa.Column("slot", sa.Text, unique=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False, unique=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
)


@cache
def engine_of(url: str) -> sa.Engine:
    """The database behind a URL, its tables made or brought up to date; once a process.

    Raises
    ------
    RecordsError
        When it cannot be reached, is no database of records, or was made by a newer version.
    """
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(parsed, pool_pre_ping=True)
    except (OSError, ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise RecordsError("cannot_open_records", place=shown_url(url), why=_reason(error)) from error
    if engine.dialect.name == "sqlite":
        _as_sqlite(engine)
    try:
        with writing(engine) as connection:
            if _form_of(connection) != FORM:
                _bring_up_to_date(connection, url)
    except RecordsError:
        engine.dispose()
        raise
    except SQLAlchemyError as error:
        engine.dispose()
        raise RecordsError("cannot_open_records", place=shown_url(url), why=_reason(error)) from error
    return engine


def shown_url(url: str) -> str:
    """A URL without its password."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that alone adds: others wait until it ends. It is whole or nothing."""
    with engine.connect() as connection:
        connection = connection.execution_options(civicast_begin="IMMEDIATE")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction in which everything is as it was when it began.

    Raises
    ------
    RecordsError
        When the database cannot be read.
    """
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        place = engine.url.render_as_string(hide_password=True)
        raise RecordsError("cannot_open_records", place=place, why=_reason(error)) from error


def _as_sqlite(engine: sa.Engine) -> None:
    """Writers that wait in turn, readers that wait for nobody, and an entry that is on the disk before it is confirmed."""

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = (
            None  # transactions begin below, not in Python's module, which begins them too late
        )
        for setting in (f"busy_timeout = {WAIT * 1000}", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {setting}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        how = connection.get_execution_options().get("civicast_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")


def _form_of(connection: sa.Connection) -> str | None:
    """The migration that the tables were left by; None where there are none."""
    if not sa.inspect(connection).has_table(FORM_TABLE):
        return None
    return connection.execute(sa.text(f"SELECT version_num FROM {FORM_TABLE}")).scalar()


def _bring_up_to_date(connection: sa.Connection, url: str) -> None:
    # Loaded for a database that is new or old alone: to load it takes longer than all that a page asks of the records.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise RecordsError("records_newer", place=shown_url(url)) from error


def _reason(error: Exception) -> str:
    """The first line of what a database or the system says."""
    reason = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error).strip()
    return reason.splitlines()[0].rstrip(".") if reason else type(error).__name__
