"""Signed statements: an in-toto statement in a DSSE envelope.

The signature covers the bytes of the statement as they are carried, so no two parties need to agree on a form of JSON.
Source: DSSE protocol 1.0 (pre-authentication encoding) and in-toto attestation framework, Statement v1.
"""

import base64
from typing import Any, Literal

import msgspec

from goldsmith.errors import VerificationError
from goldsmith.kit.digest import canonical_json
from goldsmith.trust.keys import SigningKey, VerifyingKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


class Signature(msgspec.Struct, frozen=True):
    """One signature of an envelope: the id of the key, and base64."""

    keyid: str
    sig: str


class Envelope(msgspec.Struct, frozen=True, rename={"payload_type": "payloadType"}):
    """A DSSE envelope; the payload is base64."""

    payload: str
    payload_type: str
    signatures: tuple[Signature, ...]


class Subject(msgspec.Struct, frozen=True):
    """What a statement is about: a name and its digests."""

    name: str
    digest: dict[str, str]


class Statement(msgspec.Struct, frozen=True, rename={"type_": "_type", "predicate_type": "predicateType"}):
    """An in-toto statement, version 1."""

    type_: Literal["https://in-toto.io/Statement/v1"]
    subject: tuple[Subject, ...]
    predicate_type: str
    predicate: dict[str, Any]  # the predicate's own form is checked by whoever knows its type


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: `DSSEv1`, then the length and bytes of the type and of the payload."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign_statement(statement: dict[str, Any], key: SigningKey) -> bytes:
    """A DSSE envelope around an in-toto statement, as one line of canonical JSON.

    Raises:
        msgspec.ValidationError: `statement` is not a Statement v1, which is a mistake of the caller.
    """
    msgspec.convert(statement, Statement)
    payload = canonical_json(statement)
    signature = key.sign(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    envelope = {
        "payload": _to_base64(payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": key.key_id, "sig": _to_base64(signature)}],
    }
    return canonical_json(envelope)


def open_envelope(content: bytes, key: VerifyingKey) -> dict[str, Any]:
    """The statement inside an envelope, once the signature of `key` was checked.

    Raises:
        VerificationError: the envelope is malformed, not signed by this key, or was changed.
    """
    envelope = read_envelope(content)
    if not is_signed_by(envelope, key):
        raise VerificationError(f"the envelope is not signed by {key.key_id}, or was changed.")
    return statement_of(envelope)


def read_envelope(content: bytes) -> Envelope:
    """The envelope as it stands, unchecked.

    Raises:
        VerificationError: it is not a DSSE envelope.
    """
    try:
        return msgspec.json.decode(content, type=Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise VerificationError(f"this is not a DSSE envelope: {error}.") from error


def is_signed_by(envelope: Envelope, key: VerifyingKey) -> bool:
    """Whether one of the signatures is this key's and covers the payload."""
    try:
        message = pre_authentication_encoding(envelope.payload_type, _from_base64(envelope.payload))
        mine = [_from_base64(one.sig) for one in envelope.signatures if one.keyid == key.key_id]
    except ValueError:
        return False
    return any(key.verify(message, signature) for signature in mine)


def statement_of(envelope: Envelope) -> dict[str, Any]:
    """The statement inside an envelope, its signature unchecked.

    Raises:
        VerificationError: the payload is of another type or not a Statement v1.
    """
    if envelope.payload_type != PAYLOAD_TYPE:
        raise VerificationError(f"the envelope carries {envelope.payload_type[:80]!r}, not {PAYLOAD_TYPE!r}.")
    try:
        payload = _from_base64(envelope.payload)
        msgspec.json.decode(payload, type=Statement)
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.DecodeError, ValueError) as error:
        raise VerificationError(f"the envelope carries no in-toto statement: {error}.") from error


def _to_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _from_base64(text: str) -> bytes:
    """Decode; refuse the other ways of writing the same bytes, so that no bit of an envelope is free."""
    content = base64.b64decode(text, validate=True)
    if _to_base64(content) != text:
        raise ValueError("the base64 is not in its one canonical form")
    return content
