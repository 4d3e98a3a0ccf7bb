"""A vault: everything of one client. It knows pseudonyms, never people."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from goldsmith.store.tables.common import NAMING, instant, log_tables, truth

metadata = MetaData(naming_convention=NAMING)


def _belongs_to(table: str, column: str, *, is_optional: bool = False) -> Column[str]:
    return Column(column, Text, ForeignKey(f"{table}.id", ondelete="RESTRICT"), nullable=is_optional)


projects = Table(
    "projects",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('active', 'archived')", name="state"), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("guideline_version", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recipe_lock", Text, nullable=True),
    truth("is_paused", default=0),
    Column("number", Integer, nullable=True),
)
Index("ix_projects_number", projects.c.number, unique=True)

project_documents = Table(
    "project_documents",
    metadata,
    Column("project_id", Text, ForeignKey("projects.id", ondelete="RESTRICT"), nullable=False),
    Column("kind", Text, CheckConstraint("kind IN ('schema', 'guideline', 'policy')", name="kind"), nullable=False),
    Column("version", Integer, nullable=False),
    instant("created_at"),
    Column("body", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("project_id", "kind", "version"),
)

items = Table(
    "items",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    instant("updated_at"),
    _belongs_to("projects", "project_id"),
    Column("external_id", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("wanted", Integer, CheckConstraint("wanted >= 0", name="wanted"), nullable=False),
    Column("n_people", Integer, CheckConstraint("n_people >= 0", name="n_people"), nullable=False),
    Column("n_models", Integer, CheckConstraint("n_models >= 0", name="n_models"), nullable=False),
    Column("queue_rank", BigInteger, nullable=False),
    truth("is_open"),
    truth("is_certain"),
    truth("is_contested"),
    Column("confidence", Float, nullable=True),
    Column("consensus", Text, nullable=True),
    Column("priority", Integer, nullable=False, server_default=text("0")),
    Column("skill", Text, nullable=True),
    Column(
        "review_stage",
        Text,
        CheckConstraint("review_stage IN ('none', 'review', 'rework', 'adjudicate', 'settled')", name="review_stage"),
        nullable=False,
        server_default=text("'none'"),
    ),
    Column("tags", Text, nullable=True),
    Column("asked", Integer, server_default=text("0"), nullable=False),
    Column("aside", Text, CheckConstraint("aside IN ('set_aside', 'removed')", name="aside"), nullable=True),
    UniqueConstraint("project_id", "external_id"),
)
IS_OPEN = text("is_open = 1")
TO_REVIEW = text("review_stage = 'review'")
TO_ADJUDICATE = text("review_stage = 'adjudicate' OR is_contested = 1")
IS_CONTESTED = text("is_contested = 1")
IS_CERTAIN = text("is_certain = 1")
IS_UNCERTAIN = text("is_certain = 0")
IS_ASIDE = text("aside IS NOT NULL")
Index(
    "ix_items_queue",
    items.c.project_id,
    items.c.queue_rank,
    items.c.id,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
Index(
    "ix_items_review",
    items.c.project_id,
    items.c.queue_rank,
    items.c.id,
    sqlite_where=TO_REVIEW,
    postgresql_where=TO_REVIEW,
)
Index(
    "ix_items_adjudicate",
    items.c.project_id,
    items.c.queue_rank,
    items.c.id,
    sqlite_where=TO_ADJUDICATE,
    postgresql_where=TO_ADJUDICATE,
)
Index("ix_items_position", items.c.project_id, items.c.position, items.c.id)
Index("ix_items_need", items.c.project_id, items.c.queue_rank, items.c.id)
Index("ix_items_confidence", items.c.project_id, items.c.confidence, items.c.id)
Index("ix_items_answers", items.c.project_id, items.c.n_people, items.c.id)
Index("ix_items_updated", items.c.project_id, items.c.updated_at, items.c.id)
Index("ix_items_priority", items.c.project_id, items.c.priority, items.c.id)
for _name, _which in (
    ("contested", IS_CONTESTED),
    ("certain", IS_CERTAIN),
    ("uncertain", IS_UNCERTAIN),
    ("aside", IS_ASIDE),
):
    Index(
        f"ix_items_{_name}",
        items.c.project_id,
        items.c.position,
        sqlite_where=_which,
        postgresql_where=_which,
    )

item_contents = Table(
    "item_contents",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), primary_key=True),
    instant("created_at"),
    Column("payload", Text, nullable=False),
)

annotators = Table(
    "annotators",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    Column("kind", Text, CheckConstraint("kind IN ('person', 'model')", name="kind"), nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    UniqueConstraint("kind", "name", "version"),
)

leases = Table(
    "leases",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    _belongs_to("items", "item_id"),
    _belongs_to("annotators", "annotator_id"),
    Column(
        "purpose",
        Text,
        CheckConstraint("purpose IN ('label', 'audit', 'review', 'adjudicate')", name="purpose"),
        nullable=False,
    ),
    instant("leased_until"),
    UniqueConstraint("item_id", "annotator_id", "purpose"),
)
Index("ix_leases_annotator", leases.c.annotator_id, leases.c.project_id, leases.c.purpose, leases.c.leased_until)

annotations = Table(
    "annotations",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    _belongs_to("items", "item_id"),
    _belongs_to("annotators", "annotator_id"),
    Column("purpose", Text, CheckConstraint("purpose IN ('label', 'audit')", name="purpose"), nullable=False),
    Column("outcome", Text, CheckConstraint("outcome IN ('answered', 'skipped')", name="outcome"), nullable=False),
    Column("reason", Text, nullable=True),
    Column("answers", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("active_ms", BigInteger, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("guideline_version", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("supersedes", Text, ForeignKey("annotations.id", ondelete="RESTRICT"), nullable=True),
    truth("is_late"),
    Column("leaf_seq", BigInteger, nullable=False, unique=True),
    Column("break_ms", BigInteger, nullable=False, server_default=text("0")),
    Column("assistance", Text, nullable=True),
)
Index("ix_annotations_item", annotations.c.item_id, annotations.c.leaf_seq)
Index("ix_annotations_annotator", annotations.c.annotator_id, annotations.c.project_id, annotations.c.leaf_seq)
Index("ix_annotations_project", annotations.c.project_id, annotations.c.leaf_seq)

current_annotations = Table(
    "current_annotations",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), nullable=False),
    Column("annotator_id", Text, ForeignKey("annotators.id", ondelete="RESTRICT"), nullable=False),
    Column("purpose", Text, CheckConstraint("purpose IN ('label', 'audit')", name="purpose"), nullable=False),
    Column("annotation_id", Text, ForeignKey("annotations.id", ondelete="RESTRICT"), nullable=False, unique=True),
    instant("created_at"),
    PrimaryKeyConstraint("item_id", "annotator_id", "purpose"),
)

consensus = Table(
    "consensus",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), nullable=False),
    Column("question", Text, nullable=False),
    instant("created_at"),
    Column("value", Text, nullable=False),
    Column("confidence", Float, nullable=True),
    Column("agreement", Float, nullable=True),
    Column("n_answers", Integer, nullable=False),
    Column("method", Text, nullable=False),
    PrimaryKeyConstraint("item_id", "question"),
)

inferences = Table(
    "inferences",
    metadata,
    Column("project_id", Text, ForeignKey("projects.id", ondelete="RESTRICT"), primary_key=True),
    instant("created_at"),
    Column("up_to_seq", BigInteger, nullable=False),
    Column("measures", Text, nullable=False),
)

qualities = Table(
    "qualities",
    metadata,
    Column("project_id", Text, ForeignKey("projects.id", ondelete="RESTRICT"), primary_key=True),
    instant("created_at"),
    Column("questions", Text, nullable=False),
    Column("live_models", Text, nullable=True),
    Column("plan", Text, nullable=True),
)

inference_points = Table(
    "inference_points",
    metadata,
    Column("project_id", Text, ForeignKey("projects.id", ondelete="RESTRICT"), nullable=False),
    Column("up_to_seq", BigInteger, nullable=False),
    instant("created_at"),
    Column("n_answers", BigInteger, nullable=False),
    Column("n_certain", BigInteger, nullable=False),
    Column("n_items", BigInteger, nullable=False),
    Column("expected_accuracy", Float, nullable=True),
    Column("plan", Text, nullable=True),
    PrimaryKeyConstraint("project_id", "up_to_seq"),
)

known_answers = Table(
    "known_answers",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), nullable=False),
    Column("question", Text, nullable=False),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    Column("value", Text, nullable=False),
    Column(
        "origin", Text, CheckConstraint("origin IN ('given', 'review', 'confirmed')", name="origin"), nullable=False
    ),
    Column("note", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    truth("is_suspended", default=0),
    PrimaryKeyConstraint("item_id", "question"),
)
Index("ix_known_answers_project_id", known_answers.c.project_id, known_answers.c.item_id)

audit_items = Table(
    "audit_items",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), primary_key=True),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    Column("seed", BigInteger, nullable=False),
)
Index("ix_audit_items_project_id", audit_items.c.project_id)

releases = Table(
    "releases",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    Column("version", Text, nullable=False),
    Column("content_root", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("n_items", BigInteger, nullable=False),
    Column("certificate", Text, nullable=False),
    UniqueConstraint("project_id", "version"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    _belongs_to("items", "item_id"),
    _belongs_to("annotators", "reviewer_id"),
    _belongs_to("annotations", "annotation_id", is_optional=True),
    Column("purpose", Text, CheckConstraint("purpose IN ('review', 'adjudicate')", name="purpose"), nullable=False),
    Column(
        "decision",
        Text,
        CheckConstraint("decision IN ('accepted', 'fixed', 'returned', 'adjudicated')", name="decision"),
        nullable=False,
    ),
    Column("answers", Text, nullable=False),
    Column("taken", Text, nullable=True),
    Column("comment", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("active_ms", BigInteger, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("guideline_version", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    truth("is_late"),
    truth("applies"),
    truth("is_drawn"),
    Column("leaf_seq", BigInteger, nullable=False, unique=True),
)
Index("ix_reviews_item", reviews.c.item_id, reviews.c.leaf_seq)
Index("ix_reviews_reviewer", reviews.c.reviewer_id, reviews.c.project_id, reviews.c.leaf_seq)
Index("ix_reviews_project", reviews.c.project_id, reviews.c.leaf_seq)

reworks = Table(
    "reworks",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), nullable=False),
    Column("annotator_id", Text, ForeignKey("annotators.id", ondelete="RESTRICT"), nullable=False),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    _belongs_to("reviews", "review_id"),
    PrimaryKeyConstraint("item_id", "annotator_id"),
)
Index("ix_reworks_annotator", reworks.c.annotator_id, reworks.c.project_id)

assignments = Table(
    "assignments",
    metadata,
    Column("item_id", Text, ForeignKey("items.id", ondelete="RESTRICT"), primary_key=True),
    instant("created_at"),
    _belongs_to("projects", "project_id"),
    _belongs_to("annotators", "annotator_id"),
    Column("created_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
Index("ix_assignments_annotator", assignments.c.annotator_id, assignments.c.project_id)

threads = Table(
    "threads",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    instant("changed_at"),
    _belongs_to("projects", "project_id"),
    _belongs_to("items", "item_id"),
    _belongs_to("annotators", "author_id"),
    _belongs_to("annotators", "about_id", is_optional=True),
    _belongs_to("reviews", "review_id", is_optional=True),
    Column("anchor", Text, nullable=True),
    Column("state", Text, CheckConstraint("state IN ('open', 'resolved')", name="state"), nullable=False),
)
Index("ix_threads_item", threads.c.item_id, threads.c.id)
Index("ix_threads_project", threads.c.project_id, threads.c.state, threads.c.changed_at, threads.c.id)

comments = Table(
    "comments",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    _belongs_to("threads", "thread_id"),
    _belongs_to("annotators", "author_id"),
    Column("voice", Text, CheckConstraint("voice IN ('annotator', 'reviewer')", name="voice"), nullable=False),
    Column("body", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("leaf_seq", BigInteger, nullable=False, unique=True),
)
Index("ix_comments_thread", comments.c.thread_id, comments.c.leaf_seq)

contests = Table(
    "contests",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    instant("resolved_at", is_optional=True),
    _belongs_to("projects", "project_id"),
    _belongs_to("items", "item_id"),
    _belongs_to("annotators", "author_id"),
    _belongs_to("reviews", "review_id", is_optional=True),
    Column("reason", Text, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('open', 'changed', 'upheld')", name="state"), nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("leaf_seq", BigInteger, nullable=False, unique=True),
)
Index("ix_contests_item", contests.c.item_id, contests.c.id)
Index("ix_contests_project", contests.c.project_id, contests.c.state, contests.c.id)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    instant("created_at"),
    instant("started_at", is_optional=True),
    instant("finished_at", is_optional=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    _belongs_to("projects", "project_id", is_optional=True),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        nullable=False,
    ),
    Column("parameters", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=True),
    Column("message", Text, nullable=False),
    Column("result", Text, nullable=True),
    Column("error", Text, nullable=True),
    truth("wants_cancel"),
    Column("created_by", Text, nullable=False),
)
Index("ix_jobs_state", jobs.c.state, jobs.c.id)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", Text, nullable=False),
    Column("actor", Text, nullable=False),
    instant("created_at"),
    Column("request_sha256", Text, nullable=False),
    Column("response", Text, nullable=False),
    PrimaryKeyConstraint("key", "actor"),
)

log_leaves, log_head, log_checkpoints = log_tables(metadata)
