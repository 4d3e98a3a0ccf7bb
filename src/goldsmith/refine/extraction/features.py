"""Describes each block by numbers that hold for any site: its own text, what stands around it, and where it stands."""

# ruff: noqa: PLR0913, PLR0917 - compiled code takes arrays by their place, and compares numbers one by one

import functools

import numpy as np

from goldsmith.kit.jit import in_place, inlined
from goldsmith.refine.extraction import containers
from goldsmith.refine.extraction.attributes import IS_HIDDEN
from goldsmith.refine.extraction.measures import (
    BOLD,
    BREAKS,
    CAPITALS,
    COMMAS,
    DECLARED,
    DESCRIBED,
    DIGITS,
    ENDS,
    F64,
    IN_LINKS,
    RISES,
    SIZE,
    STOPS,
    TITLED,
    WORDS,
    Measures,
)
from goldsmith.refine.extraction.tags import I64, NUMBERS, U64
from goldsmith.refine.extraction.trees import MARKS, N_ELEMENTS, NAME, PARENT, Trees
from goldsmith.refine.extraction.words import CUE_BITS, MARK_BITS

N_MARKS, N_CUES = len(MARK_BITS), len(CUE_BITS)
_KINDS: tuple[tuple[str, ...], ...] = (
    ("p",),
    ("li",),
    ("h1",),
    ("h2",),
    ("h3", "h4", "h5", "h6"),
    ("td", "th"),
    ("blockquote", "q"),
    ("pre", "listing", "xmp"),
    ("figcaption", "caption"),
    ("dt", "dd"),
    ("div", "section", "article", "main", "body"),
)
"""The elements of blocks that are told apart."""

_AROUND: tuple[tuple[str, ...], ...] = (
    ("article",),
    ("main",),
    ("aside",),
    ("nav",),
    ("header",),
    ("footer",),
    ("form",),
    ("figure",),
    ("table",),
    ("ul", "ol", "dl"),
    ("blockquote",),
    ("section",),
)
"""The elements around blocks that are told apart."""

NEAR = 3
"""How many elements around a block, itself included, are near."""

_FAR = 64
_H1, _HEADS = NUMBERS["h1"], tuple(NUMBERS[f"h{level}"] for level in range(2, 7))
_N_OWN, _N_SHARES, _N_WINDOW = 18, 14, 29
_TEXT, _LINKED, _PROSE, _BLOCKS = range(4)

N_FEATURES = (
    _N_OWN + len(_KINDS) + len(_AROUND) + 2 * N_MARKS + 3 + N_CUES + _N_SHARES + _N_WINDOW + containers.N_FEATURES
)


def features_of(trees: Trees, measures: Measures) -> F64:
    """The features of each block: (blocks, `N_FEATURES`)."""
    found = np.zeros((len(measures.owners), N_FEATURES))
    longest, most = int(trees.states[:, N_ELEMENTS].max(initial=0)), int(np.diff(measures.bounds).max(initial=0))
    room = np.empty(most), np.empty((longest, 4)), np.empty((2, longest)), np.empty((2, longest), np.int64)
    _describe_pages(
        trees.elements, trees.states[:, N_ELEMENTS], trees.bounds, *measures, *_kinds_and_groups(), *room, found
    )
    return found


@in_place
def _describe_pages(
    elements: I64,
    n_elements: I64,
    rooms: I64,
    numbers: F64,
    cues: I64,
    hashes: U64,
    owners: I64,
    bounds: I64,
    kind_of: I64,
    group_of: I64,
    prose: F64,
    sums: F64,
    scores: F64,
    levels: I64,
    found: F64,
) -> None:
    for page in range(len(n_elements)):
        first, stop, n = bounds[page], bounds[page + 1], n_elements[page]
        if first == stop:
            continue
        mine = elements[:, rooms[page] : rooms[page] + n]
        sums[:n] = 0
        scores[:, :n] = 0
        levels[:, :n] = 0
        _describe_all(
            mine[PARENT],
            mine[NAME],
            mine[MARKS],
            numbers[first:stop],
            cues[first:stop],
            hashes[first:stop],
            owners[first:stop],
            kind_of,
            group_of,
            prose[: stop - first],
            sums[:n],
            scores[:, :n],
            levels[:, :n],
            found[first:stop],
        )


@functools.cache
def _kinds_and_groups() -> tuple[I64, I64]:
    """The numbers of elements' names in `_KINDS` and in `_AROUND`, or -1."""
    return _numbered(_KINDS), _numbered(_AROUND)


def _numbered(groups: tuple[tuple[str, ...], ...]) -> I64:
    numbers = np.full(len(NUMBERS) + 1, -1, np.int64)
    for number, names in enumerate(groups):
        for name in names:
            numbers[NUMBERS[name]] = number
    return numbers


@in_place
def _describe_all(
    parents: I64,
    names: I64,
    marks: I64,
    numbers: F64,
    cues: I64,
    hashes: U64,
    owners: I64,
    kind_of: I64,
    group_of: I64,
    prose: F64,
    sums: F64,
    scores: F64,
    levels: I64,
    found: F64,
) -> None:
    """Write the features; `sums` gets of each element the blocks' text, that in links, prose, and how many they are."""
    for block in range(len(prose)):
        prose[block] = _prose(numbers, block)
    _sum_up(parents, owners, numbers, prose, sums)
    top, at = _top(parents, owners, prose, scores[0]), 0
    for block in range(len(prose)):
        at = _own(numbers, hashes, block, found)
        at = _surroundings(parents, names, marks, owners[block], kind_of, group_of, sums, found[block], at)
        at = _bits(cues[block], N_CUES, found[block], at)
        at = _shares(parents, owners[block], sums, top, found[block], at)
    _window(parents, names, owners, numbers, prose, found, at)
    containers.levels_of(parents, names, marks, sums, levels[0])
    containers.describe(
        parents, owners, prose, levels[0], levels[1], scores[1], found, N_FEATURES - containers.N_FEATURES
    )


@inlined
def _prose(numbers: F64, block: int) -> float:
    """How much running text a block has: long, with sentences, not in links."""
    size = numbers[block, SIZE]
    if size < 50 or (numbers[block, STOPS] < 1 and size <= 160):
        return 0.0
    return min(size, 600.0) * (1 - numbers[block, IN_LINKS] / size) ** 3


@in_place
def _sum_up(parents: I64, owners: I64, numbers: F64, prose: F64, sums: F64) -> None:
    for block in range(len(owners)):
        owner = owners[block]
        sums[owner, _TEXT] += numbers[block, SIZE]
        sums[owner, _LINKED] += numbers[block, IN_LINKS]
        sums[owner, _PROSE] += prose[block]
        sums[owner, _BLOCKS] += 1
    for element in range(len(parents) - 1, 0, -1):
        for column in range(4):
            sums[parents[element], column] += sums[element, column]


@in_place
def _top(parents: I64, owners: I64, prose: F64, scores: F64) -> int:
    """The element whose own blocks, and those one and two below, hold the most prose."""
    for block in range(len(owners)):
        if prose[block] > 0:
            parent = parents[owners[block]]
            scores[parent] += prose[block]
            scores[parents[parent]] += prose[block] * 0.5
            scores[parents[parents[parent]]] += prose[block] * 0.25
    best = 0
    for element in range(1, len(parents)):
        if scores[element] > scores[best] or best == 0:
            best = element
    return best


@in_place
def _own(numbers: F64, hashes: U64, block: int, found: F64) -> int:
    row, numbers = found[block], numbers[block]
    size, words = max(1.0, numbers[SIZE]), max(1.0, numbers[WORDS])
    row[0], row[1], row[2] = np.log1p(size), np.log1p(numbers[WORDS]), numbers[IN_LINKS] / size
    row[3], row[4] = numbers[STOPS], 100 * numbers[COMMAS] / size
    row[5], row[6], row[7] = numbers[DIGITS] / size, numbers[CAPITALS] / size, numbers[ENDS]
    row[8], row[9], row[10] = numbers[RISES], numbers[BOLD] / size, numbers[BREAKS]
    row[11] = numbers[TITLED] / words
    row[12] = size / words
    row[13] = 0.0
    for other in range(max(0, block - 400), block):
        if hashes[other] == hashes[block]:
            row[13] = 1.0
            break
    row[14], row[15] = numbers[DESCRIBED] / words, np.log1p(numbers[DESCRIBED])
    row[16], row[17] = numbers[DECLARED] / words, np.log1p(numbers[DECLARED])
    return _N_OWN


@inlined
def _bits(bits: int, n_bits: int, row: F64, at: int) -> int:
    for bit in range(n_bits):
        row[at + bit] = (bits >> bit) & 1
    return at + n_bits


@in_place
def _surroundings(
    parents: I64, names: I64, marks: I64, owner: int, kind_of: I64, group_of: I64, sums: F64, row: F64, at: int
) -> int:
    """The block's kind; around it, the groups of elements and marks that do not hold most of the page's prose."""
    if kind_of[names[owner]] >= 0:
        row[at + kind_of[names[owner]]] = 1
    groups_at = at + len(_KINDS)
    near = far = most = level = 0
    element, whole = owner, max(1.0, sums[0, _PROSE])
    while element > 0 and level < _FAR:
        is_most = sums[element, _PROSE] > 0.5 * whole
        group, bits = group_of[names[element]], marks[element]
        if group >= 0 and (group < 2 or not is_most):
            row[groups_at + group] = 1
        if is_most:
            most |= bits
        elif level < NEAR:
            near |= bits
        else:
            far |= bits
        element = parents[element]
        level += 1
    at = _bits(near, N_MARKS, row, groups_at + len(_AROUND))
    at = _bits(far, N_MARKS, row, at)
    row[at] = 1 if ((near | far) & IS_HIDDEN) != 0 else 0
    row[at + 1] = 1 if (most & IS_HIDDEN) != 0 else 0
    row[at + 2] = level
    return at + 3


@in_place
def _shares(parents: I64, owner: int, sums: F64, top: int, row: F64, at: int) -> int:
    whole = max(1.0, sums[0, _PROSE])
    element = owner
    for level in range(4):
        text = max(1.0, sums[element, _TEXT])
        row[at + level] = sums[element, _PROSE] / whole
        row[at + 4 + level] = sums[element, _LINKED] / text
        row[at + 8 + level] = sums[element, _PROSE] / text
        element = parents[element]
    distance, element = 0, owner
    while element > 0 and element != top and distance < _FAR:
        element = parents[element]
        distance += 1
    row[at + 12] = distance if element == top else -1
    row[at + 13] = sums[top, _PROSE] / whole
    return at + _N_SHARES


@in_place
def _window(parents: I64, names: I64, owners: I64, numbers: F64, prose: F64, found: F64, at: int) -> None:
    n, whole, text = len(prose), 0.0, 0.0
    for block in range(n):
        whole += prose[block]
        text += numbers[block, SIZE]
    whole, text = max(1.0, whole), max(1.0, text)
    prose_before = text_before = 0.0
    last_prose, last_head, last_h1 = -1, -1, -1
    for block in range(n):
        row, name = found[block], names[owners[block]]
        row[at], row[at + 1], row[at + 2] = block / n, prose_before / whole, text_before / text
        row[at + 3] = np.log1p(block - last_prose) if last_prose >= 0 else 9
        row[at + 4] = _is_sibling(parents, owners, block, last_prose)
        row[at + 5] = np.log1p(block - last_head) if last_head >= 0 else 9
        row[at + 6] = np.log1p(block - last_h1) if last_h1 >= 0 else 9
        prose_before += prose[block]
        text_before += numbers[block, SIZE]
        if prose[block] > 0:
            last_prose = block
        if name == _H1:
            last_h1 = block
        if name in _HEADS:
            last_head = block
        for place, step in enumerate((-2, -1, 1, 2)):
            other = block + step
            if 0 <= other < n:
                row[at + 9 + 3 * place] = found[other, 0]
                row[at + 10 + 3 * place] = found[other, 2]
                row[at + 11 + 3 * place] = numbers[other, ENDS]
    _anchors(parents, names, owners, numbers, found, at + 21)
    next_prose = -1
    for block in range(n - 1, -1, -1):
        found[block, at + 7] = np.log1p(next_prose - block) if next_prose >= 0 else 9
        found[block, at + 8] = _is_sibling(parents, owners, block, next_prose)
        if prose[block] > 0:
            next_prose = block


@in_place
def _anchors(parents: I64, names: I64, owners: I64, numbers: F64, found: F64, at: int) -> None:
    """How far each block is from the headline, and from where the text that the page's head quotes begins."""
    headline, described, declared = -1, -1, 0.0
    for block in range(len(numbers)):
        name, words = names[owners[block]], numbers[block, WORDS]
        declared += numbers[block, DECLARED]
        is_head = name == _H1 or name == _HEADS[0]
        if headline < 0 and is_head and words >= 3 and numbers[block, TITLED] >= 0.6 * words:
            headline = block
        if numbers[block, DESCRIBED] >= 3 and (
            described < 0 or numbers[block, DESCRIBED] > numbers[described, DESCRIBED]
        ):
            described = block
    for block in range(len(numbers)):
        row = found[block]
        row[at] = _signed_log(block - headline) if headline >= 0 else 0
        row[at + 1] = 1 if headline >= 0 else 0
        row[at + 2] = 1 if headline >= 0 and block > headline else 0
        row[at + 3] = _signed_log(block - described) if described >= 0 else 0
        row[at + 4] = 1 if described >= 0 else 0
        row[at + 5] = 1 if described >= 0 and block >= described else 0
        row[at + 6] = _is_sibling(parents, owners, block, described)
        row[at + 7] = 1 if declared > 30 else 0


@inlined
def _signed_log(steps: int) -> float:
    return np.log1p(steps) if steps >= 0 else -np.log1p(-steps)


@inlined
def _is_sibling(parents: I64, owners: I64, block: int, other: int) -> float:
    if other < 0:
        return 0.0
    return 1.0 if parents[owners[block]] == parents[owners[other]] or owners[block] == owners[other] else 0.0
