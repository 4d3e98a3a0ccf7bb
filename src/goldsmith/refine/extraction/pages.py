"""The main text of a page, and what was left out of it and why."""

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place
from goldsmith.refine.extraction.attributes import marks_of
from goldsmith.refine.extraction.evidence import evidence_of
from goldsmith.refine.extraction.features import features_of
from goldsmith.refine.extraction.judges import Judges, judges, kept, probabilities
from goldsmith.refine.extraction.lines import Lines
from goldsmith.refine.extraction.measures import F64, IN_LINKS, SIZE, WORDS, Measures, measures_of
from goldsmith.refine.extraction.reasons import REASONS, reasons_of
from goldsmith.refine.extraction.tags import I64, U8
from goldsmith.refine.extraction.tokens import tokens_of
from goldsmith.refine.extraction.trees import Tree, tree_of
from goldsmith.refine.extraction.words import CUE_BITS

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
    """A page cut into blocks that are measured.

    Attributes:
        page: its UTF-8 bytes.
        tree: its elements and runs of text.
        marks: what the attributes of each element say.
        measures: the blocks' measures.
        features: (blocks, features), by which they are told apart.
    """

    page: U8
    tree: Tree
    marks: I64
    measures: Measures
    features: F64


def bytes_of(html: str) -> U8:
    """The page as the bytes that compiled code reads."""
    return np.frombuffer(html.encode("utf-8", "replace"), np.uint8)


def depth_of(html: str) -> int:
    """How many elements stand inside one another at most.

    >>> depth_of("<div><p>one<p>two</div>")
    3
    """
    page = bytes_of(html)
    return tree_of(page, tokens_of(page)).depth


def blocks_of(page: U8, tree: Tree) -> Blocks:
    """The blocks of a page, measured."""
    marks = marks_of(page, tree)
    measures = measures_of(page, tree, evidence_of(page, tree))
    return Blocks(page, tree, marks, measures, features_of(tree, measures, marks))


def main_text(page: U8, tree: Tree) -> MainText:
    """The main text of a page; empty where no block of it is likely to be one."""
    return judged(blocks_of(page, tree), judges()) if tree.n_blocks else MainText("", ())


def judged(blocks: Blocks, known: Judges) -> MainText:
    """The blocks that these judges keep, without those that repeat others, and the largest of the rest."""
    numbers = blocks.measures.numbers
    probability = probabilities(known, blocks.features)
    lines = Lines(blocks.page, blocks.tree, blocks.measures.owners)
    sure = kept(probability, numbers).nonzero()[0]
    chosen = sure if len(sure) and len(probability) > _MOST_PLAIN else _plain(blocks)
    repeated = _repeated(lines, numbers, probability, chosen)
    shown = np.array([block for block in chosen.tolist() if block not in repeated], np.int64) if repeated else chosen
    largest = np.empty(_N_SHOWN, np.int64)
    n_largest = _find_largest(numbers, shown, np.zeros(len(numbers), np.bool_), largest)
    others = largest[:n_largest]
    return MainText(lines.joined(shown), _left_out(blocks, lines, probability[others], others, repeated=repeated))


def _plain(blocks: Blocks) -> I64:
    """The blocks that nothing speaks against, for a page that is too small or too strange to be judged."""
    numbers = blocks.measures.numbers
    is_linked = numbers[:, IN_LINKS] > _MOSTLY_LINKS * numbers[:, SIZE]
    return (~is_linked & (reasons_of(blocks.tree, blocks.marks, blocks.measures.owners) == 0)).nonzero()[0]


def _repeated(lines: Lines, numbers: F64, probability: F64, chosen: I64) -> set[int]:
    """The long blocks of which nearly all word triples stand in surer blocks: a text that a page holds twice."""
    long: list[int] = chosen[numbers[chosen, WORDS] >= _REPEATED_FROM].tolist()
    if len(long) < 2:
        return set()
    seen: set[tuple[str, str, str]] = set()
    repeated: set[int] = set()
    for block in sorted(long, key=lambda block: (-probability[block], block)):
        words = lines.text(block).split()
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


def _left_out(
    blocks: Blocks, lines: Lines, probability: F64, largest: I64, *, repeated: set[int]
) -> tuple[LeftOut, ...]:
    if not len(largest):
        return ()
    reasons: list[int] = reasons_of(blocks.tree, blocks.marks, blocks.measures.owners[largest]).tolist()
    sizes: list[float] = blocks.measures.numbers[largest, SIZE].tolist()
    in_links: list[float] = blocks.measures.numbers[largest, IN_LINKS].tolist()
    places: list[int] = largest.tolist()
    chances: list[float] = probability.tolist()
    rows = zip(places, reasons, sizes, in_links, chances, strict=True)
    return tuple(
        LeftOut(
            text=lines.text(block)[:_SHOWN_CHARACTERS],
            characters=int(size),
            link_share=round(linked / size, 3),
            probability=round(chance, 3),
            why="repeats other blocks"
            if block in repeated
            else "mostly links"
            if linked > _MOSTLY_LINKS * size
            else REASONS[reason] or _worded(int(blocks.measures.cues[block])),
        )
        for block, reason, size, linked, chance in rows
    )


def _worded(cues: int) -> str:
    spoken = [name for name, bit in CUE_BITS.items() if cues & bit]
    return f"worded like {' and '.join(spoken)}" if spoken else "unlike the main text around it"
