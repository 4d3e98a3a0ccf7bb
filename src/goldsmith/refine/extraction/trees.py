"""Builds the tree of a page's elements and the runs of text in its blocks, forgiving what people forget to close."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place, and compares numbers one by one

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import compiled
from goldsmith.refine.extraction.tags import (
    BLOCK,
    CLOSES_P,
    EDGE,
    HIDDEN,
    I64,
    NUMBERS,
    TABLE,
    U8,
    VOID,
    Tags,
    tags,
)
from goldsmith.refine.extraction.tokens import START, TEXT, Tokens, is_space

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

_DEPTH, _N_HIDDEN, _LINK, _N_BREAKS, _HAS_TEXT, _BLOCK_NUMBER, _N_ELEMENTS, _N_RUNS, _DEEPEST, _TITLE_AT = range(10)
"""The places of what changes while a tree grows."""


class Tree(NamedTuple):
    """A page's elements in document order, and its visible runs of text in theirs; element 0 is the root.

    Attributes:
        parents, names: of each element, the element around it and its name's number.
        attribute_starts, attribute_ends: of each element, the bytes of its attributes.
        run_starts, run_ends: of each run of text, its bytes; a line break has none and starts at -1.
        run_elements, run_blocks: of each run, the element that it stands in, and the number of its block.
        run_links: of each run, 1 where it stands in a link.
        state: ten numbers; of use afterwards are `n_blocks`, `depth` and `title`.
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
        return int(self.state[_TITLE_AT])


def tree_of(page: U8, tokens: Tokens) -> Tree:
    """The tree that the tokens of `page` make."""
    room = len(tokens.kinds) + 1
    tree = Tree(*(np.empty(room, np.int64) for _ in range(9)), state=np.zeros(10, np.int64))
    _build(page, tokens, tags(), tree, np.zeros(room, np.int64), np.zeros(len(NUMBERS) + 1, np.int64))
    n_elements, n_runs = int(tree.state[_N_ELEMENTS]), int(tree.state[_N_RUNS])
    return Tree(
        *(column[:n_elements] for column in tree[:4]), *(column[:n_runs] for column in tree[4:9]), state=tree.state
    )


@compiled
def _build(page: U8, tokens: Tokens, known: Tags, tree: Tree, stack: I64, n_open: I64) -> None:
    state = tree.state
    state[_TITLE_AT] = _NONE
    _push(tree, stack, n_open, 0, known)
    for number in range(len(tokens.kinds)):
        kind, name = tokens.kinds[number], tokens.names[number]
        start, end = tokens.starts[number], tokens.ends[number]
        if kind == TEXT:
            _add_text(page, tree, start, end, stack)
        elif kind == START:
            if name == _TITLE and state[_TITLE_AT] == _NONE:
                state[_TITLE_AT] = end + 1
            _open(tree, known, stack, n_open, name)
            tree.attribute_starts[state[_N_ELEMENTS] - 1] = start
            tree.attribute_ends[state[_N_ELEMENTS] - 1] = end
        elif name == _BR:
            _break(tree, stack)
        else:
            _close(tree, known, stack, n_open, name)
    _end_block(state)


@compiled
def _push(tree: Tree, stack: I64, n_open: I64, name: int, known: Tags) -> None:
    state = tree.state
    element, depth = state[_N_ELEMENTS], state[_DEPTH]
    tree.parents[element] = stack[depth - 1] if depth > 0 else 0
    tree.names[element] = name
    tree.attribute_starts[element] = tree.attribute_ends[element] = 0
    state[_N_ELEMENTS] += 1
    if known.kinds[name] & VOID != 0:
        return
    stack[depth] = element
    state[_DEPTH] = depth + 1
    state[_DEEPEST] = max(state[_DEEPEST], depth + 1)
    n_open[name] += 1
    if known.kinds[name] & HIDDEN != 0:
        state[_N_HIDDEN] += 1
    if name == _A:
        state[_LINK] = depth


@compiled
def _pop_to(tree: Tree, stack: I64, n_open: I64, known: Tags, depth: int) -> None:
    state = tree.state
    while state[_DEPTH] > depth:
        state[_DEPTH] -= 1
        name = tree.names[stack[state[_DEPTH]]]
        n_open[name] -= 1
        if known.kinds[name] & HIDDEN != 0:
            state[_N_HIDDEN] -= 1
        if known.kinds[name] & BLOCK != 0:
            _end_block(state)
    if state[_LINK] >= depth:
        state[_LINK] = 0


@compiled
def _end_block(state: I64) -> None:
    if state[_HAS_TEXT] != 0:
        state[_BLOCK_NUMBER] += 1
    state[_HAS_TEXT] = state[_N_BREAKS] = 0


@compiled
def _find(tree: Tree, kinds: I64, stack: I64, wanted: int, other: int, stop: int, fence: int, fence2: int) -> int:
    """Where `wanted` or `other` stands on the stack above elements of the kinds `stop` and of both fences, or -1."""
    depth = tree.state[_DEPTH] - 1
    last = max(1, depth - _MAX_WALK)
    while depth >= last:
        name = tree.names[stack[depth]]
        if name in (wanted, other):
            return depth
        if kinds[name] & stop != 0 or name in (fence, fence2):
            return _NONE
        depth -= 1
    return _NONE


@compiled
def _fit(tree: Tree, known: Tags, stack: I64, n_open: I64, name: int) -> None:
    """Close what the start of this element closes by itself."""
    kinds, found = known.kinds, _NONE
    if kinds[name] & CLOSES_P != 0 and n_open[_P] > 0:
        _pop_found(tree, stack, n_open, known, _find(tree, kinds, stack, _P, _P, BLOCK, _NONE, _NONE))
    if name == _LI and n_open[_LI] > 0:
        found = _find(tree, kinds, stack, _LI, _LI, EDGE, _UL, _OL)
    elif name in (_DD, _DT) and n_open[_DD] + n_open[_DT] > 0:
        found = _find(tree, kinds, stack, _DD, _DT, EDGE, _DL, _DL)
    elif name in (_TD, _TH) and n_open[_TD] + n_open[_TH] > 0:
        found = _find(tree, kinds, stack, _TD, _TH, 0, _TR, _TABLE)
    elif kinds[name] & TABLE != 0 and name not in (_TD, _TH, _TABLE) and n_open[_TR] > 0:
        found = _find(tree, kinds, stack, _TR, _TR, 0, _TABLE, _TABLE)
    elif name == _A and tree.state[_LINK] > 0:
        found = _find(tree, kinds, stack, _A, _A, BLOCK, _NONE, _NONE)
    _pop_found(tree, stack, n_open, known, found)


@compiled
def _pop_found(tree: Tree, stack: I64, n_open: I64, known: Tags, found: int) -> None:
    if found >= 0:
        _pop_to(tree, stack, n_open, known, found)


@compiled
def _open(tree: Tree, known: Tags, stack: I64, n_open: I64, name: int) -> None:
    state, kind = tree.state, known.kinds[name]
    if name == _BR:
        _break(tree, stack)
    top = tree.names[stack[state[_DEPTH] - 1]]
    if top == _HEAD and (name == _BODY or (kind & BLOCK != 0 and kind & HIDDEN == 0)):
        _pop_to(tree, stack, n_open, known, state[_DEPTH] - 1)
    _fit(tree, known, stack, n_open, name)
    if kind & BLOCK != 0:
        _end_block(state)
    _push(tree, stack, n_open, name, known)


@compiled
def _close(tree: Tree, known: Tags, stack: I64, n_open: I64, name: int) -> None:
    kinds = known.kinds
    if name == _A:
        tree.state[_LINK] = 0
    if n_open[name] == 0 or name in (_BODY, _HTML):
        return
    if kinds[name] & TABLE != 0:
        found = _find(tree, kinds, stack, name, name, 0, _TABLE, _TABLE)
    elif name == _P or (name != 0 and kinds[name] & (BLOCK | HIDDEN) == 0):
        found = _find(tree, kinds, stack, name, name, BLOCK, _NONE, _NONE)
    elif name == _LI:
        found = _find(tree, kinds, stack, name, name, EDGE, _UL, _OL)
    else:
        found = _find(tree, kinds, stack, name, name, EDGE, _NONE, _NONE)
    _pop_found(tree, stack, n_open, known, found)


@compiled
def _break(tree: Tree, stack: I64) -> None:
    """One line break stays inside its block, two end it."""
    state = tree.state
    if state[_HAS_TEXT] == 0:
        return
    state[_N_BREAKS] += 1
    if state[_N_BREAKS] > 1:
        _end_block(state)
    else:
        _add_run(tree, _NONE, _NONE, stack)


@compiled
def _add_text(page: U8, tree: Tree, start: int, end: int, stack: I64) -> None:
    state = tree.state
    if state[_N_HIDDEN] > 0:
        return
    place = start
    while place < end and is_space(page[place]):
        place += 1
    if place == end and state[_HAS_TEXT] == 0:
        return
    _add_run(tree, start, end, stack)
    if place < end:
        state[_HAS_TEXT], state[_N_BREAKS] = 1, 0


@compiled
def _add_run(tree: Tree, start: int, end: int, stack: I64) -> None:
    state = tree.state
    run = state[_N_RUNS]
    tree.run_starts[run], tree.run_ends[run] = start, end
    tree.run_elements[run] = stack[state[_DEPTH] - 1]
    tree.run_blocks[run] = state[_BLOCK_NUMBER]
    tree.run_links[run] = 1 if state[_LINK] > 0 else 0
    state[_N_RUNS] += 1
