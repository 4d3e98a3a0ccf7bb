"""Chooses the passages of a text that are shown, so that the places that matter can be read where they stand."""

from collections.abc import Sequence
from itertools import zip_longest

from goldsmith.refine.evidence.spans import Span, joined
from goldsmith.refine.reports import Passage

MAX_SHOWN = 1600
"""Characters of a text that are shown."""

MAX_HEAD = 700
"""Characters that are shown of the beginning of a text in which no place matters."""

_BEFORE, _AFTER = 60, 80
_MAX_OF_SPAN = 320


def passages_of(text: str, places: Sequence[Sequence[Span]]) -> tuple[Passage, ...]:
    """The passages of a text with the first places of every list, as many as there is room for.

    Args:
        text: the text.
        places: what matters in it: for each reason the spans that show it, in order.
    """
    if len(text) <= MAX_SHOWN:
        return (Passage(start=0, text=text),) if text else ()
    chosen: list[Span] = []
    for spans in zip_longest(*places):
        for span in spans:
            if span is None:
                continue
            more = joined([*chosen, _around(span, len(text))])
            if sum(end - start for start, end in more) > MAX_SHOWN:
                return _cut(text, chosen)
            chosen = more
    return _cut(text, chosen)


def _around(span: Span, length: int) -> Span:
    start, end = span
    return max(0, start - _BEFORE), min(length, min(end, start + _MAX_OF_SPAN) + _AFTER)


def _cut(text: str, chosen: Sequence[Span]) -> tuple[Passage, ...]:
    return tuple(Passage(start=start, text=text[start:end]) for start, end in chosen or [(0, MAX_HEAD)])
