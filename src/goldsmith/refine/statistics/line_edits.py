"""The line edits of C4: which lines of a text stay, and why the others do not."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np

from goldsmith.kit.arrow import Utf8, as_utf8
from goldsmith.refine.statistics.kept_lines import (
    CITATIONS,
    CURLY,
    JAVASCRIPT,
    KEPT,
    LONG_WORD,
    PLACEHOLDER,
    PLACEHOLDER_TEXT,
    POLICIES,
    POLICY,
    SCRIPT,
    SHORT,
    UNFINISHED,
    LineLimits,
    keep_lines,
)
from goldsmith.refine.statistics.line_rules import REASONS, LineRules, Reason
from goldsmith.refine.statistics.sentences import count_sentences

_CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
_ENDINGS = (".", "?", "!", '"', "'")
_ROWS: dict[Reason, int] = {
    "long-word": LONG_WORD,
    "unfinished": UNFINISHED,
    "short": SHORT,
    "javascript": JAVASCRIPT,
    "policy": POLICY,
}


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
    n_sentences: int
    left_out: dict[Reason, int]
    n_citations: int
    n_placeholder_lines: int
    n_curly_lines: int


class _Line(NamedTuple):
    text: str
    reason: Reason | None
    n_citations: int = 0
    is_placeholder: bool = False
    is_curly: bool = False


def edit_lines(texts: Utf8, rules: LineRules) -> Edits:
    """The lines of each text that stay, without white space at their ends, and what was left out.

    Compiled code does it, except for texts with a Kelvin sign, or with a bracket before what is not ASCII.
    """
    kept = keep_lines(texts, LineLimits(**msgspec.structs.asdict(rules)))
    counts: list[list[int]] = kept.counts.T.tolist()
    n_sentences = count_sentences(kept.texts).tolist()
    done = [_named(text, count, n) for text, count, n in zip(_decoded(kept.texts), counts, n_sentences, strict=True)]
    for row in np.flatnonzero(kept.is_unsure).tolist():
        done[row] = edited_by_phrases(_decoded(Utf8(texts.content, texts.offsets[row : row + 2]))[0], rules)
    return Edits(
        texts=[each.text.strip() for each in done],
        left_out={reason: [each.left_out.get(reason, 0) for each in done] for reason in REASONS},
        n_citations=[each.n_citations for each in done],
        n_sentences=[each.n_sentences for each in done],
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
    text = "\n".join(kept)
    n_sentences = int(count_sentences(as_utf8([text]))[0]) if kept else 0
    return _Edited(text, n_sentences, left_out, n_citations, n_placeholder_lines, n_curly_lines)


def _named(text: str, count: Sequence[int], n_sentences: int) -> _Edited:
    return _Edited(
        text=text,
        n_sentences=n_sentences if count[KEPT] else 0,
        left_out={reason: count[row] for reason, row in _ROWS.items()},
        n_citations=count[CITATIONS],
        n_placeholder_lines=count[PLACEHOLDER],
        n_curly_lines=count[CURLY],
    )


def _decoded(texts: Utf8) -> list[str]:
    content = texts.content.tobytes()
    return [content[start:stop].decode() for start, stop in pairwise(texts.offsets.tolist())]


def _edit_line(given: str, rules: LineRules) -> _Line:
    if len(given) > rules.max_word_length and any(len(word) > rules.max_word_length for word in given.split()):
        return _Line(given, "long-word")
    line, n_citations = _CITATION.subn("", given) if rules.citations and "[" in given else (given, 0)
    if rules.only_finished and (not line.endswith(_ENDINGS) or line.endswith("...")):
        return _Line(line, "unfinished", n_citations)
    if len(given.split(None, rules.min_words)) < rules.min_words:  # no more words are cut than have to be counted
        return _Line(line, "short", n_citations)
    lowered = line.lower()
    is_placeholder = PLACEHOLDER_TEXT in lowered
    if rules.javascript and SCRIPT in lowered:
        return _Line(line, "javascript", n_citations, is_placeholder)
    is_curly = "{" in line
    if rules.policies and any(phrase in lowered for phrase in POLICIES):
        return _Line(line, "policy", n_citations, is_placeholder, is_curly)
    return _Line(line, None, n_citations, is_placeholder, is_curly)
