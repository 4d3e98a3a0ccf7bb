"""The terms that an item is known by when it is told in other words: stems, pieces of long words, and characters."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.contamination.folding import FNV_PRIME, FNV_START, I32, I64, STEM_LETTERS, U16, U64, Folded

F64 = NDArray[np.float64]

_LONG = 7
"""Letters from which on a word is taken to pieces: where a compound is told in two words, these are what both have."""

_SKIPPED = 2
"""Letters before a word's first piece; the stem, which is a piece as well, begins with them."""

_MOST_LETTERS = 32
"""Letters of a word that pieces are taken from: what is longer is no word."""

_PAIR_SHARE = 0.5
"""What a pair of characters counts; a rephrasing keeps less of them than of the characters."""

_PAIR = np.uint64(0xD6E8FEB86659FD93)


class ItemTerms(NamedTuple):
    """The terms of items, those of one item together.

    Attributes:
        keys: the key of each term.
        owners: the item of each.
        shares: what each counts: 1 for a stem and a character, for the pieces of a word 1 together.
        leads: whether a text is looked up by it: by all but the pieces.
        lengths: words, or characters of scripts without spaces, that each item has.
    """

    keys: U64
    owners: I32
    shares: F64
    leads: NDArray[np.bool_]
    lengths: I64


class Pieces(NamedTuple):
    """The letters of a word from which its pieces are taken.

    Attributes:
        first: the first of them; as `end` where there are none.
        end: the one after the last.
        after: the letter after the word.
    """

    first: int
    end: int
    after: int


def item_terms(items: Folded) -> ItemTerms:
    """The terms of items.

    Those of a word are its stem and, of a long one, every sequence of as many letters inside of it; those of a script
    without spaces between words are the characters, and each with the one that follows it.

    Source: McNamee and Mayfield 2004, "Character n-gram tokenization for European language text retrieval": sequences
    of four letters serve compounds and inflections as well as a stemmer of each language does. Departure: only of long
    words, and at the weight of one word. Nie, Gao, Zhang and Zhou 2000, "On the use of words and n-grams for Chinese
    information retrieval", for characters beside pairs of them.
    """
    keys, owners, shares, leads = _item_terms(items)
    return ItemTerms(keys, owners, shares, leads, np.diff(items.bounds))


@compiled
def pair_key(texts: Folded, word: int, last: int) -> np.uint64:
    """The key of a character with the one that follows it; 0 where none does."""
    if word + 1 >= last or texts.weights[word] != 1 or texts.weights[word + 1] != 1:
        return np.uint64(0)
    if texts.starts[word + 1] != texts.stops[word]:
        return np.uint64(0)
    return mixed(texts.stems[word] * _PAIR + texts.stems[word + 1])


@compiled
def pieces_of(texts: Folded, word: int, letter: int) -> Pieces:
    """The letters of a word from which pieces are taken; `letter` is one of all texts, at most the word's first."""
    n_letters = len(texts.places)
    while letter < n_letters and texts.places[letter] < texts.starts[word]:
        letter += 1
    end, is_number = letter, False
    while end < n_letters and texts.places[end] < texts.stops[word]:
        is_number = is_number or 0x30 <= texts.letters[end] <= 0x39
        end += 1
    if is_number or end - letter < _LONG:
        return Pieces(end, end, end)
    return Pieces(letter + _SKIPPED, min(end, letter + _MOST_LETTERS), end)


@compiled
def piece_key(letters: U16, first: int) -> np.uint64:
    """The key of the letters from `first` on; it is that of the words which begin with them."""
    key = FNV_START
    for place in range(first, first + STEM_LETTERS):
        key = (key ^ np.uint64(letters[place])) * FNV_PRIME
    return mixed(key)


@compiled
def _item_terms(items: Folded) -> tuple[U64, I32, F64, NDArray[np.bool_]]:
    most = 2 * len(items.words) + len(items.letters)
    keys, owners = np.empty(most, np.uint64), np.empty(most, np.int32)
    shares, leads = np.ones(most), np.ones(most, np.bool_)
    n = 0
    for item in range(len(items.bounds) - 1):
        last, letter = items.bounds[item + 1], items.ends[item]
        begin = n
        for word in range(items.bounds[item], last):
            keys[n] = items.stems[word]
            n += 1
            pair = pair_key(items, word, last)
            if pair != 0:
                keys[n], shares[n] = pair, _PAIR_SHARE
                n += 1
            pieces = pieces_of(items, word, letter)
            n_pieces = pieces.end - pieces.first - STEM_LETTERS + 1
            for piece in range(max(0, n_pieces)):
                keys[n], shares[n], leads[n] = piece_key(items.letters, pieces.first + piece), 1 / n_pieces, False
                n += 1
            letter = pieces.after
        owners[begin:n] = item
    return keys[:n].copy(), owners[:n].copy(), shares[:n].copy(), leads[:n].copy()
