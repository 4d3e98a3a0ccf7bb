"""Cuts texts into the words that a search finds: the same for every engine, and for scripts without spaces too."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple, cast

MOST_WORDS = 12_000
"""Of one text; what comes later is not found. PostgreSQL counts places in a text up to 16,383."""
_LONGEST = 60
# Scripts that put no spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese), and Korean, whose endings
# hang on the word: here every two neighbouring characters are a word.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECES = re.compile(f"([{_DENSE}]+)|[^\\W_{_DENSE}]+")
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')


def words_of(text: str) -> list[str]:
    """The words of a text in their order: without capitals and accents, letters and digits only."""
    return list(islice(_words(_folded(text)), MOST_WORDS))


class Phrase(NamedTuple):
    """Words that follow one another; the last one may go on where `is_open` says so."""

    words: list[str]
    is_open: bool


def phrases_of(query: str) -> list[Phrase]:
    """What a search asks for: phrases that must all occur.

    What stands in quotes is one phrase, and so is a word with signs in it. A `*` lets the last word go on: `deliv*`
    finds delivery. A single character of a script without spaces is found wherever it stands.
    """
    found: list[Phrase] = []
    for quoted, plain in _QUOTED.findall(query):
        words = list(_words(_folded(quoted or plain), asks=True))
        if words:
            found.append(Phrase(words, plain.endswith("*") or re.fullmatch(f"[{_DENSE}]", words[-1]) is not None))
    return found


def texts_in(value: object) -> str:
    """All texts inside a JSON value, one after the other; the hashes of blobs are none."""
    return "\n".join(_texts(value))


def _texts(value: object) -> Iterable[str]:
    match value:
        case str():
            yield value
        case list():
            for part in cast("list[object]", value):
                yield from _texts(part)
        case dict():
            for name, part in cast("Mapping[str, object]", value).items():
                if name != "blob":
                    yield from _texts(part)
        case _:
            return


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(one for one in apart if unicodedata.category(one) != "Mn"))


def _words(text: str, *, asks: bool = False) -> Iterable[str]:
    for piece in _PIECES.finditer(text):
        run = piece[0]
        if piece[1] is None:
            yield run[:_LONGEST]
            continue
        for i in range(len(run) - 1):
            yield run[i : i + 2]
        if len(run) == 1 or not asks:  # the last character alone, so that a search for it finds it at an end as well
            yield run[-1]
