"""Brings a database to the current tables with Alembic, and refuses one that is newer than this program."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, insert, select

from goldsmith.errors import StorageError
from goldsmith.store.tables import collections as _collections  # noqa: F401 # pyright: ignore[reportUnusedImport] - its tables are the vault's too
from goldsmith.store.tables import directory as directory_tables
from goldsmith.store.tables import finding as _finding  # noqa: F401 # pyright: ignore[reportUnusedImport] - its tables are the vault's too
from goldsmith.store.tables import media as _media  # noqa: F401 # pyright: ignore[reportUnusedImport] - its tables are the vault's too
from goldsmith.store.tables import vault as vault_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """The tables and the migrations of one kind of database."""

    name: str
    metadata: MetaData
    leaves: Table
    head: Table
    checkpoints: Table

    @property
    def migrations(self) -> Path:
        """The folder of this plane's migrations."""
        return Path(__file__).parent / "migrations" / self.name


DIRECTORY = Plane(
    name="directory",
    metadata=directory_tables.metadata,
    leaves=directory_tables.log_leaves,
    head=directory_tables.log_head,
    checkpoints=directory_tables.log_checkpoints,
)
VAULT = Plane(
    name="vault",
    metadata=vault_tables.metadata,
    leaves=vault_tables.log_leaves,
    head=vault_tables.log_head,
    checkpoints=vault_tables.log_checkpoints,
)


def upgrade(engine: Engine, plane: Plane, now: int) -> None:
    """Run the migrations that the database lacks, and start its log, all in one transaction.

    Raises:
        StorageError: the database was written by a newer version of Goldsmith.
    """
    scripts = _scripts(plane)
    with engine.connect() as connection, connection.begin():
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        current = context.get_current_revision()
        head = scripts.get_current_head()
        if current == head:
            return
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise StorageError(
                f"This {plane.name} was written by a newer Goldsmith (revision {current}).",
                hint="Install that version or a later one.",
            )
        steps = scripts.iterate_revisions(head or "heads", current or "base")
        with Operations.context(context):
            for step in reversed(list(steps)):
                step.module.upgrade()
        _stamp(connection, head)
        if connection.execute(select(plane.head.c.size)).first() is None:
            connection.execute(insert(plane.head).values(id=1, created_at=now, size=0))


def _stamp(connection: sa.Connection, head: str | None) -> None:
    connection.exec_driver_sql(
        "create table if not exists alembic_version (version_num varchar(32) not null primary key)"
    )
    connection.exec_driver_sql("delete from alembic_version")
    connection.execute(sa.text("insert into alembic_version (version_num) values (:head)"), {"head": head})


def _scripts(plane: Plane) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(plane.migrations))
    config.set_main_option("version_locations", str(plane.migrations))
    config.set_main_option("path_separator", "newline")
    return ScriptDirectory.from_config(config)
