"""Builds the tree of a page's elements and the runs of text in its blocks, forgiving what people forget to close."""

# ruff: noqa: PLR0913, PLR0917 - compiled code takes arrays by their place

from typing import NamedTuple

import numpy as np

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place, inlined
from goldsmith.kit.utf8 import byte_at
from goldsmith.refine.extraction.attributes import mark
from goldsmith.refine.extraction.tags import (
    BLOCK,
    CLOSES_P,
    EDGE,
    HIDDEN,
    I64,
    NUMBERS,
    TABLE,
    U8,
    U64,
    VOID,
    tags,
)
from goldsmith.refine.extraction.tokens import START, TEXT, cut, is_space
from goldsmith.refine.extraction.words import marks

_MAX_WALK = 500
"""Open elements that are looked through for the one that an end tag means: time stays linear in the page."""

_A, _BODY, _BR, _DD, _DL, _DT, _HEAD, _HTML, _LI, _OL, _P, _TABLE, _TD, _TH, _TITLE, _TR, _UL = (
    NUMBERS[name]
    for name in [
        "a",
        "body",
        "br",
        "dd",
        "dl",
        "dt",
        "head",
        "html",
        "li",
        "ol",
        "p",
        "table",
        "td",
        "th",
        "title",
        "tr",
        "ul",
    ]
)
_NONE = -1
_LESS = ord("<")

_DEPTH, _N_HIDDEN, _LINK, _N_BREAKS, _HAS_TEXT, _BLOCK_NUMBER, N_ELEMENTS, N_RUNS, _DEEPEST, TITLE_AT = range(10)
"""The places of what changes while a tree grows."""

PARENT, NAME, ATTRIBUTE_START, ATTRIBUTE_END, MARKS = range(5)
RUN_START, RUN_END, RUN_ELEMENT, RUN_BLOCK, RUN_LINK = range(5)
"""The rows of what is known of elements and of runs while a tree grows. Compiled code passes whole tables on: tuples of
arrays cost it a count of references for each array and call, which was most of the time."""


class Tree(NamedTuple):
    """A page's elements in document order, and its visible runs of text in theirs; element 0 is the root.

    Attributes:
        parents, names: of each element, the element around it and its name's number.
        attribute_starts, attribute_ends: of each element, the bytes of its attributes.
        run_starts, run_ends: of each run of text, its bytes; a line break has none and starts at -1.
        run_elements, run_blocks: of each run, the element that it stands in, and the number of its block.
        run_links: of each run, 1 where it stands in a link.
        state: ten numbers; of use afterwards are `n_blocks`, `depth` and `title`.
        marks: of each element the bits of `MARK_BITS` that its attributes speak for, and `IS_HIDDEN`.
    """

    parents: I64
    names: I64
    attribute_starts: I64
    attribute_ends: I64
    run_starts: I64
    run_ends: I64
    run_elements: I64
    run_blocks: I64
    run_links: I64
    state: I64
    marks: I64

    @property
    def n_blocks(self) -> int:
        """How many blocks have text."""
        return int(self.state[_BLOCK_NUMBER])

    @property
    def depth(self) -> int:
        """How many elements stand inside one another at most."""
        return int(self.state[_DEEPEST])

    @property
    def title(self) -> int:
        """The byte where the page's title begins, or -1."""
        return int(self.state[TITLE_AT])


class Trees(NamedTuple):
    """The trees of some pages.

    Attributes:
        pages: their UTF-8.
        elements, runs: what `Tree` has of each, shapes (5, room) and (5, room); the last row of elements are marks.
        states: shape (pages, 10).
        bounds: where the room of each page begins, and the end of the last.
    """

    pages: Utf8
    elements: I64
    runs: I64
    states: I64
    bounds: I64

    @property
    def n_blocks(self) -> I64:
        """How many blocks of each page have text."""
        return self.states[:, _BLOCK_NUMBER]

    @property
    def depths(self) -> I64:
        """How many elements of each page stand inside one another at most."""
        return self.states[:, _DEEPEST]

    def page(self, number: int) -> U8:
        """The bytes of one page."""
        content, offsets = self.pages
        return content[offsets[number] : offsets[number + 1]]

    def tree(self, number: int) -> Tree:
        """The tree of one page."""
        state, start = self.states[number], self.bounds[number]
        elements = self.elements[:, start : start + state[N_ELEMENTS]]
        runs = self.runs[:, start : start + state[N_RUNS]]
        return Tree(*elements[:MARKS], *runs, state=state, marks=elements[MARKS])


def trees_of(pages: Utf8) -> Trees:
    """The trees of some pages, UTF-8 of any length."""
    known, n_pages = tags(), len(pages.offsets) - 1
    bounds, states = np.zeros(n_pages + 1, np.int64), np.zeros((n_pages, 10), np.int64)
    _make_room(*pages, bounds)
    longest = int(np.diff(bounds).max(initial=0))
    elements, runs = np.empty((2, 5, int(bounds[-1])), np.int64)
    held, stack, n_open = np.empty((4, longest), np.int64), np.empty(longest, np.int64), np.empty(len(NUMBERS) + 1, int)
    _grow(*pages, bounds, *known.numbers, known.kinds, *marks(), held, stack, n_open, elements, runs, states)
    return Trees(pages, elements, runs, states, bounds)


@in_place
def _make_room(content: U8, offsets: I64, bounds: I64) -> None:
    """Write where the room of each page begins: as much as it can have tokens, and the root."""
    for page in range(len(bounds) - 1):
        n = 0
        for place in range(offsets[page], offsets[page + 1]):
            n += byte_at(content, place) == _LESS
        bounds[page + 1] = bounds[page] + 2 * n + 3


@in_place
def _grow(
    content: U8,
    offsets: I64,
    bounds: I64,
    hashes: U64,
    numbers: I64,
    kinds: I64,
    mark_hashes: U64,
    mark_values: I64,
    held: I64,
    stack: I64,
    n_open: I64,
    elements: I64,
    runs: I64,
    states: I64,
) -> None:
    for number in range(len(states)):
        page, start, stop = content[offsets[number] : offsets[number + 1]], bounds[number], bounds[number + 1]
        n_tokens = cut(page, hashes, numbers, kinds, held)
        mine, state = elements[:, start:stop], states[number]
        n_open[:] = 0
        _build(
            page,
            held[0, :n_tokens],
            held[1, :n_tokens],
            held[2, :n_tokens],
            held[3, :n_tokens],
            kinds,
            mine,
            runs[:, start:stop],
            state,
            stack,
            n_open,
        )
        n = state[N_ELEMENTS]
        starts, ends = mine[ATTRIBUTE_START, :n], mine[ATTRIBUTE_END, :n]
        mark(page, mine[NAME, :n], starts, ends, mark_hashes, mark_values, mine[MARKS])


@in_place
def _build(
    page: U8,
    token_kinds: I64,
    token_names: I64,
    starts: I64,
    ends: I64,
    kinds: I64,
    elements: I64,
    runs: I64,
    state: I64,
    stack: I64,
    n_open: I64,
) -> None:
    state[TITLE_AT] = _NONE
    _push(elements, state, kinds, stack, n_open, 0)
    for number in range(len(token_kinds)):
        kind, name, start, end = token_kinds[number], token_names[number], starts[number], ends[number]
        if kind == TEXT:
            _add_text(page, runs, state, stack, start, end)
        elif kind == START:
            if name == _TITLE and state[TITLE_AT] == _NONE:
                state[TITLE_AT] = end + 1
            if name == _BR:
                _break(runs, state, stack)
            _open(elements, state, kinds, stack, n_open, name)
            elements[ATTRIBUTE_START, state[N_ELEMENTS] - 1] = start
            elements[ATTRIBUTE_END, state[N_ELEMENTS] - 1] = end
        elif name == _BR:
            _break(runs, state, stack)
        else:
            _close(elements, state, kinds, stack, n_open, name)
    _end_block(state)


@in_place
def _push(elements: I64, state: I64, kinds: I64, stack: I64, n_open: I64, name: int) -> None:
    element, depth = state[N_ELEMENTS], state[_DEPTH]
    elements[PARENT, element] = stack[depth - 1] if depth > 0 else 0
    elements[NAME, element] = name
    elements[ATTRIBUTE_START, element] = elements[ATTRIBUTE_END, element] = 0
    state[N_ELEMENTS] += 1
    if kinds[name] & VOID != 0:
        return
    stack[depth] = element
    state[_DEPTH] = depth + 1
    state[_DEEPEST] = max(state[_DEEPEST], depth + 1)
    n_open[name] += 1
    if kinds[name] & HIDDEN != 0:
        state[_N_HIDDEN] += 1
    if name == _A:
        state[_LINK] = depth


@in_place
def _pop_to(elements: I64, state: I64, kinds: I64, stack: I64, n_open: I64, depth: int) -> None:
    while state[_DEPTH] > depth:
        state[_DEPTH] -= 1
        name = elements[NAME, stack[state[_DEPTH]]]
        n_open[name] -= 1
        if kinds[name] & HIDDEN != 0:
            state[_N_HIDDEN] -= 1
        if kinds[name] & BLOCK != 0:
            _end_block(state)
    if state[_LINK] >= depth:
        state[_LINK] = 0


@inlined
def _end_block(state: I64) -> None:
    if state[_HAS_TEXT] != 0:
        state[_BLOCK_NUMBER] += 1
    state[_HAS_TEXT] = state[_N_BREAKS] = 0


@in_place
def _find(
    elements: I64, state: I64, kinds: I64, stack: I64, wanted: int, other: int, stop: int, fence: int, fence2: int
) -> int:
    """Where `wanted` or `other` stands on the stack above elements of the kinds `stop` and of both fences, or -1."""
    depth = state[_DEPTH] - 1
    last = max(1, depth - _MAX_WALK)
    while depth >= last:
        name = elements[NAME, stack[depth]]
        if name in (wanted, other):
            return depth
        if kinds[name] & stop != 0 or name in (fence, fence2):
            return _NONE
        depth -= 1
    return _NONE


@in_place
def _fit(elements: I64, state: I64, kinds: I64, stack: I64, n_open: I64, name: int) -> None:
    """Close what the start of this element closes by itself."""
    if kinds[name] & CLOSES_P != 0 and n_open[_P] > 0:
        found = _find(elements, state, kinds, stack, _P, _P, BLOCK, _NONE, _NONE)
        if found >= 0:
            _pop_to(elements, state, kinds, stack, n_open, found)
    wanted, other, stop, fence, fence2 = _NONE, _NONE, 0, _NONE, _NONE
    if name == _LI and n_open[_LI] > 0:
        wanted, other, stop, fence, fence2 = _LI, _LI, EDGE, _UL, _OL
    elif (name in (_DD, _DT)) and n_open[_DD] + n_open[_DT] > 0:
        wanted, other, stop, fence, fence2 = _DD, _DT, EDGE, _DL, _DL
    elif (name in (_TD, _TH)) and n_open[_TD] + n_open[_TH] > 0:
        wanted, other, stop, fence, fence2 = _TD, _TH, 0, _TR, _TABLE
    elif kinds[name] & TABLE != 0 and name not in (_TD, _TH, _TABLE) and n_open[_TR] > 0:
        wanted, other, stop, fence, fence2 = _TR, _TR, 0, _TABLE, _TABLE
    elif name == _A and state[_LINK] > 0:
        wanted, other, stop, fence, fence2 = _A, _A, BLOCK, _NONE, _NONE
    if wanted != _NONE:
        found = _find(elements, state, kinds, stack, wanted, other, stop, fence, fence2)
        if found >= 0:
            _pop_to(elements, state, kinds, stack, n_open, found)


@in_place
def _open(elements: I64, state: I64, kinds: I64, stack: I64, n_open: I64, name: int) -> None:
    kind = kinds[name]
    top = elements[NAME, stack[state[_DEPTH] - 1]]
    if top == _HEAD and (name == _BODY or (kind & BLOCK != 0 and kind & HIDDEN == 0)):
        _pop_to(elements, state, kinds, stack, n_open, state[_DEPTH] - 1)
    _fit(elements, state, kinds, stack, n_open, name)
    if kind & BLOCK != 0:
        _end_block(state)
    _push(elements, state, kinds, stack, n_open, name)


@in_place
def _close(elements: I64, state: I64, kinds: I64, stack: I64, n_open: I64, name: int) -> None:
    if name == _A:
        state[_LINK] = 0
    if n_open[name] == 0 or name in (_BODY, _HTML):
        return
    stop, fence, fence2 = EDGE, _NONE, _NONE
    if kinds[name] & TABLE != 0:
        stop, fence, fence2 = 0, _TABLE, _TABLE
    elif name == _P or (name != 0 and kinds[name] & (BLOCK | HIDDEN) == 0):
        stop = BLOCK
    elif name == _LI:
        fence, fence2 = _UL, _OL
    found = _find(elements, state, kinds, stack, name, name, stop, fence, fence2)
    if found >= 0:
        _pop_to(elements, state, kinds, stack, n_open, found)


@in_place
def _break(runs: I64, state: I64, stack: I64) -> None:
    """One line break stays inside its block, two end it."""
    if state[_HAS_TEXT] == 0:
        return
    state[_N_BREAKS] += 1
    if state[_N_BREAKS] > 1:
        _end_block(state)
    else:
        _add_run(runs, state, stack, _NONE, _NONE)


@in_place
def _add_text(page: U8, runs: I64, state: I64, stack: I64, start: int, end: int) -> None:
    if state[_N_HIDDEN] > 0:
        return
    place = start
    while place < end and is_space(page[place]):
        place += 1
    if place == end and state[_HAS_TEXT] == 0:
        return
    _add_run(runs, state, stack, start, end)
    if place < end:
        state[_HAS_TEXT], state[_N_BREAKS] = 1, 0


@inlined
def _add_run(runs: I64, state: I64, stack: I64, start: int, end: int) -> None:
    run = state[N_RUNS]
    runs[RUN_START, run], runs[RUN_END, run] = start, end
    runs[RUN_ELEMENT, run] = stack[state[_DEPTH] - 1]
    runs[RUN_BLOCK, run] = state[_BLOCK_NUMBER]
    runs[RUN_LINK, run] = 1 if state[_LINK] > 0 else 0
    state[N_RUNS] += 1
