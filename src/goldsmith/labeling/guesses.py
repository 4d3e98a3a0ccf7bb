"""Guesses what a user's own file is from its beginning: its format, its columns, which holds the text and the id."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from goldsmith.errors import InputError
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.rows import (
    LONE,
    SAMPLE_BYTES,
    Format,
    charset_of,
    decoded,
    delimiter_of,
    header_of,
    json_row,
    object_row,
)
from goldsmith.labeling.wire import Guess, GuessedColumn

_SAMPLE_ROWS = 20
_N_EXAMPLES = 3
_EXAMPLE_LENGTH = 120
_GAP = re.compile(r"[\s,]*")
_MOST_SAMPLED = 10_000
_TEXT_NAMES = ("text", "body", "content", "document", "review", "message", "sentence", "question", "prompt", "title")
_ID_NAMES = ("id", "external_id", "uid", "uuid", "key", "item_id", "doc_id", "document_id")


def guess(sample: bytes, form: Format | None) -> Guess:
    """What the beginning of a file looks like: its format, columns, and which column holds the text and the id.

    Raises:
        InputError: it is empty or binary, or no row can be read.
    """
    if not sample.strip():
        raise InputError("The file is empty. Choose one with a header line and rows, or with JSON lines.")
    charset = charset_of(sample, is_whole=False)
    text = LONE.sub("\ufffd", decoded(sample, charset))
    found = form or _form_of(text)
    is_cut = len(sample) >= SAMPLE_BYTES
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
        delimiter=delimiter_of(text) if found == "csv" else None,
        charset=charset,
    )


def _form_of(text: str) -> Format:
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "[":
        return "json"
    return "jsonl" if start == "{" else "csv"


def _sample_rows(text: str, form: Format, *, is_cut: bool) -> Iterator[dict[str, Any]]:
    body = text.removeprefix("\ufeff")
    if form == "json":
        yield from _sample_array(body)
        return
    lines = body.rpartition("\n")[0] if is_cut else body
    if form == "csv":
        yield from _sample_csv(lines)
        return
    for line in lines.split("\n"):
        row = json_row(0, line.strip()) if line.strip() else ImportRow(line=0, fault="empty")
        if not row.fault:
            yield row.payload


def _sample_array(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON array that may be cut off, up to the first that is not whole."""
    decoder, at = json.JSONDecoder(), text.find("[") + 1
    for _ in range(_MOST_SAMPLED):
        at = _GAP.match(text, at).end()  # pyright: ignore[reportOptionalMemberAccess]  # it matches nothing, too
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        row = object_row(0, value)
        if not row.fault:
            yield row.payload


def _sample_csv(text: str) -> Iterator[dict[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    header = header_of(reader)
    try:
        for values in reader:
            if len(values) == len(header):
                yield dict(zip(header, values, strict=True))
    except csv.Error:
        return


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
