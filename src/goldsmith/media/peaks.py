"""Peaks of audio: for each bucket of time its lowest and its highest sample, as signed bytes from -127 to 127."""

from typing import Any

import msgspec

# Any: an array of bytes has no common type for its views.


class Peaks(msgspec.Struct, frozen=True, kw_only=True):
    """The outline of a sound.

    Attributes:
        bucket_ms: how long a bucket is; the last one may be shorter.
        peaks: the lowest and the highest sample of each bucket by turns, -127 to 127, rounded outwards.
    """

    duration_ms: int
    bucket_ms: float
    peaks: list[int]


def merged(pairs: bytes, n_most: int) -> tuple[list[int], int]:
    """At most `n_most` buckets made of all of `pairs`, and how many of the old ones each new one holds."""
    values: Any = memoryview(pairs).cast("b")
    low, high = values[::2].tolist(), values[1::2].tolist()
    n_each = max(1, -(-len(low) // n_most))
    if n_each > 1:
        low = [min(low[start : start + n_each]) for start in range(0, len(low), n_each)]
        high = [max(high[start : start + n_each]) for start in range(0, len(high), n_each)]
    return [value for pair in zip(low, high, strict=True) for value in pair], n_each
