"""A policy steers a project and may change at any time: how many answers, from whom, in which order."""

import hashlib
from enum import StrEnum

import msgspec

from goldsmith.errors import SchemaError
from goldsmith.kit.clock import MINUTE
from goldsmith.kit.nearest import nearest

_UNKNOWN_CONFIDENCE = 400_000  # ranked between what is nearly a coin toss and what is nearly certain
_CONFIDENCE_SCALE = 1_000_000


class Order(StrEnum):
    """In which order people get items."""

    NEED = "need"
    SEQUENCE = "sequence"
    RANDOM = "random"


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The policy of a project.

    Attributes:
        overlap: answers wanted from people for an item, 1 to 100.
        order: `need` (least certain first), `sequence` (as imported) or `random` (fixed by the item's id).
        only_uncertain: whether people see only items below the target confidence.
        target_confidence: the confidence from which an item counts as certain, above 0 and below 1.
        assistant: whether a text classifier learns from people's answers and answers the rest, as a program.
        lease_minutes: how long an item is held for an annotator without a sign of life, 1 to 1,440.
    """

    overlap: int = 1
    order: Order = Order.NEED
    only_uncertain: bool = False
    target_confidence: float = 0.95
    assistant: bool = False
    lease_minutes: int = 15

    def __post_init__(self) -> None:
        if not 1 <= self.overlap <= 100:
            raise SchemaError(f"policy.overlap must be 1 to 100, not {self.overlap}.")
        if not 0 < self.target_confidence < 1:
            raise SchemaError(f"policy.target_confidence must be above 0 and below 1, not {self.target_confidence}.")
        if not 1 <= self.lease_minutes <= 1440:
            raise SchemaError(f"policy.lease_minutes must be 1 to 1440, not {self.lease_minutes}.")

    @property
    def lease_micros(self) -> int:
        """How long a lease runs, in microseconds."""
        return self.lease_minutes * MINUTE

    def wanted(self, *, is_certain: bool) -> int:
        """How many answers of people an item needs."""
        return 0 if self.only_uncertain and is_certain else self.overlap

    def rank(self, *, position: int, external_id: str, confidence: float | None) -> int:
        """Where an item stands in the queue; lower comes first."""
        match self.order:
            case Order.SEQUENCE:
                return position
            case Order.RANDOM:
                return int.from_bytes(hashlib.sha256(external_id.encode()).digest()[:6], "big")
            case Order.NEED:
                return _UNKNOWN_CONFIDENCE if confidence is None else round(confidence * _CONFIDENCE_SCALE)


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
