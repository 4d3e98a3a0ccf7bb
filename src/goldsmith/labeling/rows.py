"""Reads the rows of a user's own file: CSV, JSON lines or a JSON array. A bad row is told by its line, not raised."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
from charset_normalizer import from_bytes

from goldsmith.errors import InputError
from goldsmith.labeling.flows.imports import ImportRow
from goldsmith.labeling.wire import Guess, GuessedColumn

Format = Literal["csv", "jsonl", "json"]

MAX_LINE_BYTES = 16 << 20
MAX_JSON_BYTES = 256 << 20
_SAMPLE_BYTES = 1 << 20
_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 20
_N_EXAMPLES = 3
_EXAMPLE_LENGTH = 120
_TEXT_NAMES = ("text", "body", "content", "document", "review", "message", "sentence", "question", "prompt", "title")
_ID_NAMES = ("id", "external_id", "uid", "uuid", "key", "item_id", "doc_id", "document_id")

csv.field_size_limit(MAX_LINE_BYTES)


def read_rows(path: Path, form: Format, *, id_column: str | None = None) -> Iterator[ImportRow]:
    """The rows of a file with their line numbers; a row that cannot be used carries its fault.

    Raises:
        InputError: the file as a whole cannot be read: no header, not an array, an undecodable text.
    """
    match form:
        case "csv":
            rows = _csv_rows(path)
        case "jsonl":
            rows = _jsonl_rows(path)
        case "json":
            rows = _json_rows(path)
    return (_with_id(row, id_column) for row in rows)


def guess(sample: bytes, form: Format | None) -> Guess:
    """What the beginning of a file looks like: its format, columns, and which column holds the text and the id.

    Raises:
        InputError: it is empty or binary, or no row can be read.
    """
    if not sample.strip():
        raise InputError("The file is empty. Choose one with a header line and rows, or with JSON lines.")
    charset = charset_of(sample)
    text = sample.decode(charset, errors="replace")
    found = form or _form_of(text)
    is_cut = len(sample) >= _SAMPLE_BYTES
    rows = list(_sample_rows(text, found, is_cut=is_cut))
    if not rows:
        raise InputError(f"No row could be read as {found.upper()}. Check that the file is what its name says.")
    columns = [_column(name, rows) for name in dict.fromkeys(name for row in rows for name in row)]
    return Guess(
        format=found,
        columns=columns,
        text_column=_text_column(columns),
        id_column=_id_column(columns, rows),
        rows=rows[:_SAMPLE_ROWS],
        delimiter=_delimiter(text) if found == "csv" else None,
        charset=charset,
    )


def charset_of(sample: bytes) -> str:
    """The character set of a text that begins with `sample`.

    Raises:
        InputError: it is not text.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return name
    if b"\x00" in sample:
        raise InputError("The file is not text: it holds NUL bytes. Save it as CSV or JSON lines in UTF-8.")
    try:
        sample[: max(0, len(sample) - 4)].decode()  # a cut may split the last character
    except UnicodeDecodeError:
        best = from_bytes(sample[:100_000]).best()
        if best is None:
            raise InputError("The file's character set cannot be told. Save it in UTF-8.") from None
        return best.encoding
    return "utf-8"


def _with_id(row: ImportRow, id_column: str | None) -> ImportRow:
    if id_column is None or row.fault:
        return row
    value = row.payload.get(id_column)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return ImportRow(line=row.line, fault=f"it has no id in {id_column!r}.")
    return msgspec.structs.replace(row, external_id=str(value))


def _csv_rows(path: Path) -> Iterator[ImportRow]:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    charset = charset_of(sample)
    delimiter = _delimiter(sample.decode(charset, errors="replace"))
    with path.open(encoding=charset, errors="strict", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        header = _header(reader)
        line = reader.line_num
        while True:
            line += 1
            try:
                values = next(reader, None)
            except csv.Error as error:
                yield ImportRow(line=line, fault=f"it is not CSV: {error}.")
                line = reader.line_num
                continue
            except UnicodeDecodeError as error:
                raise InputError(
                    f"After line {line} the file is not {charset}: {error.reason}. Save it in UTF-8."
                ) from error
            if values is None:
                return
            if values:
                yield _csv_row(line, header, values)
            line = reader.line_num


def _header(reader: Iterator[list[str]]) -> list[str]:
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
    with path.open("rb") as file:
        line = 0
        while raw := file.readline(MAX_LINE_BYTES + 1):
            line += 1
            if len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
                while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass
                yield ImportRow(line=line, fault=f"it is longer than {MAX_LINE_BYTES:,} bytes.")
                continue
            stripped = raw.strip().removeprefix(b"\xef\xbb\xbf")
            if stripped:
                yield _json_row(line, stripped)


def _json_row(line: int, raw: bytes) -> ImportRow:
    try:
        value = cast("object", msgspec.json.decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return ImportRow(line=line, fault=f"it is not JSON: {error}.")
    return _object_row(line, value)


def _json_rows(path: Path) -> Iterator[ImportRow]:
    size = path.stat().st_size
    if size > MAX_JSON_BYTES:
        raise InputError(f"A JSON array of {size:,} bytes is too large; send it as JSON lines, one object a line.")
    try:
        decoded = cast("object", msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf")))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"The file is not JSON: {error}.") from error
    if not isinstance(decoded, list):
        raise InputError("The file is JSON, but not an array of objects. Send an array, or JSON lines.")
    for line, value in enumerate(cast("list[object]", decoded), start=1):
        yield _object_row(line, value)


def _object_row(line: int, value: object) -> ImportRow:
    if not isinstance(value, dict):
        return ImportRow(line=line, fault="it is not an object of columns and values.")
    payload = cast("dict[str, Any]", value)
    if _has_nul(payload):
        return ImportRow(line=line, fault="it holds a NUL character.")
    return ImportRow(line=line, payload=payload)


def _has_nul(payload: Mapping[str, object]) -> bool:
    return any("\x00" in name or (isinstance(value, str) and "\x00" in value) for name, value in payload.items())


def _form_of(text: str) -> Format:
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "[":
        return "json"
    return "jsonl" if start == "{" else "csv"


def _sample_rows(text: str, form: Format, *, is_cut: bool) -> Iterator[dict[str, Any]]:
    body = text.removeprefix("\ufeff")
    if form == "json":
        try:
            decoded = cast("object", msgspec.json.decode(body))
        except msgspec.DecodeError as error:
            reason = "it is larger than can be shown beforehand; send JSON lines" if is_cut else str(error)
            raise InputError(f"The file cannot be read as a JSON array: {reason}.") from error
        entries = cast("list[object]", decoded) if isinstance(decoded, list) else []
        yield from (cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict))
        return
    lines = body.rpartition("\n")[0] if is_cut else body
    if form == "csv":
        yield from _sample_csv(lines)
        return
    for line in lines.splitlines():
        row = _json_row(0, line.encode()) if line.strip() else ImportRow(line=0, fault="empty")
        if not row.fault:
            yield row.payload


def _sample_csv(text: str) -> Iterator[dict[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header = _header(reader)
    try:
        for values in reader:
            if len(values) == len(header):
                yield dict(zip(header, values, strict=True))
    except csv.Error:
        return


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in the first line, outside quotes."""
    first = text.removeprefix("\ufeff").partition("\n")[0]
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _column(name: str, rows: Iterable[Mapping[str, Any]]) -> GuessedColumn:
    values = [_shown(row[name]) for row in rows if row.get(name) not in (None, "")]
    return GuessedColumn(
        name=name,
        n_filled=len(values),
        mean_length=round(sum(map(len, values)) / len(values), 1) if values else 0.0,
        examples=[value[:_EXAMPLE_LENGTH] for value in dict.fromkeys(values)][:_N_EXAMPLES],
    )


def _shown(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _text_column(columns: list[GuessedColumn]) -> str | None:
    """A column that is called like a text, else the one with the longest values."""
    for wanted in _TEXT_NAMES:
        for column in columns:
            if column.name.lower() == wanted and column.n_filled:
                return column.name
    filled = [column for column in columns if column.n_filled]
    return max(filled, key=lambda column: column.mean_length).name if filled else None


def _id_column(columns: list[GuessedColumn], rows: list[dict[str, Any]]) -> str | None:
    """A column that is called like an id and whose values are all different."""
    for wanted in _ID_NAMES:
        for column in columns:
            if column.name.lower() == wanted:
                values = [_shown(row.get(column.name)) for row in rows]
                if len(set(values)) == len(rows) and "" not in values:
                    return column.name
    return None
