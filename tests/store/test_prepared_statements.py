"""Prepared statements give what SQLAlchemy's own would, on both engines, and fail like them."""

import pytest
from sqlalchemy import Text, bindparam, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from goldsmith.errors import StorageError
from goldsmith.store.prepared import Prepared
from goldsmith.store.tables import vault as tables

ANNOTATORS = tables.annotators
BY_NAME = select(ANNOTATORS.c.id, ANNOTATORS.c.created_at).where(ANNOTATORS.c.name == bindparam("wanted"))
ROWS = [
    {"id": "1", "created_at": 7, "kind": "person", "name": "100% sure_", "version": ""},
    {"id": "2", "created_at": 2**62, "kind": "person", "name": "Ünïcode \U0001f600 '\"", "version": ""},
    {"id": "3", "created_at": -1, "kind": "model", "name": "%(name)s :name", "version": "1"},
]
ADD = Prepared(insert(ANNOTATORS))


@pytest.fixture
def act(vault):
    return vault.database.write


def test_rows_come_back_as_they_went_in(act):
    act(lambda unit: ADD.run_many(unit.connection, ROWS))
    every = Prepared(select(ANNOTATORS).order_by(ANNOTATORS.c.id))
    assert act(lambda unit: every.rows(unit.connection, {})) == ROWS
    by_name = Prepared(BY_NAME)
    for row in ROWS:
        found = act(lambda unit, row=row: by_name.first(unit.connection, {"wanted": row["name"]}))
        assert found == {"id": row["id"], "created_at": row["created_at"]}
    assert act(lambda unit: by_name.first(unit.connection, {"wanted": "nobody"})) is None
    assert act(lambda unit: by_name.rows(unit.connection, {"wanted": "nobody"})) == []


def test_values_that_stand_in_the_statement_stay_in_it(act):
    act(lambda unit: ADD.run_many(unit.connection, ROWS))
    statement = (
        select(ANNOTATORS.c.id, literal("50% :off").label("said"))
        .where(ANNOTATORS.c.name.icontains("100%", autoescape=True), ANNOTATORS.c.kind == "person")
        .limit(bindparam("n"))
        .offset(0)
    )
    prepared = Prepared(statement)
    for n in (1, 5):
        assert act(lambda unit, n=n: prepared.rows(unit.connection, {"n": n})) == [{"id": "1", "said": "50% :off"}]


def test_a_change_tells_how_many_rows_it_changed(act):
    act(lambda unit: ADD.run_many(unit.connection, ROWS))
    rename = Prepared(
        update(ANNOTATORS)
        .where(ANNOTATORS.c.kind == bindparam("of_kind"))
        .values(version=func.coalesce(bindparam("new_version", type_=Text), "none"))
    )
    assert act(lambda unit: rename.run(unit.connection, {"of_kind": "person", "new_version": None})) == 2
    assert act(lambda unit: rename.run(unit.connection, {"of_kind": "nobody", "new_version": "x"})) == 0


def test_a_broken_constraint_is_the_error_that_sqlalchemy_raises(act):
    with pytest.raises(IntegrityError) as caught:
        act(lambda unit: ADD.run_many(unit.connection, [ROWS[0], ROWS[0]]))
    assert "100% sure_" not in str(caught.value)
    with pytest.raises(IntegrityError):
        act(lambda unit: ADD.run(unit.connection, ROWS[0] | {"kind": "animal"}))
    assert act(lambda unit: unit.connection.execute(select(ANNOTATORS.c.id)).all()) == []


def test_a_reader_that_tries_to_write_is_refused(vault):
    with pytest.raises(StorageError, match="The database refused"), vault.database.read() as connection:
        ADD.run(connection, ROWS[0])
