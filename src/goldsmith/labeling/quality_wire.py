"""What the quality routes give and take: how good the labels of a project are, by whom, and what more would cost."""

from typing import Literal

import msgspec

from goldsmith.labeling.progress_wire import MeasureRow
from goldsmith.labeling.review_wire import PullRow, ReviewerRow
from goldsmith.labeling.wire import AnnotatorName, Json, Wire

SuspectReason = Literal["gold", "models", "contested", "answer"]


class ReliabilityBin(Wire, frozen=True, kw_only=True):
    """Labels of about the same confidence, and how many of them are right, with a 95% interval.

    Attributes:
        confidence: their mean confidence.
        share: how many of them are right, in [0, 1].
        n: labels with a known answer.
    """

    confidence: float
    share: float
    low: float
    high: float
    n: int


class ReliabilityOut(Wire, frozen=True, kw_only=True):
    """Whether confidence means what it says, where the answer is known.

    Attributes:
        source: whose known answers: the audit sample's, else the gold's; None where there are none.
        note: what is missing, or how it was measured.
        bins: the points of the diagram, by confidence.
        measures: accuracy, accuracy of the sure ones, calibration error, negative log-likelihood and Brier score.
    """

    source: Literal["audit", "gold"] | None
    note: str
    n: int
    bins: list[ReliabilityBin]
    measures: list[MeasureRow]


class SkillRow(Wire, frozen=True, kw_only=True):
    """What the answers of one annotator to one question say of them.

    Attributes:
        accuracy: how often right, with a 95% interval; None where nothing is known.
        is_by_gold: whether gold alone judges, as from ten gold answers on; else gold and consensus together.
        spammer_score: 0 where answers do not depend on what is true, 1 where they tell it, with a 90% interval.
        verdict: what may be said, in words.
        is_warning: whether the verdict is one to look at.
        median_s: median seconds an answer.
        is_far_in_speed: whether that is far from what others need.
        drift: `worse` or `better` since `drift_since`; None where answers are steady or too few.
        alike: ids of annotators who make the same errors too often.
        confusion: by true class, the shares of the classes answered; None in rows of classes that were hardly met: with
            less than one answer, each counted as much as the true class is sure. Empty where there are more than 20
            classes.
    """

    annotator: AnnotatorName
    n_answers: int
    n_gold: int
    is_by_gold: bool
    accuracy: float | None
    low: float | None
    high: float | None
    spammer_score: float | None
    spammer_low: float | None
    spammer_high: float | None
    verdict: str
    is_warning: bool
    median_s: float | None
    is_far_in_speed: bool
    drift: Literal["worse", "better"] | None
    drift_since: int | None
    alike: list[str]
    confusion: list[list[float | None]]


class Said(Wire, frozen=True, kw_only=True):
    """Who said what, and how far they are to be believed."""

    annotator: AnnotatorName
    label: str
    accuracy: float | None
    low: float | None
    high: float | None


class Suspect(Wire, frozen=True, kw_only=True):
    """A label that may be wrong, with the evidence.

    Attributes:
        reason: `gold` (the answers contradict the known answer), `models` (a program contradicts the people),
            `contested` (the answers disagree and more of them do not settle it) or `answer` (one answer against the
            others).
        label: the label that may be wrong.
        probability: how probable it is, calibrated.
        suggested: the label that the answers speak for, or the next likely one.
        suggested_probability: how probable that one is.
        said: who said what.
    """

    item_id: str
    external_id: str
    title: str
    reason: SuspectReason
    label: str
    probability: float | None
    suggested: str | None
    suggested_probability: float | None
    said: list[Said]


class QuestionQuality(Wire, frozen=True, kw_only=True):
    """How good the labels of one question are.

    Attributes:
        kind: `classes`, or `distance` where answers are compared by how far they are apart.
        method: how the consensus was inferred, and `why` where it was chosen for a reason.
        n_sure: items whose label is at least as certain as the project wants.
        expected_accuracy: the mean confidence: how many labels are expected to be right.
        confusion: of all answers together; see `SkillRow`.
        suspects: what most needs a second look, worst first.
    """

    question: str
    title: str
    kind: Literal["classes", "distance"]
    classes: list[str]
    method: str
    why: str
    n_items: int
    n_answers: int
    n_gold: int
    n_sure: int
    expected_accuracy: float | None
    calibration: str
    reliability: ReliabilityOut
    agreement: list[MeasureRow]
    confusion: list[list[float | None]]
    annotators: list[SkillRow]
    suspects: list[Suspect]
    n_suspects: int


class SpendingPoint(Wire, frozen=True, kw_only=True):
    """How far a project was when its consensus was inferred: people's answers so far, and what they had come to."""

    at: int
    n_answers: int
    n_certain: int
    n_items: int
    expected_accuracy: float | None


class PlanPoint(Wire, frozen=True, kw_only=True):
    """The accuracy to expect after so many answers of people in all, with a 95% interval."""

    n_answers: int
    accuracy: float
    low: float
    high: float


class Plan(Wire, frozen=True, kw_only=True):
    """What more answers would bring, as foretold at an instant; `points` start at that day's answers."""

    at: int
    n_answers: int
    points: list[PlanPoint]
    note: str


class SpentRow(Wire, frozen=True, kw_only=True):
    """The items with so many answers of people, and what these came to."""

    n_answers: int
    n_items: int
    n_certain: int
    n_contested: int


class Spending(Wire, frozen=True, kw_only=True):
    """What was spent and what it brought.

    Attributes:
        price_micros: the price of a person's answer in millionths of the currency; None where the policy names none.
        points: how far the project was, oldest first.
        by_answers: where the answers went: the items by how many they have.
        plan: what more answers would bring, as of now.
        earlier: the newest plan that was made with at most two thirds of the answers there are now, to compare it with
            `points`.
    """

    price_micros: int | None
    currency: str
    points: list[SpendingPoint]
    by_answers: list[SpentRow]
    plan: Plan | None
    earlier: Plan | None


class AuditOut(Wire, frozen=True, kw_only=True):
    """The accuracy of the consensus by the audit sample, and how many more audits a narrower interval takes.

    Attributes:
        accuracy: by the audited items alone; `n` is their number.
        powered: with the confidence of all items beside it, which is corrected by the audited ones and not trusted.
        n_drawn: items in the audit sample.
        needs: lines of the kind "±2.0%: 380 audited items".
    """

    accuracy: MeasureRow
    powered: MeasureRow
    n_drawn: int
    needs: list["AuditNeed"]


class AuditNeed(Wire, frozen=True, kw_only=True):
    """How many items have to be audited in all for an interval of so much on either side."""

    half_width: float
    n: int


class Quality(Wire, frozen=True, kw_only=True):
    """How good a project's labels are; everything by question, and what was spent on all of them.

    Attributes:
        reviewers: what adjudication says of each reviewer.
        suggestions: by question, how strongly suggestions pull those who see them.
    """

    inferred_at: int | None
    is_inference_pending: bool
    target_confidence: float
    questions: list[QuestionQuality]
    audit: AuditOut
    spending: Spending
    reviewers: list[ReviewerRow]
    suggestions: list[PullRow]


class NewGold(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The known answers of an item.

    Attributes:
        answers: by question; what is not named stays as it is.
        origin: `given` when they were known beforehand (gold): they calibrate confidence and measure annotators, and
            the item is labelled like any other. `review` when somebody decided after looking at the answers: that is
            the label from now on, and it measures nobody.
        note: where they come from, or why they were decided so.
    """

    answers: Json
    origin: Literal["given", "review"] = "given"
    note: str = ""


class GoldRow(Wire, frozen=True, kw_only=True):
    """A known answer; `confirmed` is gold that a reviewer has looked at, and kept or corrected."""

    item_id: str
    external_id: str
    question: str
    value: msgspec.Raw
    origin: Literal["given", "review", "confirmed"]
    note: str
    created_at: int
    created_by: str


class GoldRows(Wire, frozen=True, kw_only=True):
    """A page of known answers."""

    rows: list[GoldRow]
    next: str | None


class GoldLine(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The known answers of the item with this external id."""

    id: str
    answers: Json


class NewGoldRows(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Known answers of many items, all of origin `given`."""

    rows: list[GoldLine]
    note: str = ""


class GoldReport(Wire, frozen=True, kw_only=True):
    """What became of known answers that were sent: read = stored + unchanged + rejected."""

    n_read: int
    n_stored: int
    n_unchanged: int
    n_rejected: int
    rejected: list["GoldRejected"]


class GoldRejected(Wire, frozen=True, kw_only=True):
    """A row that was not stored, and why; rows count from 1."""

    row: int
    id: str
    reason: str
