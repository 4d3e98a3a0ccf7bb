"""Krippendorff's alpha for spans: whether annotators mark the same stretches and give them the same labels."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.measures import Measure, bootstrapped, unmeasured
from goldsmith.quality.votes import Floats

UNITIZING = "unitizing-alpha"

_NO_PAIRS = "no item was marked by two annotators, so agreement cannot be measured."
_NO_SPANS = "nobody marked anything, so agreement cannot be told from chance."
_ALL_ONE = "everything is marked as the same class, so agreement cannot be told from chance."


class Span(NamedTuple):
    """A marked stretch: from `start` up to, not including, `end`, in characters, tokens or ticks."""

    start: int
    end: int
    label: str


class Marked(NamedTuple):
    """An item that annotators marked spans in.

    Attributes:
        length: how long the item is, in the unit of the spans, above 0.
        spans_of: by annotator, the spans; an annotator who looked and marked nothing has none.
    """

    length: int
    spans_of: Mapping[str, Sequence[Span]]


def unitizing_alpha(items: Iterable[Marked], *, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Krippendorff's u-alpha: 1 for the same spans with the same labels, 0 as by chance, with a bootstrap interval.

    What lies between spans is compared, too. Spans of one annotator may touch but not overlap: a stretch has one label.

    Args:
        items: the items with their spans. Items with fewer than two annotators take no part.
        rng: draws the resampled items.
        n_resamples: how many resamples the interval rests on; 0 for the value alone.

    Returns:
        The value is None when no item has two annotators, or everything or nothing is marked.

    Raises:
        VotesError: a span is empty or outside its item, or two spans of one annotator overlap.

    Source: Krippendorff, Mathet, Bouvry and Widlöcher (2016), "On the reliability of unitizing textual continua:
    Further developments", Quality & Quantity 50, equations 1 to 5: coincidences are lengths of intersections; what is
    expected leaves out pairs of a span with itself, which takes the squares of lengths from it, for gaps the lengths.
    Departures: several items are one continuum, each with its own annotators, and items are resampled.

    Example:
        >>> same, other = [Span(2, 5, "a")], [Span(2, 5, "b")]
        >>> items = [Marked(20, {"x": same, "y": same}), Marked(20, {"x": same, "y": other})]
        >>> round(unitizing_alpha(items, rng=np.random.default_rng(0)).value, 3)
        0.72
    """
    pairable = [(number, item) for number, item in enumerate(items) if len(item.spans_of) >= 2]
    if not pairable:
        return unmeasured(UNITIZING, 0, _NO_PAIRS)
    labels = sorted({span.label for _, item in pairable for spans in item.spans_of.values() for span in spans})
    if not labels:
        return unmeasured(UNITIZING, len(pairable), _NO_SPANS)
    code_of = {label: code for code, label in enumerate(labels, start=1)}
    statistics = np.array([_statistics(number, item, code_of) for number, item in pairable])
    return bootstrapped(UNITIZING, _alpha, statistics=statistics, rng=rng, n_resamples=n_resamples, note=_ALL_ONE)


class _Piece(NamedTuple):
    start: int
    end: int
    code: int


def _statistics(number: int, item: Marked, code_of: Mapping[str, int]) -> Floats:
    """Disagreeing length, then each class's length and what pairs of a span with itself would add; class 0 are gaps."""
    pieces = [_pieces(number, name, item, code_of) for name in item.spans_of]
    lengths, alone = np.zeros(len(code_of) + 1), np.zeros(len(code_of) + 1)
    for piece in (piece for walk in pieces for piece in walk):
        length = piece.end - piece.start
        lengths[piece.code] += length
        alone[piece.code] += length * length if piece.code else length
    disagreeing = _disagreeing(pieces, len(code_of) + 1) / (len(pieces) - 1)
    return np.concatenate(([disagreeing], lengths, alone))


def _pieces(number: int, name: str, item: Marked, code_of: Mapping[str, int]) -> list[_Piece]:
    """One annotator's spans with the gaps between them, in order, over the whole item."""
    found: list[_Piece] = []
    at, last = 0, None
    for span in sorted(item.spans_of[name]):
        if not 0 <= span.start < span.end <= item.length:
            raise VotesError(
                f"item {number}: the span {span.start} to {span.end} of {name!r} is empty or "
                f"outside 0 to {item.length}."
            )
        if span.start < at and last is not None:
            raise VotesError(
                f"item {number}: the spans {last.start} to {last.end} and {span.start} to {span.end} of {name!r} "
                "overlap, and a stretch can have one label only; measure each label by itself."
            )
        if span.start > at:
            found.append(_Piece(at, span.start, 0))
        found.append(_Piece(span.start, span.end, code_of[span.label]))
        at, last = span.end, span
    if at < item.length:
        found.append(_Piece(at, item.length, 0))
    return found


def _disagreeing(pieces: Sequence[Sequence[_Piece]], n_codes: int) -> float:
    """The length on which ordered pairs of annotators differ: between two ends of pieces all is alike, so it is counts.

    In O(pieces * log(pieces)), not pairs of annotators times pieces.
    """
    ends = sorted({piece.end for walk in pieces for piece in walk})
    counts = np.zeros((len(ends), n_codes))
    for walk in pieces:
        places = np.searchsorted(ends, [piece.end for piece in walk], side="right")
        codes = np.repeat([piece.code for piece in walk], np.diff(places, prepend=0))
        counts[np.arange(len(ends)), codes] += 1
    lengths = np.diff(ends, prepend=0)
    n = float(len(pieces))
    return float(lengths @ (n * n - (counts**2).sum(axis=1)))


def _alpha(sums: Floats) -> Floats:
    n_codes = (sums.shape[-1] - 1) // 2
    observed, lengths, alone = sums[..., 0], sums[..., 1 : n_codes + 1], sums[..., n_codes + 1 :]
    whole = lengths.sum(axis=-1)
    agreeing = (lengths**2 - alone).sum(axis=-1)
    pairs = whole**2 - alone.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = whole * (1 - agreeing / pairs)
        return np.where(expected > 1e-12 * whole, 1 - observed / expected, np.nan)
