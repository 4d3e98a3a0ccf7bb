"""Spans of texts: what is noted of those that show why a rule stopped a document, and how bytes become characters."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8

I64 = NDArray[np.int64]
Span = tuple[int, int]

MAX_SPANS = 50
"""Spans that are noted of one verdict; how many there are in all is noted too."""

SPANS, N_SPANS = "spans", "n_spans"
"""What evidence calls the spans that are noted, and how many there are in all."""


def as_evidence(spans: Iterable[Span]) -> dict[str, object]:
    """The first spans of a text, and how many there are; nothing where there are none."""
    found = list(spans)
    return {SPANS: found[:MAX_SPANS], N_SPANS: len(found)} if found else {}


def encoded(text: str) -> Utf8:
    """One text as the kernels of statistics take it."""
    content = np.frombuffer(text.encode(), np.uint8)
    return Utf8(content, np.array([0, len(content)], np.int64))


def in_characters(texts: Utf8, starts: I64, stops: I64) -> Iterator[Span]:
    """Spans in bytes of the only text of `texts`, as spans in characters.

    Args:
        texts: one text.
        starts: where each span begins, in bytes, `int64`.
        stops: where each span ends, in bytes, `int64`.
    """
    content = texts.content
    if len(content) and content.max() >= 0x80:
        before = np.zeros(len(content) + 1, np.int64)
        np.cumsum(content & 0xC0 != 0x80, out=before[1:])
        starts, stops = before[starts], before[stops]
    yield from zip(starts.tolist(), stops.tolist(), strict=True)


def joined(spans: Sequence[Span]) -> list[Span]:
    """Sorted spans, with those that overlap or touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
