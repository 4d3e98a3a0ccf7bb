"""The tamper-evident log of a vault: what a leaf says, and the signed note that fixes its size and root.

Source: C2SP signed-note and tlog-checkpoint; leaf hashing as in `merkle`.
"""

import base64
import binascii
import hashlib
import re

import msgspec

from goldsmith.errors import InputError, VerificationError
from goldsmith.trust.keys import SigningKey, VerifyingKey

_VERSION = 1
_SALT_BYTES = 32
_ED25519 = b"\x01"  # the signature type of C2SP signed-note
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_ORIGIN = re.compile(r"[^\s+]{1,200}")
_DASH = "\u2014"
_ENCODER = msgspec.json.Encoder()


class Act(msgspec.Struct, frozen=True):
    """Something that was done: by whom (a pseudonym), what, to which object, and a salted hash of the content."""

    actor: str
    action: str
    object_id: str
    commitment: str

    def __post_init__(self) -> None:
        if _COMMITMENT.fullmatch(self.commitment) is None:
            raise InputError(f"a commitment has 64 lower-case hexadecimal digits, not {self.commitment[:80]!r}.")


class Checkpoint(msgspec.Struct, frozen=True):
    """The size and root of a log at one moment, as its key signed it."""

    origin: str
    size: int
    root: bytes


class _Leaf(msgspec.Struct, frozen=True):
    """Fields in the order of their names, so that the plain encoder already writes canonical JSON."""

    action: str
    actor: str
    at: int
    commitment: str
    object: str
    seq: int
    v: int


def leaf_bytes(act: Act, *, seq: int, at: int) -> bytes:
    """The canonical JSON of a leaf: {action, actor, at, commitment, object, seq, v}.

    Args:
        act: what was done.
        seq: its place in the log, from 0, without gaps.
        at: microseconds UTC.
    """
    return _ENCODER.encode(_Leaf(act.action, act.actor, at, act.commitment, act.object_id, seq, _VERSION))


def commitment(salt: bytes, content: bytes) -> str:
    """SHA-256 over a salt of 32 bytes and the content: once the salt is destroyed, nobody can test a guess.

    Raises:
        ValueError: the salt has another length.
    """
    if len(salt) != _SALT_BYTES:
        raise ValueError(f"a salt has {_SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + content).hexdigest()


def sign_checkpoint(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """A checkpoint as a signed note: origin, size and base64 root on a line each, an empty line, the signature.

    Raises:
        InputError: the origin is empty, longer than 200 characters, or holds white space or a plus.
    """
    if _ORIGIN.fullmatch(origin) is None:
        raise InputError(f"{origin[:80]!r} cannot name a log: no white space, no plus, at most 200 characters.")
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = _note_key_hash(origin, key.verifying) + key.sign(text.encode())
    return f"{text}\n{_DASH} {origin} {base64.b64encode(signature).decode()}\n"


def read_checkpoint(text: str, key: VerifyingKey) -> Checkpoint:
    """The checkpoint in a signed note, after checking the signature of `key`; other signatures are passed over.

    Raises:
        VerificationError: the note is malformed, not signed by this key, or was changed.
    """
    body, gap, signatures = text.rpartition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) < 3:
        raise VerificationError("the checkpoint is not a signed note of three lines, an empty line and a signature.")
    origin, size, root = lines[:3]
    if not _is_signed(origin, (body + "\n").encode(), signatures, key):
        raise VerificationError(f"the checkpoint of {origin[:80]!r} is not signed by {key.key_id}, or was changed.")
    try:
        decoded = base64.b64decode(root, validate=True)
    except binascii.Error as error:
        raise VerificationError(f"the checkpoint of {origin!r} has no base64 root in its third line.") from error
    if not (size.isascii() and size.isdigit()) or len(decoded) != 32:
        raise VerificationError(f"the checkpoint of {origin!r} has no readable size and root.")
    return Checkpoint(origin, int(size), decoded)


def _note_key_hash(name: str, key: VerifyingKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.raw).digest()[:4]


def _is_signed(origin: str, signed: bytes, signatures: str, key: VerifyingKey) -> bool:
    """Whether one line is this key's; its base64 has to be the one way to write it, so that no bit is free."""
    expected = _note_key_hash(origin, key)
    for line in signatures.splitlines():
        if not line.startswith(f"{_DASH} {origin} "):
            continue
        encoded = line.rpartition(" ")[2]
        try:
            decoded = base64.b64decode(encoded, validate=True)
        except ValueError:
            continue
        is_canonical = base64.b64encode(decoded).decode() == encoded
        if is_canonical and decoded[:4] == expected and key.verify(signed, decoded[4:]):
            return True
    return False
