"""A policy steers a project and may change at any time: how many answers, from whom, in which order."""

import hashlib
import re
from enum import StrEnum

import msgspec

from goldsmith.errors import SchemaError
from goldsmith.kit.clock import MINUTE
from goldsmith.kit.nearest import nearest

_UNKNOWN_CONFIDENCE = 400_000  # ranked between what is nearly a coin toss and what is nearly certain
_CONFIDENCE_SCALE = 1_000_000
_MOST_ANSWERS = 100
_HIGHEST_PRICE = 10**12


class Order(StrEnum):
    """In which order people get items."""

    NEED = "need"
    SEQUENCE = "sequence"
    RANDOM = "random"


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

    def __post_init__(self) -> None:
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

    def rank(self, *, position: int, external_id: str, confidence: float | None, n_answers: int = 0) -> int:
        """Where an item stands in the queue; lower comes first.

        By need the least certain item comes first. Where answers are added one at a time, doubt counts the less the
        more answers it has stood: what many have left open, the next one seldom settles (decision 13).
        """
        match self.order:
            case Order.SEQUENCE:
                return position
            case Order.RANDOM:
                return int.from_bytes(hashlib.sha256(external_id.encode()).digest()[:6], "big")
            case Order.NEED:
                return self._rank_by_need(confidence, n_answers)

    def _rank_by_need(self, confidence: float | None, n_answers: int) -> int:
        if self.max_overlap is not None and n_answers < self.overlap:
            return n_answers - self.overlap
        if confidence is None:
            return _UNKNOWN_CONFIDENCE
        doubt = (1 - confidence) / (1 if self.max_overlap is None else max(1, n_answers))
        return round((1 - doubt) * _CONFIDENCE_SCALE)


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
