"""What the review routes take and give: decisions about answers, and what a reviewer looks at."""

from typing import Any, Literal

import msgspec

from goldsmith.labeling.policies import Stage
from goldsmith.labeling.wire import AnnotatorName, Json, Wire
from goldsmith.trust.receipts import ReviewReceipt

__all__ = ["ReviewReceipt"]

Decision = Literal["accepted", "fixed", "returned", "adjudicated"]


class NewReview(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision to store; `id` is made by the client, so that sending it twice stores it once.

    Attributes:
        decision: `accepted` (the answers stand), `fixed` (the reviewer's own answers stand, the annotator's are kept),
            `returned` (the annotator answers again, and reads the comment), or an adjudicator's `adjudicated`.
        annotation: the key of the answers that a reviewer decides about, from the lease.
        answers: what a fix or an adjudication decides.
        taken: by question, the key of the answers whose value an adjudicator took.
        comment: why; a return needs one.
    """

    id: str
    item_id: str
    purpose: Literal["review", "adjudicate"] = "review"
    decision: Decision
    annotation: str | None = None
    answers: Json = msgspec.field(default_factory=dict[str, Any])
    taken: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    comment: str = ""
    lease_id: str | None = None
    active_ms: int = 0
    schema_version: int
    guideline_version: int
    policy_version: int


class ReviewEvent(Wire, frozen=True, kw_only=True):
    """A decision about an item.

    Attributes:
        answers: what it decides; empty where answers were returned.
        taken: by question, the id of the annotation whose value an adjudicator took.
        is_late: whether it came without a lease that still ran.
        applies: whether it took effect; what came after another decision is kept, and the item is adjudicated.
    """

    id: str
    item_id: str
    reviewer: AnnotatorName
    purpose: Literal["review", "adjudicate"]
    decision: Decision
    annotation_id: str | None
    answers: Json
    taken: dict[str, str]
    comment: str
    created_at: int
    schema_version: int
    guideline_version: int
    policy_version: int
    is_late: bool
    applies: bool
    leaf_seq: int


class ReviewPage(Wire, frozen=True, kw_only=True):
    """A page of decisions, newest first."""

    rows: list[ReviewEvent]
    next: str | None


class ReviewStand(Wire, frozen=True, kw_only=True):
    """Where an item stands in review, and what was decided about it so far."""

    stage: Stage
    reviews: list[ReviewEvent]


class PullRow(Wire, frozen=True, kw_only=True):
    """The pull of suggestions: how much more often people agree with one that they were shown.

    Attributes:
        agreement_shown: how often a first answer equals the suggestion where that one was shown, as the client said;
            with a 95% interval.
        agreement_unaided: the same where it was withheld by lot. What was offered and not shown is in neither.
        pull: the difference, with a 95% interval; None until both arms have answers.
    """

    question: str
    n_shown: int
    agreement_shown: float | None
    low_shown: float | None
    high_shown: float | None
    n_unaided: int
    agreement_unaided: float | None
    low_unaided: float | None
    high_unaided: float | None
    pull: float | None
    low: float | None
    high: float | None
    note: str


class ReviewerRow(Wire, frozen=True, kw_only=True):
    """What a reviewer decided, and how often adjudicators decided the same.

    Attributes:
        n_checked: decisions that were drawn at random to be adjudicated, and were.
        n_upheld: those of them that the adjudicator decided likewise.
        agreement: their share, with a 95% interval; None where none was checked.
        n_escalated: other decisions that were adjudicated later: contested or contradicted ones, which are no sample.
        n_escalated_upheld: those of them that the adjudicator decided likewise.
        n_returns_checked: returned answers whose item was adjudicated later.
        n_returns_needless: those of them that the adjudicator found right as they were.
    """

    reviewer: AnnotatorName
    n_accepted: int
    n_fixed: int
    n_returned: int
    n_checked: int
    n_upheld: int
    agreement: float | None
    low: float | None
    high: float | None
    n_escalated: int
    n_escalated_upheld: int
    n_returns_checked: int
    n_returns_needless: int
