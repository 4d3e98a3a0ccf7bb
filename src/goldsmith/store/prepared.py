"""Statements of the hot path: written in SQLAlchemy Core once, compiled once for each engine, run by the driver.

A Core statement costs some 80 µs of Python each time it is executed, which is many times what SQLite needs for it. The
hot path runs a dozen statements for every answer, so it keeps the compiled text and hands it to the driver itself.
Only for statements whose values need no conversion: texts, integers, bytes, floats and None.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ClauseElement

Row = Mapping[str, Any]
"""A row by the names of its columns."""

# Any: the driver's connection and the values of rows have no common type.

_DIALECTS = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": PGDialect_psycopg(paramstyle="pyformat"),
}


class Prepared:
    """A statement with named parameters that is compiled at its first use on each engine."""

    __slots__ = ("_compiled", "_statements")

    def __init__(self, statement: ClauseElement, **by_engine: ClauseElement) -> None:
        """Prepare `statement`, or for an engine named in `by_engine` the statement given there."""
        self._statements = dict.fromkeys(_DIALECTS, statement) | by_engine
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        """The rows that it gives."""
        cursor = self._execute(connection, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def first(self, connection: Connection, parameters: Mapping[str, Any]) -> Row | None:
        """Its first row, if it gives one."""
        cursor = self._execute(connection, parameters)
        row = cursor.fetchone()
        return None if row is None else dict(zip((column[0] for column in cursor.description), row, strict=True))

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> int:
        """How many rows it changed."""
        return int(self._execute(connection, parameters).rowcount)

    def run_many(self, connection: Connection, parameters: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of some parameters."""
        text, fixed = self._text(connection)
        values = [{**fixed, **one} for one in parameters] if fixed else parameters
        try:
            _driver(connection).cursor().executemany(text, values)
        except _errors(connection) as error:
            raise _translated(connection, text, error) from error

    def _execute(self, connection: Connection, parameters: Mapping[str, Any]) -> Any:
        text, fixed = self._text(connection)
        try:
            return _driver(connection).execute(text, {**fixed, **parameters} if fixed else parameters)
        except _errors(connection) as error:
            raise _translated(connection, text, error) from error

    def _text(self, connection: Connection) -> tuple[str, dict[str, Any]]:
        engine = connection.dialect.name
        found = self._compiled.get(engine)
        if found is None:
            found = self._compiled[engine] = _compile(self._statements[engine], engine)
        return found


def _compile(statement: ClauseElement, engine: str) -> tuple[str, dict[str, Any]]:
    """The text of a statement, and the values that are fixed in it."""
    compiled = statement.compile(dialect=_DIALECTS[engine])
    return str(compiled), {name: value for name, value in (compiled.params or {}).items() if value is not None}


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _errors(connection: Connection) -> type[Exception]:
    """The base of the driver's own errors."""
    return connection.dialect.loaded_dbapi.Error


def _translated(connection: Connection, text: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy would have raised it, so that callers meet one kind. Values are not shown."""
    return DBAPIError.instance(text, None, error, _errors(connection), hide_parameters=True, dialect=connection.dialect)
