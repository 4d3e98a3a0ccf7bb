"""Finds passages that say what an item says in other words: by the weight of the terms that both have."""

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import compiled
from goldsmith.refine.contamination.folding import I64, Folded
from goldsmith.refine.contamination.passages import (
    Numbers,
    Scratch,
    best_passage,
    hits_of,
    information_of,
    is_near,
)
from goldsmith.refine.contamination.tables import Table
from goldsmith.refine.contamination.term_indexes import LEAD, TermIndex, number_of
from goldsmith.refine.contamination.terms import F64, pair_key

_INFORMATION = 18.0
"""What a passage and an item have in common weighs at least this plus the logarithm of the number of items.

The sum of weights is about minus the logarithm of how often chance puts these terms into one passage (natural units).
"""


class Likenesses(NamedTuple):
    """Passages that are like an item, the best of each text and item.

    Attributes:
        texts: which text.
        items: which item.
        starts: the first word of the passage.
        stops: the word after its last.
        likenesses: how like the item each is, in [0, 1].
    """

    texts: I64
    items: I64
    starts: I64
    stops: I64
    likenesses: F64


def likenesses(texts: Folded, index: TermIndex) -> Likenesses:
    """The best passage of each text that is like an item, for every item that it has one for.

    A passage's likeness is the weight of the terms that both have, divided by the weight of the item plus a quarter of
    what the words of the passage would weigh that the item does not have.

    Source: Tversky 1977, "Features of similarity", the ratio model with alpha = 1 and beta = 1/4; what a foreign word
    weighs is the mean weight of the item's words.
    """
    places, found = _likenesses(texts, index, _INFORMATION + np.log(len(index.totals) + 1.0))
    order = np.lexsort((np.arange(len(found)), -found, places[:, 1], places[:, 0]))
    is_best = np.any(np.diff(places[order, :2], axis=0, prepend=-1), axis=1)
    best = order[is_best]
    chosen = places[best]
    return Likenesses(chosen[:, 0], chosen[:, 1], chosen[:, 2], chosen[:, 3], found[best])


class _Rows(NamedTuple):
    """Room for texts, items and words, of which the first `n` rows are there."""

    rows: I64
    n: int


@compiled
def _likenesses(texts: Folded, index: TermIndex, information: float) -> tuple[I64, F64]:
    numbers = _numbers(texts, index.vocabulary)
    near = _led_to(numbers, texts.bounds, index)
    n_terms = len(index.lead_starts) - 1
    scratch = Scratch(np.zeros(n_terms), np.zeros(n_terms, np.int32))
    found, shares, n = np.empty((len(near), 4), np.int64), np.empty(len(near)), 0
    for row in range(len(near)):
        text, item, word = int(near[row, 0]), int(near[row, 1]), int(near[row, 2])
        span = int(index.spans[item])
        where = (item, max(int(texts.bounds[text]), word - span + 1), min(int(texts.bounds[text + 1]), word + span))
        if not is_near(scratch, numbers, index, where):
            continue
        hits = hits_of(scratch, (texts, numbers), index, where)
        best = best_passage(scratch, index, item, hits)
        if best.likeness >= index.least and information_of(scratch.counts, hits, best) >= information:
            found[n], shares[n] = (text, item, hits.words[best.first], hits.words[best.last] + 1), best.likeness
            n += 1
    return found[:n].copy(), shares[:n].copy()


@compiled
def _numbers(texts: Folded, vocabulary: Table) -> Numbers:
    stems, pairs = np.full(len(texts.words), -1, np.int32), np.full(len(texts.words), -1, np.int32)
    for text in range(len(texts.bounds) - 1):
        last = texts.bounds[text + 1]
        for word in range(texts.bounds[text], last):
            stems[word] = number_of(vocabulary, texts.stems[word])
            pair = pair_key(texts, word, last)
            if pair != 0:
                pairs[word] = number_of(vocabulary, pair)
    return Numbers(stems, pairs)


@compiled
def _led_to(numbers: Numbers, bounds: I64, index: TermIndex) -> I64:
    """The texts, the items and the words at which enough of an item's leading terms stand to look closer.

    They are counted in windows as long as a passage may be, each term once; a passage lies in one or in two of them.
    """
    leads, lead_weights, spans = index.leads, index.lead_weights, index.spans
    needed = LEAD * index.totals
    since, until = np.full(len(spans), -1, np.int64), np.zeros(len(spans), np.int64)
    gathered, earlier = np.zeros(len(spans)), np.zeros(len(spans))
    seen = np.full(len(leads), -1, np.int64)
    found = _Rows(np.empty((64, 3), np.int64), 0)
    for text in range(len(bounds) - 1):
        first = bounds[text]
        for word in range(first, bounds[text + 1]):
            for number in (numbers.stems[word], numbers.pairs[word]):
                if number < 0:
                    continue
                for lead in range(index.lead_starts[number], index.lead_starts[number + 1]):
                    item = leads[lead]
                    since_when, span = since[item], spans[item]
                    if since_when < first:
                        since_when, until[item], gathered[item], earlier[item] = word, first, 0.0, 0.0
                    elif word >= since_when + span:
                        is_next = word < since_when + 2 * span
                        earlier[item], gathered[item] = gathered[item] if is_next else 0.0, 0.0
                        since_when = since_when + span if is_next else word
                    since[item] = since_when
                    if seen[lead] < since_when:
                        gathered[item] += lead_weights[lead]
                    seen[lead] = word
                    if word >= until[item] and gathered[item] + earlier[item] >= needed[item]:
                        found = _added(found, (text, int(item), word))
                        until[item] = word + span // 2
    return found.rows[: found.n].copy()


@compiled
def _added(found: _Rows, row: tuple[int, int, int]) -> _Rows:
    rows, n = found.rows, found.n
    if n == len(rows):
        larger = np.empty((2 * n, 3), np.int64)
        larger[:n] = rows
        rows = larger
    rows[n, 0], rows[n, 1], rows[n, 2] = row
    return _Rows(rows, n + 1)
