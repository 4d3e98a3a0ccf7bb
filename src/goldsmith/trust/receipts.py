"""Receipts: the proof that an annotation was stored, which an annotator keeps."""

import base64
from typing import Any

import msgspec

from goldsmith.kit.digest import canonical_json
from goldsmith.trust.keys import SigningKey, VerifyingKey


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What was stored, and where it is in the log."""

    annotation_id: str
    item_id: str
    content_sha256: str
    leaf_seq: int
    leaf_hash: str
    stored_at: int
    is_late: bool
    is_duplicate: bool
    log_origin: str


class Receipt(Stored, frozen=True, kw_only=True):
    """What was stored, and the vault's signature (base64) over the canonical JSON of all the other fields."""

    signature: str
    key_id: str


class StoredReview(Stored, frozen=True, kw_only=True):
    """What was stored of a decision, and whether it took effect."""

    applies: bool


class ReviewReceipt(Receipt, frozen=True, kw_only=True):
    """What was stored of a decision about answers, signed like any other receipt.

    Attributes:
        applies: whether the decision took effect; one that came after somebody else's, or after the answers it is
            about were changed, is kept and is not the label.
    """

    applies: bool


def sign_receipt(stored: Stored, key: SigningKey) -> Receipt:
    """The receipt for what was stored; the signature covers the key's id too."""
    return Receipt(**_signed(stored, key))


def sign_review_receipt(stored: StoredReview, key: SigningKey) -> ReviewReceipt:
    """The receipt for a decision."""
    return ReviewReceipt(**_signed(stored, key))


def _signed(stored: Stored, key: SigningKey) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.structs.asdict(stored)  # values of several types, encoded at once
    fields["key_id"] = key.key_id
    return fields | {"signature": base64.b64encode(key.sign(canonical_json(fields))).decode()}


def verify_receipt(receipt: Receipt, key: VerifyingKey) -> bool:
    """Whether the receipt was signed by `key` exactly as it stands."""
    try:
        signature = base64.b64decode(receipt.signature, validate=True)
    except ValueError:
        return False
    fields: dict[str, Any] = msgspec.structs.asdict(receipt)
    del fields["signature"]
    return receipt.key_id == key.key_id and key.verify(canonical_json(fields), signature)
