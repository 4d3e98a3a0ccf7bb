"""Requests and responses about projects, their schemas, guidelines and policies."""

from typing import Any, Literal

import msgspec

from goldsmith.labeling.policies import Policy
from goldsmith.labeling.wire import Json, Wire
from goldsmith.tasks.schema_changes import QuestionChange


class Project(Wire, frozen=True, kw_only=True):
    """A project without its documents; while it is paused nobody gets new items, and answers under way are kept."""

    id: str
    slug: str
    name: str
    state: Literal["active", "archived"]
    created_at: int
    schema_version: int
    guideline_version: int
    policy_version: int
    is_paused: bool = False


class ProjectCard(Project, frozen=True, kw_only=True):
    """A project with the few numbers of its card."""

    n_items: int
    n_certain: int
    n_answered: int
    n_need_people: int
    latest_release: str | None


class ProjectRows(Wire, frozen=True, kw_only=True):
    """The projects of a client."""

    rows: list[ProjectCard]


class ProjectFull(Project, frozen=True, kw_only=True):
    """A project with its documents."""

    schema: Json
    guideline: str
    policy: Policy


class SchemaEffects(Wire, frozen=True, kw_only=True):
    """What a new version of a schema does to the answers made before it.

    Attributes:
        questions: that are new, gone or changed.
        n_items_asked_again: items of which an answer no longer fits.
        n_annotations_retired: answers that no longer fit; they stay stored, and count no more.
    """

    questions: list[QuestionChange]
    n_items_asked_again: int
    n_annotations_retired: int


class SchemaChanged(ProjectFull, frozen=True, kw_only=True):
    """A project after a change of its schema."""

    effects: SchemaEffects


class NewProject(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a project."""

    name: str
    schema: Json
    guideline: str = ""
    policy: Json = msgspec.field(default_factory=dict[str, Any])


class NewSchema(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version of the schema."""

    schema: Json


class SchemaVersion(Wire, frozen=True, kw_only=True):
    """One version of a project's schema."""

    version: int
    schema: Json


class GuidelineVersion(Wire, frozen=True, kw_only=True):
    """One version of a project's guideline, in Markdown."""

    version: int
    guideline: str


class SchemaDraft(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A schema that is being written: its values or its YAML, one of them."""

    schema: Json | None = None
    text: str | None = None


class NewGuideline(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version of the guideline, in Markdown."""

    guideline: str


class NewPolicy(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version of the policy."""

    policy: Json
