"""Rows become documents: two fields hold the text and the id, conversations are recognised, the others are meta."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from goldsmith.kit.nearest import nearest
from goldsmith.refine.chats import as_chat
from goldsmith.refine.model import RawDocument

MAX_NAMES = 10
"""The fields that a message lists; a file that is no table can have any number."""

MAX_NAME = 40

DEFAULT_ID_FIELD = "id"
"""The field that need not be there: rows without an id are called after their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file to read, and how.

    Attributes:
        path: where it is.
        origin: where it lies, for messages.
        name: what ids begin with, where its documents bring none.
        text_field: the field or column that holds the text of a row.
        id_field: the field or column that holds the id of a row, a text or a whole number.
        max_bytes: the most that one document may have.
    """

    path: Path
    origin: str
    name: str
    text_field: str
    id_field: str
    max_bytes: int

    def failure(self, reason: str) -> RawDocument:
        """A document that stands for the file, which cannot be read."""
        return RawDocument(id=self.name, origin=self.origin, failure=reason)

    def row_failure(self, number: int, reason: str) -> RawDocument:
        """A document that stands for one row, or line, from 1."""
        place = f"{self.origin}:{number}"
        return RawDocument(id=f"{self.name}:{number}", origin=place, failure=f"{place}: {reason}")

    def too_long(self, number: int, what: str) -> RawDocument:
        """A row that is larger than a document may be."""
        reason = f"the {what} has more than {self.max_bytes:,} bytes; raise `max_bytes` of its source"
        return self.row_failure(number, reason)


def row_document(file: InputFile, values: Mapping[str, object], number: int) -> RawDocument:
    """The document in the row `number` of a file.

    Args:
        file: the file.
        values: the row's fields; a text may be bytes in an unknown charset.
        number: the place of the row, from 1, for its id and for messages.
    """
    text, skipped, more = values.get(file.text_field), {file.text_field, file.id_field}, dict[str, str]()
    if not isinstance(text, str | bytes):
        chat = as_chat(values)
        if chat is None:
            known = ", ".join(name[:MAX_NAME] for name in sorted(values)[:MAX_NAMES]) or "none"
            problem = f"the field {file.text_field!r} holds no text; the row's fields: {known}"
            return file.row_failure(number, problem)
        if chat.failure:
            return file.row_failure(number, chat.failure)
        text, more = chat.text, {"chat": chat.kind, "n_messages": str(chat.n_messages)}
        skipped.add(chat.field)
    given = values.get(file.id_field)
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        return file.row_failure(number, f"the field {file.id_field!r} is no text or whole number")
    if _size(text) > file.max_bytes:
        return file.too_long(number, "text")
    return RawDocument(
        id=f"{file.name}:{number}" if given in (None, "") else str(given),
        origin=f"{file.origin}:{number}",
        raw=text if isinstance(text, bytes) else None,
        text=text if isinstance(text, str) else None,
        meta={**_as_meta(values, skipped), **more},
    )


def missing_columns(file: InputFile, names: list[str]) -> str | None:
    """What a table with the columns `names` lacks, in words; None when it has what the recipe asks for."""
    shown = [name[:MAX_NAME] for name in names[:MAX_NAMES]]
    if file.text_field not in names and as_chat({name: [] for name in names}) is None:
        hint = nearest(file.text_field, shown)
        return f"there is no column {file.text_field!r}; {hint} Set `text_field` of its source."
    if file.id_field not in names and file.id_field != DEFAULT_ID_FIELD:
        return f"there is no column {file.id_field!r}; {nearest(file.id_field, shown)} Set `id_field` of its source."
    return None


def _size(text: str | bytes) -> int:
    return len(text) if isinstance(text, bytes) or text.isascii() else len(text.encode())


def _as_meta(values: Mapping[str, object], skipped: set[str]) -> dict[str, str]:
    return {
        key: value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()
        for key, value in values.items()
        if value is not None and key not in skipped
    }
