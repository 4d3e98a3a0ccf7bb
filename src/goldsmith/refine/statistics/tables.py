"""Hash tables of places in a text: what has the same hash is compared byte by byte, so nothing is ever mixed up."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled, in_place, inlined
from goldsmith.kit.utf8 import byte_at, n_characters

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

FREE = -1
"""What an empty slot of a table holds."""

MANY = 1 << 16
"""From so many entries on a table is denser, for memory's sake: it is outside of the processor's cache anyway."""

_TAG = np.uint64(0x7FFFFFFF)
_PLACE = 0xFFFFFFFF
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_START = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)


class Table(NamedTuple):
    """Numbers of entries by their keys, open-addressed: a slot holds 31 bits of the key and 32 of the number.

    Attributes:
        slots: the slots, `int64`; their number is a power of two.
        shift: how far a key is shifted to the right to give its first slot.
    """

    slots: I64
    shift: np.uint64


@compiled
def table_for(n_entries: int) -> Table:
    """A table with room for so many entries; it is cleared before it is used."""
    least = n_entries * (4 if n_entries < MANY else 2)
    n_bits = 4
    while 1 << n_bits < least:
        n_bits += 1
    return Table(np.empty(1 << n_bits, np.int64), np.uint64(64 - n_bits))


@compiled
def cleared_table(n_entries: int) -> Table:
    """An empty table with room for so many entries."""
    table = table_for(n_entries)
    table.slots[:] = FREE
    return table


@inlined
def first_slot(table: Table, key: np.uint64) -> np.int64:
    """Where the search for `key` begins."""
    return np.int64(key >> table.shift)


@inlined
def next_slot(table: Table, slot: np.int64) -> np.int64:
    """Where the search goes on."""
    return np.int64((slot + 1) & (len(table.slots) - 1))


@inlined
def tag_of(key: np.uint64) -> np.int64:
    """The part of `key` that a slot holds."""
    return np.int64((key & _TAG) << np.uint64(32))


@inlined
def candidate(slot: np.int64, tag: np.int64) -> np.int64:
    """The number that a slot holds if its tag is this one, else -1."""
    return np.int64(slot & _PLACE) if slot - (slot & _PLACE) == tag else np.int64(FREE)


@inlined
def word_at(content: U8, place: int) -> np.uint64:
    """The eight bytes at a place as a number."""
    word = np.uint64(0)
    for offset in range(8):  # the compiler makes one load of it
        word |= np.uint64(byte_at(content, place + offset)) << np.uint64(8 * offset)
    return word


@in_place
def is_same(content: U8, first: int, second: int, length: int) -> bool:
    """Whether `length` bytes at two places are equal."""
    offset = 0
    while offset + 8 <= length:
        if word_at(content, first + offset) != word_at(content, second + offset):
            return False
        offset += 8
    while offset < length:
        if byte_at(content, first + offset) != byte_at(content, second + offset):
            return False
        offset += 1
    return True


@inlined
def is_same_padded(content: U8, first: int, second: int, length: int) -> bool:
    """Whether `length` bytes at two places are equal; eight bytes more are there in `content`."""
    difference = np.uint64(0)
    for offset in range(0, length, 8):
        rest = np.uint64(8 * max(0, offset + 8 - length))
        here = word_at(content, first + offset) ^ word_at(content, second + offset)
        difference |= here << rest
    return difference == 0


@in_place
def hash_bytes(content: U8, start: int, stop: int) -> np.uint64:
    """A hash of `content[start:stop]`."""
    value, place = _START, start
    while place + 8 <= stop:
        value = (value ^ word_at(content, place)) * _GOLDEN
        value ^= value >> np.uint64(32)
        place += 8
    while place < stop:
        value = (value ^ np.uint64(byte_at(content, place))) * _PRIME
        place += 1
    return value


@compiled
def repeats(content: U8, starts: I64, stops: I64) -> tuple[int, int]:
    """How many pieces of a text are the same as an earlier one, and how many characters those have.

    Args:
        content: UTF-8, `uint8`.
        starts: where each piece begins.
        stops: where each piece ends.
    """
    n_repeats = n_repeated_characters = 0
    table = table_for(len(starts))
    table.slots[:] = FREE
    for piece in range(len(starts)):
        start, length = starts[piece], stops[piece] - starts[piece]
        key = hash_bytes(content, start, stops[piece]) * _GOLDEN
        slot, tag = first_slot(table, key), tag_of(key)
        while table.slots[slot] != FREE:
            other = candidate(table.slots[slot], tag)
            if other >= 0 and stops[other] - starts[other] == length and is_same(content, starts[other], start, length):
                n_repeats += 1
                n_repeated_characters += n_characters(content, start, stops[piece])
                break
            slot = next_slot(table, slot)
        else:
            table.slots[slot] = tag | piece
    return n_repeats, n_repeated_characters
