"""Projects and their versioned documents."""

from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, or_, select, update

from goldsmith.errors import NotFound
from goldsmith.store.tables.vault import inferences, project_documents, projects, releases

_PROJECT = select(
    projects.c.id,
    projects.c.slug,
    projects.c.name,
    projects.c.state,
    projects.c.created_at,
    projects.c.schema_version,
    projects.c.guideline_version,
    projects.c.policy_version,
    projects.c.recipe_lock,
    projects.c.is_paused,
    projects.c.number,
)
_BY_REFERENCE = _PROJECT.where(or_(projects.c.id == bindparam("reference"), projects.c.slug == bindparam("reference")))
_ALL = _PROJECT.order_by(projects.c.created_at.desc(), projects.c.id.desc())
_DOCUMENT = select(project_documents.c.body).where(
    project_documents.c.project_id == bindparam("project_id"),
    project_documents.c.kind == bindparam("kind"),
    project_documents.c.version == bindparam("version"),
)


def find_project(connection: Connection, reference: str) -> RowMapping:
    """The project with this id or slug.

    Raises:
        NotFound: there is none.
    """
    found = connection.execute(_BY_REFERENCE, {"reference": reference}).mappings().first()
    if found is None:
        raise NotFound(f"There is no project {reference[:80]!r}.")
    return found


def policy_version(connection: Connection, project_id: str, *, locks: bool = False) -> int:
    """The newest version of a project's policy; with `locks` it stays the newest until this transaction ends."""
    statement = select(projects.c.policy_version).where(projects.c.id == project_id)
    return connection.execute(statement.with_for_update(key_share=True) if locks else statement).scalar_one()


def list_projects(connection: Connection) -> list[RowMapping]:
    """All projects, the newest first."""
    return list(connection.execute(_ALL).mappings())


def slug_exists(connection: Connection, slug: str) -> bool:
    """Whether a project has this slug."""
    return connection.execute(select(projects.c.id).where(projects.c.slug == slug)).first() is not None


def insert_project(connection: Connection, values: dict[str, Any]) -> None:
    """Add a project under the next number."""
    number = select(func.coalesce(func.max(projects.c.number), 0) + 1).scalar_subquery()
    connection.execute(insert(projects).values(**values, number=number))


def update_project(connection: Connection, project_id: str, values: dict[str, Any]) -> None:
    """Change the columns of a project."""
    connection.execute(update(projects).where(projects.c.id == project_id).values(**values))


def insert_document(connection: Connection, values: dict[str, Any]) -> None:
    """Add a version of a schema, guideline or policy."""
    connection.execute(insert(project_documents), values)


def document(connection: Connection, project_id: str, kind: str, version: int) -> str:
    """The body of one version of a document.

    Raises:
        NotFound: the project has no such version.
    """
    found = connection.execute(_DOCUMENT, {"project_id": project_id, "kind": kind, "version": version}).scalar()
    if found is None:
        raise NotFound(f"The project has no {kind} version {version}.")
    return found


def latest_release(connection: Connection, project_id: str) -> RowMapping | None:
    """The newest release of a project, if it has one."""
    statement = (
        select(releases.c.id, releases.c.version, releases.c.n_items, releases.c.content_root, releases.c.folder)
        .where(releases.c.project_id == project_id)
        .order_by(releases.c.id.desc())
        .limit(1)
    )
    return connection.execute(statement).mappings().first()


def inference(connection: Connection, project_id: str) -> RowMapping | None:
    """When the consensus was last inferred, from which answers, and what was measured."""
    statement = select(inferences.c.created_at, inferences.c.up_to_seq, inferences.c.measures).where(
        inferences.c.project_id == project_id
    )
    return connection.execute(statement).mappings().first()
