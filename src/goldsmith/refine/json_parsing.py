"""Parses JSON as people write it: strictly and fast, and with what Python's own writer adds to the standard."""

import json
from typing import cast

import msgspec


class NotJson(ValueError):
    """Bytes that are no JSON; its message says why, and where."""


def parse_json(raw: bytes) -> object:
    """The value in `raw`; `NaN` and `Infinity`, which are no JSON but are written by many, are understood.

    Raises:
        NotJson: it is none, nests too deeply, or holds half of a surrogate pair, which no text can.
    """
    try:
        return msgspec.json.decode(raw)
    except RecursionError as error:
        raise NotJson("nested too deeply") from error
    except UnicodeDecodeError as error:
        raise NotJson(f"not UTF-8: {error}") from error
    except msgspec.DecodeError as error:
        return _lenient(raw, str(error))


def as_unicode_values(value: object) -> object:
    """`value`, when it can be written as UTF-8.

    Raises:
        NotJson: a text in it holds half of a surrogate pair.
    """
    try:
        _ = msgspec.json.encode(value)
    except (UnicodeEncodeError, RecursionError, OverflowError, msgspec.MsgspecError) as error:
        raise NotJson(f"half of a surrogate pair, or a value of no use: {error}") from error
    return value


def _lenient(raw: bytes, found: str) -> object:
    try:
        value = cast("object", json.loads(raw.decode()))
    except (ValueError, RecursionError) as error:
        raise NotJson(found) from error
    return as_unicode_values(value)
