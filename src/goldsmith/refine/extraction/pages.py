"""The main text of a page, and what was left out of it and why."""

from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.kit.jit import in_place
from goldsmith.refine.extraction.features import features_of
from goldsmith.refine.extraction.judges import Judges, judges, kept, probabilities
from goldsmith.refine.extraction.lines import Lines
from goldsmith.refine.extraction.measures import F64, IN_LINKS, SIZE, WORDS, Measures, measures_of
from goldsmith.refine.extraction.reasons import REASONS, reasons_of
from goldsmith.refine.extraction.tags import I64, U8
from goldsmith.refine.extraction.trees import Tree, Trees, trees_of
from goldsmith.refine.extraction.words import CUE_BITS

_GROUP_BYTES = 1 << 20
"""Pages of so many bytes are looked at together, and one at least: enough to make calls cheap, and to fit the cache."""

_N_SHOWN, _SHOWN_CHARACTERS, _SHOWN_FROM = 5, 80, 40
_MOSTLY_LINKS = 0.5
_REPEATED_FROM, _REPEATED_SHARE = 60, 0.8
_MOST_PLAIN = 4
"""A page with so few blocks has nothing around its text that could be compared with it."""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A block that is not part of the main text.

    Attributes:
        text: how it begins.
        characters: how long it is; those of East Asia count twice.
        link_share: how much of it stands in links, in [0, 1].
        probability: that it is main text, in [0, 1].
        why: what speaks against it.
    """

    text: str
    characters: int
    link_share: float
    probability: float
    why: str


class MainText(NamedTuple):
    """What was found in a page: its main text, and the largest blocks that were left out."""

    text: str
    left_out: tuple[LeftOut, ...]


class Blocks(NamedTuple):
    """Pages cut into blocks that are measured.

    Attributes:
        trees: their elements and runs of text.
        measures: the blocks' measures.
        features: (blocks, features), by which they are told apart.
    """

    trees: Trees
    measures: Measures
    features: F64


class _Page(NamedTuple):
    """One page and its blocks, each with its probability and whether it is kept."""

    tree: Tree
    lines: Lines
    numbers: F64
    cues: I64
    owners: I64
    probability: F64
    is_kept: NDArray[np.bool_]


def bytes_of(html: str) -> U8:
    """The page as the bytes that compiled code reads."""
    return np.frombuffer(html.encode("utf-8", "replace"), np.uint8)


def main_texts(pages: Utf8, *, max_depth: int | None = None) -> list[MainText | None]:
    """The main text of each page; empty where no block of it is likely to be one.

    Args:
        pages: UTF-8.
        max_depth: pages with more elements inside one another have None.
    """
    bounds = pages.offsets
    found: list[MainText | None] = []
    first = 0
    while first < len(bounds) - 1:
        stop = max(first + 1, int(np.searchsorted(bounds, bounds[first] + _GROUP_BYTES, side="right")) - 1)
        group = Utf8(pages.content[bounds[first] : bounds[stop]], bounds[first : stop + 1] - bounds[first])
        trees = trees_of(group)
        is_fit = trees.depths <= (np.inf if max_depth is None else max_depth)
        texts = judged(blocks_of(trees, np.where(is_fit, trees.n_blocks, 0)), judges())
        found += [text if fits else None for text, fits in zip(texts, is_fit.tolist(), strict=True)]
        first = stop
    return found


def blocks_of(trees: Trees, n_blocks: I64) -> Blocks:
    """The blocks of pages, measured.

    Args:
        trees: the pages.
        n_blocks: how many blocks each has; none for a page that is not wanted.
    """
    measures = measures_of(trees, n_blocks)
    return Blocks(trees, measures, features_of(trees, measures))


def judged(blocks: Blocks, known: Judges) -> list[MainText]:
    """Of each page the blocks that these judges keep, without those that repeat others, and the largest of the rest."""
    trees, measures = blocks.trees, blocks.measures
    probability = probabilities(known, blocks.features, measures.bounds)
    is_kept = kept(probability, measures.numbers, measures.bounds)
    found: list[MainText] = []
    for number, (first, stop) in enumerate(pairwise(measures.bounds.tolist())):
        if first == stop:
            found.append(MainText("", ()))
            continue
        tree, owners = trees.tree(number), measures.owners[first:stop]
        lines = Lines(trees.page(number), tree, owners)
        numbers, cues = measures.numbers[first:stop], measures.cues[first:stop]
        found.append(
            _main_text(_Page(tree, lines, numbers, cues, owners, probability[first:stop], is_kept[first:stop]))
        )
    return found


def _main_text(page: _Page) -> MainText:
    sure = page.is_kept.nonzero()[0]
    chosen = sure if len(sure) and len(page.owners) > _MOST_PLAIN else _plain(page)
    repeated = _repeated(page, chosen)
    shown = np.array([block for block in chosen.tolist() if block not in repeated], np.int64) if repeated else chosen
    largest = np.empty(_N_SHOWN, np.int64)
    n_largest = _find_largest(page.numbers, shown, np.zeros(len(page.owners), np.bool_), largest)
    return MainText(page.lines.joined(shown), _left_out(page, largest[:n_largest], repeated))


def _plain(page: _Page) -> I64:
    """The blocks that nothing speaks against, for a page that is too small or too strange to be judged."""
    is_linked = page.numbers[:, IN_LINKS] > _MOSTLY_LINKS * page.numbers[:, SIZE]
    return (~is_linked & (reasons_of(page.tree, page.owners) == 0)).nonzero()[0]


def _repeated(page: _Page, chosen: I64) -> set[int]:
    """The long blocks of which nearly all word triples stand in surer blocks: a text that a page holds twice."""
    long: list[int] = chosen[page.numbers[chosen, WORDS] >= _REPEATED_FROM].tolist()
    if len(long) < 2:
        return set()
    seen: set[tuple[str, str, str]] = set()
    repeated: set[int] = set()
    for block in sorted(long, key=lambda block: (-page.probability[block], block)):
        words = page.lines.text(block).split()
        triples = set(zip(words, words[1:], words[2:], strict=False))
        if triples and len(triples & seen) > _REPEATED_SHARE * len(triples):
            repeated.add(block)
        seen |= triples
    return repeated


@in_place
def _find_largest(numbers: F64, shown: I64, is_shown: NDArray[np.bool_], largest: I64) -> int:
    """Write the largest blocks that are not shown, of two of one size the earlier one; returns how many they are."""
    for block in shown:
        is_shown[block] = True
    n = 0
    for block in range(len(numbers)):
        size = numbers[block, SIZE]
        if is_shown[block] or size < _SHOWN_FROM or (n == len(largest) and size <= numbers[largest[n - 1], SIZE]):
            continue
        n = min(n + 1, len(largest))
        place = n - 1
        while place > 0 and numbers[largest[place - 1], SIZE] < size:
            largest[place] = largest[place - 1]
            place -= 1
        largest[place] = block
    return n


def _left_out(page: _Page, largest: I64, repeated: set[int]) -> tuple[LeftOut, ...]:
    if not len(largest):
        return ()
    reasons: list[int] = reasons_of(page.tree, page.owners[largest]).tolist()
    sizes: list[float] = page.numbers[largest, SIZE].tolist()
    in_links: list[float] = page.numbers[largest, IN_LINKS].tolist()
    places: list[int] = largest.tolist()
    chances: list[float] = page.probability[largest].tolist()
    rows = zip(places, reasons, sizes, in_links, chances, strict=True)
    return tuple(
        LeftOut(
            text=page.lines.text(block)[:_SHOWN_CHARACTERS],
            characters=int(size),
            link_share=round(linked / size, 3),
            probability=round(chance, 3),
            why="repeats other blocks"
            if block in repeated
            else "mostly links"
            if linked > _MOSTLY_LINKS * size
            else REASONS[reason] or _worded(int(page.cues[block])),
        )
        for block, reason, size, linked, chance in rows
    )


def _worded(cues: int) -> str:
    spoken = [name for name, bit in CUE_BITS.items() if cues & bit]
    return f"worded like {' and '.join(spoken)}" if spoken else "unlike the main text around it"
