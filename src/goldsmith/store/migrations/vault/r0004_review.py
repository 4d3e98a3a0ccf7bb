"""Review, adjudication, comments, contests, and what steers the queue item by item."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_STAGES = "review_stage IN ('none', 'review', 'rework', 'adjudicate', 'settled')"
_PURPOSES = "purpose IN ('label', 'audit', 'review', 'adjudicate')"
_TRUTH = "ADD COLUMN {1} SMALLINT DEFAULT 0 NOT NULL CONSTRAINT ck_{0}_{1} CHECK ({1} IN (0, 1))"
_NEW_COLUMNS = (
    f"projects {_TRUTH.format('projects', 'is_paused')}",
    "items ADD COLUMN priority INTEGER DEFAULT 0 NOT NULL",
    "items ADD COLUMN skill TEXT",
    f"items ADD COLUMN review_stage TEXT DEFAULT 'none' NOT NULL CONSTRAINT ck_items_review_stage CHECK ({_STAGES})",
    "annotations ADD COLUMN break_ms BIGINT DEFAULT 0 NOT NULL",
    "annotations ADD COLUMN assistance TEXT",
    f"known_answers {_TRUTH.format('known_answers', 'is_suspended')}",
)
_WHERE = {
    "ix_items_review": "review_stage = 'review'",
    "ix_items_adjudicate": "review_stage = 'adjudicate' OR is_contested = 1",
}


def upgrade() -> None:
    """Add the columns and the tables; leases may be held for reviews too."""
    for change in _NEW_COLUMNS:  # written out: SQLite adds a column with its check in one statement or not at all
        op.execute(f"ALTER TABLE {change}")
    for name, condition in _WHERE.items():
        where = sa.text(condition)
        columns = ["project_id", "queue_rank", "id"]
        op.create_index(name, "items", columns, unique=False, sqlite_where=where, postgresql_where=where)
    _widen_purposes()
    _make_reviews()
    _make_steering()
    _make_talk()


def _widen_purposes() -> None:
    """Let leases have the purposes of reviews; SQLite cannot change a check, so the table is made anew."""
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint("ck_leases_purpose", "leases", type_="check")
        op.create_check_constraint("ck_leases_purpose", "leases", _PURPOSES)
        return
    op.drop_index("ix_leases_annotator", "leases")
    op.rename_table("leases", "old_leases")
    columns: list[Any] = [
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("annotator_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(_PURPOSES, name=op.f("ck_leases_purpose")),
        sa.UniqueConstraint("item_id", "annotator_id", "purpose", name=op.f("uq_leases_item_id_annotator_id_purpose")),
        *_references("leases", project_id="projects", item_id="items", annotator_id="annotators"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leases")),
    ]
    op.create_table("leases", *columns)
    op.execute(
        "INSERT INTO leases (id, created_at, project_id, item_id, annotator_id, purpose, leased_until)"
        " SELECT id, created_at, project_id, item_id, annotator_id, purpose, leased_until FROM old_leases"
    )
    op.drop_table("old_leases")
    columns = ["annotator_id", "project_id", "purpose", "leased_until"]
    op.create_index("ix_leases_annotator", "leases", columns, unique=False)


def _make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("annotation_id", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("active_ms", sa.BigInteger(), nullable=False),
        *(sa.Column(f"{kind}_version", sa.Integer(), nullable=False) for kind in ("schema", "guideline", "policy")),
        *(sa.Column(name, sa.SmallInteger(), nullable=False) for name in ("is_late", "applies", "is_drawn")),
        sa.Column("leaf_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("purpose IN ('review', 'adjudicate')", name=op.f("ck_reviews_purpose")),
        sa.CheckConstraint(
            "decision IN ('accepted', 'fixed', 'returned', 'adjudicated')", name=op.f("ck_reviews_decision")
        ),
        *(
            sa.CheckConstraint(f"{name} IN (0, 1)", name=op.f(f"ck_reviews_{name}"))
            for name in ("is_late", "applies", "is_drawn")
        ),
        *_references(
            "reviews", project_id="projects", item_id="items", reviewer_id="annotators", annotation_id="annotations"
        ),
        sa.UniqueConstraint("leaf_seq", name=op.f("uq_reviews_leaf_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    _index("reviews", item=["item_id", "leaf_seq"], reviewer=["reviewer_id", "project_id", "leaf_seq"])
    _index("reviews", project=["project_id", "leaf_seq"])
    op.create_table(
        "reworks",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("annotator_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Text(), nullable=False),
        *_references("reworks", item_id="items", annotator_id="annotators", project_id="projects", review_id="reviews"),
        sa.PrimaryKeyConstraint("item_id", "annotator_id", name=op.f("pk_reworks")),
    )
    _index("reworks", annotator=["annotator_id", "project_id"])


def _make_steering() -> None:
    op.create_table(
        "assignments",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("annotator_id", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_references("assignments", item_id="items", project_id="projects", annotator_id="annotators"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_assignments")),
    )
    _index("assignments", annotator=["annotator_id", "project_id"])
    op.create_table(
        "contests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("leaf_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'changed', 'upheld')", name=op.f("ck_contests_state")),
        *_references("contests", project_id="projects", item_id="items", author_id="annotators", review_id="reviews"),
        sa.UniqueConstraint("leaf_seq", name=op.f("uq_contests_leaf_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
    )
    _index("contests", item=["item_id", "id"], project=["project_id", "state", "id"])


def _make_talk() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Text(), nullable=True),
        sa.Column("review_id", sa.Text(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'resolved')", name=op.f("ck_threads_state")),
        *_references("threads", project_id="projects", item_id="items", author_id="annotators"),
        *_references("threads", about_id="annotators", review_id="reviews"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    _index("threads", item=["item_id", "id"], project=["project_id", "state", "changed_at", "id"])
    op.create_table(
        "comments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("leaf_seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("voice IN ('annotator', 'reviewer')", name=op.f("ck_comments_voice")),
        *_references("comments", thread_id="threads", author_id="annotators"),
        sa.UniqueConstraint("leaf_seq", name=op.f("uq_comments_leaf_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    _index("comments", thread=["thread_id", "leaf_seq"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
        for column, other in columns.items()
    ]


def _index(table: str, **columns: Sequence[str]) -> None:
    for name, of_index in columns.items():
        op.create_index(f"ix_{table}_{name}", table, list(of_index), unique=False)
