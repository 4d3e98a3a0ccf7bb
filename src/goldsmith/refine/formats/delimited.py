"""Delimited files: CSV and TSV with a header, whatever their delimiter; a faulty row fails with its line."""

import csv
import io
from collections.abc import Iterator, Sequence

from goldsmith.refine.disk import BUFFER_BYTES, READING_ERRORS, open_content, unpacked_name, why_unreadable
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile, missing_columns, row_document

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 50
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Delimited:
    """Reads tables as text: the first row names the columns, quotes may hold delimiters and line ends.

    Bytes that are no UTF-8 are kept, so that a text in another charset is decoded like that of any file.
    """

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The rows of a file in order; the number of a row is the line that it begins on."""
        # The limit belongs to the whole process, and this is more than its 128 KiB.
        _ = csv.field_size_limit(max(csv.field_size_limit(), file.max_bytes))
        line = 0
        try:
            with open_content(file.path) as content:
                for number, document in _documents(file, content):
                    line = number
                    yield document
        except READING_ERRORS as error:
            yield file.failure(f"after line {line}: {why_unreadable(error)}")
        except UnicodeDecodeError as error:
            yield file.failure(f"after line {line}: not sound {error.encoding}: {error.reason}")

    def close(self) -> None:
        """Nothing is kept between files."""


class _RowTooLong(Exception):
    """A row has more than a document may have."""


class _Lines:
    """The lines of a file, of which one row takes as many as its quotes ask for."""

    def __init__(self, content: io.TextIOWrapper, max_size: int) -> None:
        self._content = content
        self._max_size = max_size
        self.number = 0
        self.begin()

    def begin(self) -> None:
        """A new row begins."""
        self.first, self.ended_inside, self._size = self.number + 1, False, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._content.readline(self._max_size + 1)
        if not line:
            self.ended_inside = self._size > 0
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if self._size > self._max_size:
            while not line.endswith(("\n", "\r")) and (line := self._content.readline(BUFFER_BYTES)):
                pass
            raise _RowTooLong
        return line


def _documents(file: InputFile, content: io.BufferedReader) -> Iterator[tuple[int, RawDocument]]:
    head = content.peek(BUFFER_BYTES)[:BUFFER_BYTES]
    is_wide = head.startswith(_UTF16)
    encoding, errors = ("utf-16", "strict") if is_wide else ("utf-8-sig", "surrogateescape")
    delimiter = _delimiter(file, head.decode("utf-16" if is_wide else "utf-8-sig", "replace"))
    with io.TextIOWrapper(content, encoding, errors, newline="") as text:
        yield from _table(file, _Lines(text, file.max_bytes), delimiter)


def _table(file: InputFile, lines: _Lines, delimiter: str) -> Iterator[tuple[int, RawDocument]]:
    header: list[str] | None = None
    for cells, problem in _rows(lines, delimiter):
        if header is None:
            header = [_as_unicode(cell).strip() for cell in cells]
            missing = problem or missing_columns(file, header)
            if missing:
                yield lines.first, file.failure(f"{file.origin}: {missing}")
                return
        elif problem is None and len(cells) != len(header):
            shape = f"the row has {len(cells)} fields, the header {len(header)}"
            yield lines.first, file.row_failure(lines.first, shape)
        elif problem:
            yield lines.first, file.row_failure(lines.first, problem)
        else:
            yield lines.first, _document(file, header, cells, lines.first)
    if header is None:
        yield 0, file.failure(f"{file.origin}: the file has no header")


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[list[str], str | None]]:
    """The fields of each row, or what is wrong with it; empty lines are passed over."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _RowTooLong:
            yield [], "the row is larger than `max_bytes` of its source, or a quote in it is never closed"
            continue
        except csv.Error as error:
            yield [], f"no row: {error}"
            continue
        if lines.ended_inside:
            yield [], "a quote in the row is never closed"
        elif cells:
            yield cells, None


def _document(file: InputFile, header: Sequence[str], cells: Sequence[str], number: int) -> RawDocument:
    values: dict[str, object] = {}
    for name, cell in zip(header, cells, strict=True):
        is_text = name == file.text_field
        values[name] = _as_bytes(cell) if is_text and not _is_unicode(cell) else _as_unicode(cell)
    return row_document(file, values, number)


def _delimiter(file: InputFile, sample: str) -> str:
    """The delimiter under which the header has the text's column and most rows as many fields as the header."""
    if unpacked_name(file.path.name).lower().endswith((".tsv", ".tab")):
        return "\t"
    return max(_DELIMITERS, key=lambda each: _fitness(file, sample, each))


def _fitness(file: InputFile, sample: str, delimiter: str) -> tuple[bool, float, int]:
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            rows.append(cells)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # what was read until then has to do
    whole = [cells for cells in rows[:-1] or rows if cells]
    if not whole:
        return False, 0.0, 0
    header = [cell.strip() for cell in whole[0]]
    share = sum(len(cells) == len(header) for cells in whole) / len(whole)
    return file.text_field in header, share, len(header)


def _is_unicode(cell: str) -> bool:
    try:
        _ = cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_bytes(cell: str) -> bytes:
    return cell.encode("utf-8", "surrogateescape")


def _as_unicode(cell: str) -> str:
    r"""The cell with bytes that are no UTF-8 written as `\xNN`."""
    return cell if _is_unicode(cell) else _as_bytes(cell).decode("utf-8", "backslashreplace")


plugin = Delimited
