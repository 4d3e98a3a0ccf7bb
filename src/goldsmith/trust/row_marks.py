"""Names the rows that were changed, by comparing two streams of row hashes."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from goldsmith.trust.layouts import hash_line, line_sha256
from goldsmith.trust.reports import Fault, VerifyStatus

MAX_NAMED_ROWS = 100

_MAX_ID_LINE = 1 << 20
_DIGITS = 64


class RowMark(NamedTuple):
    """A row reduced to its hash; `sha256` is empty for an unreadable row and None where nothing can be said."""

    sha256: str | None
    external_id: str | None


class _WithId(msgspec.Struct, frozen=True):
    external_id: str


def marks_of_list(path: Path) -> Iterator[RowMark]:
    """The rows as a list of row hashes names them."""
    for line in bounded_lines(path, _MAX_ID_LINE):
        yield RowMark("", None) if line is None else _mark_of_list_line(line)


def marks_of_jsonl(path: Path, longest_line_bytes: int) -> Iterator[RowMark]:
    """The rows as they are in a file of JSON lines; a line longer than any that was signed is unreadable."""
    for line in bounded_lines(path, longest_line_bytes):
        yield RowMark("", None) if line is None else RowMark(line_sha256(line), _id_of(line))


def lines_of_list(path: Path) -> Iterator[RowMark]:
    """The lines of a list of row hashes as they are, to be compared with `lines_for_list`."""
    for line in bounded_lines(path, _MAX_ID_LINE):
        yield RowMark("", None) if line is None else RowMark(line_sha256(line), _mark_of_list_line(line).external_id)


def lines_for_list(path: Path, longest_line_bytes: int) -> Iterator[RowMark]:
    """The lines that the list for these JSON lines has to consist of."""
    for mark in marks_of_jsonl(path, longest_line_bytes):
        line = hash_line(mark.sha256 or "", mark.external_id or "")
        yield RowMark(line_sha256(line), mark.external_id)


def bounded_lines(path: Path, limit: int) -> Iterator[bytes | None]:
    """The lines of a file with their ends, and None for each line of more than `limit` bytes."""
    with path.open("rb") as file:
        while line := file.readline(limit + 1):
            if len(line) <= limit:
                yield line
            else:
                _skip_to_end_of_line(file, line, limit)
                yield None


def changed_rows(file: str, signed: Iterator[RowMark], found: Iterator[RowMark]) -> Iterator[Fault]:
    """The rows of `file` that are changed, missing or added: at most 100, then one fault for the rest.

    One row of look-ahead tells an added or a missing row from a changed one, so that a single removal
    does not name everything behind it.
    """
    faults = _differences(file, signed, found)
    yield from itertools.islice(faults, MAX_NAMED_ROWS)
    if next(faults, None) is not None:
        text = f"more rows differ; the first {MAX_NAMED_ROWS} are named"
        yield Fault(kind=VerifyStatus.TAMPERED, file=file, text=text)


def _differences(file: str, signed: Iterator[RowMark], found: Iterator[RowMark]) -> Iterator[Fault]:
    signed_row, found_row = 1, 1
    expected, actual = _Ahead(signed), _Ahead(found)
    while expected.here is not None or actual.here is not None:
        if expected.here is not None and actual.here is not None and _agree(expected.here, actual.here):
            expected.step()
            actual.step()
            signed_row, found_row = signed_row + 1, found_row + 1
        elif actual.here is None or (expected.next is not None and _same(expected.next, actual.here)):
            yield _fault(file, "is missing", row=signed_row, mark=expected.here)
            expected.step()
            signed_row += 1
        elif expected.here is None or (actual.next is not None and _same(expected.here, actual.next)):
            yield _fault(file, "was added", row=found_row, mark=actual.here)
            actual.step()
            found_row += 1
        else:
            yield _fault(file, "was changed", row=signed_row, mark=expected.here)
            expected.step()
            actual.step()
            signed_row, found_row = signed_row + 1, found_row + 1


class _Ahead:
    """A stream of which the present and the next row are known."""

    __slots__ = ("_rest", "here", "next")

    def __init__(self, rest: Iterator[RowMark]) -> None:
        self._rest = rest
        self.here = next(rest, None)
        self.next = next(rest, None)

    def step(self) -> None:
        self.here, self.next = self.next, next(self._rest, None)


def _agree(signed: RowMark, found: RowMark) -> bool:
    return found.sha256 is None or (signed.sha256 == found.sha256 and bool(signed.sha256))


def _same(one: RowMark, other: RowMark) -> bool:
    return bool(one.sha256) and one.sha256 == other.sha256


def _fault(file: str, text: str, *, row: int, mark: RowMark | None) -> Fault:
    external_id = None if mark is None else mark.external_id
    return Fault(kind=VerifyStatus.TAMPERED, file=file, text=text, row=row, external_id=external_id)


def _mark_of_list_line(line: bytes) -> RowMark:
    digits, text = line[:_DIGITS], line[_DIGITS:]
    try:
        return RowMark(digits.decode("ascii"), msgspec.json.decode(text.strip(), type=str))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return RowMark("", None)


def _id_of(line: bytes) -> str | None:
    try:
        return msgspec.json.decode(line, type=_WithId).external_id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _skip_to_end_of_line(file: BinaryIO, line: bytes, limit: int) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(limit + 1)
