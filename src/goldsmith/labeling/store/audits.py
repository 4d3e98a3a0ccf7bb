"""Audit samples: which items were drawn, and what was said about them."""

from sqlalchemy import Connection, RowMapping, and_, func, select

from goldsmith.store.tables.vault import annotations, audit_items, current_annotations, items


def n_drawn(connection: Connection, project_id: str) -> int:
    """How many items the audit sample has."""
    statement = select(func.count()).select_from(audit_items).where(audit_items.c.project_id == project_id)
    return connection.execute(statement).scalar_one()


def judged(connection: Connection, project_id: str) -> list[RowMapping]:
    """The drawn items that were audited, with the auditor's answers and the consensus."""
    statement = (
        select(audit_items.c.item_id, items.c.external_id, annotations.c.answers, items.c.consensus, items.c.confidence)
        .join_from(audit_items, items, items.c.id == audit_items.c.item_id)
        .join(
            current_annotations,
            and_(current_annotations.c.item_id == items.c.id, current_annotations.c.purpose == "audit"),
        )
        .join(annotations, annotations.c.id == current_annotations.c.annotation_id)
        .where(audit_items.c.project_id == project_id, annotations.c.outcome == "answered")
        .order_by(audit_items.c.item_id, annotations.c.leaf_seq)
    )
    return list(connection.execute(statement).mappings())
