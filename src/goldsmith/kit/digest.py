"""Canonical JSON and digests: the same value gives the same bytes everywhere."""

import hashlib
from pathlib import Path

import msgspec

_ENCODER = msgspec.json.Encoder(order="deterministic")
_CHUNK = 1 << 20


def canonical_json(value: object) -> bytes:
    """`value` as JSON with sorted keys, no white space, UTF-8.

    Source: RFC 8785, with one departure: numbers are written in their shortest round-trip form of Python
    (`1e+16` as `1e16`), since amounts and offsets are integers here and no other writer takes part.
    """
    return _ENCODER.encode(value)


def sha256_hex(content: bytes) -> str:
    """SHA-256 of `content` as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal digits, read in chunks of 1 MiB."""
    state = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()
