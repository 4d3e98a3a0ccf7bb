"""The main text of a page, and what was left out of it and why."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

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
    measures = blocks.measures
    probability = probabilities(known, blocks.features)
    lines = Lines(blocks.page, blocks.tree, measures.owners)
    sure = np.flatnonzero(kept(probability, measures.numbers)).tolist()
    chosen = sure if sure and len(probability) > _MOST_PLAIN else _plain(blocks)
    repeated = _repeated(lines, measures.numbers, probability, chosen)
    shown = [block for block in chosen if block not in repeated]
    is_shown = set(shown)
    others = [block for block in range(len(probability)) if block not in is_shown]
    return MainText(lines.joined(shown), _largest(blocks, lines, probability, others=others, repeated=repeated))


def _plain(blocks: Blocks) -> list[int]:
    """The blocks that nothing speaks against, for a page that is too small or too strange to be judged."""
    numbers = blocks.measures.numbers
    is_linked = numbers[:, IN_LINKS] > _MOSTLY_LINKS * numbers[:, SIZE]
    return np.flatnonzero(~is_linked & (reasons_of(blocks.tree, blocks.marks, blocks.measures.owners) == 0)).tolist()


def _repeated(lines: Lines, numbers: F64, probability: F64, chosen: Sequence[int]) -> set[int]:
    """The long blocks of which nearly all word triples stand in surer blocks: a text that a page holds twice."""
    n_words: list[float] = numbers[:, WORDS].tolist()
    long = [block for block in chosen if n_words[block] >= _REPEATED_FROM]
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


def _largest(
    blocks: Blocks, lines: Lines, probability: F64, *, others: Sequence[int], repeated: set[int]
) -> tuple[LeftOut, ...]:
    numbers = blocks.measures.numbers
    size_of: list[float] = numbers[:, SIZE].tolist()
    sizes = {block: int(size_of[block]) for block in others if size_of[block] >= _SHOWN_FROM}
    largest = sorted(sizes, key=lambda block: (-sizes[block], block))[:_N_SHOWN]
    reasons: list[int] = reasons_of(blocks.tree, blocks.marks, blocks.measures.owners[largest]).tolist()
    return tuple(
        LeftOut(
            text=lines.text(block)[:_SHOWN_CHARACTERS],
            characters=sizes[block],
            link_share=round(float(numbers[block, IN_LINKS]) / sizes[block], 3),
            probability=round(float(probability[block]), 3),
            why="repeats other blocks" if block in repeated else _why(blocks, block, REASONS[reason]),
        )
        for block, reason in zip(largest, reasons, strict=True)
    )


def _why(blocks: Blocks, block: int, reason: str) -> str:
    numbers = blocks.measures.numbers[block]
    if numbers[IN_LINKS] > _MOSTLY_LINKS * numbers[SIZE]:
        return "mostly links"
    if reason:
        return reason
    cues = int(blocks.measures.cues[block])
    spoken = [name for name, bit in CUE_BITS.items() if cues & bit]
    return f"worded like {' and '.join(spoken)}" if spoken else "unlike the main text around it"
