"""The releases of a project: what was made, when, and where it lies."""

from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from goldsmith.errors import NotFound
from goldsmith.store.tables.vault import releases

_COLUMNS = (
    releases.c.id,
    releases.c.created_at,
    releases.c.project_id,
    releases.c.version,
    releases.c.content_root,
    releases.c.folder,
    releases.c.n_items,
    releases.c.certificate,
)


def insert_release(connection: Connection, values: dict[str, Any]) -> None:
    """Add a release."""
    connection.execute(insert(releases), values)


def list_releases(connection: Connection, project_id: str) -> list[RowMapping]:
    """The releases of a project, newest first."""
    statement = select(*_COLUMNS).where(releases.c.project_id == project_id).order_by(releases.c.id.desc())
    return list(connection.execute(statement).mappings())


def n_releases(connection: Connection, project_id: str) -> int:
    """How many releases a project has."""
    statement = select(func.count()).select_from(releases).where(releases.c.project_id == project_id)
    return connection.execute(statement).scalar_one()


def find_release(connection: Connection, project_id: str, version: str) -> RowMapping:
    """One release of a project.

    Raises:
        NotFound: the project has no such release.
    """
    statement = select(*_COLUMNS).where(releases.c.project_id == project_id, releases.c.version == version)
    found = connection.execute(statement).mappings().first()
    if found is None:
        raise NotFound(f"There is no release {version[:80]!r} of this project.")
    return found


def release_before(connection: Connection, project_id: str, release_id: str) -> RowMapping | None:
    """The release made before the one with this id."""
    statement = (
        select(*_COLUMNS)
        .where(releases.c.project_id == project_id, releases.c.id < release_id)
        .order_by(releases.c.id.desc())
        .limit(1)
    )
    return connection.execute(statement).mappings().first()
