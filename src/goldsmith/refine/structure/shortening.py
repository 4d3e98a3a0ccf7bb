"""Takes the lines that were found out of a batch of texts, and counts them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import edited, text_at, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.structure.removals import line_passages, without


class WithoutLines(NamedTuple):
    """Texts without some of their lines; one value a text.

    Attributes:
        texts: the texts as they are now.
        counts: how many lines were taken out, by kind.
        shares: which share of the characters, other than white space, was found in such lines, also where they stayed.
        spans: what was taken out as JSON; None where nothing was.
    """

    texts: Sequence[object]
    counts: dict[str, list[int]]
    shares: list[float]
    spans: list[str | None]


def without_lines(
    batch: Batch, kinds: Mapping[int, Sequence[int]], names: Sequence[str], *, take: bool = True
) -> WithoutLines:
    """The texts of a batch without their lines of some kind.

    Args:
        batch: with a column `text`.
        kinds: for each text that has such lines, by its place: for each line 0, or the place of its kind among `names`,
            from 1.
        names: the names of the kinds.
        take: whether lines are taken out; else they are only counted.
    """
    texts, n_texts, new = utf8(batch, "text"), batch.num_rows, dict[int, str]()
    counts: dict[str, list[int]] = {name: [0] * n_texts for name in names}
    shares, spans = [0.0] * n_texts, list[str | None]([None] * n_texts)
    for place, found in kinds.items():
        text = text_at(texts, place)
        for number, n_lines in Counter(found).items():
            if number:
                counts[names[number - 1]][place] = n_lines
        shares[place] = _share(text, found)
        if take:
            shortened = without(text, line_passages(text, found, names))
            new[place], spans[place] = shortened.text, shortened.spans
    return WithoutLines(edited(batch, "text", new), counts, shares, spans)


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
