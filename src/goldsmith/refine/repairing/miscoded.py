"""Mends texts that were decoded with the wrong charset: Latin ones by ftfy, others by their usual characters."""

# The characters that are told apart here look like others.
# ruff: noqa: RUF001

import re
from collections.abc import Collection
from typing import NamedTuple

from ftfy import fix_encoding
from ftfy.badness import is_bad

from goldsmith.refine.repairing.edits import Edit, narrowed
from goldsmith.refine.repairing.frequencies import LOST, weigh, weight_of_other
from goldsmith.refine.repairing.signs import PAIRED, UNLIKELY, is_unlikely

MIN_WEIGHT = 12
"""What the characters of a text have to weigh together before they are believed: four usual ones or more."""

MIN_ASIAN = 5
"""Different East Asian characters that a text must have: two or three can be an example of the fault itself."""

MIN_LINES = 4
"""Mended lines that will do instead, in a text of another language with East Asian quotes and a few words."""

MIN_MEAN = 0.75
"""What they have to weigh on average: a decoding at random gives -1, texts of all kinds give 1.5 to 3."""

MIN_EXPLAINED = 0.6
"""Share of the bytes outside ASCII that have to be in lines that are usual; the short lines have the rest."""

MIN_PAIRED = 8
"""Accents in pairs without which a text without long runs of them is not looked at."""

MIN_PAIRED_SHARE = 0.7
"""Accents that have to stand in pairs, of all accents: in Portuguese, with its `ção`, it is less than half."""

MAX_LAYERS = 4
"""How often a text can have been decoded wrongly."""

_WESTERN = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What Windows-1252 has in the place of control characters."""

_AS_LATIN = {ord(character): character.encode("cp1252")[0] for character in _WESTERN}
_HIGH = f"\x80-\xff{_WESTERN}"

_SUSPECT = re.compile("[^\x00-\x7f]{2}|[\x80-\x9f]")
"""What a wrongly decoded character leaves: two in its place. Texts without any are not looked at."""

_LOST_SPACE = re.compile("[\xc2\xc3] ")
"""The same, when the second one was a space without break that became a plain one."""

_PAIRS = re.compile(f"[{_HIGH}]{{4}}|[\x80-\x9f][@-~\x80-\xff]")
"""What East Asian characters of two bytes leave: long runs of accents, or control characters that begin a pair."""

_HIGH_CHARACTER = re.compile(f"[{_HIGH}]")
_ALONE = re.compile(f"(?<![{_HIGH}])[\xc0-\xff](?![{_HIGH}])")
_HIGH_RUN = re.compile(f"[{_HIGH}]{{2,}}")
_SPACES = re.compile(rb"[\xc2\xc3] |[\xe0-\xef](?: [\x80-\xbf]|[\x80-\xbf] )")
"""Characters of UTF-8 whose space without break became a plain one."""

_HIGH_BYTES = bytes(range(0x80, 0x100))
_LEGACY = ("gbk", "big5", "cp932", "cp949", "euc_jp")
WIDER = {"gbk": "gb18030", "big5": "cp950"}
"""Charsets that have more characters, but other signs in a few places."""

_ASIAN = re.compile("[\u2e80-\uffef]")


class _Line(NamedTuple):
    start: int
    text: str


def miscoded(text: str, signs: int) -> list[Edit]:
    """What has to change in `text` for its lines to be decoded as they should have been.

    Lines of GBK, Big5, Shift-JIS, EUC-KR and EUC-JP that were read as Latin-1 or Windows-1252 are mended where all of
    them together are usual text in one of these. Lines of UTF-8 that were read as a charset of Latin script are mended
    by ftfy, where the result is sound. When lines are mended, those too short for a judgement of their own follow.

    Args:
        text: any text.
        signs: those of `repairing.signs` that it has.
    """
    if not signs & (PAIRED | UNLIKELY):
        return []
    found = _lines(text)
    mended = _as_east_asian(found) if signs & PAIRED and _is_paired(text) else {}
    if not mended and signs & UNLIKELY:
        mended = {line: new for line in found if (new := _mended(line.text)) != line.text}
        if mended:
            mended |= {line: new for line in found if line not in mended and (new := _strictly(line.text)) is not None}
    return sorted(
        narrowed(Edit(line.start, line.start + len(line.text), new), line.text) for line, new in mended.items()
    )


def as_bytes(text: str) -> bytes | None:
    """The bytes that Latin-1 or Windows-1252, or some of both, read as `text`."""
    try:
        return text.translate(_AS_LATIN).encode("latin-1")
    except UnicodeEncodeError:
        return None


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    start = 0
    for line in text.split("\n"):
        if not line.isascii():
            found.append(_Line(start, line))
        start += len(line) + 1
    return found


def _mended(line: str) -> str:
    is_suspected = _SUSPECT.search(line) or _LOST_SPACE.search(line)
    if is_suspected is None or not is_unlikely(line) or not is_bad(line):
        return line
    mended = _strictly(line) or fix_encoding(line)
    return line if is_bad(mended) else mended  # half a repair, such as of Chinese read as Latin-1, only hides the fault


def _strictly(line: str) -> str | None:
    """The line as UTF-8, in as many layers as there are; None when its bytes are not UTF-8 throughout."""
    mended = None
    for _ in range(MAX_LAYERS):
        content = as_bytes(line)
        if content is None or content.isascii():
            break
        new = _decoded(content, "utf-8")
        if new is None and mended is None:
            new = _decoded(_SPACES.sub(_with_hard_space, content), "utf-8")
        if new is None:
            break
        mended = line = new
    return mended


def _with_hard_space(lead: re.Match[bytes]) -> bytes:
    return lead.group().replace(b" ", b"\xa0")


def _as_east_asian(lines: list[_Line]) -> dict[_Line, str]:
    """The lines in that charset in which all of them together are most usual; none if they are usual in none."""
    east = [line for line in lines if not _is_western(line.text)]
    contents = {line: content for line in east if (content := as_bytes(line.text)) is not None}
    if _is_mostly_utf8(contents.values()):
        return {}
    n_high = {line: _n_high(content) for line, content in contents.items()}
    best: dict[_Line, str] = {}
    best_codec, best_weight = "", MIN_WEIGHT - 1
    for codec in _LEGACY:
        usual: dict[_Line, str] = {}
        total = n_characters = 0
        for line, content in contents.items():
            new = _decoded(content, codec) or content.decode(WIDER.get(codec, codec), "replace")
            weight = weigh(new, codec)
            if weight > 0:
                usual[line] = new
                total += weight
                n_characters += sum(character > "\x7f" for character in new)
        is_most = sum(n_high[line] for line in usual) >= MIN_EXPLAINED * sum(n_high.values())
        if total > best_weight and total >= MIN_MEAN * n_characters and is_most:
            best, best_codec, best_weight = usual, codec, total
    if not _is_enough(best.values()):
        return {}
    rest = {line: content for line, content in contents.items() if line not in best}
    return best | {line: new for line, content in rest.items() if (new := _readable(content, best_codec)) is not None}


def _is_paired(text: str) -> bool:
    """Whether the accents of a text stand in pairs, where those of western languages stand alone."""
    if _PAIRS.search(text):
        return True
    n_paired = sum(map(len, _HIGH_RUN.findall(text)))
    return n_paired >= MIN_PAIRED and n_paired >= MIN_PAIRED_SHARE * len(_HIGH_CHARACTER.findall(text))


def _is_western(line: str) -> bool:
    """Whether most accents are letters that stand alone, as in `für`; Big5 would read those as hanzi, too."""
    return 2 * len(_ALONE.findall(line)) > len(_HIGH_CHARACTER.findall(line))


def _is_enough(texts: Collection[str]) -> bool:
    """Whether there is too much East Asian text for an example of the fault itself."""
    found = {character for text in texts for character in _ASIAN.findall(text)}
    return len(found) >= MIN_ASIAN or (len(found) > 0 and len(texts) >= MIN_LINES)


def _is_mostly_utf8(contents: Collection[bytes]) -> bool:
    """Whether most bytes outside ASCII are in lines of UTF-8: Korean would also be a usual reading of `Ã¤` and `Ã¼`."""
    n_high = [_n_high(content) for content in contents]
    is_utf8 = [_decoded(content, "utf-8") is not None for content in contents]
    return 2 * sum(n for n, is_so in zip(n_high, is_utf8, strict=True) if is_so) > sum(n_high)


def _n_high(content: bytes) -> int:
    return len(content) - len(content.translate(None, _HIGH_BYTES))


def _readable(content: bytes, codec: str) -> str | None:
    """The text of a line too short to be judged, if all of it can be read."""
    new = _decoded(content, codec) or _decoded(content, WIDER.get(codec, codec))
    if new is None:
        return None
    return new if all(character <= "\x7f" or weight_of_other(character) > LOST for character in new) else None


def _decoded(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None
