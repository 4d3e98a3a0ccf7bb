"""Finds the elements that say of themselves that they hold the article, however each site words it."""

# ruff: noqa: PLR0917 - compiled code takes arrays by their place, and compares numbers one by one

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.refine.extraction.attributes import IS_HIDDEN
from goldsmith.refine.extraction.measures import F64
from goldsmith.refine.extraction.tags import I64, NUMBERS
from goldsmith.refine.extraction.words import MARK_BITS

N_FEATURES = 17
CLEAR = 3
"""The level from which an element clearly says that it holds the article."""

_MIN_TEXT, _MAX_LINKED = 150, 0.6
_ARTICLE_TAG, _MAIN_TAG, _BODY_TAG = NUMBERS["article"], NUMBERS["main"], NUMBERS["body"]
_ARTICLE, _CONTENT, _EXACT = MARK_BITS["article"], MARK_BITS["content"], MARK_BITS["exact-body"]
_NEVER = sum(MARK_BITS[name] for name in ("comment", "related", "footer", "navigation"))
_HARDLY = IS_HIDDEN | sum(MARK_BITS[name] for name in ("aside", "join", "header", "advert"))
_OTHER = _NEVER | _HARDLY
_ASIDES = tuple(NUMBERS[name] for name in ("aside", "nav", "footer", "form"))


@in_place
def levels_of(parents: I64, names: I64, marks: I64, sums: F64, levels: I64) -> None:
    """How clearly each element, or one around it, says that it holds the article: 0 to 4; negative where not.

    An element that is named like an aside or a header (-1) may hold one that clearly is the article, since such names
    also stand for places of a layout; comments, navigation and links to other articles (-2) never do.

    `sums` holds of each element the characters of its text (0) and of those in links (1).
    """
    for element in range(1, len(parents)):
        levels[element] = levels[parents[element]]
        bits, name = marks[element], names[element]
        is_small = sums[element, 0] < 0.5 * sums[0, 0]
        has_text = sums[element, 0] >= _MIN_TEXT and sums[element, 1] <= _MAX_LINKED * sums[element, 0]
        level = _level(bits, name) if has_text else 0
        if name == _BODY_TAG or (levels[element] == -2 and level < 4) or (levels[element] == -1 and level < 3):
            continue
        is_named = (bits & (_ARTICLE | _CONTENT | _EXACT)) != 0
        if is_small and (name in _ASIDES or ((bits & _NEVER) != 0 and not is_named)):
            levels[element] = -2
        elif is_small and (bits & _HARDLY) != 0 and not is_named:
            levels[element] = -1
        else:
            levels[element] = max(levels[element], level)


@in_place
def _level(bits: int, name: int) -> int:
    if (bits & _EXACT) != 0:
        return 4
    if (bits & _ARTICLE) != 0 and (bits & _CONTENT) != 0 and (bits & _OTHER) == 0:
        return 3
    if name == _ARTICLE_TAG:
        return 2
    return 1 if (bits & _CONTENT) != 0 or name == _MAIN_TAG else 0


@in_place
def describe(parents: I64, owners: I64, prose: F64, levels: I64, root: I64, held: F64, found: F64, at: int) -> None:
    """Write the 17 features of each block from column `at` on; `root` and `held` are room, of zeros.

    They are its level, that of the page, how far it falls short, and whether it stands in the first and in the fullest
    of the elements that say most clearly that they hold the article.
    """
    best, n_elements = 0, len(parents)
    for owner in owners:
        best = max(best, levels[owner])
    first, fullest, n_roots = -1, -1, 0
    root[0] = -1
    for element in range(1, n_elements):
        root[element] = -1
        if levels[element] == best and best > 0:
            is_inside = levels[parents[element]] == best
            root[element] = root[parents[element]] if is_inside else element
    for block in range(len(owners)):
        place = root[owners[block]]
        if place >= 0:
            held[place] += prose[block]
            first = place if first < 0 and prose[block] > 0 else first
    for element in range(n_elements):
        n_roots += 1 if held[element] > 0 else 0
        if held[element] > 0 and (fullest < 0 or held[element] > held[fullest]):
            fullest = element
    whole = 0.0
    for each in prose:
        whole += each
    share = held[max(fullest, 0)] / max(1.0, whole)
    for block in range(len(owners)):
        row, level = found[block], levels[owners[block]]
        row[at + 1 + max(level, -1)] = 1
        row[at + 6 + best - 1 if best > 0 else at + 10] = 1
        row[at + 11] = best - max(level, -1)
        row[at + 12] = 1 if best >= 3 and level < 3 else 0
        row[at + 13] = 1 if first >= 0 and root[owners[block]] == first else 0
        row[at + 14] = 1 if fullest >= 0 and root[owners[block]] == fullest else 0
        row[at + 15], row[at + 16] = np.log1p(n_roots), share
