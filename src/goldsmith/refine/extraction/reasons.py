"""Says what the elements around a block say that it is, when that is not the article."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place

import functools
from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.refine.extraction.attributes import IS_HIDDEN
from goldsmith.refine.extraction.tags import I64, NUMBERS
from goldsmith.refine.extraction.trees import Tree
from goldsmith.refine.extraction.words import MARK_BITS

_LEVELS = 12
_NAMED = {
    "comment": "named as comments",
    "related": "named as links to other articles",
    "navigation": "named as navigation",
    "footer": "named as a footer",
    "aside": "named as an aside",
    "advert": "named as advertising",
    "join": "named as a form, notice or newsletter",
    "social": "named as share buttons",
    "header": "named as a header",
    "about": "named as data about the article",
    "media": "named as a caption or media",
    "listing": "named as a list of articles",
}
_STANDS_IN = {
    "aside": "in <aside>",
    "nav": "in <nav>",
    "footer": "in <footer>",
    "header": "in <header>",
    "form": "in <form>",
}

REASONS = ("", "hidden", *_NAMED.values(), *_STANDS_IN.values())
"""What can be said of a block, by its number; 0 is nothing."""

_HIDDEN, _FIRST_NAMED, _CONTENT = 1, 2, MARK_BITS["content"]


class _Known(NamedTuple):
    """What says something: the bits of marks in the order in which they count, and the reason by an element's name."""

    bits: I64
    by_name: I64


def reasons_of(tree: Tree, owners: I64) -> I64:
    """For each block the place in `REASONS` of what the nearest element says that says anything.

    Args:
        tree: the page.
        owners: of each block the element that it stands in.
    """
    found = np.zeros(len(owners), np.int64)
    _find_reasons(tree.parents, tree.names, tree.marks, owners, *_known(), found)
    return found


@functools.cache
def _known() -> _Known:
    by_name = np.zeros(len(NUMBERS) + 1, np.int64)
    for number, name in enumerate(_STANDS_IN, _FIRST_NAMED + len(_NAMED)):
        by_name[NUMBERS[name]] = number
    return _Known(np.array([MARK_BITS[name] for name in _NAMED], np.int64), by_name)


@in_place
def _find_reasons(parents: I64, names: I64, marks: I64, owners: I64, bits: I64, by_name: I64, found: I64) -> None:
    for block in range(len(owners)):
        element, level = owners[block], 0
        while level < _LEVELS and found[block] == 0:
            said = marks[element]
            if said & IS_HIDDEN != 0:
                found[block] = _HIDDEN
            elif said & _CONTENT == 0:
                for number in range(len(bits)):
                    if said & bits[number] != 0:
                        found[block] = _FIRST_NAMED + number
                        break
            if found[block] == 0:
                found[block] = by_name[names[element]]
            element = parents[element]
            level += 1
