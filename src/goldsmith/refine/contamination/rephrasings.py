"""Finds passages that say what an item says in other words: by the weight of the terms that both have."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.contamination.folding import I32, I64, U64, Folded
from goldsmith.refine.contamination.tables import Table, first_of, table_of

F64 = NDArray[np.float64]

MIN_TERMS = 6
"""Different terms that an item has at least; with fewer, chance would find it everywhere."""

SLACK = 1.3
"""How many times as long as the item a passage may be."""

_TINY = 1e-9

_EXTRA = 4
"""Words that a passage may have on top."""

_LEAD = 0.2
"""Share of an item's weight that a like passage has at least of the terms that lead to it, the item's rarest."""

_INFORMATION = 20.0
"""What a passage and an item have in common weighs at least this plus the logarithm of the number of items.

The sum of weights is about minus the logarithm of how often chance puts these terms into one passage (natural units).
"""

_PAIR = np.uint64(0xD6E8FEB86659FD93)


class Terms(NamedTuple):
    """The terms of texts, in order: stems, characters, and pairs of characters.

    Those of text `i` are `bounds[i]` to `bounds[i + 1]`; term `t` has its place in the words at `words[t]`.
    """

    terms: U64
    words: I32
    bounds: I64


class TermIndex(NamedTuple):
    """Items as sets of weighted terms.

    Attributes:
        vocabulary: the number of each term, by its hash.
        weights: the weight of each term, by number: the logarithm of how rare it is among items.
        sets: the terms of each item in ascending order, each once.
        starts: where the terms of each item begin.
        totals: the weight of each item; 0 for those that are not looked for.
        spans: words that a passage which says the same has at most.
        leads: the items that each term leads to, by number of the term.
        lead_starts: where those of each term begin.
        least: the share of an item's weight that a like passage has at least.
    """

    vocabulary: Table
    weights: F64
    sets: I32
    starts: I64
    totals: F64
    spans: I64
    leads: I32
    lead_starts: I64
    least: float


class Likenesses(NamedTuple):
    """Passages that are like an item, the best of each text and item.

    Attributes:
        texts: which text.
        items: which item.
        starts: the first word of the passage.
        stops: the word after its last.
        shares: the share of the item's weight that it has, in [0, 1].
    """

    texts: I64
    items: I64
    starts: I64
    stops: I64
    shares: F64


def terms_of(texts: Folded) -> Terms:
    """The terms of texts: of words their stems, of characters these and each with the one that follows it."""
    return Terms(*_terms(texts))


def term_index(items: Folded, least: float) -> TermIndex:
    """The items' terms, weighted by how few items have them, to find passages with a share of `least` of an item.

    Source: Spärck Jones 1972, "A statistical interpretation of term specificity"; the weight of a term in n of N items
    is ln((N + 1) / (n + 1/2)).
    """
    found = terms_of(items)
    n_items = len(found.bounds) - 1
    vocabulary, numbers = np.unique(found.terms, return_inverse=True)
    owners = np.repeat(np.arange(n_items), np.diff(found.bounds))
    pairs = np.unique(owners.astype(np.int64) << 32 | numbers)
    owners, sets = pairs >> 32, (pairs & 0xFFFFFFFF).astype(np.int32)
    starts = np.searchsorted(owners, np.arange(n_items + 1))
    n_having = np.bincount(sets, minlength=len(vocabulary))
    weights = np.log((n_items + 1) / (n_having + 0.5))
    totals = np.bincount(owners, weights=weights[sets], minlength=n_items).astype(np.float64)
    totals[np.diff(starts) < MIN_TERMS] = 0.0
    spans = (SLACK * np.diff(found.bounds)).astype(np.int64) + _EXTRA
    is_lead = _leads(weights, sets, starts, np.multiply(1 - least + _LEAD, totals))
    leading = np.flatnonzero(is_lead)
    order = leading[np.argsort(sets[leading], kind="stable")]
    lead_starts = np.searchsorted(sets[order], np.arange(len(vocabulary) + 1))
    table = table_of(vocabulary, np.arange(len(vocabulary), dtype=np.int32))
    return TermIndex(table, weights, sets, starts, totals, spans, owners[order].astype(np.int32), lead_starts, least)


def likenesses(texts: Folded, index: TermIndex) -> Likenesses:
    """The best passage of each text that is like an item, for every item that it has one for."""
    rows, shares = _likenesses(terms_of(texts), index, _INFORMATION + np.log(len(index.totals) + 1.0))
    return Likenesses(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], shares)


def _leads(weights: F64, sets: I32, starts: I64, needed: F64) -> NDArray[np.bool_]:
    """Which terms of the items lead to them: the rarest, until they weigh what is needed."""
    is_lead = np.zeros(len(sets), np.bool_)
    for item in np.flatnonzero(needed > 0).tolist():
        mine = weights[sets[starts[item] : starts[item + 1]]]
        order = np.lexsort((sets[starts[item] : starts[item + 1]], -mine))
        running: F64 = np.cumsum(mine[order])
        n = int(np.searchsorted(running, float(needed[item]))) + 1
        is_lead[starts[item] + order[:n]] = True
    return is_lead


@compiled
def _terms(texts: Folded) -> tuple[U64, I32, I64]:
    n_words = len(texts.words)
    terms, words = np.empty(2 * n_words, np.uint64), np.empty(2 * n_words, np.int32)
    bounds = np.zeros(len(texts.bounds), np.int64)
    n = 0
    for text in range(len(texts.bounds) - 1):
        last = texts.bounds[text + 1]
        for word in range(texts.bounds[text], last):
            terms[n], words[n] = texts.stems[word], word
            n += 1
            is_pair = texts.weights[word] == 1 and word + 1 < last and texts.weights[word + 1] == 1
            if is_pair and texts.starts[word + 1] == texts.stops[word]:
                terms[n], words[n] = mixed(texts.stems[word] * _PAIR + texts.stems[word + 1]), word
                n += 1
        bounds[text + 1] = n
    return terms[:n].copy(), words[:n].copy(), bounds


class _Scratch(NamedTuple):
    """What the search writes into.

    Attributes:
        numbers: the number of each term of the texts, or -1.
        marks: for each term, whether the item that is looked at has it.
        counts: how often each of these stands in the passage.
        seen: for each item, the last term that led to it.
        gathered: what the terms that led to it in a row weigh.
        until: for each item, up to which term its passages are known.
        rows: for each item, its row in this text.
    """

    numbers: I32
    marks: NDArray[np.bool_]
    counts: I32
    seen: I64
    gathered: F64
    until: I64
    rows: I64


class _Rows(NamedTuple):
    """Room for passages with their shares, of which the first `n` are there."""

    places: I64
    shares: F64
    n: int


@compiled
def _likenesses(texts: Terms, index: TermIndex, information: float) -> tuple[I64, F64]:
    n_items, n_terms = len(index.starts) - 1, len(index.weights)
    scratch = _Scratch(
        np.empty(len(texts.terms), np.int32),
        np.zeros(n_terms, np.bool_),
        np.zeros(n_terms, np.int32),
        np.full(n_items, -1, np.int64),
        np.zeros(n_items),
        np.full(n_items, -1, np.int64),
        np.full(n_items, -1, np.int64),
    )
    numbers = scratch.numbers
    for term in range(len(numbers)):
        entry = first_of(index.vocabulary, texts.terms[term])
        numbers[term] = -1 if entry < 0 else index.vocabulary.places[entry]
    found = _Rows(np.empty((64, 4), np.int64), np.empty(64), 0)
    for text in range(len(texts.bounds) - 1):
        first, last = texts.bounds[text], texts.bounds[text + 1]
        for term in range(first, last):
            if numbers[term] < 0:
                continue
            for lead in range(index.lead_starts[numbers[term]], index.lead_starts[numbers[term] + 1]):
                item = int(index.leads[lead])
                if not _is_led_to(scratch, index, item, (first, term)):
                    continue
                span = index.spans[item]
                share, begin, end = _best_passage(
                    scratch, index, item, (max(first, term - span), min(last, term + span))
                )
                scratch.until[item] = term + span // 2
                if share >= index.least and share * index.totals[item] >= information:
                    place = (text, item, int(texts.words[begin]), int(texts.words[end]) + 1)
                    found = _kept(found, scratch, place, share)
    return found.places[: found.n].copy(), found.shares[: found.n].copy()


@compiled
def _is_led_to(scratch: _Scratch, index: TermIndex, item: int, at: tuple[int, int]) -> bool:
    """Whether enough of an item's leading terms stand here to look closer; `at` is the text's first term, and this."""
    first, term = at
    if scratch.seen[item] < first:
        scratch.rows[item] = -1
    if scratch.seen[item] < first or term - scratch.seen[item] > index.spans[item]:
        scratch.gathered[item] = 0.0
    scratch.seen[item] = term
    scratch.gathered[item] += index.weights[scratch.numbers[term]]
    return scratch.gathered[item] >= _LEAD * index.totals[item] and term >= scratch.until[item]


@compiled
def _best_passage(scratch: _Scratch, index: TermIndex, item: int, bounds: tuple[int, int]) -> tuple[float, int, int]:
    """The passage between two terms that has most of an item's weight: the share, its first and its last term."""
    numbers, marks, counts = scratch.numbers, scratch.marks, scratch.counts
    mine = index.sets[index.starts[item] : index.starts[item + 1]]
    for number in mine:
        marks[number] = True
        counts[number] = 0
    span = index.spans[item]
    weight, best, begin, end, left = 0.0, 0.0, bounds[0], bounds[0], bounds[0]
    for term in range(bounds[0], bounds[1]):
        number = numbers[term]
        if number < 0 or not marks[number]:
            continue
        counts[number] += 1
        if counts[number] == 1:
            weight += index.weights[number]
        while term - left >= span or numbers[left] < 0 or not marks[numbers[left]] or counts[numbers[left]] > 1:
            gone = numbers[left]
            if gone >= 0 and marks[gone]:
                counts[gone] -= 1
                if counts[gone] == 0:
                    weight -= index.weights[gone]
            left += 1
        if weight > best + _TINY:
            best, begin, end = weight, left, term
    for number in mine:
        marks[number] = False
    return best / index.totals[item], begin, end


@compiled
def _kept(found: _Rows, scratch: _Scratch, place: tuple[int, int, int, int], share: float) -> _Rows:
    """The passages with one more, unless a better one of the same text and item is there."""
    places, shares, n, item = found.places, found.shares, found.n, place[1]
    row = scratch.rows[item]
    if row >= 0 and shares[row] >= share:
        return found
    if row < 0:
        if n == len(shares):
            more_places, more_shares = np.empty((2 * n, 4), np.int64), np.empty(2 * n)
            more_places[:n] = places
            more_shares[:n] = shares
            places, shares = more_places, more_shares
        row = n
        n += 1
        scratch.rows[item] = row
    places[row, 0], places[row, 1], places[row, 2], places[row, 3] = place
    shares[row] = share
    return _Rows(places, shares, n)
