"""Items, answers, imports and audits on the wire, and what all types there share: see docs/api.md for each field."""

from typing import Any, Literal

import msgspec

from goldsmith.labeling.policies import Policy, Stage
from goldsmith.trust.receipts import Receipt

__all__ = ["Policy", "Receipt"]

# Any: answers and payloads are the users' own JSON; they are checked against the project's schema, not here.
Json = dict[str, Any]
Outcome = Literal["answered", "skipped"]


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all types on the wire."""


class Rejected(Wire, frozen=True, kw_only=True):
    """A row that was not imported, and why; lines count from 1."""

    line: int
    reason: str


class ImportReport(Wire, frozen=True, kw_only=True):
    """What an import did: read = accepted + duplicate + changed + rejected; and how many predictions were stored."""

    n_read: int
    n_accepted: int
    n_duplicate: int
    n_changed: int
    n_rejected: int
    rejected: list[Rejected]
    n_predictions: int = 0


class ItemRow(Wire, frozen=True, kw_only=True):
    """An item in a list."""

    id: str
    external_id: str
    title: str
    position: int
    n_people: int
    n_models: int
    confidence: float | None
    consensus: Json | None
    is_contested: bool
    is_certain: bool
    is_open: bool
    wanted: int
    tags: list[str]
    aside: Literal["set_aside", "removed"] | None
    updated_at: int
    blob: str | None = None
    review_stage: Stage = "none"
    priority: int = 0
    skill: str | None = None


class ItemPage(Wire, frozen=True, kw_only=True):
    """A page of items.

    Attributes:
        next: the cursor of the next page. A page may hold fewer items than were asked for and still have one: then very
            many items were looked through, and the cursor goes on from there.
        total: how many items fit, on the first page; null where counting them all would take long.
        at_least: how many items fit at least, where `total` is null and that is known.
    """

    rows: list[ItemRow]
    next: str | None
    total: int | None
    at_least: int | None = None


class AnnotatorName(Wire, frozen=True, kw_only=True):
    """Who answered: a pseudonym, or a program with its version."""

    id: str
    kind: Literal["person", "model"]
    name: str
    version: str | None


class Annotation(Wire, frozen=True, kw_only=True):
    """One annotator's answers to one item.

    Attributes:
        assistance: the help that they had: whether a suggestion was drawn for them (`is_offered`), which were `shown`,
            `accepted` and `changed`, and what their program said that cannot be true (`left_out`).
    """

    id: str
    item_id: str
    annotator: AnnotatorName
    purpose: Literal["label", "audit"]
    outcome: Outcome
    reason: str | None
    answers: Json
    created_at: int
    schema_version: int
    guideline_version: int
    policy_version: int
    supersedes: str | None
    is_late: bool
    leaf_seq: int
    assistance: Json | None = None


class OwnAnnotation(Annotation, frozen=True, kw_only=True):
    """An annotation of the caller's, with the title of its item."""

    title: str


class OwnAnnotationPage(Wire, frozen=True, kw_only=True):
    """A page of the caller's annotations, newest first."""

    rows: list[OwnAnnotation]
    next: str | None


class Consensus(Wire, frozen=True, kw_only=True):
    """The inferred answer to one question of an item."""

    question: str
    value: Any
    confidence: float | None
    agreement: float | None
    n_answers: int
    method: str


class Item(Wire, frozen=True, kw_only=True):
    """An item with its content, its answers and what was inferred."""

    id: str
    external_id: str
    title: str
    position: int
    n_people: int
    n_models: int
    confidence: float | None
    is_contested: bool
    updated_at: int
    payload: Json
    consensus: list[Consensus]
    annotations: list[Annotation]


class GuessedColumn(Wire, frozen=True, kw_only=True):
    """A column of a file to import."""

    name: str
    n_filled: int
    mean_length: float
    examples: list[str]


class Guess(Wire, frozen=True, kw_only=True):
    """What the beginning of a file looks like."""

    format: Literal["csv", "jsonl", "json"]
    columns: list[GuessedColumn]
    text_column: str | None
    id_column: str | None
    rows: list[Json]
    delimiter: str | None
    charset: str


class AuditDrawn(Wire, frozen=True, kw_only=True):
    """An audit sample that was drawn."""

    n_drawn: int
    n_items: int
    seed: int


class NewAudit(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How large an audit sample to draw, and from which seed."""

    n: int
    seed: int
