"""Writes blocks as lines: paragraphs apart, items and table rows together, code as it stands."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place, and compares numbers one by one

import functools
import html
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place, inlined
from goldsmith.refine.extraction.tags import I64, NUMBERS, U8
from goldsmith.refine.extraction.trees import Tree

_PLAIN, _CODE, _ROW, _ITEM = range(4)
"""The forms of blocks."""

_FORMS = {_CODE: ("pre", "listing", "xmp"), _ROW: ("tr",), _ITEM: ("li", "dd", "dt")}
_LI = NUMBERS["li"]
_NEWLINE, _RETURN, _SPACE, _AMPERSAND = 10, 13, 32, 38
_LEVELS = 6
_LONGEST_CELL = 300
"""Characters; a longer cell is part of a layout, not of a table, and gets a line of its own."""


class Lines:
    """The text of a page's blocks."""

    __slots__ = ("_bounds", "_elements", "_forms", "_is_escaped", "_names", "_page", "_shown", "_texts", "_tree")

    def __init__(self, page: U8, tree: Tree, owners: I64) -> None:
        n_blocks = len(owners)
        room = np.maximum(tree.run_ends - tree.run_starts, 1).sum()
        shown, bounds, forms = np.empty(room, np.uint8), np.zeros(n_blocks + 1, np.int64), np.zeros((2, n_blocks), int)
        is_escaped = np.zeros(n_blocks, np.bool_)
        _gather(page, tree.run_starts, tree.run_ends, tree.run_blocks, shown, bounds, is_escaped)
        _find_forms(tree.parents, tree.names, owners, *_form_names(), *forms)
        self._page, self._tree, self._names = page, tree, tree.names
        self._shown = shown.tobytes()
        self._bounds: list[int] = bounds.tolist()
        self._forms: list[int] = forms[0].tolist()
        self._elements: list[int] = forms[1].tolist()
        self._is_escaped: list[bool] = is_escaped.tolist()
        self._texts: dict[int, str] = {}

    def joined(self, blocks: Iterable[int]) -> str:
        """The text of these blocks, which are in document order."""
        pieces: list[str] = []
        last: tuple[int, int] = (_PLAIN, -1)
        seen: set[int] = set()
        for block in blocks:
            form, element = self._forms[block], self._elements[block]
            text = self._code(block) if form == _CODE else self.text(block)
            if not text.strip():
                continue
            if form == _ITEM and element not in seen and self._names[element] == _LI:
                text = f"- {text}"
            seen.add(element)
            if form == _ROW and len(text) > _LONGEST_CELL:
                form, element = _PLAIN, -1
            if pieces:
                pieces.append(_between(last, (form, element)))
            pieces.append(text)
            last = (form, element)
        return "".join(pieces).strip()

    def text(self, block: int) -> str:
        """The text of one block, its white space as browsers show it."""
        known = self._texts.get(block)
        if known is None:
            known = self._shown[self._bounds[block] : self._bounds[block + 1]].decode("utf-8", "replace")
            if self._is_escaped[block]:
                known = "\n".join([" ".join(line.split()) for line in html.unescape(known).split("\n")]).strip()
            self._texts[block] = known
        return known

    def _code(self, block: int) -> str:
        tree, pieces = self._tree, list[bytes]()
        first, last = np.searchsorted(tree.run_blocks, [block, block + 1]).tolist()
        for start, end in zip(tree.run_starts[first:last], tree.run_ends[first:last], strict=True):
            pieces.append(b"\n" if start < 0 else self._page[start:end].tobytes())
        text = html.unescape(b"".join(pieces).decode("utf-8", "replace"))
        return text.strip("\r\n").replace("\r\n", "\n").rstrip()


@functools.cache
def _form_names() -> tuple[I64, I64]:
    """For each name of an element the form that it gives to blocks, and whether no form is looked for outside of it."""
    forms, ends = np.zeros(len(NUMBERS) + 1, np.int64), np.zeros(len(NUMBERS) + 1, np.int64)
    for form, names in _FORMS.items():
        forms[[NUMBERS[name] for name in names]] = form
    ends[NUMBERS["table"]] = 1
    return forms, ends


@in_place
def _find_forms(parents: I64, names: I64, owners: I64, form_of: I64, ends: I64, forms: I64, elements: I64) -> None:
    """The code, table row or list item that each block stands in, and its element."""
    for block in range(len(owners)):
        element, elements[block] = owners[block], -1
        for _ in range(_LEVELS):
            form = form_of[names[element]]
            if form != _PLAIN:
                forms[block], elements[block] = form, element
            if form != _PLAIN or ends[names[element]] != 0 or element == 0:
                break
            element = parents[element]


@in_place
def _gather(
    page: U8, run_starts: I64, run_ends: I64, run_blocks: I64, shown: U8, bounds: I64, is_escaped: NDArray[np.bool_]
) -> None:
    """Write the bytes of all blocks one after the other, as browsers show them.

    A block with escapes, which can stand for white space, is written as it is but for its breaks of lines.
    """
    run, written = 0, 0
    for block in range(len(is_escaped)):
        first = run
        while run < len(run_blocks) and run_blocks[run] == block:
            for place in range(run_starts[run], run_ends[run]):
                is_escaped[block] |= page[place] == _AMPERSAND
            run += 1
        starts, ends = run_starts[first:run], run_ends[first:run]
        if is_escaped[block]:
            written = _copy(page, starts, ends, shown, written)
        else:
            written = _squeeze(page, starts, ends, shown, written)
        bounds[block + 1] = written


@in_place
def _copy(page: U8, starts: I64, ends: I64, shown: U8, written: int) -> int:
    """Write runs of text from `written` on with spaces for their breaks of lines; returns where they end."""
    for run in range(len(starts)):
        if starts[run] < 0:
            shown[written] = _NEWLINE
            written += 1
        for place in range(starts[run], ends[run]):
            byte = page[place]
            shown[written] = _SPACE if byte in (_NEWLINE, _RETURN) else byte
            written += 1
    return written


@in_place
def _squeeze(page: U8, starts: I64, ends: I64, shown: U8, written: int) -> int:
    """Write runs of text from `written` on with one space for any white space; returns where they end."""
    begin, is_apart = written, False
    for run in range(len(starts)):
        if starts[run] < 0:
            is_apart = False
            if written > begin:
                shown[written] = _NEWLINE
                written += 1
        place = starts[run]
        while place < ends[run]:
            width = _white_space(page, place, ends[run])
            if width > 0:
                is_apart = True
                place += width
                continue
            if is_apart and written > begin and shown[written - 1] != _NEWLINE:
                shown[written] = _SPACE
                written += 1
            is_apart = False
            shown[written] = page[place]
            written += 1
            place += 1
    while written > begin and shown[written - 1] == _NEWLINE:
        written -= 1
    return written


@inlined
def _white_space(page: U8, place: int, end: int) -> int:
    """How many bytes the white space takes that stands at a place, if any; what is white is what `str.split` says."""
    byte = page[place]
    if byte < 0x80:
        return 1 if byte == 32 or 9 <= byte <= 13 or 28 <= byte <= 31 else 0
    if byte == 0xC2:
        return 2 if place + 1 < end and (page[place + 1] == 0x85 or page[place + 1] == 0xA0) else 0
    if byte < 0xE1 or byte > 0xE3 or place + 2 >= end:
        return 0
    middle, last = page[place + 1], page[place + 2]
    if byte == 0xE1:
        return 3 if middle == 0x9A and last == 0x80 else 0
    if byte == 0xE3:
        return 3 if middle == 0x80 and last == 0x80 else 0
    if middle == 0x81:
        return 3 if last == 0x9F else 0
    is_white = last <= 0x8A or last in (0xA8, 0xA9, 0xAF)
    return 3 if middle == 0x80 and is_white else 0


def _between(last: tuple[int, int], this: tuple[int, int]) -> str:
    if last == this and this[0] == _ROW:
        return " | "
    return "\n" if last[0] == this[0] != _PLAIN else "\n\n"
