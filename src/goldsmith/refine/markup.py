"""A page's elements with their attributes, and its visible text, for stages that look for marks in pages."""

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.refine.extraction.pages import bytes_of
from goldsmith.refine.extraction.tags import BLOCK, HIDDEN, I64, NAMES, NUMBERS, RAW, tags
from goldsmith.refine.extraction.tokens import START, TEXT, tokens_of

_STEPS = np.array([0, 1, -1])
"""How much deeper each kind of token goes: text, start, end."""

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")


class Element(NamedTuple):
    """The start of an element.

    Attributes:
        name: its name in lower case.
        attributes: their values by their names in lower case; of two with one name the first.
        first_byte: where its tag begins in the UTF-8 of the page; `Page.span` says it in code points.
        end_byte: where its tag ends.
        content: the raw text that follows in a `script` or the like; else nothing.
    """

    name: str
    attributes: Mapping[str, str]
    first_byte: int
    end_byte: int
    content: str


class Visible:
    """The visible text of a page with a space at the edges of blocks, and where each piece stands in the page."""

    __slots__ = ("_in_page", "_in_text", "_place", "text")

    def __init__(
        self, text: str, lengths: I64, is_apart: NDArray[np.bool_], *, in_page: I64, place: Callable[[int], int]
    ) -> None:
        """Remember where the pieces stand.

        Args:
            text: the pieces, joined.
            lengths: of each piece, its code points.
            is_apart: whether a block begins or ends before each of them; there the text has a space.
            in_page: the byte of the page at which each begins.
            place: gives the code points before a byte of the page.
        """
        self.text = text
        self._in_text = np.cumsum(lengths + is_apart) - lengths
        self._in_page, self._place = in_page, place

    def place(self, offset: int) -> int:
        """Where the code point at an offset of the text stands in the page; for the end of a piece, its end."""
        if len(self._in_text) == 0:
            return 0
        piece = max(0, int(np.searchsorted(self._in_text, offset, side="right")) - 1)
        return self._place(int(self._in_page[piece])) + offset - int(self._in_text[piece])

    def before(self, byte: int, n: int) -> str:
        """At most `n` code points of the text before a byte of the page."""
        piece = int(np.searchsorted(self._in_page, byte, side="left"))
        end = int(self._in_text[piece]) if piece < len(self._in_text) else len(self.text)
        return self.text[max(0, end - n) : end]


class Page:
    """A page that was cut into its tags and texts."""

    __slots__ = ("_bytes", "_is_ascii", "_tokens")

    def __init__(self, html: str) -> None:
        self._bytes = bytes_of(html)
        self._tokens = tokens_of(self._bytes)
        self._is_ascii = len(html) == len(self._bytes)

    def elements(self, *names: str, with_one_of: tuple[str, ...] = ()) -> Iterator[Element]:
        """The elements with one of these names, in the order of the page.

        Args:
            names: their names.
            with_one_of: ASCII words in lower case, of which one has to stand among the attributes.
        """
        kinds, numbers, starts, ends = self._tokens
        is_wanted = (kinds == START) & np.isin(numbers, [NUMBERS[name] for name in names])
        if with_one_of:
            is_wanted &= self._holds(with_one_of)
        for token in np.flatnonzero(is_wanted).tolist():
            name, start, end = NAMES[int(numbers[token])], int(starts[token]), int(ends[token])
            is_followed = token + 1 < len(kinds) and kinds[token + 1] == TEXT
            content = self._between(int(starts[token + 1]), int(ends[token + 1])) if is_followed else ""
            yield Element(
                name=name,
                attributes=_attributes(self._between(start, end)),
                first_byte=start - len(name) - 1,
                end_byte=min(end + 1, len(self._bytes)),
                content=content,
            )

    def visible(self) -> Visible:
        """The text that can be seen, with the escapes of HTML as they are.

        Listings (`pre`) are examples, and left out, where they are less than half of it.
        """
        kinds, numbers, starts, ends = self._tokens
        group = np.where(kinds == START, tags().kinds[numbers], 0) & (HIDDEN | RAW)
        is_raw = np.concatenate([[False], (group == HIDDEN | RAW)[:-1]])
        is_shown = (kinds == TEXT) & ~is_raw
        is_listed = np.cumsum(np.where(numbers == NUMBERS["pre"], _STEPS[kinds], 0)) > 0
        lengths = np.where(is_shown, ends - starts, 0)
        if 2 * int(lengths[is_listed].sum()) < int(lengths.sum()):
            is_shown &= ~is_listed
        shown = np.flatnonzero(is_shown)
        held = self._bytes.tobytes()
        n_edges = np.cumsum((kinds != TEXT) & ((tags().kinds[numbers] & BLOCK != 0) | (numbers == NUMBERS["br"])))
        is_apart = np.diff(n_edges[shown], prepend=0) > 0
        spans = zip(starts[shown].tolist(), ends[shown].tolist(), is_apart.tolist(), strict=True)
        text = b"".join([b" " + held[start:end] if apart else held[start:end] for start, end, apart in spans]).decode()
        n_before = np.concatenate([[0], np.cumsum((self._bytes & 0xC0) != 0x80)])
        lengths = n_before[ends[shown]] - n_before[starts[shown]]
        return Visible(text, lengths, is_apart, in_page=starts[shown], place=self._place)

    def span(self, element: Element) -> tuple[int, int]:
        """Where the tag of an element begins and ends, in code points."""
        return self._place(element.first_byte), self._place(element.end_byte)

    def _holds(self, words: tuple[str, ...]) -> NDArray[np.bool_]:
        """The tokens in which one of these words begins."""
        lower, places = self._bytes.tobytes().lower(), list[int]()
        for word in map(str.encode, words):
            place = lower.find(word)
            while place >= 0:
                places.append(place)
                place = lower.find(word, place + len(word))
        found = np.zeros(len(self._tokens.starts), np.bool_)
        held = np.searchsorted(self._tokens.starts, np.array(places, np.int64), side="right") - 1
        found[held[held >= 0]] = True
        return found

    def _between(self, start: int, end: int) -> str:
        return self._bytes[start:end].tobytes().decode()

    def _place(self, byte: int) -> int:
        """The code points before a byte."""
        return byte if self._is_ascii else int(np.count_nonzero((self._bytes[:byte] & 0xC0) != 0x80))


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        _ = found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or "").strip())
    return found
