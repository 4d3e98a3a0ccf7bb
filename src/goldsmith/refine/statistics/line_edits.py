"""The line edits of C4: which lines of a text stay, and why the others do not."""

import re
from typing import Literal, NamedTuple

import msgspec

Reason = Literal["long-word", "unfinished", "short", "javascript", "policy"]
"""Why a line is left out."""

_CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
_ENDINGS = (".", "?", "!", '"', "'")
_SCRIPT = "javascript"
_PLACEHOLDER = "lorem ipsum"
_POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
_WATCHED = (_SCRIPT, _PLACEHOLDER, *_POLICIES)

_SENTENCE_END = re.compile(
    r"[.!?\u061f\u0964\u2026\u3002\uff01\uff1f](?<!\.\.)(?<!\b[^\W\d_]\.)"  # begins with a set: that is searched fast
    r"(?:(?<=[\u3002\uff01\uff1f])[\u3002\uff01\uff1f\u300d\u300f\u201d]*"
    r"|[!?\u061f\u2026]*[\"'\u201d\u2019\u00bb)\]]*(?=\s|\Z))"
)
"""A mark before white space or the end; not the stop of an initial or of `e.g.`, nor the last of several stops."""


class LineRules(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines stay.

    Attributes:
        min_words: the fewest words, cut at white space.
        max_word_length: the most code points of a word.
        only_finished: whether a line has to end in one of `. ? ! " '`, and not in three stops.
        citations: whether `[1]`, `[edit]` and `[citation needed]` are taken out of lines.
        javascript: whether lines about JavaScript are left out.
        policies: whether lines about terms of use, privacy and cookies are left out.
    """

    min_words: int
    max_word_length: int
    only_finished: bool
    citations: bool
    javascript: bool
    policies: bool


class Edited(NamedTuple):
    """A text after the edits.

    Attributes:
        text: the lines that stayed.
        left_out: how many lines did not stay, by reason.
        n_citations: how many citations were taken out of lines that stayed or were looked at.
        n_sentences: sentences of the lines that stayed.
        n_placeholder_lines: lines with "lorem ipsum", of those that are long enough and finished.
        n_curly_lines: lines with an opening curly bracket, of those that are also not about JavaScript.
    """

    text: str
    left_out: dict[Reason, int]
    n_citations: int
    n_sentences: int
    n_placeholder_lines: int
    n_curly_lines: int


class _Line(NamedTuple):
    text: str
    reason: Reason | None
    n_citations: int = 0
    is_placeholder: bool = False
    is_curly: bool = False


def edit_lines(text: str, rules: LineRules) -> Edited:
    """The lines of a text that stay, without white space at their ends, and what was left out."""
    lowered = text.lower()
    is_watched = any(phrase in lowered for phrase in _WATCHED)
    kept: list[str] = []
    left_out: dict[Reason, int] = {}
    n_citations = n_sentences = n_placeholder_lines = n_curly_lines = 0
    for raw in text.splitlines():
        line, reason, n_cited, is_placeholder, is_curly = _edit_line(raw.strip(), rules, is_watched=is_watched)
        n_citations += n_cited
        n_placeholder_lines += is_placeholder
        n_curly_lines += is_curly
        if reason is None:
            n_sentences += count_sentences(line)
            kept.append(line)
        else:
            left_out[reason] = left_out.get(reason, 0) + 1
    edited = "\n".join(kept).strip()
    return Edited(edited, left_out, n_citations, n_sentences, n_placeholder_lines, n_curly_lines)


def count_sentences(line: str) -> int:
    """How many sentences a line has: one for each mark that ends one, and one for what follows the last."""
    parts = _SENTENCE_END.split(line)
    return len(parts) if parts[-1].strip() else max(1, len(parts) - 1)


def _edit_line(given: str, rules: LineRules, *, is_watched: bool) -> _Line:
    if len(given) > rules.max_word_length and any(len(word) > rules.max_word_length for word in given.split()):
        return _Line(given, "long-word")
    line, n_citations = _CITATION.subn("", given) if rules.citations and "[" in given else (given, 0)
    if rules.only_finished and (not line.endswith(_ENDINGS) or line.endswith("...")):
        return _Line(line, "unfinished", n_citations)
    if len(given.split(None, rules.min_words)) < rules.min_words:  # no more words are cut than have to be counted
        return _Line(line, "short", n_citations)
    lowered = line.lower() if is_watched or n_citations else ""  # without a citation no line has what the text has not
    is_placeholder = _PLACEHOLDER in lowered
    if rules.javascript and _SCRIPT in lowered:
        return _Line(line, "javascript", n_citations, is_placeholder)
    is_curly = "{" in line
    if rules.policies and any(phrase in lowered for phrase in _POLICIES):
        return _Line(line, "policy", n_citations, is_placeholder, is_curly)
    return _Line(line, None, n_citations, is_placeholder, is_curly)
