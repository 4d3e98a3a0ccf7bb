"""Reads JSON Lines: each row becomes a document, and a row that cannot be read says on which line it stands."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, cast

import msgspec

from goldsmith.refine.disk import READING_ERRORS, as_text, open_content, why_unreadable
from goldsmith.refine.model import RawDocument

_MARK = b"\xef\xbb\xbf"
_CHUNK = 1 << 20


def read_json_lines(path: Path, *, name: str, text_field: str, id_field: str, max_bytes: int) -> Iterator[RawDocument]:
    """The rows of a file, in order; empty lines are passed over.

    Args:
        path: the file, which may be packed with gzip.
        name: what ids of rows without an id begin with.
        text_field: the field that holds the text.
        id_field: the field that holds the id, a text or a whole number.
        max_bytes: the most that a line may have.
    """
    number = 0
    try:
        with open_content(path) as file:
            while line := file.readline(max_bytes + 1):
                number += 1
                is_cut = len(line) > max_bytes and not line.endswith(b"\n")
                if is_cut:
                    _skip_line(file)
                place = f"{as_text(str(path))}:{number}"
                row_name = f"{name}:{number}"
                if is_cut:
                    reason = f"{place}: the line has more than {max_bytes:,} bytes; raise `max_bytes` of its source"
                    yield RawDocument(id=row_name, origin=place, failure=reason)
                elif stripped := line.removeprefix(_MARK if number == 1 else b"").strip():
                    yield _document(stripped, row_name, place, (text_field, id_field))
    except READING_ERRORS as error:
        reason = f"after line {number}: {why_unreadable(error)}"
        yield RawDocument(id=name, origin=as_text(str(path)), failure=reason)


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(_CHUNK)) and not rest.endswith(b"\n"):
        pass


def _document(line: bytes, name: str, place: str, fields: tuple[str, str]) -> RawDocument:
    text_field, id_field = fields
    try:
        row: object = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return RawDocument(id=name, origin=place, failure=f"{place}: not JSON: {error}")
    if not isinstance(row, dict):
        return RawDocument(id=name, origin=place, failure=f"{place}: a row has to be an object with {text_field!r}")
    values = cast("dict[str, object]", row)
    text, given = values.get(text_field), values.get(id_field)
    if not isinstance(text, str):
        known = ", ".join(sorted(values)[:10]) or "none"
        reason = f"{place}: the field {text_field!r} holds no text; the row's fields: {known}"
        return RawDocument(id=name, origin=place, failure=reason)
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        return RawDocument(id=name, origin=place, failure=f"{place}: the field {id_field!r} is no text or whole number")
    others = {key: value for key, value in values.items() if key not in fields}
    return RawDocument(id=name if given in (None, "") else str(given), origin=place, text=text, meta=_as_meta(others))


def _as_meta(values: Mapping[str, object]) -> dict[str, str]:
    return {
        key: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for key, value in values.items()
        if value is not None
    }
