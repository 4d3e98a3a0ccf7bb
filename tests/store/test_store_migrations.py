"""The migrations give exactly the tables that the statements use, on both engines."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

from goldsmith.errors import StorageError
from goldsmith.kit.clock import FixedClock
from goldsmith.store.databases import PostgresqlDatabase, SqliteDatabase
from goldsmith.store.engines import create_postgresql_database, open_postgresql, open_sqlite_writer
from goldsmith.store.homes import Home
from goldsmith.store.migrate import DIRECTORY, VAULT, upgrade
from goldsmith.store.tables import vault as tables

PLANES = pytest.mark.parametrize("plane", [DIRECTORY, VAULT], ids=lambda plane: plane.name)


@pytest.fixture
def new_engine(tmp_path, database_url):
    """Makes empty databases."""
    engines = []

    def make(name: str) -> sa.Engine:
        if database_url is None:
            engines.append(open_sqlite_writer(tmp_path / f"{name}.db"))
        else:
            own = f"{tmp_path.name}_{name}".lower().replace("-", "_")
            engines.append(open_postgresql(create_postgresql_database(database_url, own)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


def shape_of(engine: sa.Engine, metadata: MetaData) -> dict:
    """Everything a database says about the tables of `metadata`."""
    inspector = sa.inspect(engine)

    def text_of(value):
        return {key: str(part) for key, part in value.items()} if isinstance(value, dict) else str(value)

    def plain(entries):
        return sorted(({key: text_of(value) for key, value in one.items()} for one in entries), key=str)

    return {
        name: {
            "columns": plain(inspector.get_columns(name)),
            "key": inspector.get_pk_constraint(name)["constrained_columns"],
            "foreign": plain(inspector.get_foreign_keys(name)),
            "unique": plain(inspector.get_unique_constraints(name)),
            "checks": sorted(
                (one["name"] or "", one["sqltext"].replace("(", "").replace(")", ""))
                for one in inspector.get_check_constraints(name)
            ),
            "indexes": plain(inspector.get_indexes(name)),
        }
        for name in metadata.tables
    }


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The words of items are kept by each engine in its own way, which no metadata describes."""
    return not (kind == "table" and (name or "").startswith("item_words"))


@PLANES
def test_the_migrations_and_the_tables_are_the_same(new_engine, plane):
    migrated, made = new_engine("migrated"), new_engine("made")
    upgrade(migrated, plane, 0)
    plane.metadata.create_all(made)
    with migrated.connect() as connection:
        options = {"include_name": is_ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), plane.metadata) == []
    # Alembic does not compare check constraints, nor what a foreign key does on delete.
    assert shape_of(migrated, plane.metadata) == shape_of(made, plane.metadata)


@PLANES
def test_upgrading_again_changes_nothing(new_engine, plane):
    engine = new_engine("twice")
    upgrade(engine, plane, 5)
    before = shape_of(engine, plane.metadata)
    upgrade(engine, plane, 6)
    assert shape_of(engine, plane.metadata) == before
    with engine.connect() as connection:
        assert connection.execute(sa.select(plane.head.c.size, plane.head.c.created_at)).all() == [(0, 5)]


@PLANES
def test_a_database_of_a_newer_version_is_refused_and_left_alone(new_engine, plane):
    engine = new_engine("newer")
    upgrade(engine, plane, 0)
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StorageError, match=rf"This {plane.name} was written by a newer Goldsmith \(revision 9999\)"):
        upgrade(engine, plane, 1)
    with engine.connect() as connection:
        assert connection.execute(sa.text("select version_num from alembic_version")).scalars().all() == ["9999"]


def test_a_home_with_a_newer_vault_opens_again_once_it_is_mended(home, vault, database_url, tmp_path):
    database = vault.database
    assert isinstance(database, SqliteDatabase | PostgresqlDatabase)
    database.write(lambda unit: unit.connection.execute(sa.text("update alembic_version set version_num = '9999'")))
    home.close()
    with Home(tmp_path / "home", clock=FixedClock(), database_url=database_url) as again:
        with pytest.raises(StorageError, match="newer Goldsmith"):
            again.vault("acme")
        assert again.vault_slugs() == ["acme"]


def test_impossible_values_are_refused_by_the_database_itself(lab):
    with pytest.raises(sa.exc.IntegrityError):
        lab.act(lambda unit: unit.connection.execute(sa.text("update projects set state = 'lost'")))


def test_texts_sort_by_code_point(vault):
    words = ["b", "B", "a", "ä", "z", "Z", "é", "\U0001f600", "\uffee", "-"]
    ids = tables.annotators.c.id
    rows = [{"id": word, "created_at": 0, "kind": "person", "name": word, "version": ""} for word in words]
    vault.database.write(lambda unit: unit.connection.execute(sa.insert(tables.annotators), rows))
    with vault.database.read() as connection:
        assert connection.execute(sa.select(ids).order_by(ids)).scalars().all() == sorted(words)
