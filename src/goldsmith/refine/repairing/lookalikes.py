"""Mends words whose letters come from two alphabets or in two widths, and punctuation that was doubled."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

import re
from collections.abc import Mapping
from unicodedata import normalize

from goldsmith.refine.repairing.edits import Edit, mapped

MIN_WORD = 3
"""Letters of a word that is looked at: shorter ones are units and variables."""

_CYRILLIC = dict(zip("АВЕКМНОРСТХІЈЅаеорсухіјѕһԁԛԝ", "ABEKMHOPCTXIJSaeopcyxijshdqw", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϳ", "ABEZHIKMNOPTYXoj", strict=True))
_TO_LATIN: Mapping[int, str] = {ord(other): latin for other, latin in (_CYRILLIC | _GREEK).items()}
_TO_CYRILLIC: Mapping[int, str] = {ord(latin): other for other, latin in _CYRILLIC.items() if latin not in "dhqw"}
_TO_GREEK: Mapping[int, str] = {ord(latin): other for other, latin in _GREEK.items() if latin != "j"}

_LATIN_LETTER = re.compile("[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\u024f]")
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_GREEK_LETTER = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_ALPHABETS = "A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0370-\u052f\u1f00-\u1fff"
_BORDER = re.compile("[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_WORD = re.compile(f"(?<![\\d_{_ALPHABETS}])[{_ALPHABETS}]{{{MIN_WORD},}}(?![\\d_])")

_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_NARROW = re.compile("[0-9A-Za-z]")
_TWO_WIDTHS = re.compile("[0-9A-Za-z\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]{2,}")
_WIDE_BORDER = re.compile(
    "[0-9A-Za-z][\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a][0-9A-Za-z]"
)
_TO_NARROW: Mapping[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)}
_NARROW_KANA = re.compile("(?<=[\u30a1-\u30fa\u30fc])[\uff66-\uff9f]+|[\uff66-\uff9f]+(?=[\u30a1-\u30fa\u30fc])")

_DOUBLED = re.compile(
    "([，、；：])\\1+|(?<!。)。。(?!。)|(?<=[^\\W\\d_]),{2,}(?= [^\\W\\d_])|(?<=[^\\W\\d_])([!?！？])\\2{3,}(?!\\S)"
)
_RUN = re.compile("([，、；：。,!?！？])\\1+")
"""The run of marks that each of these is; it is found faster, for it begins with one of few signs."""

_MAX_MARKS = 3


def mixed_alphabets(text: str) -> list[Edit]:
    """Letters that look like those of the word they stand in, but come from another alphabet.

    A word is mended when it has letters that only one alphabet has, at least two of that alphabet, and every other
    letter of it has a double there.
    """
    if not _BORDER.search(text):
        return []
    edits: list[Edit] = []
    for word in _WORD.finditer(text):
        if _BORDER.search(word.group()):
            edits += mapped(word.group(), _direction(word.group()), word.start())
    return edits


def _direction(word: str) -> Mapping[int, str]:
    others = _CYRILLIC_LETTER.findall(word) + _GREEK_LETTER.findall(word)
    latin = _LATIN_LETTER.findall(word)
    is_cyrillic, is_greek = _CYRILLIC_LETTER.search(word), _GREEK_LETTER.search(word)
    back = _TO_GREEK if is_greek else _TO_CYRILLIC
    if _fits(latin, others, _TO_LATIN) and not _fits(others, latin, back):
        return _TO_LATIN
    if _fits(others, latin, back) and not (is_cyrillic and is_greek):
        return back
    return {}


def _fits(own: list[str], foreign: list[str], doubles: Mapping[int, str]) -> bool:
    """Whether a word of these own letters is sure enough, and all its foreign ones have doubles."""
    elsewhere = set(_TO_CYRILLIC) | set(_TO_GREEK) if doubles is _TO_LATIN else set(_TO_LATIN)
    is_sure = len(own) >= 2 and any(ord(letter) not in elsewhere for letter in own)
    return is_sure and all(ord(letter) in doubles for letter in foreign)


def mixed_widths(text: str) -> list[Edit]:
    """Wide letters and digits in words that also have plain ones, and narrow kana among wide ones."""
    edits: list[Edit] = []
    if _WIDE_BORDER.search(text):
        for word in _TWO_WIDTHS.finditer(text):
            if _WIDE.search(word.group()) and _NARROW.search(word.group()):
                edits += mapped(word.group(), _TO_NARROW, word.start())
    kana = _NARROW_KANA.finditer(text)
    edits += [Edit(run.start(), run.end(), normalize("NFKC", run.group())) for run in kana]
    return sorted(edits)


def doubled_marks(text: str) -> list[Edit]:
    """Commas, colons and full stops that stand twice, and more than three exclamation or question marks in a row."""
    found = (_DOUBLED.match(text, run.start()) for run in _RUN.finditer(text))
    return [
        Edit(marks.start(), marks.end(), marks.group()[0] * (_MAX_MARKS if marks.group(2) else 1))
        for marks in found
        if marks is not None
    ]
