"""What goes into a release and what comes out: rows, facts, the certificate. Light: the server imports it."""

import math
from typing import Any, Literal

import msgspec

from goldsmith.errors import InputError, RowError
from goldsmith.trust.layouts import FileEntry

NOT_ESTIMATED = "not estimated: no audit sample"
DECIMALS = 6
"""Confidence and agreement are stated to six decimals: finer digits differ between processors and mean nothing."""

Kind = Literal["person", "model"]
Outcome = Literal["answered", "skipped"]


class ConsensusEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The inferred answer to one question of an item.

    Attributes:
        confidence: calibrated probability in [0, 1] that `value` is right, None when it was not computed.
        agreement: share of the answers in [0, 1] that agree with `value`, None when there are fewer than two.
        method: the aggregator with its version, such as `dawid-skene`.
    """

    question: str
    value: Any  # each question type has its own
    confidence: float | None
    agreement: float | None
    n_answers: int
    method: str


class AnswerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One annotator's current answers to an item; `annotator` is a person's pseudonym or a model's name."""

    annotator: str
    kind: Kind
    version: str | None
    answers: dict[str, Any]  # each question type has its own
    outcome: Outcome


class ReleaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """An item with its consensus and the answers it came from."""

    external_id: str
    content_sha256: str
    payload: dict[str, Any]  # the client's own values
    consensus: tuple[ConsensusEntry, ...]
    answers: tuple[AnswerEntry, ...]


class AnnotationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One annotation as it was stored, superseded ones included."""

    id: str
    external_id: str
    annotator: str
    kind: Kind
    version: str | None
    outcome: Outcome
    reason: str | None
    answers: dict[str, Any]  # each question type has its own
    created_at: int
    schema_version: int
    guideline_version: int
    policy_version: int
    supersedes: str | None
    is_late: bool
    leaf_seq: int


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement measure of one question with its interval, or the reason why it cannot be computed.

    Attributes:
        value: the measure; None means that `note` says why there is none.
        low: lower end of the interval, None when it was not computed.
        high: upper end of the interval, None when it was not computed.
        n: how many items it was computed from.
    """

    question: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    note: str = ""


class AccuracyEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """The share of items whose consensus is right, estimated from `n` audited items drawn at random.

    Attributes:
        estimate: in [0, 1], between `low` and `high`.
        low: lower end of the interval.
        high: upper end of the interval.
        n: audited items, at least one.
        level: coverage of the interval, in (0, 1).
    """

    estimate: float
    low: float
    high: float
    n: int
    level: float = 0.95

    def __post_init__(self) -> None:
        if not (0 <= self.low <= self.estimate <= self.high <= 1 and self.n >= 1 and 0 < self.level < 1):
            shown = f"{self.estimate} ({self.low} to {self.high}) from {self.n} items"
            raise InputError(f"an accuracy of {shown} is impossible.", hint="Without an audit sample give none at all.")

    def text(self) -> str:
        """The estimate as a sentence fragment."""
        interval = f"{self.level:.0%} interval {self.low:.1%} to {self.high:.1%}"
        return f"{self.estimate:.1%} ({interval}), estimated from an audit sample of {counted(self.n, 'item')}"


class ReleaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a release that its rows do not say.

    Attributes:
        title: what a reader sees first, usually the project's name.
        client: the client's name.
        project: the project's slug.
        schema: the schema as plain JSON, of `schema_version`; likewise `guideline` (Markdown) and `policy`.
        recipe: the lock of the recipe that made the documents, with pinned versions; None when there was none.
        accuracy: None when there is no audit sample; nothing else may be put in its place.
        checkpoint: the vault's signed checkpoint, made with the same key that signs the release.
        known_limits: sentences about what is known to be wrong or missing.
        created_at: microseconds UTC.
    """

    title: str
    client: str
    project: str
    schema: dict[str, Any]
    schema_version: int
    guideline: str
    guideline_version: int
    policy: dict[str, Any]
    policy_version: int
    recipe: dict[str, Any] | None
    measures: tuple[Measure, ...]
    accuracy: AccuracyEstimate | None
    checkpoint: str
    known_limits: tuple[str, ...]
    goldsmith_version: str
    created_at: int


class Contributor(msgspec.Struct, frozen=True, kw_only=True):
    """Who answered: a person under a pseudonym, or a model, which is a program with a version."""

    kind: Kind
    name: str
    version: str | None
    n_answers: int


class AgreementEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement measure as the certificate states it."""

    question: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    text: str


class AccuracyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The accuracy as the certificate states it; without an audit sample `text` is exactly `NOT_ESTIMATED`."""

    text: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the vault's log when the release was made; `root` in hexadecimal digits."""

    origin: str
    size: int
    root: str


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """The signed statement of what a release is and how good."""

    title: str
    client: str
    project: str
    version: str
    summary: str
    n_items: int
    n_answered: int
    n_annotations: int
    who: tuple[Contributor, ...]
    agreement: tuple[AgreementEntry, ...]
    accuracy: AccuracyEntry
    known_limits: tuple[str, ...]
    recipe: dict[str, Any] | None
    schema_version: int
    guideline_version: int
    policy_version: int
    content_root: str
    log: LogEntry
    created_at: int
    signed_by: str
    goldsmith_version: str


class WrittenRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release on disk; `files` holds everything in the folder, sorted by name."""

    path: str
    content_root: str
    certificate: Certificate
    files: tuple[FileEntry, ...]


def stated(row: ReleaseRow) -> ReleaseRow:
    """The row as a release states it: numbers to six decimals, consensus and answers in a fixed order.

    Raises:
        RowError: a number is outside [0, 1] or not a number, or a question stands there twice; names the item.
    """
    consensus = tuple(_stated_entry(row.external_id, one) for one in sorted(row.consensus, key=lambda c: c.question))
    questions = [one.question for one in consensus]
    if len(set(questions)) != len(questions):
        raise RowError(f"item {row.external_id!r} has two consensus entries for one question: {questions}.")
    answers = tuple(sorted(row.answers, key=lambda a: (a.kind, a.annotator, a.version or "", a.outcome)))
    return ReleaseRow(
        external_id=row.external_id,
        content_sha256=row.content_sha256,
        payload=row.payload,
        consensus=consensus,
        answers=answers,
    )


def counted(n: int, noun: str) -> str:
    """`1 item`, `1,180 items`, `3 people`."""
    plural = {"person": "people", "is": "are", "was": "were"}.get(noun, noun + "s")
    return f"{n:,} {noun if n == 1 else plural}"


def _stated_entry(external_id: str, entry: ConsensusEntry) -> ConsensusEntry:
    confidence = _share(external_id, "confidence", entry.confidence)
    agreement = _share(external_id, "agreement", entry.agreement)
    return msgspec.structs.replace(entry, confidence=confidence, agreement=agreement)


def _share(external_id: str, name: str, value: float | None) -> float | None:
    if value is None:
        return None
    if not 0 <= value <= 1 or math.isnan(value):
        raise RowError(f"item {external_id!r} has a {name} of {value}; it has to be between 0 and 1, or not given.")
    return round(float(value), DECIMALS)
