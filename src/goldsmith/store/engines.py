"""Opens the two engines with the settings that keep the promises: durable commits, foreign keys, read-only readers."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool, QueuePool, SingletonThreadPool

from goldsmith.errors import InputError, StorageError

# Any: SQLAlchemy's event hooks hand over the driver's own connection object, which has no common type.

_READERS = 8
_WAL_LIMIT_BYTES = 64 << 20


def open_sqlite_writer(path: Path) -> Engine:
    """The one writing connection of a SQLite file: WAL, an fsync for every commit, and it alone checkpoints."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=SingletonThreadPool,
        pool_size=1,
        connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        for pragma in (
            "journal_mode = wal",
            "synchronous = full",
            "fullfsync = on",  # on macOS an fsync alone does not reach the disk; elsewhere this changes nothing
            "checkpoint_fullfsync = on",
            "foreign_keys = on",
            "busy_timeout = 5000",
            "temp_store = memory",
            "cache_size = -32768",
            f"journal_size_limit = {_WAL_LIMIT_BYTES}",
        ):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql("begin immediate")

    return engine


def open_sqlite_readers(path: Path) -> Engine:
    """A few connections to a SQLite file that cannot write."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=_READERS,
        max_overflow=0,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        for pragma in ("query_only = on", "busy_timeout = 5000", "cache_size = -4096"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql("begin")

    return engine


def open_postgresql(url: str, *, is_reader: bool = False) -> Engine:
    """A pool of PostgreSQL connections; a reader sees one state of the database for its whole transaction."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=_READERS,
        max_overflow=2,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ" if is_reader else "READ COMMITTED",
    )
    if is_reader:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
            connection.exec_driver_sql("set transaction read only")

    return engine


def create_postgresql_database(server_url: str, name: str) -> str:
    """The URL of database `name` on the server, made when missing; texts sort by code point, as in SQLite.

    Raises:
        InputError: the name is not lower-case letters, digits and underscores.
        StorageError: the server cannot be reached or refuses.
    """
    if not name.replace("_", "a").isalnum() or name != name.lower():
        raise InputError(f"{name!r} cannot name a database: use lower-case letters, digits and underscores.")
    server = make_url(server_url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            exists = connection.execute(sa.text("select 1 from pg_database where datname = :name"), {"name": name})
            if exists.first() is None:
                options = "encoding 'UTF8' lc_collate 'C' lc_ctype 'C' template template0"
                connection.exec_driver_sql(f'create database "{name}" {options}')
    except OperationalError as error:
        raise StorageError(f"PostgreSQL cannot be reached: {error.orig}. Check GOLDSMITH_DATABASE_URL.") from error
    finally:
        engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def check_sqlite_version() -> None:
    """Refuse a SQLite that lacks what the statements need (`RETURNING`, upserts: 3.35).

    Raises:
        StorageError: the SQLite of this Python is too old.
    """
    if sqlite3.sqlite_version_info < (3, 35, 0):
        raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old: Python must come with 3.35 or newer.")
