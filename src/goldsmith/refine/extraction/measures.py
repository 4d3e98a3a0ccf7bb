"""Measures the blocks of a page: how much text, how much of it in links, punctuation, and what its words speak for."""

# ruff: noqa: PLR0913, PLR0917, PLR1714 - compiled code takes arrays by their place, and compares numbers one by one

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place, inlined
from goldsmith.refine.extraction.evidence import evidence_of, is_part, triple
from goldsmith.refine.extraction.tags import BLOCK, FNV_START, I64, NUMBERS, U8, U64, tags
from goldsmith.refine.extraction.tokens import grow, is_space, look_up, lower
from goldsmith.refine.extraction.trees import (
    N_ELEMENTS,
    N_RUNS,
    NAME,
    PARENT,
    RUN_BLOCK,
    RUN_ELEMENT,
    RUN_END,
    RUN_LINK,
    RUN_START,
    TITLE_AT,
    Tree,
    Trees,
)
from goldsmith.refine.extraction.words import PREFIX_SHIFT, cues

F64 = NDArray[np.float64]

SIZE, WORDS, IN_LINKS, STOPS, COMMAS, DIGITS, CAPITALS, ENDS, RISES, BREAKS, TITLED, BOLD, DESCRIBED, DECLARED = range(
    14
)
"""The columns of `numbers`: characters (those of East Asia count twice), words, characters in links, ends of sentences,
commas, digits, capitals, whether it ends like a sentence, whether it begins with a capital, line breaks, words that
stand in the page's title, characters in bold, word triples of the page's description, and of its declared body."""

N_NUMBERS = 14
_CUE_WORDS = 8
_TITLE_SLOTS = 4096
_TITLE_BYTES = 400
_FIRST = np.uint64(FNV_START)
_LOW = (1 << PREFIX_SHIFT) - 1
_B, _STRONG = NUMBERS["b"], NUMBERS["strong"]


class Measures(NamedTuple):
    """What is measured of each block.

    Attributes:
        numbers: (blocks, 14), by the columns above.
        cues: of each block, the bits of `CUE_BITS` that its first eight words speak for.
        hashes: of each block, the hash of its words.
        owners: of each block, the nearest element around it that makes a block.
        bounds: of each page, its first block, and the end of the last.
    """

    numbers: F64
    cues: I64
    hashes: U64
    owners: I64
    bounds: I64


def measures_of(trees: Trees, n_blocks: I64) -> Measures:
    """The measures of the blocks of pages.

    Args:
        trees: the pages.
        n_blocks: how many blocks each has; none for a page that is not wanted.
    """
    bounds = np.concatenate([[0], np.cumsum(n_blocks)])
    n = int(bounds[-1])
    found = Measures(
        np.zeros((n, N_NUMBERS)), np.zeros(n, np.int64), np.full(n, _FIRST, np.uint64), np.full(n, -1, np.int64), bounds
    )
    _measure_all(
        *trees.pages,
        trees.elements,
        trees.runs,
        trees.states,
        trees.bounds,
        *evidence_of(trees, n_blocks),
        tags().kinds,
        *cues(),
        np.empty(_TITLE_SLOTS, np.bool_),
        np.empty(2, np.uint64),
        *found,
    )
    return found


def owners_of(tree: Tree) -> I64:
    """For each block the nearest element around it that makes a block."""
    owners = np.full(tree.n_blocks, -1, np.int64)
    _own(tree.parents, tree.names, tree.run_starts, tree.run_elements, tree.run_blocks, tags().kinds, owners)
    return owners


@in_place
def _measure_all(
    content: U8,
    offsets: I64,
    elements: I64,
    runs: I64,
    states: I64,
    rooms: I64,
    seen: NDArray[np.bool_],
    lengths: I64,
    places: I64,
    kinds: I64,
    known: U64,
    values: I64,
    in_title: NDArray[np.bool_],
    last: U64,
    numbers: F64,
    cues: I64,
    hashes: U64,
    owners: I64,
    bounds: I64,
) -> None:
    for page in range(len(states)):
        first, stop = bounds[page], bounds[page + 1]
        if first == stop:
            continue
        text, state = content[offsets[page] : offsets[page + 1]], states[page]
        mine = elements[:, rooms[page] : rooms[page] + state[N_ELEMENTS]]
        run = runs[:, rooms[page] : rooms[page] + state[N_RUNS]]
        _own(mine[PARENT], mine[NAME], run[RUN_START], run[RUN_ELEMENT], run[RUN_BLOCK], kinds, owners[first:stop])
        in_title[:] = False
        if state[TITLE_AT] >= 0:
            _learn_title(text, state[TITLE_AT], in_title)
        _measure(
            text,
            mine[NAME],
            run[RUN_START],
            run[RUN_END],
            run[RUN_ELEMENT],
            run[RUN_BLOCK],
            run[RUN_LINK],
            known,
            values,
            in_title,
            seen[places[page, 0], : lengths[places[page, 0]]],
            seen[places[page, 1], : lengths[places[page, 1]]],
            last,
            numbers[first:stop],
            cues[first:stop],
            hashes[first:stop],
        )


@in_place
def _own(
    parents: I64, names: I64, run_starts: I64, run_elements: I64, run_blocks: I64, kinds: I64, owners: I64
) -> None:
    for run in range(len(run_blocks)):
        block = run_blocks[run]
        if block < len(owners) and owners[block] < 0 and run_starts[run] >= 0:
            element = run_elements[run]
            while element > 0 and kinds[names[element]] & BLOCK == 0:
                element = parents[element]
            owners[block] = element


@in_place
def _learn_title(page: U8, place: int, in_title: NDArray[np.bool_]) -> None:
    value, n_letters, end = _FIRST, 0, min(len(page), place + _TITLE_BYTES)
    while place < end:
        byte = page[place]
        if is_part(byte):
            value = grow(value, lower(byte))
            n_letters += 1
        elif n_letters > 0:
            in_title[value % np.uint64(_TITLE_SLOTS)] = True
            value, n_letters = _FIRST, 0
        if byte == 60:
            return
        place += 1


@in_place
def _measure(
    page: U8,
    names: I64,
    run_starts: I64,
    run_ends: I64,
    run_elements: I64,
    run_blocks: I64,
    run_links: I64,
    known: U64,
    values: I64,
    in_title: NDArray[np.bool_],
    described: NDArray[np.bool_],
    declared: NDArray[np.bool_],
    last: U64,
    numbers: F64,
    cues: I64,
    hashes: U64,
) -> None:
    value, n_letters, last_block = _FIRST, 0, -1
    for run in range(len(run_blocks)):
        block = run_blocks[run]
        if block >= len(cues):
            break
        if block != last_block and n_letters > 0:
            _end_word(last_block, value, in_title, described, declared, last, numbers, hashes)
            value, n_letters = _FIRST, 0
        last_block = block
        if run_starts[run] < 0:
            numbers[block, BREAKS] += 1
            continue
        before = numbers[block, SIZE]
        for place in range(run_starts[run], run_ends[run]):
            byte = page[place]
            if is_part(byte):
                value = grow(value, lower(byte))
                n_letters += 1
                _begin(byte, value, known, values, numbers, cues, block)
            elif n_letters > 0:
                if numbers[block, WORDS] < _CUE_WORDS:
                    cues[block] |= look_up(known, values, value) & _LOW
                _end_word(block, value, in_title, described, declared, last, numbers, hashes)
                value, n_letters = _FIRST, 0
            _count(page, place, byte, numbers, block)
        grown = numbers[block, SIZE] - before
        numbers[block, IN_LINKS] += grown * run_links[run]
        if names[run_elements[run]] == _B or names[run_elements[run]] == _STRONG:
            numbers[block, BOLD] += grown
    if n_letters > 0:
        _end_word(last_block, value, in_title, described, declared, last, numbers, hashes)


@inlined
def _begin(byte: int, value: np.uint64, known: U64, values: I64, numbers: F64, cues: I64, block: int) -> None:
    """Heed the next letter of a word."""
    if numbers[block, SIZE] == 0 and 65 <= byte <= 90:
        numbers[block, RISES] = 1
    if numbers[block, WORDS] < _CUE_WORDS:
        cues[block] |= look_up(known, values, value) >> PREFIX_SHIFT


@inlined
def _end_word(
    block: int,
    value: np.uint64,
    in_title: NDArray[np.bool_],
    described: NDArray[np.bool_],
    declared: NDArray[np.bool_],
    last: U64,
    numbers: F64,
    hashes: U64,
) -> None:
    numbers[block, WORDS] += 1
    hashes[block] = grow(hashes[block], 32) ^ value
    if in_title[value % np.uint64(_TITLE_SLOTS)]:
        numbers[block, TITLED] += 1
    if numbers[block, WORDS] >= 3 and (len(described) > 1 or len(declared) > 1):
        slot = triple(last[0], last[1], value)
        numbers[block, DESCRIBED] += 1 if len(described) > 1 and described[slot] else 0
        numbers[block, DECLARED] += 1 if len(declared) > 1 and declared[slot] else 0
    last[0], last[1] = last[1], value


@inlined
def _count(page: U8, place: int, byte: int, numbers: F64, block: int) -> None:
    if is_space(byte):
        return
    if byte < 128 or byte >= 192:
        numbers[block, SIZE] += 2 if 0xE3 <= byte <= 0xED else 1
    if byte == 33 or byte == 46 or byte == 63:
        numbers[block, STOPS] += 1 if place + 1 == len(page) or not is_part(page[place + 1]) else 0
        numbers[block, ENDS] = 1
        return
    if byte >= 128 and place > 1:
        _count_wide(page[place - 2], page[place - 1], byte, numbers, block)
        return
    if byte == 44 or byte == 59:
        numbers[block, COMMAS] += 1
    elif 48 <= byte <= 57:
        numbers[block, DIGITS] += 1
    elif 65 <= byte <= 90:
        numbers[block, CAPITALS] += 1
    if byte != 34 and byte != 39 and byte != 41 and byte != 58:
        numbers[block, ENDS] = 0
    elif byte == 58:
        numbers[block, ENDS] = 0.5


@inlined
def _count_wide(first: int, second: int, third: int, numbers: F64, block: int) -> None:
    """Counts what is punctuation among the characters of three bytes (and two, of Arabic)."""
    is_stop = (
        (first == 0xE3 and second == 0x80 and third == 0x82)
        or (first == 0xEF and second == 0xBC and third in (0x81, 0x8E, 0x9F))
        or (first == 0xE0 and second == 0xA5 and third == 0xA4)
        or (first == 0xE2 and second == 0x80 and third == 0xA6)
        or (second == 0xDB and third == 0x94)
        or (second == 0xD8 and third == 0x9F)
    )
    is_comma = (first == 0xE3 and second == 0x80 and third == 0x81) or (
        first == 0xEF and second == 0xBC and third == 0x8C
    )
    is_quote = first == 0xE2 and second == 0x80 and third in (0x9C, 0x9D, 0x98, 0x99, 0x9E)
    if is_stop:
        numbers[block, STOPS] += 1
        numbers[block, ENDS] = 1
    elif is_comma or (second == 0xD8 and third == 0x8C):
        numbers[block, COMMAS] += 1
        numbers[block, ENDS] = 0
    elif third < 192 and not is_quote and (first >= 0xE0 or second >= 0xC3):
        numbers[block, ENDS] = 0
