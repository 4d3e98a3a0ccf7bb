"""What finds items: facets, words, and the columns and tables of those who steer many items at once."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from goldsmith.kit.words import texts_in
from goldsmith.store import facets
from goldsmith.store.words import add_words

revision = "0005"
down_revision = "0004"
_CHUNK = 1_000
_ITEMS = """
select items.id, items.position, items.external_id, items.skill, item_contents.payload from items
join item_contents on item_contents.item_id = items.id
where items.project_id = :project_id and items.position > :after order by items.position limit :n
"""
_OF_ITEMS = {
    "consensus": "select item_id, question, value, confidence, agreement from consensus where item_id in :ids",
    "answer": """select current_annotations.item_id, annotators.name, outcome, reason, answers
        from current_annotations join annotations on annotations.id = current_annotations.annotation_id
        join annotators on annotators.id = current_annotations.annotator_id
        where current_annotations.item_id in :ids and current_annotations.purpose = 'label'""",
    "known": "select item_id, question, value from known_answers where item_id in :ids",
}
_PARTIAL = {
    "contested": "is_contested = 1",
    "certain": "is_certain = 1",
    "uncertain": "is_certain = 0",
    "aside": "aside IS NOT NULL",
}


def upgrade() -> None:
    """Make the columns and tables, and fill them from what is there, some thousand items at a time."""
    _add_columns()
    _add_finding()
    _add_collections()
    connection = op.get_bind()
    projects = connection.execute(
        sa.text("""select projects.id, body from projects join project_documents on project_id = projects.id
            where kind = 'schema' and version = schema_version order by projects.created_at, projects.id""")
    ).all()
    for number, (project_id, body) in enumerate(projects, start=1):
        connection.execute(
            sa.text("update projects set number = :number where id = :id"), {"number": number, "id": project_id}
        )
        shown = {field["name"] for field in json.loads(body)["fields"]}
        for rows in _chunks(connection, project_id):
            _fill(connection, project_id, number=number, shown=shown, rows=rows)


def _add_columns() -> None:
    op.add_column("projects", sa.Column("number", sa.Integer(), nullable=True))
    op.create_index("ix_projects_number", "projects", ["number"], unique=True)
    zero = sa.text("0")
    op.add_column("items", sa.Column("tags", sa.Text(), nullable=True))
    op.add_column("items", sa.Column("asked", sa.Integer(), server_default=zero, nullable=False))
    op.execute(  # SQLite takes a check only together with its column
        "alter table items add column aside TEXT CONSTRAINT ck_items_aside CHECK (aside IN ('set_aside', 'removed'))"
    )
    op.create_index("ix_items_priority", "items", ["project_id", "priority", "id"], unique=False)
    for name, which in _PARTIAL.items():
        op.create_index(
            f"ix_items_{name}",
            "items",
            ["project_id", "position"],
            unique=False,
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )


def _add_finding() -> None:
    op.create_table(
        "facets",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_facets_project_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_facets"),
    )
    op.create_index("ix_facets_value", "facets", ["project_id", "name", "value"], unique=False)
    op.create_index("ix_facets_number", "facets", ["project_id", "name", "number"], unique=False)
    op.create_table(
        "item_facets",
        sa.Column("facet_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("facet_id", "place", name="pk_item_facets"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_item_facets_place", "item_facets", ["place", "facet_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("create virtual table item_words using fts5 (words, content='', columnsize=0, tokenize='ascii')")
    else:
        op.execute("create table item_words (place bigint primary key, words tsvector not null)")
        op.execute("create index ix_item_words_words on item_words using gin (words) with (fastupdate = off)")


def _add_collections() -> None:
    op.create_table(
        "item_views",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("is_shared IN (0, 1)", name="ck_item_views_is_shared"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_item_views_project_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_item_views"),
    )
    op.create_index("ix_item_views_project_id", "item_views", ["project_id", "owner"], unique=False)
    op.create_table(
        "bulk_actions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("n_changed", sa.BigInteger(), nullable=False),
        sa.Column("n_unchanged", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("n_restored", sa.BigInteger(), nullable=True),
        sa.Column("n_kept", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("n_changed >= 0", name="ck_bulk_actions_n_changed"),
        sa.CheckConstraint("n_unchanged >= 0", name="ck_bulk_actions_n_unchanged"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name="fk_bulk_actions_project_id", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_actions"),
    )
    op.create_index("ix_bulk_actions_project_id", "bulk_actions", ["project_id", "id"], unique=False)
    op.create_table(
        "bulk_changes",
        sa.Column("bulk_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_actions.id"], name="fk_bulk_changes_bulk_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_bulk_changes_item_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("bulk_id", "item_id", name="pk_bulk_changes"),
    )
    op.create_index("ix_bulk_changes_item_id", "bulk_changes", ["item_id", "bulk_id"], unique=False)


def _chunks(connection: sa.Connection, project_id: str) -> Iterator[list[Any]]:
    after = -1
    while True:
        asked = {"project_id": project_id, "after": after, "n": _CHUNK}
        rows = list(connection.execute(sa.text(_ITEMS), asked).mappings())
        if not rows:
            return
        yield rows
        after = rows[-1]["position"]


def _fill(connection: sa.Connection, project_id: str, *, number: int, shown: set[str], rows: list[Any]) -> None:
    place = {row["id"]: facets.place_of(number, row["position"]) for row in rows}
    found: dict[str, dict[str, list[Any]]] = {}
    for kind, asked in _OF_ITEMS.items():
        statement = sa.text(asked).bindparams(sa.bindparam("ids", expanding=True))
        for row in connection.execute(statement, {"ids": list(place)}).mappings():
            found.setdefault(row["item_id"], {}).setdefault(kind, []).append(row)
    words: dict[int, str] = {}
    of_places: dict[int, list[facets.Facet]] = {}
    for row in rows:
        payload = json.loads(row["payload"])
        kinds = found.get(row["id"], {})
        words[place[row["id"]]] = texts_in(payload)
        of_places[place[row["id"]]] = [
            *facets.field_facets(payload, shown=shown, external_id=row["external_id"]),
            *facets.consensus_facets(kinds.get("consensus", ())),
            *facets.answer_facets(kinds.get("answer", ())),
            *facets.tag_facets((), row["skill"]),
            *facets.known_facets({one["question"]: one["value"] for one in kinds.get("known", ())}),
        ]
    add_words(connection, words)
    facets.add_facets(connection, project_id, of_places, now=0)
