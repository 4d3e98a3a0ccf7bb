"""Known answers, what was measured of each question, and how far a project was at each inference."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "qualities",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("live_models", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_qualities_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_qualities")),
    )
    op.create_table(
        "inference_points",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("up_to_seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("n_answers", sa.BigInteger(), nullable=False),
        sa.Column("n_certain", sa.BigInteger(), nullable=False),
        sa.Column("n_items", sa.BigInteger(), nullable=False),
        sa.Column("expected_accuracy", sa.Float(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_inference_points_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("project_id", "up_to_seq", name=op.f("pk_inference_points")),
    )
    op.create_table(
        "known_answers",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("origin IN ('given', 'review', 'confirmed')", name=op.f("ck_known_answers_origin")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_known_answers_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_known_answers_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("item_id", "question", name=op.f("pk_known_answers")),
    )
    op.create_index("ix_known_answers_project_id", "known_answers", ["project_id", "item_id"], unique=False)
