"""Mends East Asian text whose bytes were paired wrongly: UTF-8 read as pairs, and pairs after a lost byte."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from goldsmith.refine.repairing.edits import Edit, narrowed
from goldsmith.refine.repairing.frequencies import has_rare_passage, weigh, weight_of_other, weights

CODECS = ("gbk", "cp949", "cp950")
"""Charsets with pairs only, where a lost byte shifts what follows; Shift-JIS finds its way back very soon."""

READERS = ("gb18030", "cp932", "cp949", "cp950")
"""Charsets that UTF-8 is read as by mistake."""

MIN_SHIFTED = 3
"""Characters that have to be shifted before they are looked at."""

MIN_GAIN = 12
"""How much more likely they have to be after the shift, as a logarithm: three usual ones for three rare ones."""

MIN_MEAN = 0.75
"""What the mended characters have to weigh on average."""

MAX_LOST_SHARE = 0.35
"""Characters of a passage that may stay lost; beyond that it is left as it is."""

_RUN = re.compile(f"[^\x00-\x7f\ufffd]{{{MIN_SHIFTED},}}[@-~]?")
_TRAILING = "".join(map(chr, range(0x40, 0x7F)))
_LOST = re.compile("\ufffd{2,}")
_LOST_AS_GBK = re.compile("(?:锟斤拷)+")
_QUOTES = "\"'`“”‘’「」『』《》(（"


class _Shift(NamedTuple):
    gain: int
    first: int
    last: int


def repaired_pairs(text: str) -> list[Edit]:
    """The passages of `text` that are usual East Asian text once their bytes are paired anew.

    When a line of a text turns out to be UTF-8 that a charset of pairs read, its shorter lines follow.
    """
    if not has_rare_passage(text):
        return []
    lines: list[tuple[int, str]] = []
    start = 0
    for line in text.split("\n"):
        if not line.isascii():
            lines.append((start, line))
        start += len(line) + 1
    rare = [(start, line) for start, line in lines if has_rare_passage(line)]
    codec = _reader(line for _, line in rare)
    if codec:
        return [edit for start, line in lines for edit in _utf8(line, start, codec)]
    return [edit for start, line in rare for edit in _shifts(line, start)]


def lost_runs(text: str) -> list[Edit]:
    """Runs of lost characters, each of which becomes one `U+FFFD`, also where GBK read them as three hanzi."""
    edits = [Edit(found.start(), found.end(), "\ufffd") for found in _LOST.finditer(text)]
    as_gbk = list(_LOST_AS_GBK.finditer(text)) if "锟斤拷" in text else []
    is_quoted = any(
        text[max(0, found.start() - 1) : found.start()] in _QUOTES and found.start() > 0 for found in as_gbk
    )
    if sum(found.end() - found.start() for found in as_gbk) > 3 and not is_quoted:
        edits += [Edit(found.start(), found.end(), "\ufffd") for found in as_gbk]
    return sorted(edits)


def _reader(lines: Iterable[str]) -> str:
    """The charset that most of the lines, which are UTF-8, were read as; empty when they are no such lines."""
    gains = dict.fromkeys(READERS, 0)
    for line in lines:
        for codec in READERS:
            new = _as_utf8(line, codec)
            gain = _weight_of_rest(new) - weigh(line, "utf-8") if new else 0
            gains[codec] += gain if gain >= MIN_GAIN else 0
    best = max(READERS, key=gains.__getitem__)
    return best if gains[best] else ""


def _utf8(line: str, start: int, codec: str) -> list[Edit]:
    new = _as_utf8(line, codec)
    if not new or new == line or _weight_of_rest(new) <= weigh(line, "utf-8"):
        return []
    return [narrowed(Edit(start, start + len(line), new), line)]


def _as_utf8(line: str, codec: str) -> str:
    """The line as UTF-8 that was read as `codec`; empty when it cannot have been that."""
    content = _encoded(line, codec)
    if content is None:
        return ""
    new = _LOST.sub("\ufffd", content.decode("utf-8", "replace"))
    outside = [character for character in new if character > "\x7f"]
    n_lost = outside.count("\ufffd")
    is_usual = _weight_of_rest(new) >= MIN_MEAN * (len(outside) - n_lost)
    return new if is_usual and n_lost <= MAX_LOST_SHARE * len(outside) else ""


def _weight_of_rest(text: str) -> int:
    """What the characters of a text weigh that are not lost."""
    return weigh(text.replace("\ufffd", ""), "utf-8")


def _encoded(passage: str, codec: str) -> bytes | None:
    """The bytes that were read as `passage`; what was lost becomes a byte that UTF-8 never has."""
    try:
        return b"\xff".join(part.encode(codec) for part in passage.split("\ufffd"))
    except UnicodeEncodeError:
        return None


def _shifts(line: str, start: int) -> list[Edit]:
    edits: list[Edit] = []
    for run in _RUN.finditer(line):
        best, best_codec = _Shift(MIN_GAIN - 1, 0, 0), ""
        for codec in CODECS:
            content = _encoded(run.group(), codec)
            if content is None:
                continue
            found = _best_shift(run.group(), content, codec)
            if found.gain > best.gain:
                best, best_codec = found, codec
        if best_codec:
            first, last = run.start() + best.first, run.start() + best.last
            edits.append(Edit(start + first, start + last, _shifted(line, first, last, best_codec)))
    return edits


def _best_shift(run: str, content: bytes, codec: str) -> _Shift:
    """The passage of `run` that gains most when its bytes are paired one byte later (Kadane's algorithm)."""
    letters = run.rstrip(_TRAILING)  # a letter of ASCII may be the second byte of what would be the last character
    if len(content) != len(run) + len(letters):
        return _Shift(0, 0, 0)
    best, gain, first, mean = _Shift(0, 0, 0), 0, 0, 0
    usual = weights("utf-8")  # of all languages: what is sound stays, whatever else its bytes could be
    for place, character in enumerate(letters):
        pair = content[2 * place + 1 : 2 * place + 3]
        now = _weight_of_pair(pair, codec)
        was = usual.get(character, 0) or weight_of_other(character)
        if gain <= 0:
            gain, first, mean = 0, place, 0
        gain += now - was
        mean += now
        if gain > best.gain and place + 1 - first >= MIN_SHIFTED and mean >= MIN_MEAN * (place - first):
            best = _Shift(gain, first, place + 1 if place + 1 < len(letters) else len(run))
    return best


@cache
def _weight_of_pair(pair: bytes, codec: str) -> int:
    if len(pair) < 2:
        return 0
    return weigh(pair.decode(codec, "replace"), codec)


def _shifted(line: str, first: int, last: int, codec: str) -> str:
    """The passage with the rest of the broken character as `U+FFFD`, and what follows it paired anew."""
    content = line[first:last].encode(codec)
    new = "\ufffd" + content[1:].decode(codec, "replace")
    if line[first - 1 : first] == "\ufffd":
        new = new[1:]
    if line[last : last + 1] == "\ufffd" and new.endswith("\ufffd"):
        new = new[:-1]
    return new
