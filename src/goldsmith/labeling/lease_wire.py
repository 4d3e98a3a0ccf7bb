"""Requests and responses of annotators: leases, what comes with them, and answers."""

from typing import Any, Literal

import msgspec

from goldsmith.labeling.wire import AnnotatorName, Json, Outcome, Wire


class LeaseRequest(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many items the caller would like to hold.

    Attributes:
        item: the id of one that is wanted before all others, to review or to adjudicate it.
    """

    n: int = 1
    purpose: Literal["label", "audit", "review", "adjudicate"] = "label"
    item: str | None = None


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


class AskedAgain(Wire, frozen=True, kw_only=True):
    """That the caller answered an item before, and is asked again because the questions have changed since.

    Attributes:
        schema_version: under which the answers were given.
        question: the first question whose answer no longer fits or that lacks one; None where all would fit by now.
        reason: why it does not fit, in a sentence.
        answers: what of them still fits.
        before: all of them, as they were given.
    """

    schema_version: int
    question: str | None
    reason: str
    answers: Json
    before: Json


class Lease(Wire, frozen=True, kw_only=True):
    """The right to answer, review or adjudicate one item until a time.

    Attributes:
        suggestions: what models say of it, where the policy shows that and this item is not served unaided.
        rework: that the answers came back, where they did.
        answers: what there is to review or to adjudicate.
        contested: why somebody holds what is known of the item to be wrong, where an adjudicator decides about that.
        asked_again: that the caller answered it under an older schema, which those answers no longer fit.
        n_open_threads: how many comments on it that concern the caller are open; not counted for reviews.
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
    answers: list[StandingAnswers] = msgspec.field(default_factory=list[StandingAnswers])
    contested: list[str] = msgspec.field(default_factory=list[str])
    asked_again: AskedAgain | None = None
    n_open_threads: int = 0


class EmptyReason(Wire, frozen=True, kw_only=True):
    """Why the queue has nothing for the caller, in words and in counts, which may be a minute old in large projects."""

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

    shown: list[str] = msgspec.field(default_factory=list[str])
    accepted: list[str] = msgspec.field(default_factory=list[str])
    changed: list[str] = msgspec.field(default_factory=list[str])


class NewAnnotation(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An annotation to store; `id` is made by the client, so that sending it twice stores it once.

    Attributes:
        active_ms: how long somebody worked on it: with the page before them, and neither idle nor in a break.
        break_ms: how long they had paused meanwhile.
        assistance: which suggestions they were shown, where there were some.
    """

    id: str
    item_id: str
    answers: Json = msgspec.field(default_factory=dict[str, Any])
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
