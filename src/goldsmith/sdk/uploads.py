"""Files and rows as parts of a request, in constant memory."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec

from goldsmith.errors import InputError

FileFormat = Literal["csv", "jsonl", "json"]

MEDIA_TYPES: Mapping[FileFormat, str] = MappingProxyType(
    {"csv": "text/csv", "jsonl": "application/x-ndjson", "json": "application/json"}
)
_SUFFIXES: Mapping[str, FileFormat] = MappingProxyType(
    {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json"}
)
_PART_BYTES = 1 << 18


def format_of(path: Path) -> FileFormat:
    """What a file is by the end of its name.

    Raises:
        InputError: its name does not say.
    """
    known = _SUFFIXES.get(path.suffix.lower())
    if known is None:
        raise InputError(f"{path} does not say what it is.", hint="Name the format: csv, jsonl or json.")
    return known


def is_table(path: Path) -> bool:
    """Whether a file's name says that it holds rows."""
    return path.suffix.lower() in _SUFFIXES and not path.is_dir()


def file_parts(path: Path) -> Iterator[bytes]:
    """A file in parts of 256 KiB. It is opened at once, so that nothing is sent of one that cannot be.

    Raises:
        InputError: it is not there, is empty, or cannot be read.
    """
    parts = read_parts(path)
    first = next(parts, b"")
    if not first.strip():
        raise InputError(f"{path} is empty.", hint="Give a file with rows.")
    return chain([first], parts)


def read_parts(path: Path) -> Iterator[bytes]:
    """A file in parts of 256 KiB.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            while part := file.read(_PART_BYTES):
                yield part
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def encoded_rows(rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """Rows as JSON lines, some hundred kilobytes at a time.

    Raises:
        InputError: a row has no JSON form; names it.
    """
    encoder = msgspec.json.Encoder()
    part = bytearray()
    for number, row in enumerate(rows, 1):
        try:
            part += encoder.encode(row) + b"\n"
        except (TypeError, ValueError) as error:
            raise InputError(f"Row {number} cannot be written as JSON: {error}.") from error
        if len(part) >= _PART_BYTES:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)
