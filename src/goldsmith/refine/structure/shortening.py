"""Takes the lines that were found out of a batch of texts, and counts them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.refine.structure.removals import line_passages, without


class WithoutLines(NamedTuple):
    """Texts without some of their lines; one value a text.

    Attributes:
        texts: the texts as they are now.
        counts: how many lines were taken out, by kind.
        shares: which share of the characters, other than white space, was found in such lines, also where they stayed.
        spans: what was taken out as JSON; None where nothing was.
    """

    texts: list[str]
    counts: dict[str, list[int]]
    shares: list[float]
    spans: list[str | None]


def without_lines(
    texts: Sequence[str], kinds: Mapping[int, Sequence[int]], names: Sequence[str], *, take: bool = True
) -> WithoutLines:
    """`texts` without their lines of some kind.

    Args:
        texts: the texts.
        kinds: for each text that has such lines, by its place: for each line 0, or the place of its kind among `names`,
            from 1.
        names: the names of the kinds.
        take: whether lines are taken out; else they are only counted.
    """
    n_texts = len(texts)
    done = WithoutLines(list(texts), {name: [0] * n_texts for name in names}, [0.0] * n_texts, [None] * n_texts)
    for place, found in kinds.items():
        for number, n_lines in Counter(found).items():
            if number:
                done.counts[names[number - 1]][place] = n_lines
        done.shares[place] = _share(texts[place], found)
        if take:
            shortened = without(texts[place], line_passages(texts[place], found, names))
            done.texts[place], done.spans[place] = shortened.text, shortened.spans
    return done


def texts_with(marked: NDArray[np.int64], bounds: NDArray[np.int64]) -> list[int]:
    """The texts that have a line that is marked with something else than 0.

    Args:
        marked: a value for each line of all texts.
        bounds: the lines of text `i` are those from `bounds[i]` to `bounds[i + 1]`.
    """
    return np.unique(np.searchsorted(bounds, np.flatnonzero(marked), side="right") - 1).tolist()


def _share(text: str, kinds: Sequence[int]) -> float:
    sizes = [len(line.strip()) for line in text.split("\n")]
    return sum(size for size, kind in zip(sizes, kinds, strict=True) if kind) / max(1, sum(sizes))
