"""Judges whether a text ends where its author ended it: by its last line, and by what stands below that."""

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from goldsmith.kit.arrow import make_batch, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.structure.boilerplate import boilerplate_kinds
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

_MARK = "[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964:;\uff1a\uff1b]"
_CLOSING = "['\"\u2019\u201d\u201c\u00bb\u203a)\\]}\u300d\u300f\uff09\u3011*_]"
_ENDED = re.compile(f"{_MARK}{_CLOSING}*\\W*$")
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
    texts = [text or "" for text in batch.column("text").to_pylist()]
    tails = [text[-_TAIL:] for text in texts]
    kinds = boilerplate_kinds(utf8(make_batch({"text": tails}, {"text": "text"}), "text", is_lower=True))
    return [
        _end_of(tail, found.tolist(), len(text) - len(tail), is_whole=len(tail) == len(text))
        for text, tail, found in zip(texts, tails, kinds, strict=True)
    ]


def _end_of(tail: str, kinds: Sequence[int], offset: int, *, is_whole: bool) -> End | None:
    lines = tail.split("\n")
    last = len(lines) - 1
    below: set[int] = set()
    while last >= 0 and (kinds[last] or not lines[last].strip()):
        below.add(kinds[last])
        last -= 1
    if last < 0:
        return None
    line = lines[last].rstrip()
    kind = _kind_of(line, below, lines[0 if is_whole else 1 : last])
    if kind is None:
        return None
    start = offset + sum(len(other) + 1 for other in lines[:last])
    return End(kind, start, start + len(line))


def _kind_of(line: str, below: set[int], others: Sequence[str]) -> Ending | None:
    """What the last line of a text is like, with the kinds of what stands below it and the lines before it."""
    size = 0 if _NO_PROSE.match(line) else _size_of(line)
    is_open, is_ended = _ELLIPSIS.search(line) is not None, _ENDED.search(line) is not None
    if _PAYWALL in below:
        return "paywall"
    read_on = _READ_ON.search(line)
    if (read_on and _is_read_more(read_on[1])) or (
        _READ_MORE in below and (is_open or (size >= _MIN_PROSE and not is_ended))
    ):
        return "read-more"
    if is_open:
        return "ellipsis" if size >= _MIN_OPEN or (size and _BRACKETED.search(line)) else None
    if size < _MIN_PROSE or is_ended or _WITHOUT_MARKS.search(line):
        return None
    filled = (other for other in others if other.strip())
    prose = [other for other in filled if _size_of(other) >= _MIN_PROSE and not _NO_PROSE.match(other)]
    n_ended = sum(_ENDED.search(other) is not None for other in prose)
    has_habit = len(prose) >= _MIN_LINES and n_ended >= _HABIT * len(prose)
    if _BROKEN.search(line) or _words(line)[-1] in _dangling():
        return "broken-off" if has_habit or not prose else "unmarked"
    return "unfinished" if has_habit else "unmarked"


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
