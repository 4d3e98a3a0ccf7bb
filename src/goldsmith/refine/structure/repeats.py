"""Finds long passages of a text that stand in it before: a body that is repeated."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import edited, text_at, utf8
from goldsmith.kit.columns import Batch
from goldsmith.kit.jit import compiled, in_place
from goldsmith.kit.utf8 import n_characters
from goldsmith.refine.comparisons.minhash import mixed
from goldsmith.refine.statistics.characters import Characters, characters
from goldsmith.refine.statistics.tables import FREE, Table, candidate, first_slot, next_slot, table_for, tag_of
from goldsmith.refine.structure.removals import Passage, without
from goldsmith.refine.structure.sentences import whole_sentences
from goldsmith.refine.structure.words import I64, U8, U64, Words, read_words, room_for

KIND = "repeated-body"

_WINDOW, _STEP = 16, 8
"""Words of a window, and from one window that is remembered to the next: repeats of 24 words are found for sure."""

_LEEWAY = 50
"""Words that can be between the passages of a body, and not where it stands first, or the other way round."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Found(NamedTuple):
    """What a text has twice.

    Attributes:
        passages: where each passage begins and ends that stands in the text before, in bytes: shape (n, 2), `int64`.
        share: how much of the text, without what stands in it before, the largest body is that it has twice, in [0, 1].
    """

    passages: I64
    share: float


_NOTHING = Found(np.zeros((0, 2), np.int64), 0.0)


class Bodies(NamedTuple):
    """Texts without the passages that they repeat; one value a text.

    Attributes:
        texts: the texts as they are now.
        counts: how many passages were taken out.
        shares: how much of what stands once is a body that stands again, in [0, 1].
        spans: what was taken out as JSON; None where nothing was.
    """

    texts: Sequence[object]
    counts: list[int]
    shares: list[float]
    spans: list[str | None]


def without_repeats(batch: Batch, *, min_words: int, min_share: float, take: bool = True) -> Bodies:
    """The texts of a batch without passages that stand in them before.

    Args:
        batch: with a column `text`.
        min_words: the fewest words of a passage; a letter of a script without spaces between words is half of one.
        min_share: the share of a text from which on a body counts, in [0, 1].
        take: whether passages are taken out; else they are only measured.
    """
    texts, n_texts, new = utf8(batch, "text"), batch.num_rows, dict[int, str]()
    counts, shares, spans = [0] * n_texts, [0.0] * n_texts, list[str | None]([None] * n_texts)
    for place in np.flatnonzero(_repeating(*texts, characters(), min_words)).tolist():
        raw, text = texts.content[texts.offsets[place] : texts.offsets[place + 1]], text_at(texts, place)
        found = repeats_of(raw, min_words=min_words, min_share=min_share)
        shares[place] = found.share
        if take:
            new[place], counts[place], spans[place] = without(text, _passages(text, raw, found))
    return Bodies(edited(batch, "text", new), counts, shares, spans)


def repeats_of(text: U8, *, min_words: int, min_share: float) -> Found:
    """The passages of at least `min_words` words that stand in a text before, word by word, whatever is between them.

    Those that follow one another as what they repeat does are one body; a body counts by its share of the text that is
    left when all passages that stand before are taken out. So verses, forms and tables of a kind are no bodies.

    Args:
        text: UTF-8, `uint8`.
        min_words: words count half when they are letters of a script without spaces between words.
        min_share: the passages of smaller bodies are left out, in [0, 1].
    """
    words, before = _words_of(text, characters())
    matches = _matches(words.hashes, before, 2 * min_words)
    if not len(matches):
        return _NOTHING
    firsts, sources, lengths = matches.T
    sizes = before[sources + lengths] - before[sources]
    body = _bodies(firsts - sources)
    shares = np.bincount(body, sizes) / (int(before[-1]) - int(sizes.sum()))
    is_taken = shares[body] >= min_share
    passages = np.stack([words.starts[firsts], words.stops[firsts + lengths - 1]], axis=1)
    return Found(passages[is_taken], min(1.0, float(shares.max())))


def _bodies(distances: I64) -> I64:
    """The number of the body that each passage belongs to: the next one begins where the distance to it changes."""
    is_new = np.abs(np.diff(distances)) > _LEEWAY
    return np.concatenate([[0], np.cumsum(is_new)])


def _passages(text: str, raw: U8, found: Found) -> list[Passage]:
    """The passages in characters, each cut to whole lines and sentences."""
    passages: list[Passage] = []
    done = place = 0
    for start, stop in found.passages.tolist():
        first = place + n_characters(raw, done, start)
        place = first + n_characters(raw, start, stop)
        done = stop
        cut = whole_sentences(text, first, place)
        if cut is None:
            continue
        begin, end = cut
        if passages and begin <= passages[-1].stop:  # only space is left between them
            begin = passages.pop().start
            begin = len(text[:begin].rstrip()) if end == len(text) else begin
        passages.append(Passage(begin, end, KIND))
    return passages


@compiled
def _repeating(content: U8, offsets: I64, characters: Characters, min_words: int) -> NDArray[np.bool_]:
    """Which texts have a passage of so many words that stands in them before; few have."""
    found = np.zeros(len(offsets) - 1, np.bool_)
    for text in range(len(found)):
        words, before = _words_of(content[offsets[text] : offsets[text + 1]], characters)
        found[text] = len(_matches(words.hashes, before, 2 * min_words)) > 0
    return found


@compiled
def _words_of(text: U8, characters: Characters) -> tuple[Words, I64]:
    """The words of a text, and the sizes of all words before each and at the end."""
    room = room_for(len(text) // 2 + 2)
    n_words = read_words(text, characters, room, np.uint64(0))
    before = np.zeros(n_words + 1, np.int64)
    for word in range(n_words):
        before[word + 1] = before[word] + room.sizes[word]
    words = Words(room.hashes[:n_words], room.starts[:n_words], room.stops[:n_words], room.sizes[:n_words])
    return words, before


@compiled
def _matches(hashes: U64, before: I64, min_size: int) -> I64:
    """Passages that stand before, in order: where each begins, where its words stood first, and how many there are."""
    n_words = len(hashes)
    if n_words < 2 * _WINDOW or before[-1] < 2 * min_size:
        return np.empty((0, 3), np.int64)
    keys = _keys_of(hashes)
    table = table_for(n_words // _STEP + 1)
    table.slots[:] = FREE
    found = np.empty((n_words // _WINDOW + 1, 3), np.int64)
    n_found = done = first = 0
    while first < len(keys):
        source = _source_of(hashes, table, keys[first], first)
        if source >= 0:
            start, length = _grown(hashes, first, source, done)
            if before[start + length] - before[start] >= min_size:
                found[n_found] = (start, source - (first - start), length)
                n_found += 1
                done = first = start + length
                continue
        if first % _STEP == 0:
            _remember(table, keys[first], first)
        first += 1
    return found[:n_found].copy()


@compiled
def _keys_of(hashes: U64) -> U64:
    """A hash of each window of words."""
    keys = np.empty(max(0, len(hashes) - _WINDOW + 1), np.uint64)
    value, oldest = np.uint64(0), np.uint64(1)
    for _ in range(_WINDOW):
        oldest *= _GOLDEN
    for word in range(len(hashes)):
        value = value * _GOLDEN + hashes[word]
        if word >= _WINDOW:
            value -= oldest * hashes[word - _WINDOW]
        if word >= _WINDOW - 1:
            keys[word - _WINDOW + 1] = mixed(value)
    return keys


@in_place
def _source_of(hashes: U64, table: Table, key: np.uint64, first: int) -> int:
    """Where the words from `first` on stand before, without overlapping with them, or -1."""
    slot, tag = first_slot(table, key), tag_of(key)
    while table.slots[slot] != FREE:
        source = candidate(table.slots[slot], tag)
        if 0 <= source <= first - _WINDOW:
            offset = 0
            while offset < _WINDOW and hashes[source + offset] == hashes[first + offset]:
                offset += 1
            if offset == _WINDOW:
                return int(source)
        slot = next_slot(table, slot)
    return -1


@in_place
def _remember(table: Table, key: np.uint64, first: int) -> None:
    slot = first_slot(table, key)
    while table.slots[slot] != FREE:
        slot = next_slot(table, slot)
    table.slots[slot] = tag_of(key) | first


@in_place
def _grown(hashes: U64, first: int, source: int, done: int) -> tuple[int, int]:
    """Where the passage around `first` begins, after `done` at the earliest, and how many words it has."""
    start, before = first, source
    while start > done and before > 0 and hashes[start - 1] == hashes[before - 1] and start - 1 > source:
        start -= 1
        before -= 1
    length = first - start
    most = min(len(hashes) - start, start - before)
    while length < most and hashes[before + length] == hashes[start + length]:
        length += 1
    return start, length
