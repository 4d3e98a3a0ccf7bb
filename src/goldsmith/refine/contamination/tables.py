"""Sorted tables of 64-bit keys: most keys that are not in a table are told by one bit of a small filter."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import compiled

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

_FILTER_BITS_PER_KEY = 12
_MIN_BITS = 10


class Table(NamedTuple):
    """Keys in ascending order, each with a place; equal keys lie beside each other.

    Attributes:
        keys: the keys.
        places: what each points to.
        firsts: keys whose upper bits are `u` lie from `firsts[u]` to `firsts[u + 1]`.
        shift: how far a key is shifted to get its upper bits.
        filter: one bit for the lower bits of every key.
        mask: which lower bits.
    """

    keys: U64
    places: I32
    firsts: I32
    shift: int
    filter: U64
    mask: int


def table_of(keys: U64, places: I32) -> Table:
    """A table of `keys` with the places that they point to."""
    order = np.argsort(keys, kind="stable")
    keys, places = keys[order], places[order]
    n_bits = max(_MIN_BITS, int(max(1, len(keys))).bit_length())
    shift = 64 - n_bits
    uppers = (keys >> np.uint64(shift)).astype(np.int64)
    firsts = np.searchsorted(uppers, np.arange((1 << n_bits) + 1)).astype(np.int32)
    n_filter = 1 << max(_MIN_BITS, int(_FILTER_BITS_PER_KEY * max(1, len(keys)) - 1).bit_length())
    mask = n_filter - 1
    bits = np.zeros(n_filter // 64, np.uint64)
    lowers = keys & np.uint64(mask)
    np.bitwise_or.at(bits, (lowers >> np.uint64(6)).astype(np.int64), np.uint64(1) << (lowers & np.uint64(63)))
    return Table(keys, places, firsts, shift, bits, mask)


@compiled
def first_of(table: Table, key: np.uint64) -> int:
    """The place of the first entry with this key, or -1."""
    lower = key & np.uint64(table.mask)
    if not (table.filter[lower >> np.uint64(6)] >> (lower & np.uint64(63))) & np.uint64(1):
        return -1
    upper = key >> np.uint64(table.shift)
    for entry in range(table.firsts[upper], table.firsts[upper + np.uint64(1)]):
        if table.keys[entry] == key:
            return entry
    return -1
