"""Judges whether a text ends where its author ended it: by its last line, and by what stands below that."""

import functools
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from goldsmith.kit.arrow import Utf8, make_batch, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.structure.boilerplate import boilerplate_kinds, surely_text
from goldsmith.refine.structure.kinds import BOILERPLATE, Ending
from goldsmith.refine.structure.phrase_books import phrases_of

_TAIL = 3000
"""Characters at the end of a text that are looked at."""

_PAYWALL, _READ_MORE = BOILERPLATE.index("paywall") + 1, BOILERPLATE.index("read-more") + 1

SCORES: dict[Ending, float] = {
    "paywall": 1.0,
    "read-more": 0.95,
    "broken-off": 0.9,
    "unfinished": 0.8,
    "ellipsis": 0.6,
    "unmarked": 0.4,
}
"""How sure it is that something is missing, by what the end is like; see `Truncation` for how this was measured."""

_MARKS = ".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964:;\uff1a\uff1b"
_N_DOTS = 3
_CLOSING = "['\"\u2019\u201d\u201c\u00bb\u203a)\\]}\u300d\u300f\uff09\u3011*_]"
_ENDED = re.compile(f"[{_MARKS}]{_CLOSING}*\\W*$")
_ELLIPSIS = re.compile(r"(?:\.\s?\.\s?\.|\u2026|\u3002\u3002\u3002)[\s\])\uff09\"'\u201d\u2019\u00bb\u2192\u203a*]*$")
_READ_ON = re.compile(r"(?:\.\.\.|\u2026)[\s\[(\uff08]*([^.\u2026\n]{3,60}?)[\s\])\uff09\u00bb\u203a\u2192>.]*$")
_BROKEN = re.compile(r"[\w\u3000-\u9fff\uac00-\ud7a3][,\u060c\u3001\uff0c(\u2013\u2014-]\s*$")
_WORD = re.compile(r"[^\W_]+")
_SINGLE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WITHOUT_MARKS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_NO_PROSE = re.compile(
    r"\s{2}|\s?(?:[-*#$|\u2013\u2014\u2022\u00b7]|>>>|\.\.\.|\d+[.)]\s)"
    r"|.*(?: \| |\t|[{};=]\s*$|(?:https?:|www\.)\S+\s*$)"
)
"""Items of lists, table rows, attributions, code, and lines that end with an address."""

_BRACKETED = re.compile(r"[\[(\uff08]\s*(?:\.\.\.|\u2026)\s*[\])\uff09]\W*$")
_MIN_PROSE, _MIN_OPEN = 16, 8
"""The size of a line that is prose, and of one with an ellipsis at its end: eight and four words, or sixteen and eight
letters of Chinese or Japanese."""

_MIN_LINES, _HABIT = 2, 0.75
"""So many other lines of prose have to be there, and such a share of them has to end with a mark."""


class End(NamedTuple):
    """How a text ends: what its end is like, and where the line stands that shows it, in characters."""

    kind: Ending
    start: int
    stop: int


def ends_of(batch: Batch) -> list[End | None]:
    """How each text of a batch ends that seems to lack its end; None for the others."""
    texts: list[str] = [text or "" for text in batch.column("text").to_pylist()]
    tails = [_tail_of(text) for text in texts]
    is_plain = surely_text(_lower([tail.text[tail.start : tail.stop] for tail in tails]))
    others = [row for row, is_sure in enumerate(is_plain) if not is_sure]
    kinds = dict(zip(others, boilerplate_kinds(_lower([tails[row].text for row in others])), strict=True))
    return [
        _end_of(tail, kinds[row].tolist()) if row in kinds else _end_at(tail, frozenset())
        for row, tail in enumerate(tails)
    ]


class _Tail(NamedTuple):
    """The end of a text, with the place of its last line that is not blank.

    Attributes:
        text: the last characters.
        offset: how many characters stand before them.
        start: where that line begins.
        stop: where it ends, with the white space at its end.
    """

    text: str
    offset: int
    start: int
    stop: int


def _tail_of(text: str) -> _Tail:
    tail = text[-_TAIL:]
    end = len(tail.rstrip())
    stop = tail.find("\n", end)
    return _Tail(tail, len(text) - len(tail), tail.rfind("\n", 0, end) + 1, len(tail) if stop < 0 else stop)


def _lower(texts: Sequence[str]) -> Utf8:
    return utf8(make_batch({"text": texts}, {"text": "text"}), "text", is_lower=True)


def _end_of(tail: _Tail, kinds: Sequence[int]) -> End | None:
    """How a text ends, by the kinds of the lines of its tail: boilerplate at the end is passed over."""
    lines = tail.text.split("\n")
    last, stop = len(lines) - 1, len(tail.text)
    below: set[int] = set()
    while last >= 0 and (kinds[last] or not lines[last].strip()):
        below.add(kinds[last])
        stop -= len(lines[last]) + 1
        last -= 1
    return _end_at(tail._replace(start=stop - len(lines[last]), stop=stop), below) if last >= 0 else None


def _end_at(tail: _Tail, below: Collection[int]) -> End | None:
    """How a text ends whose last line that counts is the one of `tail`, with the kinds of what stands below it."""
    line = tail.text[tail.start : tail.stop].rstrip()
    kind = _kind_of(line, below, tail) if line else None
    return None if kind is None else End(kind, tail.offset + tail.start, tail.offset + tail.start + len(line))


def _kind_of(line: str, below: Collection[int], tail: _Tail) -> Ending | None:
    """What the last line of a text is like, with the kinds of what stands below it and the tail that it ends."""
    if _PAYWALL in below:
        return "paywall"
    has_dots = "\u2026" in line or line.count(".") >= _N_DOTS or "\u3002\u3002\u3002" in line
    is_ended = _is_ended(line)
    if not has_dots and (is_ended or _size_of(line) < _MIN_PROSE):
        return None  # most lines
    size = 0 if _NO_PROSE.match(line) else _size_of(line)
    is_open, read_on = _ELLIPSIS.search(line) is not None, _READ_ON.search(line)
    if (read_on and _is_read_more(read_on[1])) or (
        _READ_MORE in below and (is_open or (size >= _MIN_PROSE and not is_ended))
    ):
        return "read-more"
    if is_open:
        return "ellipsis" if size >= _MIN_OPEN or (size and _BRACKETED.search(line)) else None
    if size < _MIN_PROSE or is_ended or _WITHOUT_MARKS.search(line):
        return None
    return _kind_of_open(line, tail)


def _kind_of_open(line: str, tail: _Tail) -> Ending:
    """What a last line without a mark at its end is like, by what the lines before it end with."""
    others = tail.text[: max(0, tail.start - 1)].split("\n")[1 if tail.offset else 0 :]
    filled = (other for other in others if other.strip())
    prose = [other for other in filled if _size_of(other) >= _MIN_PROSE and not _NO_PROSE.match(other)]
    n_ended = sum(_is_ended(other) for other in prose)
    has_habit = len(prose) >= _MIN_LINES and n_ended >= _HABIT * len(prose)
    if _BROKEN.search(line) or _words(line)[-1] in _dangling():
        return "broken-off" if has_habit or not prose else "unmarked"
    return "unfinished" if has_habit else "unmarked"


def _is_ended(line: str) -> bool:
    """Whether a line ends with a mark, closing quotes and the like left aside; the last character says so mostly."""
    last = line[-1]
    return last in _MARKS or (not last.isalnum() and _ENDED.search(line) is not None)


def _size_of(line: str) -> int:
    n_single = len(_SINGLE.findall(line)) if not line.isascii() else 0
    return n_single + 2 * line.count(" ") + (0 if n_single else 2)


def _words(line: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(line[-80:])] or [""]


@functools.cache
def _read_more() -> frozenset[str]:
    return frozenset(" ".join(_words(phrase.text)) for phrase in phrases_of("read-more") if phrase.mode == "alone")


def _is_read_more(words: str) -> bool:
    return " ".join(_words(words)) in _read_more()


@functools.cache
def _dangling() -> frozenset[str]:
    """Words that no sentence ends with, in any of the languages."""
    return frozenset(phrase.text for phrase in phrases_of("dangling"))
