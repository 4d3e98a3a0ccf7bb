"""Spans as tags and back: `B-x` begins a span of type x, `I-x` goes on with it, `O` is outside of all."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError

OUTSIDE = "O"


class Span(NamedTuple):
    """Some tokens on end, of one type: those from `start` up to, not including, `end`."""

    start: int
    end: int
    type: str


def spans_of(tags: Sequence[str]) -> tuple[Span, ...]:
    """The spans that `tags` mark, in order; an `I-x` that goes on with nothing begins a span.

    Example:
        >>> spans_of(["B-PER", "I-PER", "O", "I-LOC"])
        (Span(start=0, end=2, type='PER'), Span(start=3, end=4, type='LOC'))
    """
    found: list[Span] = []
    for at, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        prefix, kind = tag[:1], tag[2:]
        if prefix == "I" and found and found[-1].end == at and found[-1].type == kind:
            found[-1] = found[-1]._replace(end=at + 1)
        else:
            found.append(Span(at, at + 1, kind))
    return tuple(found)


def tags_of(spans: Iterable[Span], n_tokens: int) -> tuple[str, ...]:
    """One tag for each of `n_tokens` tokens.

    Raises:
        VotesError: a span is empty, ends outside of the text, or two overlap.

    Example:
        >>> tags_of([Span(1, 3, "PER")], 4)
        ('O', 'B-PER', 'I-PER', 'O')
    """
    tags = [OUTSIDE] * n_tokens
    for start, end, kind in sorted(spans):
        if not 0 <= start < end <= n_tokens:
            raise VotesError(f"the span from {start} to {end} is not inside {n_tokens} tokens; check its ends.")
        if any(tag != OUTSIDE for tag in tags[start:end]):
            raise VotesError(f"the span from {start} to {end} overlaps another; tags hold one span for each token.")
        tags[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
    return tuple(tags)


def tag_names(types: Sequence[str]) -> tuple[str, ...]:
    """The name of each tag code: outside, then begin and go on for each type."""
    return (OUTSIDE, *(f"{prefix}-{kind}" for kind in types for prefix in "BI"))


def may_follow(n_tags: int) -> NDArray[np.bool_]:
    """bool[n_tags + 1, n_tags]: whether the second tag may follow the first; the last row is the start of a text."""
    allowed = np.ones((n_tags + 1, n_tags), np.bool_)
    for inside in range(2, n_tags, 2):
        allowed[:, inside] = False
        allowed[inside - 1 : inside + 1, inside] = True
    return allowed
