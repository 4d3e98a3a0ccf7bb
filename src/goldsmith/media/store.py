"""Blobs and the items that show them: the statements."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from goldsmith.media.model import BlobRecord
from goldsmith.store.prepared import Prepared
from goldsmith.store.tables.media import blobs, item_blobs
from goldsmith.store.tables.vault import annotations, annotators, leases, reviews

_COLUMNS = (blobs.c.sha256, blobs.c.size_bytes, blobs.c.media_type, blobs.c.facts)
_NEW: dict[str, Any] = {
    name: bindparam(name) for name in ("sha256", "created_at", "size_bytes", "media_type", "facts", "created_by")
}
_ADD = Prepared(
    sqlite.insert(blobs).values(_NEW).on_conflict_do_nothing(),
    postgresql=postgresql.insert(blobs).values(_NEW).on_conflict_do_nothing(),
)
_FIND = Prepared(select(*_COLUMNS).where(blobs.c.sha256 == bindparam("sha256")))


def _shown_to(table: Any, by: str = "annotator_id") -> Any:  # Any: a select over one of several tables
    return (
        select(literal(1))
        .select_from(item_blobs)
        .join(table, table.c.item_id == item_blobs.c.item_id)
        .join(annotators, annotators.c.id == table.c[by])
        .where(
            item_blobs.c.sha256 == bindparam("sha256"),
            annotators.c.kind == "person",
            annotators.c.name == bindparam("actor"),
        )
    )


_SHOWN = Prepared(union_all(_shown_to(leases), _shown_to(annotations), _shown_to(reviews, "reviewer_id")).limit(1))


def add_blob(connection: Connection, record: BlobRecord, *, actor: str, now: int) -> bool:
    """Add a blob; whether it was new."""
    values = {
        "sha256": record.sha256,
        "created_at": now,
        "size_bytes": record.size_bytes,
        "media_type": record.media_type,
        "facts": msgspec.json.encode(record.facts).decode(),
        "created_by": actor,
    }
    return _ADD.run(connection, values) == 1


def find_blob(connection: Connection, sha256: str) -> BlobRecord | None:
    """What is known of a blob; None when the vault has no such blob."""
    row = _FIND.first(connection, {"sha256": sha256})
    if row is None:
        return None
    return BlobRecord(
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        media_type=row["media_type"],
        facts=msgspec.json.decode(row["facts"]),
    )


def link_blobs(connection: Connection, pairs: Iterable[tuple[str, str]], *, now: int) -> None:
    """Note which items show which blobs, as pairs of item id and digest."""
    rows = [{"item_id": item_id, "sha256": sha256, "created_at": now} for item_id, sha256 in pairs]
    if rows:
        connection.execute(insert(item_blobs), rows)


def was_shown_to(connection: Connection, sha256: str, actor: str) -> bool:
    """Whether a person has or had an item with this blob: by a lease, an answer, or a review."""
    return _SHOWN.first(connection, {"sha256": sha256, "actor": actor}) is not None
