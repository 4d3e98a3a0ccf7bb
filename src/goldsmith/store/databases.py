"""A database of one plane: read it, or write it in units of work, the same way on both engines."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from goldsmith.errors import GoldsmithError, StorageError
from goldsmith.kit.clock import Clock
from goldsmith.store.engines import check_sqlite_version, open_postgresql, open_sqlite_readers, open_sqlite_writer
from goldsmith.store.migrate import Plane, upgrade
from goldsmith.store.units import LogTables
from goldsmith.store.writers import GroupWriter, Work, as_storage_error

T = TypeVar("T")


_CHANGED = """
select relname from pg_stat_user_tables
where n_mod_since_analyze > 500 + 0.2 * n_live_tup and schemaname = current_schema()
order by relname
"""


class Database(Protocol):
    """One database of a plane."""

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that cannot write, inside one transaction."""
        ...

    def write(self, work: Work[T]) -> T:
        """Run a unit of work; its result is returned when it is durable."""
        ...

    async def write_async(self, work: Work[T]) -> T:
        """The same from an event loop."""
        ...

    def learn(self) -> None:
        """Let the engine look at the tables that have changed a lot, so that it plans long work well."""
        ...

    def close(self) -> None:
        """Finish what waits and let go of the files."""
        ...


@contextmanager
def _reading(engine: Engine) -> Generator[Connection]:
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise as_storage_error(error) from error


def _upgraded(engine: Engine, plane: Plane, clock: Clock, place: str) -> Engine:
    """`engine` with the tables of now; nothing stays open when that fails."""
    try:
        upgrade(engine, plane, clock.now())
    except DBAPIError as error:
        engine.dispose()
        hint = "Make room on the disk and give it the rights it needs, or restore it from a backup."
        raise StorageError(f"{place} cannot be opened: {error.orig}.", hint=hint) from error
    except GoldsmithError:
        engine.dispose()
        raise
    return engine


class SqliteDatabase:
    """A SQLite file with one writing thread."""

    def __init__(self, path: Path, plane: Plane, clock: Clock) -> None:
        check_sqlite_version()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write_engine = _upgraded(open_sqlite_writer(path), plane, clock, str(path))
        self._read_engine = open_sqlite_readers(path)
        self._writer = GroupWriter(self._write_engine, LogTables(leaves=plane.leaves, head=plane.head), clock)

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that cannot write, inside one transaction."""
        return _reading(self._read_engine)

    def write(self, work: Work[T]) -> T:
        """Run a unit of work; its result is returned when it is durable."""
        return self._writer.run(work)

    async def write_async(self, work: Work[T]) -> T:
        """The same from an event loop."""
        return await self._writer.run_async(work)

    def learn(self) -> None:
        """Nothing: without statistics SQLite takes the plans that the tables were made for."""

    def close(self) -> None:
        """Finish what waits and let go of the file."""
        self._writer.close()
        self._read_engine.dispose()
        self._write_engine.dispose()


class PostgresqlDatabase:
    """A PostgreSQL database; the requests of this process share transactions, those of others may collide with them."""

    def __init__(self, url: str, plane: Plane, clock: Clock) -> None:
        self._write_engine = _upgraded(open_postgresql(url), plane, clock, f"The {plane.name}'s database")
        self._read_engine = open_postgresql(url, is_reader=True)
        self._writer = GroupWriter(self._write_engine, LogTables(leaves=plane.leaves, head=plane.head), clock)

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that cannot write, inside one transaction."""
        return _reading(self._read_engine)

    def write(self, work: Work[T]) -> T:
        """Run a unit of work; its result is returned when it is durable."""
        return self._writer.run(work)

    async def write_async(self, work: Work[T]) -> T:
        """The same from an event loop."""
        return await self._writer.run_async(work)

    def learn(self) -> None:
        """Take statistics of what has changed by a fifth; on its own, PostgreSQL gets to it in a minute or so."""
        with self._write_engine.connect() as connection, connection.begin():
            for name in connection.exec_driver_sql(_CHANGED).scalars().all():
                connection.exec_driver_sql(f'analyze "{name}"')

    def close(self) -> None:
        """Finish what waits and close the connections."""
        self._writer.close()
        self._read_engine.dispose()
        self._write_engine.dispose()
