"""A policy steers a project and may change at any time: how many answers, from whom, in which order."""

import hashlib
import re
from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec

from goldsmith.errors import SchemaError
from goldsmith.kit.clock import MINUTE
from goldsmith.kit.nearest import nearest

_UNKNOWN_CONFIDENCE = 400_000  # ranked between what is nearly a coin toss and what is nearly certain
_CONFIDENCE_SCALE = 1_000_000
_MOST_ANSWERS = 100
_HIGHEST_PRICE = 10**12
_MOST_GOLD = 0.9
_MOST_ROUNDS = 20
_MOST_EXPOSURES = 10_000
MAX_PRIORITY = 1_000
_PRIORITY_STEP = 2**49  # more than any rank inside one priority
Stage = Literal["none", "review", "rework", "adjudicate", "settled"]
"""Where an item stands in review."""


class Reviewable(NamedTuple):
    """What decides whether an item is reviewed.

    Attributes:
        n_people: how many people have answered it.
        is_disputed: whether their answers are not all the same.
        is_decided: whether its label is known.
    """

    external_id: str
    n_people: int
    is_disputed: bool
    is_decided: bool


def drawn(*words: str) -> float:
    """A number in [0, 1) that these words always give: a lot that nobody can draw again."""
    return int.from_bytes(hashlib.sha256("\x1f".join(words).encode()).digest()[:6], "big") / 2**48


class Order(StrEnum):
    """In which order people get items."""

    NEED = "need"
    SEQUENCE = "sequence"
    RANDOM = "random"


class Review(StrEnum):
    """Which answered items a reviewer looks at."""

    NONE = "none"
    SAMPLE = "sample"
    ALL = "all"
    DISAGREEMENTS = "disagreements"


class ReviewBy(StrEnum):
    """Who reviews: those engaged for it, or annotators too. Nobody ever reviews their own work."""

    REVIEWERS = "reviewers"
    EVERYBODY = "everybody"


class Suggestions(StrEnum):
    """What annotators are shown beside an item before they answer."""

    NONE = "none"
    MODELS = "models"


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The policy of a project.

    Attributes:
        overlap: answers wanted from people for an item, 1 to 100; with `max_overlap` the first ones.
        max_overlap: the most answers of people for an item, `overlap` to 100. With it an item that has its first
            answers gets one more at a time, until it is certain or contested; without it each gets `overlap` answers.
        order: `need` (least certain first), `sequence` (as imported) or `random` (fixed by the item's id).
        only_uncertain: whether people see only items below the target confidence.
        target_confidence: the confidence from which an item counts as certain, above 0 and below 1.
        assistant: whether a text classifier learns from people's answers and answers the rest, as a program.
        lease_minutes: how long an item is held for an annotator without a sign of life, 1 to 1,440.
        answer_price_micros: what a person's answer costs, in millionths of `currency`; 0 when it is not to be counted.
        currency: three capital letters of ISO 4217, such as EUR.
        review: which items a reviewer looks at once they have their answers: `none`, a `sample`, `all`, or those where
            people's answers are not all the same (`disagreements`).
        review_share: of items that are reviewed where `review` is `sample`, above 0 and up to 1.
        review_after: answers of people before an item is reviewed, 1 to 100; the overlap when it is not said.
        review_by: `reviewers` (owners, managers and reviewers) or `everybody`, annotators too.
        review_shows_names: whether reviewers see whose answers they look at; adjudicators never do.
        review_rounds: how often answers to an item may be returned before it goes to an adjudicator, 1 to 20.
        adjudicate_share: of reviewed items that an adjudicator decides once more without knowing, which measures the
            reviewers; 0 to 1.
        gold_share: of leases that are gold beyond what the queue would ask anyway, 0 to 0.9.
        gold_exposures: the most people who are shown the same gold item so, 1 to 10,000.
        gold_per_annotator: the most gold items that one person is shown so, if there is a limit.
        gold_feedback: whether annotators see afterwards what is known of gold they answered otherwise, and may contest.
        suggestions: `none`, or what `models` answered and what was imported as predictions.
        unaided_share: of an item and an annotator each, how many get no suggestion, which measures its pull; 0 to 1.
    """

    overlap: int = 1
    max_overlap: int | None = None
    order: Order = Order.NEED
    only_uncertain: bool = False
    target_confidence: float = 0.95
    assistant: bool = False
    lease_minutes: int = 15
    answer_price_micros: int = 0
    currency: str = "EUR"
    review: Review = Review.NONE
    review_share: float = 0.1
    review_after: int | None = None
    review_by: ReviewBy = ReviewBy.REVIEWERS
    review_shows_names: bool = False
    review_rounds: int = 3
    adjudicate_share: float = 0.0
    gold_share: float = 0.0
    gold_exposures: int = 100
    gold_per_annotator: int | None = None
    gold_feedback: bool = False
    suggestions: Suggestions = Suggestions.NONE
    unaided_share: float = 0.2

    def __post_init__(self) -> None:
        _check_review(self)
        if not 1 <= self.overlap <= _MOST_ANSWERS:
            raise SchemaError(f"policy.overlap must be 1 to {_MOST_ANSWERS}, not {self.overlap}.")
        if self.max_overlap is not None and not self.overlap <= self.max_overlap <= _MOST_ANSWERS:
            raise SchemaError(
                f"policy.max_overlap must be {self.overlap} (the overlap) to {_MOST_ANSWERS}, not {self.max_overlap}."
            )
        if not 0 <= self.answer_price_micros <= _HIGHEST_PRICE:
            raise SchemaError(
                f"policy.answer_price_micros must be 0 to {_HIGHEST_PRICE}, not {self.answer_price_micros}."
            )
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise SchemaError(f"policy.currency must be three capital letters such as EUR, not {self.currency[:40]!r}.")
        if not 0 < self.target_confidence < 1:
            raise SchemaError(f"policy.target_confidence must be above 0 and below 1, not {self.target_confidence}.")
        if not 1 <= self.lease_minutes <= 1440:
            raise SchemaError(f"policy.lease_minutes must be 1 to 1440, not {self.lease_minutes}.")

    @property
    def lease_micros(self) -> int:
        """How long a lease runs, in microseconds."""
        return self.lease_minutes * MINUTE

    def wanted(self, *, is_certain: bool, is_contested: bool = False, n_people: int = 0) -> int:
        """How many answers of people an item needs, given how many it has.

        A contested item, which more answers do not settle, is left to those who review.
        """
        if self.only_uncertain and is_certain:
            return 0
        if self.max_overlap is None or n_people < self.overlap or is_certain or is_contested:
            return self.overlap
        return min(n_people + 1, self.max_overlap)

    def stage(self, before: Stage, item: Reviewable) -> Stage:
        """Where an item stands in review, given where it stood before.

        What was escalated stays with the adjudicators, and what was returned with its annotator, until they answer.
        """
        if before in {"rework", "adjudicate"}:
            return before
        if item.is_decided:
            return "settled" if before == "settled" else "none"
        if self.review is Review.NONE or item.n_people < (self.review_after or self.overlap):
            return "none"
        if self.review is Review.SAMPLE and drawn("review", item.external_id) >= self.review_share:
            return "none"
        return "none" if self.review is Review.DISAGREEMENTS and not item.is_disputed else "review"

    def is_rechecked(self, external_id: str) -> bool:
        """Whether an adjudicator decides this item once more after its review."""
        return drawn("adjudicate", external_id) < self.adjudicate_share

    def withholds(self, external_id: str, annotator_id: str) -> bool:
        """Whether this annotator answers this item without a suggestion."""
        return drawn("unaided", external_id, annotator_id) < self.unaided_share

    def rank(
        self, *, position: int, external_id: str, confidence: float | None, n_answers: int = 0, priority: int = 0
    ) -> int:
        """Where an item stands in the queue; lower comes first.

        A higher priority comes before everything of a lower one. Inside one, by need the least certain comes first.
        Where answers are added one at a time, doubt counts the less the more answers it has stood: what many have left
        open, the next one seldom settles (decision 13).
        """
        base = -priority * _PRIORITY_STEP
        match self.order:
            case Order.SEQUENCE:
                return base + position
            case Order.RANDOM:
                return base + int.from_bytes(hashlib.sha256(external_id.encode()).digest()[:6], "big")
            case Order.NEED:
                return base + self._rank_by_need(confidence, n_answers)

    def _rank_by_need(self, confidence: float | None, n_answers: int) -> int:
        if self.max_overlap is not None and n_answers < self.overlap:
            return n_answers - self.overlap
        if confidence is None:
            return _UNKNOWN_CONFIDENCE
        doubt = (1 - confidence) / (1 if self.max_overlap is None else max(1, n_answers))
        return round((1 - doubt) * _CONFIDENCE_SCALE)


def _check_review(policy: Policy) -> None:
    """Refuse impossible values of the fields about review, gold and suggestions."""
    shares = ("review_share", "adjudicate_share", "gold_share", "unaided_share")
    for name in shares:
        share: float = getattr(policy, name)
        if not 0 <= share <= 1:
            raise SchemaError(f"policy.{name} must be 0 to 1, not {share}.")
    if not policy.review_share:
        raise SchemaError("policy.review_share must be above 0; to review nothing, set review to none.")
    if policy.gold_share > _MOST_GOLD:
        raise SchemaError(f"policy.gold_share must be 0 to {_MOST_GOLD}, not {policy.gold_share}.")
    limits = {
        "review_after": _MOST_ANSWERS,
        "review_rounds": _MOST_ROUNDS,
        "gold_exposures": _MOST_EXPOSURES,
        "gold_per_annotator": _MOST_EXPOSURES,
    }
    for name, most in limits.items():
        n: int | None = getattr(policy, name)
        if n is not None and not 1 <= n <= most:
            raise SchemaError(f"policy.{name} must be 1 to {most:,}, not {n}.")


def parse_policy(raw: object) -> Policy:
    """The policy that `raw` (JSON values) describes.

    Raises:
        SchemaError: a field is unknown or has an impossible value.
    """
    if isinstance(raw, dict):
        unknown = set(raw) - set(Policy.__struct_fields__)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        if unknown:
            name = str(min(unknown, key=str))  # pyright: ignore[reportUnknownArgumentType]
            raise SchemaError(f"policy has no field {name!r}; {nearest(name, Policy.__struct_fields__)}")
    try:
        return msgspec.convert(raw, Policy)
    except msgspec.ValidationError as error:
        raise SchemaError(f"policy: {error}") from error
