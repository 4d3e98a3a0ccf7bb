"""Texts as words to compare and back: words by white space, and single characters where words have no spaces."""

import re
from typing import NamedTuple

# Characters of scripts that put no spaces between words: Thai to Lao, Burmese, Khmer, kana, Han and their extensions.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_NO_PART = re.compile(r"[\W_]+")


class Word(NamedTuple):
    """A word as it was written, and what of it counts when words are compared: lower case without punctuation."""

    written: str
    key: str


def words_of(text: str) -> tuple[Word, ...]:
    """The words of `text`; what has no letter or digit goes with the word before, or the one after at the start.

    Example:
        >>> [word.key for word in words_of("Air-tight , vessels!")]
        ['airtight', 'vessels']
        >>> [word.written for word in words_of("東京 2020")]
        ['東', '京', '2020']
    """
    found: list[Word] = []
    waiting = ""
    for match in _WORD.finditer(text):
        written = match.group()
        key = _NO_PART.sub("", written.casefold())
        if key:
            found.append(Word(_joined([waiting, written]), key))
            waiting = ""
        elif found:
            found[-1] = found[-1]._replace(written=_joined([found[-1].written, written]))
        else:
            waiting = _joined([waiting, written])
    return tuple(found)


def text_of(written: list[str]) -> str:
    """One text of words as they were written, with spaces only between words of scripts that have them."""
    return _joined(written)


def _joined(parts: list[str]) -> str:
    text = ""
    for part in filter(None, parts):
        has_space = bool(text) and not _IS_UNSPACED.match(text[-1]) and not _IS_UNSPACED.match(part[0])
        text += f" {part}" if has_space else part
    return text
