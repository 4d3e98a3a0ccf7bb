"""Names the changed rows of a Parquet file by letting a limited child process decode it."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec

from goldsmith.trust.layouts import Sheet
from goldsmith.trust.reports import Fault, VerifyStatus
from goldsmith.trust.row_marks import RowMark, changed_rows

_TIMEOUT_S = 3600.0
_MODULE = "goldsmith.trust.parquet_rows"


class _Undecodable(msgspec.Struct, frozen=True):
    """A row group (from 0) that does not decode, or None for the whole file; `n_rows` is what the footer claims."""

    row_group: int | None
    first_row: int
    n_rows: int
    text: str

    def sentence(self) -> str:
        number = (self.row_group or 0) + 1
        rows = f"rows {self.first_row:,} to {self.first_row + self.n_rows - 1:,}"
        return f"was changed, and row group {number} ({rows}) cannot be decoded ({self.text})"


_DECODER = msgspec.json.Decoder(tuple[str | None, str | None] | _Undecodable)


def changed_parquet_rows(folder: Path, sheet: Sheet, signed: Iterator[RowMark]) -> list[Fault]:
    """The faults of a Parquet file that is not the one that was signed, by row where rows differ.

    Args:
        folder: the release.
        sheet: which of its sheets.
        signed: its rows as they were signed.
    """
    file = sheet.parquet
    groups: list[_Undecodable] = []
    with TemporaryFile() as printed:
        if _decode(folder / file, sheet, printed) != 0:
            return [_fault(file, "was changed and cannot be decoded: its decoder gave up")]
        printed.seek(0)
        rows = list(changed_rows(file, signed, _marks(printed, groups)))
    if groups and groups[0].row_group is None:
        return [_fault(file, f"was changed and cannot be decoded, its footer is damaged ({groups[0].text})")]
    faults = [*(_fault(file, group.sentence()) for group in groups), *rows]
    return faults or [_fault(file, "was changed outside of its rows, which are all as signed")]


def _decode(path: Path, sheet: Sheet, printed: IO[bytes]) -> int:
    """Run the decoder; `-P` keeps a file lying in the release from being imported."""
    command = [sys.executable, "-P", "-m", _MODULE, sheet.name, str(path.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 a fixed command of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1
    return done.returncode


def _marks(printed: IO[bytes], groups: list[_Undecodable]) -> Iterator[RowMark]:
    """The rows the decoder printed; for those of a group that it could not decode, nothing can be said."""
    for line in printed:
        one = _DECODER.decode(line)
        if isinstance(one, _Undecodable):
            groups.append(one)
            yield from itertools.repeat(RowMark(None, None), max(one.n_rows, 0))
        else:
            yield RowMark(*one)


def _fault(file: str, text: str) -> Fault:
    return Fault(kind=VerifyStatus.TAMPERED, file=file, text=text)
