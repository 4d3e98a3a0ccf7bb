"""Compiled alignment of the words of several texts, one column for each place and one row for each text."""

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import compiled, in_place
from goldsmith.quality.votes import Floats, Int32s, Int64s

GAP = -1


class Answers(NamedTuple):
    """The texts of one task.

    Attributes:
        key: int32[n_words], each word's key, in 0 to n_keys - 1 of this task alone.
        ends: int64[n_answers + 1]; the words of answer i are those from ends[i] up to, not including, ends[i + 1].
        unlike: float64[n_keys, n_keys], in [0, 1], 0 for equal keys.
    """

    key: Int32s
    ends: Int64s
    unlike: Floats


@compiled
def unlikeness(letters: Int32s, ends: Int64s) -> Floats:
    """float64[n_keys, n_keys]: 0 for equal words, else half and the share of letters to change, halved: in (0.5, 1].

    Words that differ little are then aligned with each other and not with what stands beside them.

    Args:
        letters: int32[n_letters], the letters of all keys, one after the other.
        ends: int64[n_keys + 1], where each key's letters end.
    """
    n_keys = ends.shape[0] - 1
    unlike = np.zeros((n_keys, n_keys))
    for one in range(n_keys):
        for other in range(one):
            a, b = letters[ends[one] : ends[one + 1]], letters[ends[other] : ends[other + 1]]
            share = edits(a, b) / max(a.shape[0], b.shape[0])
            unlike[one, other] = unlike[other, one] = 0.5 + 0.5 * share
    return unlike


@compiled
def edits(one: Int32s, other: Int32s) -> int:
    """How many insertions, deletions and replacements make `one` into `other`."""
    row = np.empty(other.shape[0] + 1, np.int64)
    for j in range(row.shape[0]):
        row[j] = j
    for i in range(one.shape[0]):
        diagonal = row[0]
        row[0] = i + 1
        for j in range(other.shape[0]):
            cheapest = min(row[j] + 1, row[j + 1] + 1, diagonal + int(one[i] != other[j]))
            diagonal = row[j + 1]
            row[j + 1] = cheapest
    return int(row[other.shape[0]])


@compiled
def distances(key: Int32s, ends: Int64s) -> Floats:
    """float64[n_answers, n_answers], edits for each word of the longer text, in [0, 1]."""
    n_answers = ends.shape[0] - 1
    apart = np.zeros((n_answers, n_answers))
    for i in range(n_answers):
        for j in range(i):
            a, b = key[ends[i] : ends[i + 1]], key[ends[j] : ends[j + 1]]
            apart[i, j] = apart[j, i] = edits(a, b) / max(a.shape[0], b.shape[0], 1)
    return apart


class _Network(NamedTuple):
    """The places so far, the answers in them, and what each answer counts for."""

    places: Int64s
    done: Int64s
    weight: Floats


class _Costs(NamedTuple):
    """What each new word costs at each place, and what leaving a place out costs."""

    here: Floats
    gone: Floats


@compiled
def aligned(answers: Answers, weight: Floats, order: Int64s) -> Int64s:
    """int64[n_places, n_answers]: at each place of the alignment, which word of each text stands there, or `GAP`.

    Texts are aligned one after the other with all that came before; a place costs a word what it costs on average.

    Args:
        answers: the texts.
        weight: float64[n_answers], above 0.
        order: int64[n_answers], the texts in the order in which they are aligned, the most central one first.
    """
    n_answers, n_words = order.shape[0], answers.key.shape[0]
    places, moved = np.full((n_words, n_answers), GAP), np.full((n_words, n_answers), GAP)
    first = order[0]
    n_places = answers.ends[first + 1] - answers.ends[first]
    for i in range(n_places):
        places[i, first] = answers.ends[first] + i
    for done in range(1, n_answers):
        answer = order[done]
        begin, n_new = int(answers.ends[answer]), answers.ends[answer + 1] - answers.ends[answer]
        here, gone = np.zeros((n_places, n_new)), np.zeros(n_places)
        inserted = _costs(answers, _Network(places, order[:done], weight), begin, _Costs(here, gone))
        best = _cheapest(here, gone, inserted)
        last = n_words
        i, j = n_places, n_new
        while i > 0 or j > 0:
            last -= 1
            moved[last] = GAP
            if i > 0 and j > 0 and best[i, j] == best[i - 1, j - 1] + here[i - 1, j - 1]:
                i, j = i - 1, j - 1
                moved[last] = places[i]
                moved[last, answer] = begin + j
            elif i > 0 and best[i, j] == best[i - 1, j] + gone[i - 1]:
                i -= 1
                moved[last] = places[i]
            else:
                j -= 1
                moved[last, answer] = begin + j
        n_places = n_words - last
        places[:n_places] = moved[last:]
    return places[:n_places].copy()


@in_place
def _costs(answers: Answers, network: _Network, begin: int, costs: _Costs) -> float:
    """Fill `costs` for the words from `begin` on; returns what a new place costs."""
    places, done, weight = network
    here, gone = costs
    inserted = 0.0
    for at in range(done.shape[0]):
        inserted += float(weight[done[at]])
    for i in range(here.shape[0]):
        for at in range(done.shape[0]):
            word, counts = places[i, done[at]], weight[done[at]]
            if word == GAP:
                for j in range(here.shape[1]):
                    here[i, j] += counts
            else:
                gone[i] += counts
                for j in range(here.shape[1]):
                    here[i, j] += counts * answers.unlike[answers.key[word], answers.key[begin + j]]
    return inserted


@compiled
def _cheapest(here: Floats, gone: Floats, inserted: float) -> Floats:
    n_places, n_new = here.shape
    best = np.zeros((n_places + 1, n_new + 1))
    for i in range(n_places):
        best[i + 1, 0] = best[i, 0] + gone[i]
    for j in range(n_new):
        best[0, j + 1] = best[0, j] + inserted
    for i in range(n_places):
        for j in range(n_new):
            best[i + 1, j + 1] = min(best[i, j] + here[i, j], best[i, j + 1] + gone[i], best[i + 1, j] + inserted)
    return best
