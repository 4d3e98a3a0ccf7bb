"""Writes blocks as lines: paragraphs apart, items and table rows together, code as it stands."""

# ruff: noqa: PLR0913, PLR0917 - compiled code takes arrays by their place, and compares numbers one by one

import functools
import html

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place, inlined
from goldsmith.kit.utf8 import byte_at, n_characters
from goldsmith.refine.extraction.tags import I64, NUMBERS, U8
from goldsmith.refine.extraction.trees import Tree

_PLAIN, _CODE, _ROW, _ITEM = range(4)
"""The forms of blocks."""

_FORMS = {_CODE: ("pre", "listing", "xmp"), _ROW: ("tr",), _ITEM: ("li", "dd", "dt")}
_LI = NUMBERS["li"]
_NEWLINE, _RETURN, _SPACE, _AMPERSAND, _DASH, _BAR = map(ord, "\n\r &-|")
_LEVELS = 6
_LONGEST_CELL = 300
"""Characters; a longer cell is part of a layout, not of a table, and gets a line of its own."""

_MOST_AROUND = 5
"""Bytes that are written around a block at most."""


class Lines:
    """The text of a page's blocks."""

    __slots__ = ("_bounds", "_elements", "_forms", "_is_escaped", "_page", "_shown", "_texts", "_tree")

    def __init__(self, page: U8, tree: Tree, owners: I64) -> None:
        n_blocks = len(owners)
        self._page, self._tree = page, tree
        self._shown = np.empty(len(page) + len(tree.run_starts), np.uint8)
        self._bounds = np.zeros(n_blocks + 1, np.int64)
        self._is_escaped = np.zeros(n_blocks, np.bool_)
        self._forms, self._elements = np.zeros((2, n_blocks), np.int64)
        self._texts: dict[int, str] = {}
        _lay_out(
            page,
            tree.run_starts,
            tree.run_ends,
            tree.run_blocks,
            tree.parents,
            tree.names,
            owners,
            *_form_names(),
            self._shown,
            self._bounds,
            self._is_escaped,
            self._forms,
            self._elements,
        )

    def joined(self, chosen: I64) -> str:
        """The text of these blocks, which are in document order."""
        starts, stops, forms = self._bounds[chosen], self._bounds[chosen + 1], self._forms[chosen]
        content = self._shown
        is_rewritten = self._is_escaped[chosen] | (forms == _CODE)
        if is_rewritten.any():
            content = self._with_rewritten(chosen, is_rewritten.nonzero()[0], starts, stops)
        room = np.empty(int((stops - starts).sum()) + _MOST_AROUND * len(chosen), np.uint8)
        is_begun = np.zeros(len(self._tree.names), np.bool_)
        size = _join(content, starts, stops, forms, self._elements[chosen], self._tree.names, is_begun, room)
        return room[:size].tobytes().decode("utf-8", "replace").strip()

    def text(self, block: int) -> str:
        """The text of one block, its white space as browsers show it."""
        known = self._texts.get(block)
        if known is None:
            start, stop = self._bounds[block : block + 2].tolist()
            known = self._shown[start:stop].tobytes().decode("utf-8", "replace")
            if self._is_escaped[block]:
                known = "\n".join([" ".join(line.split()) for line in html.unescape(known).split("\n")]).strip()
            self._texts[block] = known
        return known

    def _with_rewritten(self, chosen: I64, places: I64, starts: I64, stops: I64) -> U8:
        """What is shown, and after it the blocks that were not copied as they stand, whose bounds are set to there."""
        pieces, end = [self._shown.tobytes()], len(self._shown)
        for place, block in zip(places.tolist(), chosen[places].tolist(), strict=True):
            text = self._code(block) if self._forms[block] == _CODE else self.text(block)
            piece = text.encode("utf-8", "replace") if text.strip() else b""
            pieces.append(piece)
            starts[place], stops[place] = end, end + len(piece)
            end += len(piece)
        return np.frombuffer(b"".join(pieces), np.uint8)

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
def _lay_out(
    page: U8,
    run_starts: I64,
    run_ends: I64,
    run_blocks: I64,
    parents: I64,
    names: I64,
    owners: I64,
    form_of: I64,
    ends: I64,
    shown: U8,
    bounds: I64,
    is_escaped: NDArray[np.bool_],
    forms: I64,
    elements: I64,
) -> None:
    _gather(page, run_starts, run_ends, run_blocks, shown, bounds, is_escaped)
    _find_forms(parents, names, owners, form_of, ends, forms, elements)


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
def _join(
    content: U8, starts: I64, stops: I64, forms: I64, elements: I64, names: I64, is_begun: NDArray[np.bool_], room: U8
) -> int:
    """Write blocks one after the other, with what stands between them; returns where they end."""
    size, last_form, last_element = 0, _PLAIN, -1
    for place in range(len(starts)):
        start, stop, form, element = starts[place], stops[place], forms[place], elements[place]
        if start == stop:
            continue
        is_first = form == _ITEM and names[element] == _LI and not is_begun[element]
        if form != _PLAIN:
            is_begun[element] = True
        if form == _ROW and n_characters(content, start, stop) > _LONGEST_CELL:
            form, element = _PLAIN, -1
        if size > 0:
            if form == last_form == _ROW and element == last_element:
                size = _write(room, size, _SPACE, _BAR, _SPACE)
            elif form == last_form != _PLAIN:
                size = _write(room, size, _NEWLINE)
            else:
                size = _write(room, size, _NEWLINE, _NEWLINE)
        if is_first:
            size = _write(room, size, _DASH, _SPACE)
        for each in range(start, stop):
            room[np.uint64(size)] = byte_at(content, each)
            size += 1
        last_form, last_element = form, element
    return size


@inlined
def _write(room: U8, size: int, *written: int) -> int:
    for byte in written:
        room[size] = byte
        size += 1
    return size


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
            is_escaped[block] |= _holds(page, run_starts[run], run_ends[run], _AMPERSAND)
            run += 1
        starts, ends = run_starts[first:run], run_ends[first:run]
        if is_escaped[block]:
            written = _copy(page, starts, ends, shown, written)
        else:
            written = _squeeze(page, starts, ends, shown, written)
        bounds[block + 1] = written


@inlined
def _holds(page: U8, start: int, stop: int, byte: int) -> bool:
    n = 0
    for place in range(start, stop):
        n += byte_at(page, place) == byte
    return n > 0


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
