"""Finds lines and paragraphs that show why a text was stopped, cut as the statistics of the quality stages cut them."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from goldsmith.refine.evidence.spans import Span
from goldsmith.refine.statistics.characters import TERMINAL, characters

BULLETS = ("\u2022", "-")
ELLIPSES = ("...", "\u2026")

_NEWLINES = re.compile("\n+")
_EMPTY_LINES = re.compile("\n{2,}")


def lines_of(text: str) -> Iterator[Span]:
    """The lines of a text, which runs of newlines separate."""
    return _between(text, _NEWLINES, 0, len(text))


def paragraphs_of(text: str) -> Iterator[Span]:
    """The paragraphs of a text, which two newlines or more separate, without white space at its ends."""
    first = len(text) - len(text.lstrip())
    return _between(text, _EMPTY_LINES, first, max(first, len(text.rstrip())))


def repeated(text: str, pieces: Iterable[Span]) -> Iterator[Span]:
    """The pieces of a text that are the same as an earlier one."""
    seen: set[str] = set()
    for start, end in pieces:
        piece = text[start:end]
        if piece in seen and piece:
            yield start, end
        seen.add(piece)


def filled(text: str, pieces: Iterable[Span]) -> Iterator[Span]:
    """The pieces of a text that hold more than white space."""
    return ((start, end) for start, end in pieces if not text[start:end].isspace() and start < end)


def short_lines(text: str, longest: int) -> Iterator[Span]:
    """The lines of at most `longest` characters that hold more than white space."""
    return (_stripped(text, span) for span in filled(text, lines_of(text)) if span[1] - span[0] <= longest)


def unfinished_lines(text: str) -> Iterator[Span]:
    """The lines that hold more than white space, and whose last character ends no sentence in any script."""
    marks = _sentence_marks()
    return (_stripped(text, span) for span in filled(text, lines_of(text)) if text[span[1] - 1] not in marks)


def bullet_lines(text: str) -> Iterator[Span]:
    """The lines, as `str.splitlines` cuts them, that begin with a bullet or a hyphen."""
    return (span for span in _split(text) if text.startswith(BULLETS, span[0]))


def ellipsis_lines(text: str) -> Iterator[Span]:
    """The lines, as `str.splitlines` cuts them, that end with an ellipsis."""
    return (span for span in _split(text) if text.endswith(ELLIPSES, *span))


def lines_with(text: str, phrase: str) -> Iterator[Span]:
    """The lines, as `str.splitlines` cuts them, that hold a phrase, whatever its case."""
    return (span for span in _split(text) if phrase in text[span[0] : span[1]].lower())


def _between(text: str, separator: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    for found in separator.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def _split(text: str) -> Iterator[Span]:
    """The lines that hold more than white space, without white space at their ends."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line and not line.isspace():
            yield _stripped(text, (start, start + len(line)))
        start += len(line)


def _stripped(text: str, span: Span) -> Span:
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


@cache
def _sentence_marks() -> frozenset[str]:
    table = characters()
    points = [page << 8 | low for page, at in enumerate(table.pages.tolist()) for low in _terminals(at)]
    return frozenset(map(chr, points))


@cache
def _terminals(page: int) -> tuple[int, ...]:
    flags = characters().flags[page * 256 : page * 256 + 256]
    return tuple(low for low, flag in enumerate(flags.tolist()) if flag & TERMINAL)
