"""Reads the rows of a user's own file: CSV, JSON lines or a JSON array. A bad row is told by its line, not raised."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from goldsmith.errors import InputError
from goldsmith.kit.nearest import nearest
from goldsmith.labeling.handover import ImportRow
from goldsmith.refine.charsets import decode

Format = Literal["csv", "jsonl", "json"]

MAX_LINE_BYTES = 16 << 20
MAX_JSON_BYTES = 256 << 20
SAMPLE_BYTES = 1 << 20
LONE = re.compile("[\ud800-\udfff]")
"""What stands in a text for bytes that its charset does not know."""

_SKIP_BYTES = 1 << 16
_MIXED = "utf-8+windows-1252"
_WIDE = ("utf-16", "utf-32")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DELIMITERS = ",;\t|"

csv.field_size_limit(MAX_LINE_BYTES)


def read_rows(path: Path, form: Format, *, id_column: str | None = None) -> Iterator[ImportRow]:
    """The rows of a file with their line numbers; a row that cannot be used carries its fault.

    Raises:
        InputError: the file as a whole cannot be read: empty, no text, no header, no such column, not an array.
    """
    if path.stat().st_size == 0:
        raise InputError("The file is empty. Send one with a header line and rows, or with JSON lines.")
    match form:
        case "csv":
            rows = _csv_rows(path, id_column)
        case "jsonl":
            rows = _jsonl_rows(path)
        case "json":
            rows = _json_rows(path)
    return (_with_id(row, id_column) for row in rows)


def charset_of(sample: bytes, *, is_whole: bool) -> str:
    """The character set of the text `sample`, or of one that begins with it: then it may end inside a character.

    Raises:
        InputError: it is not text.
    """
    for mark, name in _MARKS.items():
        if sample.startswith(mark):
            return name
    if b"\x00" not in sample:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(sample, final=is_whole)
        except UnicodeDecodeError:
            pass
        else:
            return "utf-8"
    found = decode(sample if is_whole else _whole_characters(sample), is_html=False)
    if found.charset is None or not _has_codec(found.charset):
        reason = found.failure or "its charset cannot be told"
        raise InputError(f"The file is not text: {reason}. Save it as CSV or JSON lines in UTF-8.")
    return found.charset


def _whole_characters(sample: bytes) -> bytes:
    """A sample without the part of a character that it may end with."""
    if b"\x00" in sample:  # two or four bytes for each character
        return sample[: len(sample) // 4 * 4]
    return sample.rpartition(b"\n")[0] or sample


def _has_codec(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except LookupError:
        return charset == _MIXED
    return True


def decoded(content: bytes, charset: str) -> str:
    """`content` as text; what cannot be read in its charset becomes lone surrogates.

    In a file of many hands (`utf-8+windows-1252`) a line that is not UTF-8 is Windows-1252.
    """
    if charset == _MIXED:
        return "".join(_either(line) for line in content.splitlines(keepends=True))
    return content.decode(charset, errors="replace" if charset.startswith(_WIDE) else "surrogateescape")


def _either(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="surrogateescape")


def _with_id(row: ImportRow, id_column: str | None) -> ImportRow:
    if id_column is None or row.fault:
        return row
    value = row.payload.get(id_column)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return ImportRow(line=row.line, fault=f"it has no id in {id_column!r}.")
    return msgspec.structs.replace(row, external_id=str(value))


class _Lines:
    """The lines of a text file, and what is wrong with those given since `fault` was last emptied."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.sample = file.read(SAMPLE_BYTES)
        self.charset = charset_of(self.sample, is_whole=len(self.sample) < SAMPLE_BYTES)
        self.fault = ""
        self._texts = self._wide(path) if self.charset.startswith(_WIDE) else self._narrow(path)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = next(self._texts)
        if not self.fault and not text.isascii() and LONE.search(text):
            self.fault = f"it is not {self.charset}; save the file in UTF-8."
        return text

    def _narrow(self, path: Path) -> Iterator[str]:
        with path.open("rb") as file:
            if self.charset == "utf-8-sig":
                file.seek(len(codecs.BOM_UTF8))
            while raw := file.readline(MAX_LINE_BYTES + 1):
                if len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
                    while (rest := file.readline(_SKIP_BYTES)) and not rest.endswith(b"\n"):
                        pass
                    yield self._too_long()
                else:
                    yield decoded(raw, "utf-8" if self.charset == "utf-8-sig" else self.charset)

    def _wide(self, path: Path) -> Iterator[str]:
        with path.open(encoding=self.charset, errors="replace", newline="") as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                if len(line) > MAX_LINE_BYTES and not line.endswith("\n"):
                    while (rest := file.readline(_SKIP_BYTES)) and not rest.endswith("\n"):
                        pass
                    yield self._too_long()
                else:
                    yield line

    def _too_long(self) -> str:
        self.fault = f"it is longer than {MAX_LINE_BYTES:,} bytes."
        return "\n"


def _csv_rows(path: Path, id_column: str | None) -> Iterator[ImportRow]:
    lines = _Lines(path)
    delimiter = delimiter_of(decoded(lines.sample, lines.charset))
    reader = csv.reader((part for line in lines for part in _ended(line)), delimiter=delimiter, strict=True)
    header = header_of(reader)
    if lines.fault:
        raise InputError(f"The first line cannot be read: {lines.fault}")
    if id_column is not None and id_column not in header:
        raise InputError(f"The file has no column {id_column[:80]!r}; {nearest(id_column, header)}")
    while True:
        line, lines.fault = reader.line_num + 1, ""
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield ImportRow(line=line, fault=lines.fault or f"it is not CSV: {error}.")
            continue
        if values is None:
            return
        if lines.fault:
            yield ImportRow(line=line, fault=lines.fault)
        elif values:
            yield _csv_row(line, header, values)


def _ended(line: str) -> Iterable[str]:
    """The lines inside a line: some files end theirs with a carriage return alone."""
    return (line,) if "\r" not in line[:-2] else io.StringIO(line, newline="")


def header_of(reader: Iterator[list[str]]) -> list[str]:
    """The column names in the first line.

    Raises:
        InputError: it has none, or one of them twice.
    """
    try:
        first = next(reader, None) or []
        header = [name.strip() for name in first]
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"The first line is not a CSV header: {error}.") from error
    if not any(header):
        raise InputError("The first line has no column names. A CSV file begins with them.")
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise InputError(f"Column {repeated[0]!r} stands twice in the first line. Give each column its own name.")
    return header


def _csv_row(line: int, header: list[str], values: list[str]) -> ImportRow:
    if len(values) != len(header):
        return ImportRow(line=line, fault=f"it has {len(values)} cells where the first line has {len(header)}.")
    if any("\x00" in value for value in values):
        return ImportRow(line=line, fault="it holds a NUL character.")
    return ImportRow(line=line, payload=dict(zip(header, values, strict=True)))


def _jsonl_rows(path: Path) -> Iterator[ImportRow]:
    lines = _Lines(path)
    for number, text in enumerate(lines, start=1):
        if lines.fault:
            yield ImportRow(line=number, fault=lines.fault)
            lines.fault = ""
        elif stripped := text.strip():
            yield json_row(number, stripped)


def json_row(line: int, text: str) -> ImportRow:
    """The row that a line of JSON holds, or why it holds none."""
    try:
        value = cast("object", msgspec.json.decode(text))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return ImportRow(line=line, fault=f"it is not JSON: {error}.")
    return object_row(line, value)


def _json_rows(path: Path) -> Iterator[ImportRow]:
    size = path.stat().st_size
    if size > MAX_JSON_BYTES:
        raise InputError(f"A JSON array of {size:,} bytes is too large; send it as JSON lines, one object a line.")
    content = path.read_bytes()
    charset = charset_of(content[:SAMPLE_BYTES], is_whole=size < SAMPLE_BYTES)
    try:
        found = cast("object", msgspec.json.decode(decoded(content, charset).removeprefix("\ufeff")))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InputError(f"The file is not JSON: {error}.") from error
    if not isinstance(found, list):
        raise InputError("The file is JSON, but not an array of objects. Send an array, or JSON lines.")
    for line, value in enumerate(cast("list[object]", found), start=1):
        yield object_row(line, value)


def object_row(line: int, value: object) -> ImportRow:
    """The row that a JSON value is, or why it is none."""
    if not isinstance(value, dict):
        return ImportRow(line=line, fault="it is not an object of columns and values.")
    payload = cast("dict[str, Any]", value)
    if _has_nul(payload):
        return ImportRow(line=line, fault="it holds a NUL character.")
    return ImportRow(line=line, payload=payload)


def _has_nul(payload: Mapping[str, object]) -> bool:
    return any("\x00" in name or (isinstance(value, str) and "\x00" in value) for name, value in payload.items())


def delimiter_of(text: str) -> str:
    """The delimiter that stands most often in the first line, outside quotes."""
    first = text.removeprefix("\ufeff").partition("\n")[0]
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
