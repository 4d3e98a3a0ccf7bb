"""The line edits of C4: which lines of a text stay, and why the others do not."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from goldsmith.kit.arrow import Utf8
from goldsmith.refine.statistics.line_rules import REASONS, LineRules, Reason
from goldsmith.refine.statistics.sentences import (
    CURLY,
    KEPT,
    LONG_WORD,
    SHORT,
    UNFINISHED,
    LineLimits,
    count_sentences,
    keep_lines,
)

_CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
_ENDINGS = (".", "?", "!", '"', "'")
_SCRIPT = "javascript"
_PLACEHOLDER = "lorem ipsum"
_POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
_WATCHED = (_SCRIPT, _PLACEHOLDER, *_POLICIES)


class Edits(NamedTuple):
    """Texts after the edits; one value a text.

    Attributes:
        texts: the lines that stayed.
        left_out: how many lines did not stay, by reason.
        n_citations: how many citations were taken out.
        n_sentences: sentences of the lines that stayed.
        n_placeholder_lines: lines with "lorem ipsum", of those that are long enough and finished.
        n_curly_lines: lines with an opening curly bracket, of those that are also not about JavaScript.
    """

    texts: list[str]
    left_out: dict[Reason, list[int]]
    n_citations: list[int]
    n_sentences: list[int]
    n_placeholder_lines: list[int]
    n_curly_lines: list[int]


class _Edited(NamedTuple):
    """One text after the edits, with newlines between its lines."""

    text: str
    n_kept: int
    left_out: dict[Reason, int]
    n_citations: int
    n_placeholder_lines: int
    n_curly_lines: int


class _Piece(NamedTuple):
    """Whole lines of a text, and whether there are citations or watched phrases in every one of them."""

    text: str
    has_phrases: bool


class _Line(NamedTuple):
    text: str
    reason: Reason | None
    n_citations: int = 0
    is_placeholder: bool = False
    is_curly: bool = False


def edit_lines(texts: Utf8, rules: LineRules) -> Edits:
    """The lines of each text that stay, without white space at their ends, and what was left out.

    Compiled code does it, except for lines with citations or watched phrases, which are rare.
    """
    limits = LineLimits(rules.min_words, rules.max_word_length, rules.only_finished)
    pieces = [_pieces(text, rules) for text in _decoded(texts)]
    plain = keep_lines(_encoded([piece.text for each in pieces for piece in each if not piece.has_phrases]), limits)
    counts: list[list[int]] = plain.counts.T.tolist()
    kept = iter(zip(_decoded(plain.texts), counts, strict=True))
    done = [
        _merged([edited_by_phrases(each.text, rules) if each.has_phrases else _named(*next(kept)) for each in document])
        for document in pieces
    ]
    n_sentences = count_sentences(_encoded([each.text for each in done])).tolist()
    return Edits(
        texts=[each.text.strip() for each in done],
        left_out={reason: [each.left_out.get(reason, 0) for each in done] for reason in REASONS},
        n_citations=[each.n_citations for each in done],
        n_sentences=[n if each.n_kept else 0 for n, each in zip(n_sentences, done, strict=True)],
        n_placeholder_lines=[each.n_placeholder_lines for each in done],
        n_curly_lines=[each.n_curly_lines for each in done],
    )


def edited_by_phrases(text: str, rules: LineRules) -> _Edited:
    """One text after the edits, whatever is in it."""
    kept: list[str] = []
    left_out: dict[Reason, int] = {}
    n_citations = n_placeholder_lines = n_curly_lines = 0
    for given in text.splitlines():
        line, reason, n_cited, is_placeholder, is_curly = _edit_line(given.strip(), rules)
        n_citations += n_cited
        n_placeholder_lines += is_placeholder
        n_curly_lines += is_curly
        if reason is None:
            kept.append(line)
        else:
            left_out[reason] = left_out.get(reason, 0) + 1
    return _Edited("\n".join(kept), len(kept), left_out, n_citations, n_placeholder_lines, n_curly_lines)


def _named(text: str, count: Sequence[int]) -> _Edited:
    left_out: dict[Reason, int] = {
        "long-word": count[LONG_WORD],
        "unfinished": count[UNFINISHED],
        "short": count[SHORT],
    }
    return _Edited(text, count[KEPT], left_out, 0, 0, count[CURLY])


def _merged(parts: Sequence[_Edited]) -> _Edited:
    if len(parts) == 1:
        return parts[0]
    left_out: dict[Reason, int] = {reason: sum(part.left_out.get(reason, 0) for part in parts) for reason in REASONS}
    return _Edited(
        "\n".join(part.text for part in parts if part.n_kept),
        sum(part.n_kept for part in parts),
        left_out,
        sum(part.n_citations for part in parts),
        sum(part.n_placeholder_lines for part in parts),
        sum(part.n_curly_lines for part in parts),
    )


def _pieces(text: str, rules: LineRules) -> list[_Piece]:
    """The text in pieces of whole lines, so that lines with phrases are apart from those without."""
    pieces: list[_Piece] = []
    begin = 0
    for place in _phrase_places(text, rules):
        if place >= begin:
            start = text.rfind("\n", begin, place) + 1 or begin
            stop = text.find("\n", place) + 1 or len(text)
            if start > begin:
                pieces.append(_Piece(text[begin:start], has_phrases=False))
            pieces.append(_Piece(text[start:stop], has_phrases=True))
            begin = stop
    if begin < len(text) or not pieces:
        pieces.append(_Piece(text[begin:], has_phrases=False))
    return pieces


def _phrase_places(text: str, rules: LineRules) -> list[int]:
    """Where citations and watched phrases begin, in order."""
    places = [found.start() for found in _CITATION.finditer(text)] if rules.citations and "[" in text else []
    lowered = text.lower()
    for phrase in _WATCHED:
        place = lowered.find(phrase)
        if place >= 0 and len(lowered) != len(text):  # some capital has two small letters: places do not agree
            return list(range(len(text)))
        while place >= 0:
            places.append(place)
            place = lowered.find(phrase, place + 1)
    return sorted(places)


def _decoded(texts: Utf8) -> list[str]:
    content = texts.content.tobytes()
    return [content[start:stop].decode() for start, stop in pairwise(texts.offsets.tolist())]


def _encoded(texts: Sequence[str]) -> Utf8:
    raw = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, raw)], dtype=np.int64)
    return Utf8(np.frombuffer(b"".join(raw), np.uint8), offsets)


def _edit_line(given: str, rules: LineRules) -> _Line:
    if len(given) > rules.max_word_length and any(len(word) > rules.max_word_length for word in given.split()):
        return _Line(given, "long-word")
    line, n_citations = _CITATION.subn("", given) if rules.citations and "[" in given else (given, 0)
    if rules.only_finished and (not line.endswith(_ENDINGS) or line.endswith("...")):
        return _Line(line, "unfinished", n_citations)
    if len(given.split(None, rules.min_words)) < rules.min_words:  # no more words are cut than have to be counted
        return _Line(line, "short", n_citations)
    lowered = line.lower()
    is_placeholder = _PLACEHOLDER in lowered
    if rules.javascript and _SCRIPT in lowered:
        return _Line(line, "javascript", n_citations, is_placeholder)
    is_curly = "{" in line
    if rules.policies and any(phrase in lowered for phrase in _POLICIES):
        return _Line(line, "policy", n_citations, is_placeholder, is_curly)
    return _Line(line, None, n_citations, is_placeholder, is_curly)
