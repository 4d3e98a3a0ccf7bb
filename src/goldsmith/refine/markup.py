"""A page's elements with their attributes, and its visible text, for stages that look for marks in pages."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.refine.extraction.pages import bytes_of
from goldsmith.refine.extraction.tags import BLOCK, HIDDEN, I64, NAMES, NUMBERS, RAW, U8, tags
from goldsmith.refine.extraction.tokens import START, TEXT, tokens_of

_UNSEEN, _EDGE, _LISTING = 1, 2, 4
"""What an element does to the text around it: its own is never shown; it is the edge of a block; it is a listing."""

_IN_PAGE, _LENGTHS, _APART = range(3)
"""The rows of the table of pieces of visible text."""

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

    def __init__(self, text: str, lengths: I64, is_apart: I64, *, in_page: I64, place: Callable[[int], int]) -> None:
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

    __slots__ = ("_bytes", "_is_ascii", "_lower", "_tokens")

    def __init__(self, html: str | U8) -> None:
        """Cut a page, or its UTF-8, into tags and texts."""
        self._bytes = bytes_of(html) if isinstance(html, str) else html
        self._tokens = tokens_of(self._bytes)
        self._is_ascii = int(self._bytes.max(initial=0)) < 0x80
        self._lower: bytes | None = None

    def elements(self, *names: str, with_one_of: tuple[str, ...] = ()) -> Iterator[Element]:
        """The elements with one of these names, in the order of the page.

        Args:
            names: their names.
            with_one_of: ASCII words in lower case, of which one has to stand among the attributes.
        """
        kinds, numbers, starts, ends = self._tokens
        wanted = frozenset(NUMBERS[name] for name in names)
        held = self._holding(with_one_of) if with_one_of else np.flatnonzero(kinds == START)
        for token in held.tolist():
            number = int(numbers[token])
            if kinds[token] != START or number not in wanted:
                continue
            name, start, end = NAMES[number], int(starts[token]), int(ends[token])
            is_followed = token + 1 < len(kinds) and kinds[token + 1] == TEXT
            content = self.text(int(starts[token + 1]), int(ends[token + 1])) if is_followed else ""
            yield Element(
                name=name,
                attributes=_attributes(self.text(start, end)),
                first_byte=start - len(name) - 1,
                end_byte=min(end + 1, len(self._bytes)),
                content=content,
            )

    def visible(self) -> Visible:
        """The text that can be seen, with the escapes of HTML as they are.

        Listings (`pre`) are examples, and left out, where they are less than half of it.
        """
        pieces = np.empty((3, len(self._tokens.kinds)), np.int64)
        content = np.empty(len(self._bytes) + len(self._tokens.kinds), np.uint8)
        n_pieces, n_bytes = _show(self._bytes, *self._tokens, _roles(), content, pieces)
        in_page, lengths, is_apart = pieces[:, :n_pieces]
        text = content[:n_bytes].tobytes().decode()
        return Visible(text, lengths, is_apart, in_page=in_page, place=self._place)

    def span(self, element: Element) -> tuple[int, int]:
        """Where the tag of an element begins and ends, in code points."""
        return self._place(element.first_byte), self._place(element.end_byte)

    def text(self, start: int, end: int) -> str:
        """The source between two bytes of it, each at the edge of a code point."""
        return self._bytes[start:end].tobytes().decode()

    def before(self, byte: int, n: int) -> str:
        """At most `n` code points of the source before a byte of it."""
        longest = 4 * (n + 1)  # bytes, of which the first few can be the rest of a code point
        return self._bytes[max(0, byte - longest) : byte].tobytes().decode(errors="ignore")[-n:]

    def _holding(self, words: tuple[str, ...]) -> I64:
        """The tokens in which one of these words begins, in their order."""
        if self._lower is None:
            self._lower = self._bytes.tobytes().lower()
        lower, places = self._lower, list[int]()
        for word in map(str.encode, words):
            place = lower.find(word)
            while place >= 0:
                places.append(place)
                place = lower.find(word, place + len(word))
        if not places:
            return np.zeros(0, np.int64)
        held = np.searchsorted(self._tokens.starts, np.array(places, np.int64), side="right") - 1
        return np.unique(held[held >= 0])

    def _place(self, byte: int) -> int:
        """The code points before a byte."""
        return byte if self._is_ascii else int(np.count_nonzero((self._bytes[:byte] & 0xC0) != 0x80))


class _Shown(NamedTuple):
    """How many pieces of text can be seen, and how many bytes they have with the spaces between them."""

    n_pieces: int
    n_bytes: int


@functools.cache
def _roles() -> I64:
    """What each element does to the text around it, by its number."""
    kinds = tags().kinds
    roles = np.zeros(len(kinds), np.int64)
    roles[kinds & (HIDDEN | RAW) == HIDDEN | RAW] |= _UNSEEN
    roles[kinds & BLOCK != 0] |= _EDGE
    roles[NUMBERS["br"]] |= _EDGE
    roles[NUMBERS["pre"]] |= _LISTING
    return roles


@in_place
def _show(page: U8, kinds: I64, numbers: I64, starts: I64, ends: I64, roles: I64, content: U8, pieces: I64) -> _Shown:
    """Write the text that can be seen, and where each piece of it stands in the page."""
    total = listed = depth = 0
    for token in range(len(kinds)):
        depth += _step(kinds, numbers, roles, token)
        if _is_seen(kinds, numbers, roles, token):
            total += ends[token] - starts[token]
            listed += ends[token] - starts[token] if depth > 0 else 0
    has_listings = 2 * listed >= total
    n_pieces = n_bytes = depth = 0
    is_apart = False
    for token in range(len(kinds)):
        depth += _step(kinds, numbers, roles, token)
        is_apart = is_apart or (kinds[token] != TEXT and roles[numbers[token]] & _EDGE != 0)
        if not _is_seen(kinds, numbers, roles, token) or (depth > 0 and not has_listings):
            continue
        content[n_bytes] = 0x20
        n_bytes += is_apart
        length = 0
        for place in range(starts[token], ends[token]):
            content[n_bytes] = page[place]
            length += page[place] & 0xC0 != 0x80
            n_bytes += 1
        pieces[_IN_PAGE, n_pieces] = starts[token]
        pieces[_LENGTHS, n_pieces], pieces[_APART, n_pieces] = length, is_apart
        n_pieces += 1
        is_apart = False
    return _Shown(n_pieces, n_bytes)


@in_place
def _step(kinds: I64, numbers: I64, roles: I64, token: int) -> int:
    """How much deeper inside of listings a token leads."""
    if kinds[token] == TEXT or roles[numbers[token]] & _LISTING == 0:
        return 0
    return 1 if kinds[token] == START else -1


@in_place
def _is_seen(kinds: I64, numbers: I64, roles: I64, token: int) -> bool:
    """Whether a token is text, but for the raw text of an element that is never seen."""
    if kinds[token] != TEXT:
        return False
    return token == 0 or kinds[token - 1] != START or roles[numbers[token - 1]] & _UNSEEN == 0


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        _ = found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or "").strip())
    return found
