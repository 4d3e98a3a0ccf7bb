import msgspec
import pytest

from goldsmith.trust.keys import SigningKey
from goldsmith.trust.receipts import Receipt, Stored, sign_receipt, verify_receipt

KEY = SigningKey.generate()
STORED = Stored(
    annotation_id="0192f0c4-0000-7000-8000-000000000001",
    item_id="0192f0c4-0000-7000-8000-000000000002",
    content_sha256="ab" * 32,
    leaf_seq=41,
    leaf_hash="cd" * 32,
    stored_at=1_760_000_000_000_000,
    is_late=False,
    is_duplicate=False,
    log_origin="vault.example/acme",
)
RECEIPT = sign_receipt(STORED, KEY)


def test_a_receipt_holds_everything_of_the_contract():
    assert list(msgspec.to_builtins(RECEIPT)) == [
        "annotation_id", "item_id", "content_sha256", "leaf_seq", "leaf_hash", "stored_at", "is_late", "is_duplicate",
        "log_origin", "signature", "key_id",
    ]  # fmt: skip
    assert RECEIPT.key_id == KEY.verifying.key_id
    assert verify_receipt(RECEIPT, KEY.verifying)


def test_a_receipt_survives_the_wire():
    received = msgspec.json.decode(msgspec.json.encode(RECEIPT), type=Receipt)
    assert verify_receipt(received, KEY.verifying)


@pytest.mark.parametrize(
    "change",
    [
        {"annotation_id": "other"}, {"item_id": "other"}, {"content_sha256": "ac" * 32}, {"leaf_seq": 42},
        {"leaf_hash": "ce" * 32}, {"stored_at": 1}, {"is_late": True}, {"is_duplicate": True}, {"log_origin": "other"},
        {"signature": ""}, {"signature": "!"}, {"signature": "A" * 86 + "=="}, {"key_id": "ed25519:0000000000000000"},
    ],
)  # fmt: skip
def test_no_field_of_a_receipt_can_be_changed(change):
    assert not verify_receipt(msgspec.structs.replace(RECEIPT, **change), KEY.verifying)


def test_a_receipt_of_another_vault_does_not_hold():
    assert not verify_receipt(RECEIPT, SigningKey.generate().verifying)
