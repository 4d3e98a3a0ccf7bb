"""What the labelling routes take and give: see docs/api.md for each field."""

from typing import Any, Literal

import msgspec

from goldsmith.labeling.policies import Policy, Stage
from goldsmith.tasks.schema_changes import QuestionChange
from goldsmith.trust.receipts import Receipt

__all__ = ["Policy", "Receipt"]

# Any: answers and payloads are the users' own JSON; they are checked against the project's schema, not here.
Json = dict[str, Any]
Outcome = Literal["answered", "skipped"]


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all types on the wire."""


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
    policy: Json = {}


class NewSchema(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version of the schema."""

    schema: Json


class SchemaVersion(Wire, frozen=True, kw_only=True):
    """One version of a project's schema."""

    version: int
    schema: Json


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


class LeaseRequest(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many items the caller would like to hold."""

    n: int = 1
    purpose: Literal["label", "audit", "review", "adjudicate"] = "label"


class Why(Wire, frozen=True, kw_only=True):
    """Why somebody sees an item now."""

    text: str
    n_answers: int
    confidence: float | None


class Suggestion(Wire, frozen=True, kw_only=True):
    """What a model says of an item, shown before anybody answers; it counts only once it is accepted."""

    source: AnnotatorName
    answers: Json


class StandingAnswers(Wire, frozen=True, kw_only=True):
    """Somebody's answers to an item, as a reviewer or an adjudicator sees them.

    Attributes:
        key: names them in a decision; it says nothing of who gave them.
        label: A, B, C … in an order that is drawn for the item and whoever looks.
        annotator: who gave them, where the policy shows names to reviewers.
    """

    key: str
    label: str
    answers: Json
    schema_version: int
    annotator: AnnotatorName | None = None


class Rework(Wire, frozen=True, kw_only=True):
    """That an answer came back: why, how often by now, the answers as they were, and the thread to talk about it."""

    review_id: str
    comment: str
    n_returns: int
    annotation_id: str
    answers: Json
    thread_id: str


class Lease(Wire, frozen=True, kw_only=True):
    """The right to answer, review or adjudicate one item until a time.

    Attributes:
        suggestions: what models say of it, where the policy shows that and this item is not served unaided.
        rework: that the answers came back, where they did.
        answers: what there is to review or to adjudicate.
    """

    id: str
    item_id: str
    external_id: str
    leased_until: int
    payload: msgspec.Raw
    schema_version: int
    guideline_version: int
    policy_version: int
    why: Why
    suggestions: list[Suggestion]
    rework: Rework | None = None
    answers: list[StandingAnswers] = []


class EmptyReason(Wire, frozen=True, kw_only=True):
    """Why the queue has nothing for the caller, in words and in counts."""

    text: str
    counts: dict[str, int]


class Leases(Wire, frozen=True, kw_only=True):
    """What the caller holds now, or why it is nothing."""

    leases: list[Lease]
    empty: EmptyReason | None


class LeaseExtended(Wire, frozen=True, kw_only=True):
    """The new end of a lease."""

    leased_until: int


class Assistance(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which suggestions an annotator was shown, and what became of them.

    What cannot be true is left out when it is stored; the annotation is stored all the same.

    Attributes:
        shown: ids of the annotators (models) whose answers were shown.
        accepted: questions whose suggested answer was taken as it was.
        changed: questions whose suggested answer was taken and then changed.
    """

    shown: list[str] = []
    accepted: list[str] = []
    changed: list[str] = []


class NewAnnotation(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An annotation to store; `id` is made by the client, so that sending it twice stores it once.

    Attributes:
        active_ms: how long somebody worked on it: with the page before them, and neither idle nor in a break.
        break_ms: how long they had paused meanwhile.
        assistance: which suggestions they were shown, where there were some.
    """

    id: str
    item_id: str
    answers: Json = {}
    outcome: Outcome = "answered"
    reason: str | None = None
    lease_id: str | None = None
    active_ms: int = 0
    break_ms: int = 0
    schema_version: int
    guideline_version: int
    policy_version: int
    supersedes: str | None = None
    purpose: Literal["label", "audit"] = "label"
    assistance: Assistance | None = None


class NotFinished(Wire, frozen=True, kw_only=True):
    """One reason why items are not finished, with the filter that lists them."""

    reason: str
    n: int
    text: str
    filter: dict[str, str]


class AnnotatorRow(Wire, frozen=True, kw_only=True):
    """An annotator of a project, with how often it agrees with the consensus."""

    id: str
    kind: Literal["person", "model"]
    name: str
    version: str | None
    n_answers: int
    agreement: float | None


class MeasureRow(Wire, frozen=True, kw_only=True):
    """A measured number with its interval, or why there is none."""

    question: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    note: str


class Accuracy(Wire, frozen=True, kw_only=True):
    """An estimate of accuracy from the audit sample, or the words that there is none.

    Attributes:
        n: items that auditors have answered.
        n_drawn: items in the audit sample.
    """

    text: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    n_drawn: int = 0


class ReviewCounts(Wire, frozen=True, kw_only=True):
    """How many items stand where in review; contested ones wait for an adjudicator too."""

    to_review: int
    in_rework: int
    to_adjudicate: int
    settled: int


class Progress(Wire, frozen=True, kw_only=True):
    """How far a project is, and what is left and why."""

    n_items: int
    n_answered: int
    n_certain: int
    n_need_people: int
    n_in_release: int
    n_annotations: int
    n_people_annotations: int
    confidence_histogram: list[int]
    target_confidence: float
    not_finished: list[NotFinished]
    annotators: list[AnnotatorRow]
    measures: list[MeasureRow]
    accuracy: Accuracy
    inferred_at: int | None
    is_inference_pending: bool
    review: ReviewCounts


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
