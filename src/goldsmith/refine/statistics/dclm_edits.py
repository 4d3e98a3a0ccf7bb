"""The line edits of DCLM: which lines of a text go, and an account of all that went."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.arrow import Utf8
from goldsmith.refine.repairing.edits import Change, Edit, Repaired
from goldsmith.refine.statistics.dclm_kinds import DCLM_KINDS, DclmKind
from goldsmith.refine.statistics.line_letters import LineLetters, letters_of_lines

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

EDGES = "edges"
"""The kind of white space that goes at the ends of a text."""

_COUNTED = (
    *("likes", "shares", "comments", "retweets", "reposts", "quotes", "bookmarks", "upvotes", "downvotes"),
    *("downloads", "views", "followers"),
)
_COUNTER = re.compile(rf"\W*\d[\d,.]*[kmb]?\s+(?:{'|'.join(_COUNTED)})\W*")
_PHRASES = (
    re.compile(r"\s?items in cart", re.IGNORECASE),
    re.compile(r"\s?read more...$", re.IGNORECASE),
    re.compile(r"^sign-in\s?", re.IGNORECASE),
)
"""As in DCLM's code, any three characters can follow "read more" at the end of a line."""

_HINTS = ("n cart", "read more", "gn-")
"""In lower case, one of these is in every text with a phrase: they leave out letters that have more than two cases."""

_ANY_PHRASE = re.compile("items in cart|read more|sign-in", re.IGNORECASE)
_SPOKEN = re.compile("(?:^|[ \t\n\v\f\r\0])(?=[^\\W_])")
_ASCII_SPACE = " \t\n\v\f\r"


class DclmRules(NamedTuple):
    """Which lines go; `None` and False lift a rule.

    Attributes:
        max_uppercase: the greatest share of capitals among the code points of a line.
        numeric: whether lines of digits go.
        counters: whether lines such as "3 likes" go.
        min_words: the fewest words of a line, cut at white space; empty lines stay.
        phrases: whether "items in cart", "Read more..." and "Sign-in" go in short lines.
        phrase_words: the most words of such a line.
    """

    max_uppercase: float | None
    numeric: bool
    counters: bool
    min_words: int
    phrases: bool
    phrase_words: int


class DclmEdited(NamedTuple):
    """One text after the edits.

    Attributes:
        text: what stays.
        counts: how many lines of each kind went; of phrases how many.
        n_words: words of the text before, that begin with a letter or a digit, cut at white space of ASCII.
        n_words_left: those that stay.
        changes: all that went, so that it can be shown and put back.
    """

    text: str
    counts: Mapping[DclmKind, int]
    n_words: int
    n_words_left: int
    changes: list[Change]


def edit_by_dclm(texts: Sequence[str], encoded: Utf8, rules: DclmRules) -> Iterator[DclmEdited]:
    """Each text after the edits.

    Args:
        texts: the texts.
        encoded: the same as UTF-8.
        rules: which lines go.
    """
    letters = letters_of_lines(encoded)
    kinds = _kinds_of_lines(letters, rules)
    for place, text in enumerate(texts):
        first, last = int(letters.bounds[place]), int(letters.bounds[place + 1])
        yield _edited(text, kinds[first:last], letters.n_spoken[first:last], rules)


def _kinds_of_lines(letters: LineLetters, rules: DclmRules) -> U8:
    """For each line 0, or one more than the place of its kind in `DCLM_KINDS`; of several the first one counts."""
    kinds = np.zeros(len(letters.n_points), np.uint8)
    is_filled = letters.n_points > 0
    kinds[is_filled & (letters.n_words < rules.min_words)] = _number("short")
    if rules.numeric:
        kinds[is_filled & (letters.n_digits == letters.n_points)] = _number("numeric")
    if rules.max_uppercase is not None:
        share = letters.n_upper / np.maximum(letters.n_points, 1)
        kinds[share > rules.max_uppercase] = _number("uppercase")
    return kinds


def _number(kind: DclmKind) -> int:
    return 1 + DCLM_KINDS.index(kind)


def _edited(text: str, numbers: U8, n_spoken: I64, rules: DclmRules) -> DclmEdited:
    done = Repaired(original=text, text=text)
    lines = text.split("\n")
    lowered = text.lower()
    if rules.counters and any(word in lowered for word in _COUNTED):
        numbers = _with_counters(lines, numbers)
    counts: dict[DclmKind, int] = dict.fromkeys(DCLM_KINDS, 0)
    if numbers.any():
        counts |= _leave_out(done, lines, numbers.tolist())
    is_whole = _strip(done)
    if rules.phrases and any(hint in lowered for hint in _HINTS):
        is_whole = False
        counts["phrase"] = sum(_strike(done, phrase, rules.phrase_words) for phrase in _PHRASES)
    n_left = int(n_spoken[numbers == 0].sum()) if is_whole else len(_SPOKEN.findall(done.text))
    return DclmEdited(done.text, counts, int(n_spoken.sum()), n_left, done.changes())


def _with_counters(lines: Sequence[str], numbers: U8) -> U8:
    """`numbers` with the lines that are counters, if nothing else than too few words is wrong with them."""
    number = _number("counter")
    found = numbers.copy()
    for place, line in enumerate(lines):
        if found[place] in (0, _number("short")) and _COUNTER.fullmatch(line.lower()):
            found[place] = number
    return found


def _leave_out(done: Repaired, lines: Sequence[str], numbers: Sequence[int]) -> dict[DclmKind, int]:
    """Take the lines out that have a number, kind by kind; returns how many of each."""
    counts: dict[DclmKind, int] = {}
    left = list(zip(lines, numbers, strict=True))
    for number, kind in enumerate(DCLM_KINDS, 1):
        is_out = [each == number for _, each in left]
        counts[kind] = sum(is_out)
        if counts[kind]:
            done.apply(kind, _without(is_out, [line for line, _ in left]), has_examples=False)
            left = [pair for pair, is_gone in zip(left, is_out, strict=True) if not is_gone]
    return counts


def _without(is_out: Sequence[bool], lines: Sequence[str]) -> list[Edit]:
    """The edits that take lines out, each run of them with one of the newlines around it."""
    edits: list[Edit] = []
    end, begun = 0, None
    for is_gone, line in zip((*is_out, False), (*lines, ""), strict=True):
        if is_gone and begun is None:
            begun = end
        elif not is_gone and begun is not None:
            edits.append(Edit(begun, end, ""))
            begun = None
        end += len(line) + 1
    if edits and is_out[-1]:
        last, total = edits[-1], sum(len(line) + 1 for line in lines) - 1
        edits[-1] = Edit(max(0, last.start - 1), total, "")
    return edits


def _strike(done: Repaired, phrase: re.Pattern[str], most_words: int) -> int:
    """Take a phrase out of short lines, and the line with it if nothing else is in it; returns how many."""
    lines = done.text.split("\n")
    shorts = [_ANY_PHRASE.search(line) is not None and len(line.split()) <= most_words for line in lines]
    is_out = [each and not phrase.sub("", line).strip() for line, each in zip(lines, shorts, strict=True)]
    edits = _without(is_out, lines)
    n_found, start = 0, 0
    for line, is_short, is_gone in zip(lines, shorts, is_out, strict=True):
        spans = [found.span() for found in phrase.finditer(line)] if is_short else []
        n_found += len(spans)
        if not is_gone:
            edits += [Edit(start + begin, start + end, "") for begin, end in spans]
        start += len(line) + 1
    done.apply("phrase", sorted(edits), has_examples=False)
    _strip(done)
    return n_found


def _strip(done: Repaired) -> bool:
    """Take white space off both ends; whether it is all of ASCII, so that the number of words is what it was."""
    text = done.text
    n_before, n_after = len(text) - len(text.lstrip()), len(text.rstrip())
    ends = [Edit(0, n_before, ""), Edit(max(n_before, n_after), len(text), "")]
    done.apply(EDGES, [edit for edit in ends if edit.end > edit.start], has_examples=False)
    return not any(text[end.start : end.end].strip(_ASCII_SPACE) for end in ends)
