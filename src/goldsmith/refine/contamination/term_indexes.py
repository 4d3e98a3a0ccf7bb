"""The items as sets of weighted terms, and which of these lead to an item."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled
from goldsmith.refine.contamination.folding import I32, I64, Folded
from goldsmith.refine.contamination.tables import Table, first_of, table_of
from goldsmith.refine.contamination.terms import F64, ItemTerms, item_terms

MIN_TERMS = 6
"""Different terms that an item has at least; with fewer, chance would find it everywhere."""

SLACK = 1.3
"""How many times as long as the item a passage may be."""

_EXTRA = 4
"""Words that a passage may have on top."""

NEAR = 0.35
"""Share of an item's weight that the stems and characters around a like passage have; pieces of words come on top."""

LEAD = 0.15
"""Share of an item's weight that a like passage has at least of the terms that lead to it.

These are the rarest of the item's stems and characters: so many that, of a share of 0.35, the others have at most 0.2.
"""


class TermIndex(NamedTuple):
    """Items as sets of weighted terms.

    Attributes:
        vocabulary: the number of each term, by its key.
        sets: the terms of each item in ascending order, each once.
        weights: what each of these weighs in its item: the logarithm of how rare it is among items, times its share.
        starts: where the terms of each item begin.
        totals: the weight of each item; 0 for those that are not looked for.
        lengths: the words of each item.
        spans: words that a passage which says the same has at most.
        leads: the items that each term leads to, by number of the term.
        lead_weights: what the term weighs in each of these.
        lead_starts: where those of each term begin.
        least: the likeness that a passage has at least.
    """

    vocabulary: Table
    sets: I32
    weights: F64
    starts: I64
    totals: F64
    lengths: I64
    spans: I64
    leads: I32
    lead_weights: F64
    lead_starts: I64
    least: float


def term_index(items: Folded, least: float) -> TermIndex:
    """The items' terms, weighted by how few items have them, to find passages with a likeness of at least `least`.

    Source: Spärck Jones 1972, "A statistical interpretation of term specificity"; the weight of a term in n of N items
    is ln((N + 1) / (n + 1/2)).
    """
    found = item_terms(items)
    n_items = len(found.lengths)
    keys, numbers = np.unique(found.keys, return_inverse=True)
    sets, owners, shares, leads = _as_sets(found, numbers)
    n_having = np.bincount(sets, minlength=len(keys))
    weights = np.log((n_items + 1) / (n_having[sets] + 0.5)) * shares
    starts = np.searchsorted(owners, np.arange(n_items + 1))
    totals = np.bincount(owners, weights=weights, minlength=n_items).astype(np.float64)
    totals[np.bincount(owners[leads], minlength=n_items) < MIN_TERMS] = 0.0
    leading = np.bincount(owners[leads], weights=weights[leads], minlength=n_items) - (NEAR - LEAD) * totals
    is_lead = _leads(np.where(leads, weights, -1.0), sets, starts, np.where(totals > 0, leading, 0.0))
    chosen = np.flatnonzero(is_lead)
    order = chosen[np.argsort(sets[chosen], kind="stable")]
    return TermIndex(
        vocabulary=table_of(keys, np.arange(len(keys), dtype=np.int32)),
        sets=sets,
        weights=weights,
        starts=starts,
        totals=totals,
        lengths=found.lengths,
        spans=(SLACK * found.lengths).astype(np.int64) + _EXTRA,
        leads=owners[order].astype(np.int32),
        lead_weights=weights[order],
        lead_starts=np.searchsorted(sets[order], np.arange(len(keys) + 1)),
        least=least,
    )


class _Sets(NamedTuple):
    """The terms of items, each once in its item, in ascending order."""

    numbers: I32
    owners: I64
    shares: F64
    leads: NDArray[np.bool_]


def _as_sets(found: ItemTerms, numbers: NDArray[np.intp]) -> _Sets:
    """The terms of each item once, with the largest share that one has there."""
    places = found.owners.astype(np.int64) << 32 | numbers
    order = np.lexsort((-found.shares, places))
    firsts = np.flatnonzero(np.diff(places[order], prepend=-1))
    first = order[firsts]
    leads = np.logical_or.reduceat(found.leads[order], firsts) if len(firsts) else found.leads
    return _Sets((places[first] & 0xFFFFFFFF).astype(np.int32), places[first] >> 32, found.shares[first], leads)


def _leads(weights: F64, sets: I32, starts: I64, needed: F64) -> NDArray[np.bool_]:
    """Which terms of the items lead to them: the rarest, until they weigh what is needed; none of negative weight."""
    is_lead = np.zeros(len(sets), np.bool_)
    for item in np.flatnonzero(needed > 0).tolist():
        mine = weights[starts[item] : starts[item + 1]]
        order = np.lexsort((sets[starts[item] : starts[item + 1]], -mine))
        order = order[: int((mine >= 0).sum())]
        running: F64 = np.cumsum(mine[order])
        n = int(np.searchsorted(running, float(needed[item]))) + 1
        is_lead[starts[item] + order[:n]] = True
    return is_lead


@compiled
def number_of(vocabulary: Table, key: np.uint64) -> int:
    """The number of the term with a key, or -1."""
    entry = first_of(vocabulary, key)
    return -1 if entry < 0 else int(vocabulary.places[entry])
