"""A page's elements with their attributes, and its visible text in place, for stages that look for marks in pages."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple

import numpy as np

from goldsmith.refine.extraction.pages import bytes_of
from goldsmith.refine.extraction.tags import HIDDEN, NAMES, NUMBERS, RAW, tags
from goldsmith.refine.extraction.tokens import START, TEXT, tokens_of

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")


class Element(NamedTuple):
    """The start of an element.

    Attributes:
        name: its name in lower case.
        attributes: their values by their names in lower case; of two with one name the first.
        start: where its tag begins in the page, in code points.
        end: where its tag ends.
        content: the raw text that follows in a `script` or the like; else nothing.
    """

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int
    content: str


class Page:
    """A page that was cut into its tags and texts."""

    __slots__ = ("_bytes", "_html", "_tokens")

    def __init__(self, html: str) -> None:
        self._html = html
        self._bytes = bytes_of(html)
        self._tokens = tokens_of(self._bytes)

    def elements(self, *names: str) -> Iterator[Element]:
        """The elements with one of these names, in the order of the page."""
        kinds, numbers, starts, ends = self._tokens
        wanted = np.flatnonzero((kinds == START) & np.isin(numbers, [NUMBERS[name] for name in names]))
        for token in wanted.tolist():
            name, start, end = NAMES[int(numbers[token])], int(starts[token]), int(ends[token])
            is_followed = token + 1 < len(kinds) and kinds[token + 1] == TEXT
            content = self._between(int(starts[token + 1]), int(ends[token + 1])) if is_followed else ""
            yield Element(
                name=name,
                attributes=_attributes(self._between(start, end)),
                start=self._place(start - len(name) - 1),
                end=self._place(min(end + 1, len(self._bytes))),
                content=content,
            )

    def visible(self) -> str:
        """The page with a space for each code point that is not visible text; what is stands where it stood."""
        kinds, numbers, starts, ends = self._tokens
        group = np.where(kinds == START, tags().kinds[numbers], 0) & (HIDDEN | RAW)
        is_raw = np.concatenate([[False], (group == HIDDEN | RAW)[:-1]])
        shown = np.flatnonzero((kinds == TEXT) & ~is_raw)
        change = np.zeros(len(self._bytes) + 1, np.int8)
        np.add.at(change, starts[shown], 1)
        np.add.at(change, ends[shown], -1)
        is_first_byte = (self._bytes & 0xC0) != 0x80
        is_text = np.cumsum(change[:-1], dtype=np.int8).astype(np.bool_)[is_first_byte]
        points = np.frombuffer(self._html.encode("utf-32-le", "replace"), "<u4")
        return np.where(is_text, points, 0x20).astype("<u4").tobytes().decode("utf-32-le")

    def _between(self, start: int, end: int) -> str:
        return self._bytes[start:end].tobytes().decode()

    def _place(self, byte: int) -> int:
        """The code points before a byte."""
        return int(np.count_nonzero((self._bytes[:byte] & 0xC0) != 0x80))


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        _ = found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or "").strip())
    return found
