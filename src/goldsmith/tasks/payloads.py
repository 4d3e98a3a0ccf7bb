"""The fields of an item as questions read them: None for a value that is not what the field's type says.

Texts, HTML, Markdown and code are texts; JSON is anything; a chat is a list of `{"role", "content"}`; a table is a list
of objects, a list of lists whose first is the header, or CSV; a diff is `{"before", "after"}`. Images, sounds and PDFs
are objects that name a blob and say its measures.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from goldsmith.tasks.values import as_list, as_object, finite_number, whole_number


class Size(NamedTuple):
    """The size of an image, in pixels, once it stands upright."""

    width: int
    height: int


class PageSize(NamedTuple):
    """A page of a document: its size in points as it is shown, and the code points of its text."""

    width: float
    height: float
    n_points: int


class Grid(NamedTuple):
    """The columns of a table by what an answer calls them, and how many rows of values it has."""

    columns: tuple[str, ...]
    n_rows: int


class Candidate(NamedTuple):
    """One of several things that are compared."""

    id: str
    text: str


def text_in(item: Mapping[str, object], field: str) -> str | None:
    """The text of a field."""
    value = item.get(field)
    return value if isinstance(value, str) else None


def image_size(item: Mapping[str, object], field: str) -> Size | None:
    """The size of an image."""
    image = as_object(item.get(field)) or {}
    width, height = whole_number(image.get("width")), whole_number(image.get("height"))
    return Size(width, height) if width and height and width > 0 and height > 0 else None


def duration_of(item: Mapping[str, object], field: str) -> int | None:
    """How many milliseconds a sound lasts."""
    duration = whole_number((as_object(item.get(field)) or {}).get("duration_ms"))
    return duration if duration is not None and duration > 0 else None


def pages_of(item: Mapping[str, object], field: str) -> list[PageSize] | None:
    """The pages of a document."""
    listed = as_list((as_object(item.get(field)) or {}).get("pages"))
    if not listed:
        return None
    pages: list[PageSize] = []
    for entry in listed:
        page = as_object(entry) or {}
        width, height = finite_number(page.get("width")), finite_number(page.get("height"))
        n_points = whole_number(page.get("n_points", 0))
        if width is None or height is None or n_points is None or min(width, height) <= 0:
            return None
        pages.append(PageSize(width, height, n_points))
    return pages


def roles_of(item: Mapping[str, object], field: str) -> list[str] | None:
    """The role of each message of a chat."""
    messages = as_list(item.get(field))
    if messages is None:
        return None
    roles = [(as_object(message) or {}).get("role") for message in messages]
    return [role for role in roles if isinstance(role, str)] if all(isinstance(role, str) for role in roles) else None


def candidates_of(item: Mapping[str, object], field: str) -> list[Candidate] | None:
    """The things that a field lists: texts, or objects with a text and perhaps an id; without ids they are numbered.

    None too where two of them share an id.
    """
    listed = as_list(item.get(field))
    if listed is None:
        return None
    found: list[Candidate] = []
    for i, entry in enumerate(listed):
        parts = as_object(entry)
        text = entry if parts is None else parts.get("text")
        own = None if parts is None else parts.get("id")
        if not isinstance(text, str) or isinstance(own, bool) or not isinstance(own, str | int | None):
            return None
        found.append(Candidate(str(i + 1) if own is None else str(own), text))
    return found if len({one.id for one in found}) == len(found) else None


def grid_of(item: Mapping[str, object], field: str) -> Grid | None:
    """The columns and rows of a table.

    A column is called as its header says where that is not empty, no number and no other column's; else by its index.
    """
    value = item.get(field)
    if isinstance(value, str):
        rows = [row for row in csv.reader(io.StringIO(value, newline="")) if row]
        return Grid(_called(rows[0]), len(rows) - 1) if rows else None
    rows = as_list(value)
    if not rows:
        return None
    lists = [as_list(row) for row in rows]
    if all(row is not None for row in lists):
        return Grid(_called([str(cell) for cell in lists[0] or ()]), len(rows) - 1)
    objects = [as_object(row) for row in rows]
    if any(row is None for row in objects):
        return None
    return Grid(_called(list(dict.fromkeys(key for row in objects for key in row or ()))), len(rows))


def _called(headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        str(i) if not header or header.isdecimal() or headers.count(header) > 1 else header
        for i, header in enumerate(headers)
    )
