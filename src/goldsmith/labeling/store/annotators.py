"""Annotators of a vault: people under a pseudonym, and programs with a version."""

from sqlalchemy import Connection, bindparam, insert, select

from goldsmith.kit.ids import NewId
from goldsmith.labeling.model import Annotator
from goldsmith.store.tables.vault import annotators

_FIND = select(annotators.c.id).where(
    annotators.c.kind == bindparam("kind"),
    annotators.c.name == bindparam("name"),
    annotators.c.version == bindparam("version"),
)


def find_annotator(connection: Connection, annotator: Annotator) -> str | None:
    """The id of an annotator, if it has answered before."""
    parameters = {"kind": annotator.kind, "name": annotator.name, "version": annotator.version}
    return connection.execute(_FIND, parameters).scalar()


def ensure_annotator(connection: Connection, annotator: Annotator, *, now: int, new_id: NewId) -> str:
    """The id of an annotator, made at first use."""
    found = find_annotator(connection, annotator)
    if found is not None:
        return found
    made = new_id()
    connection.execute(
        insert(annotators).values(
            id=made, created_at=now, kind=annotator.kind, name=annotator.name, version=annotator.version
        )
    )
    return made
