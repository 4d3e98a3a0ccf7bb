"""Hash tables of places in a text: what has the same hash is compared byte by byte, so nothing is ever mixed up."""

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

FREE = -1
"""What an empty slot of a table holds."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)


@compiled
def slots_for(n_entries: int) -> int:
    """A power of two that leaves a table of `n_entries` at most half full."""
    n_slots = 16
    while n_slots < 2 * n_entries:
        n_slots *= 2
    return n_slots


@compiled
def slot_of(key: np.uint64, n_slots: int) -> np.int64:
    """Where the search for `key` begins in a table of `n_slots`, a power of two."""
    mixed = key * _GOLDEN
    return np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(n_slots - 1))


@compiled
def is_same(content: U8, first: int, second: int, length: int) -> bool:
    """Whether `length` bytes at two places are equal."""
    for offset in range(length):  # noqa: SIM110 - the compiler knows no generators
        if content[first + offset] != content[second + offset]:
            return False
    return True


@compiled
def hash_bytes(content: U8, start: int, stop: int) -> np.uint64:
    """A hash of `content[start:stop]`."""
    value = _FNV_START
    for place in range(start, stop):
        value = (value ^ np.uint64(content[place])) * _FNV_PRIME
    return value


@compiled
def n_characters(content: U8, start: int, stop: int) -> int:
    """How many code points the UTF-8 in `content[start:stop]` has."""
    n = 0
    for place in range(start, stop):
        n += (content[place] & 0xC0) != 0x80
    return n


@compiled
def repeats(content: U8, starts: I64, stops: I64, table: I32) -> tuple[int, int]:
    """How many pieces of a text are the same as an earlier one, and how many characters those have.

    Args:
        content: UTF-8, `uint8`.
        starts: where each piece begins.
        stops: where each piece ends.
        table: as long as `slots_for(len(starts))`; it is written over.
    """
    n_repeats = n_repeated_characters = 0
    n_slots = slots_for(len(starts))
    table[:n_slots] = FREE
    for piece in range(len(starts)):
        start, length = starts[piece], stops[piece] - starts[piece]
        slot = slot_of(hash_bytes(content, start, stops[piece]), n_slots)
        while table[slot] != FREE:
            other = table[slot]
            if stops[other] - starts[other] == length and is_same(content, starts[other], start, length):
                n_repeats += 1
                n_repeated_characters += n_characters(content, start, stops[piece])
                break
            slot = (slot + 1) & (n_slots - 1)
        else:
            table[slot] = piece
    return n_repeats, n_repeated_characters
