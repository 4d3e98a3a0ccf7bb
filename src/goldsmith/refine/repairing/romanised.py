"""Takes out romanisation that was injected into Chinese text: `公司(gōngsī)`, `團(tuán)隊`."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from unicodedata import normalize

from goldsmith.refine.repairing.edits import Edit

MIN_GROUPS = 3
"""Groups without which nothing is taken out: a few readings in a text explain names and rare characters."""

MIN_DENSITY = 0.01
"""Groups for each Chinese character without which nothing is taken out."""

MIN_INSIDE = 0.4
"""Share of the groups with their sentence behind them: lists of words have a translation or a line's end there."""

MAX_TOPICS = 0.6
"""Share of the groups whose characters begin a sentence: lessons go from word to word, noise falls anywhere."""

MIN_USUAL = 0.6
"""Share of the groups behind a usual character: a reading explains a rare one."""

GROUPS_PER_LESSON_WORD = 25
"""A text that speaks of pronunciation has to have this many groups for each time it does so."""

_MARKED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿĀÁǍÀĒÉĚÈŌÓǑÒ"
_GROUP = re.compile(
    f"(?P<hanzi>[\u3400-\u9fff]{{1,12}}) ?[(（] ?(?P<letters>[A-Za-z{_MARKED}\u0300\u0301\u0304\u0308\u030c]"
    f"[A-Za-z{_MARKED}\u0300\u0301\u0304\u0308\u030c0-5 '’·-]{{0,59}})[)）]"
)
_GATE = re.compile(f"[\u3400-\u9fff] ?[(（] ?[A-Za-z{_MARKED}]")
_HANZI = re.compile("[\u3400-\u9fff]")
_INSIDE = re.compile("[\u3400-\u9fff，。；！？]")
_BREAK = re.compile("[\\s。！？；：“‘「『《\"'•*]")
_TONES = re.compile("[\u0300\u0301\u0304\u030c0-5]")
_BETWEEN = re.compile("[ '’·-]+")
_LESSON = re.compile(
    "拼音|注音|声调|聲調|声母|聲母|韵母|韻母|读音|讀音|读作|讀作|念作|发音|發音|多音字|生字|生词|生詞|"
    "汉字|漢字|汉语|漢語|普通话|普通話|"
    "pinyin|Pinyin|romani[sz]ation|pronunciation"
)
_MAX_SYLLABLE = 6
_MORE_SYLLABLES = frozenset({"r", "ê", "dia", "den", "eng", "nun", "tei", "lün", "fiao", "cei"})


class _Found(NamedTuple):
    start: int
    end: int
    n_read: int
    is_toned: bool
    is_name: bool
    is_inside: bool
    is_usual: bool
    is_topic: bool


def injected_romanisation(text: str) -> list[Edit]:
    """The groups of syllables in brackets that repeat, throughout a text, how the Chinese before them is read.

    One group says nothing: names and rare characters are explained like this, and lessons are full of it. A text is
    mended when its groups are many, stand inside of its sentences and behind usual characters, and when it does not
    speak of pronunciation. A group without tones is only taken out if it is a reading of the characters before it.
    """
    if not _GATE.search(text):
        return []
    found = [each for group in _GROUP.finditer(text) if (each := _judged(text, group)) is not None]
    read = [each for each in found if each.n_read and not each.is_name]
    n_groups = len(read)
    if n_groups < max(MIN_GROUPS, MIN_DENSITY * len(_HANZI.findall(text))):
        return []
    if n_groups < GROUPS_PER_LESSON_WORD * len(_LESSON.findall(text)):
        return []
    n_inside, n_usual = sum(each.is_inside for each in read), sum(each.is_usual for each in read)
    n_topics = sum(each.is_topic for each in read)
    if n_inside < MIN_INSIDE * n_groups or n_usual < MIN_USUAL * n_groups or n_topics > MAX_TOPICS * n_groups:
        return []
    return [Edit(each.start, each.end, "") for each in found if each.n_read or each.is_toned]


def _judged(text: str, group: re.Match[str]) -> _Found | None:
    letters, hanzi = group.group("letters"), group.group("hanzi")
    if letters.isupper():
        return None
    spelled = normalize("NFD", letters.lower())
    is_toned = _TONES.search(spelled) is not None
    plain = normalize("NFC", _BETWEEN.sub(" ", _TONES.sub("", spelled)).replace("v", "u\u0308")).strip()
    n_read = _n_read(plain, hanzi)
    if n_read == 0 and not (is_toned and _is_legal(plain, len(hanzi))):
        return None
    place = group.end("hanzi")
    return _Found(
        start=place,
        end=group.end(),
        n_read=n_read,
        is_toned=is_toned,
        is_name=letters[0].isupper(),
        is_inside=_INSIDE.match(text, group.end()) is not None,
        is_usual=hanzi[-1] in readings(),
        is_topic=place == n_read or _BREAK.match(text, place - n_read - 1) is not None,
    )


def _n_read(letters: str, hanzi: str) -> int:
    """How many of the last characters of `hanzi` are read as exactly `letters`; 0 if they are not."""
    known = readings()
    ends = {len(letters): 0}  # where the letters of the characters so far begin, and how many these are
    for character in reversed(hanzi):
        before: dict[int, int] = {}
        for end, n_characters in ends.items():
            stop = end - (end > 0 and letters[end - 1] == " ")
            for size in range(1, min(_MAX_SYLLABLE, stop) + 1):
                syllable = letters[stop - size : stop]
                if syllable in known.get(character, syllables()):
                    before[stop - size] = n_characters + 1
        if 0 in before:
            return before[0]
        ends = before
    return 0


def _is_legal(letters: str, n_hanzi: int) -> bool:
    """Whether `letters` are no more than `n_hanzi` syllables of Mandarin."""
    legal = syllables()
    starts = {0: 0}
    for place in range(len(letters)):
        if place not in starts:
            continue
        if letters[place] == " ":
            starts[place + 1] = min(starts.get(place + 1, n_hanzi), starts[place])
            continue
        for size in range(1, _MAX_SYLLABLE + 1):
            if letters[place : place + size] in legal and place + size <= len(letters):
                n_syllables = starts[place] + 1
                starts[place + size] = min(starts.get(place + size, n_syllables), n_syllables)
    return starts.get(len(letters), n_hanzi + 1) <= n_hanzi


@cache
def readings() -> Mapping[str, frozenset[str]]:
    """How each known character is read in Mandarin, without tones; `ü` also as `u`."""
    found: dict[str, set[str]] = {"儿": {"r"}, "兒": {"r"}}
    for syllable, characters in _table():
        for character in characters:
            found.setdefault(character, set()).update((syllable, syllable.replace("ü", "u")))
    return {character: frozenset(known) for character, known in found.items()}


@cache
def syllables() -> frozenset[str]:
    """All syllables of Mandarin, without tones; `ü` also as `u`."""
    legal = {syllable for syllable, _ in _table()} | _MORE_SYLLABLES
    return frozenset(legal | {syllable.replace("ü", "u") for syllable in legal})


@cache
def _table() -> tuple[tuple[str, str], ...]:
    lines = files("goldsmith.refine.repairing").joinpath("readings.txt").read_text("utf-8").splitlines()
    rows = (line.split(" ", 1) for line in lines if not line.startswith("#"))
    return tuple((syllable, characters) for syllable, characters in rows)
