"""How far a project is, and why it is not finished."""

from typing import Literal

from goldsmith.labeling.wire import Wire


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
    """How far a project is, and what is left and why.

    Attributes:
        counted_at: when the items and answers were counted, where they are so many that this was a while ago.
    """

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
    counted_at: int | None
