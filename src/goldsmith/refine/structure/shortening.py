"""Takes the lines that were found out of a batch of texts, and counts them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from goldsmith.refine.structure.removals import line_passages, without

_NOTHING: Mapping[int, int] = MappingProxyType({})


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
    texts: Sequence[str], kinds: Sequence[Sequence[int]], names: Sequence[str], *, take: bool = True
) -> WithoutLines:
    """`texts` without their lines of some kind.

    Args:
        texts: the texts.
        kinds: for each line of each text 0, or the place of its kind among `names`, from 1.
        names: the names of the kinds.
        take: whether lines are taken out; else they are only counted.
    """
    done = WithoutLines([], {name: [] for name in names}, [], [])
    for text, found in zip(texts, kinds, strict=True):
        counts = Counter(found) if any(found) else _NOTHING
        for number, name in enumerate(names, 1):
            done.counts[name].append(counts.get(number, 0))
        done.shares.append(_share(text, found) if counts else 0.0)
        shortened = without(text, line_passages(text, found, names) if counts and take else ())
        done.texts.append(shortened.text)
        done.spans.append(shortened.spans)
    return done


def _share(text: str, kinds: Sequence[int]) -> float:
    sizes = [len(line.strip()) for line in text.split("\n")]
    return sum(size for size, kind in zip(sizes, kinds, strict=True) if kind) / max(1, sum(sizes))
