import base64
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldsmith.errors import VerificationError
from goldsmith.trust.dsse import open_envelope, pre_authentication_encoding, sign_statement
from goldsmith.trust.keys import SigningKey

KEY = SigningKey.generate()
STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "manifest.json", "digest": {"sha256": "ab" * 32}}],
    "predicateType": "https://example.org/kind/v1",
    "predicate": {"n_items": 3},
}
ENVELOPE = sign_statement(STATEMENT, KEY)


def test_the_encoding_is_the_published_one():
    """The example of the DSSE protocol."""
    encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pre_authentication_encoding("é", b"") == b"DSSEv1 2 \xc3\xa9 0 "


def test_a_statement_comes_back_as_it_was_signed():
    assert open_envelope(ENVELOPE, KEY.verifying) == STATEMENT
    assert json.loads(ENVELOPE)["payloadType"] == "application/vnd.in-toto+json"


def test_the_envelope_of_somebody_else_is_refused():
    with pytest.raises(VerificationError, match="is not signed by"):
        open_envelope(ENVELOPE, SigningKey.generate().verifying)


@given(st.integers(0, len(ENVELOPE) - 1), st.integers(1, 255))
def test_no_byte_of_an_envelope_can_be_changed_into_another_statement(place, change):
    content = bytearray(ENVELOPE)
    content[place] ^= change
    try:
        read = open_envelope(bytes(content), KEY.verifying)
    except VerificationError:
        return
    assert read == STATEMENT


def _envelope(payload: bytes, kind: str = "application/vnd.in-toto+json") -> bytes:
    signature = KEY.sign(pre_authentication_encoding(kind, payload))
    return json.dumps(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": kind,
            "signatures": [{"keyid": KEY.verifying.key_id, "sig": base64.b64encode(signature).decode()}],
        }
    ).encode()


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b"\xff", json.dumps({**STATEMENT, "_type": "v0"}).encode()])
def test_a_signed_payload_that_is_no_statement_is_refused(payload):
    with pytest.raises(VerificationError, match="no in-toto statement"):
        open_envelope(_envelope(payload), KEY.verifying)


def test_a_signed_payload_of_another_type_is_refused():
    with pytest.raises(VerificationError, match="carries 'text/plain'"):
        open_envelope(_envelope(b"hello", "text/plain"), KEY.verifying)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"payload":"=","payloadType":"x","signatures":[]}']
)
def test_what_is_no_envelope_is_refused(content):
    with pytest.raises(VerificationError):
        open_envelope(content, KEY.verifying)


def test_only_statements_are_signed():
    with pytest.raises(msgspec.ValidationError):
        sign_statement({"hello": 1}, KEY)
