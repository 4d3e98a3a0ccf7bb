"""Finds the charset of bytes and decodes them, or says why they are no text."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from unicodedata import category

from resiliparse.parse.encoding import detect_encoding  # pyright: ignore[reportMissingModuleSource]

MAX_SAMPLE = 1 << 17
"""Bytes that detection looks at."""

MAX_WIDE_SAMPLE = 4096
"""Characters that are looked at to tell UTF-16 from binary content."""

MAX_ODD_SHARE = 0.02
"""Control characters and unassigned places in a text; more than this share of them, and it is no text."""

MIN_ACCENT_SHARE = 0.01
"""Bytes outside ASCII in a text of a language with accents. Below this share they are names in an English text, which
statistics cannot tell apart; most such texts are Windows-1252."""

MIN_ACCENTS = 24
"""Bytes outside ASCII without which a rare charset of Latin script is not believed."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
_STRANGE = {"Cc", "Cn", "Co", "Cs"}
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-8": "cp1255",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_2",
}
"""Charsets that are decoded as the superset which writers meant when they named the smaller one (Python's names)."""

_COMMON_LATIN = {"cp1250", "cp1252", "cp1254", "cp1257", "iso8859-2", "iso8859-9", "iso8859-15"}
_RARE_LATIN = {"cp437", "cp775", "cp850", "cp852", "cp865", "cp874", "cp1258", "mac-latin2", "mac-roman", "iso8859-13"}
_ONLY_DECLARED = {"mac-iceland", *(f"iso8859-{part}" for part in (3, 4, 10, 14, 16))}
"""Charsets so rare that statistics that answer with one are wrong nearly always."""

_OTHER_SCRIPTS = {
    *("koi8-r", "koi8-u", "cp866", "mac-cyrillic", "cp1251", "cp1253", "cp1255", "cp1256"),
    *(f"iso8859-{part}" for part in (5, 6, 7, 8, 11)),
    *("cp932", "cp949", "cp950", "big5hkscs", "gb18030", "euc_jp", "iso2022_jp_2", "hz", "johab"),
}
_UNICODE = {"utf-8", "utf-16", "utf-16-le", "utf-16-be"}
_ALLOWED = {*_COMMON_LATIN, *_RARE_LATIN, *_ONLY_DECLARED, *_OTHER_SCRIPTS, *_UNICODE}
"""What may be declared or detected: Python also knows codecs, such as `unicode_escape`, that no page should choose."""

_UNSURE = {"cp1252", "iso8859-2", "iso8859-7", *_RARE_LATIN, *_ONLY_DECLARED}
"""What statistics also answer for the few East Asian characters of a short text."""

_ALIASES = {"x-sjis": "shift_jis", "ks_c_5601-1987": "euc_kr"}
_NAMES = {
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "cp950": "big5",
    "euc_jp": "euc-jp",
    "iso2022_jp_2": "iso-2022-jp",
    **{f"cp{page}": f"windows-{page}" for page in (874, *range(1250, 1259))},
    **{f"iso8859-{part}": f"iso-8859-{part}" for part in range(1, 17)},
}
"""What reports call a charset, where Python has its own name for it."""

_META = re.compile(rb"<meta[^>]{1,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,30})", re.IGNORECASE)
_XML = re.compile(rb"\A\s*<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([A-Za-z0-9_-]{3,30})", re.IGNORECASE)
_ODD = re.compile("[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd\ufdd0-\ufdef\ufffe\uffff\ue000-\uf8ff]")
_ODD_BYTES = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\b\t\n\v\f\r\x1b")
_ODD_LEADS = (b"\xc2", b"\xee", b"\xef")
"""What the UTF-8 of every odd character beyond ASCII begins with; that of others may, too."""

_OUTSIDE_ASCII = re.compile(rb"[\x80-\xff]")
_RUNS = re.compile(rb"[\x80-\xff]{2,}|[\x81-\xfe][\x40-\x7e](?=[\x81-\xfe])")
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")


class Decoded(NamedTuple):
    """A text and the charset that it was in; without a text, the reason why there is none."""

    text: str | None
    charset: str | None
    failure: str | None


def decode(raw: bytes, *, is_html: bool) -> Decoded:
    """The text in `raw`.

    Asked in this order: a byte-order mark, valid UTF-8, UTF-16 and UTF-32 by their NUL bytes, what an HTML page says,
    lines of UTF-8 among lines of Windows-1252, and statistics (resiliparse's detector).
    """
    for found in _candidates(raw, is_html=is_html):
        if found.text is not None and not _is_odd(found.text, raw if found.charset == "utf-8" else None):
            return found
    nul = raw.find(0)
    if nul >= 0:
        return Decoded(None, None, f"binary: a NUL byte at offset {nul:,}")
    return Decoded(None, None, "binary, or in a charset that is not known: no charset gives readable text")


def _candidates(raw: bytes, *, is_html: bool) -> Iterator[Decoded]:
    for mark, codec, name in _BOMS:
        if raw.startswith(mark):
            yield _try(raw, codec, name)
            break
    if _ISO_2022_JP.search(raw) is not None:
        yield _try(raw, "iso2022_jp_2")
    yield _try(raw, "utf-8")
    if 0 in raw:
        yield from _wide(raw)
        return
    if is_html and (declared := _declared(raw)) is not None:
        yield _try(raw, declared)
    yield _by_lines(raw)
    yield from _by_statistics(raw)


def _try(raw: bytes, codec: str, name: str = "") -> Decoded:
    try:
        return Decoded(raw.decode(codec), name or _NAMES.get(codec, codec), None)
    except UnicodeDecodeError:
        return Decoded(None, None, None)


def _wide(raw: bytes) -> Iterator[Decoded]:
    """UTF-32 and UTF-16 without a mark: the right byte order gives characters of ASCII, the wrong one their mirrors."""
    for codec in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        found = _try(raw, codec)
        if found.text:
            head = found.text[:MAX_WIDE_SAMPLE]
            n_ascii = sum(character < "\x80" for character in head)
            n_mirrored = sum(ord(character) & 0xFF == 0 for character in head)
            n_strange = sum(category(character) in _STRANGE and character not in "\t\n\r\f" for character in head)
            if n_strange == 0 and n_ascii > max(2 * n_mirrored, 0.02 * len(head)):
                yield found


def _declared(raw: bytes) -> str | None:
    head = raw[:4096]
    found = _META.search(head) or _XML.search(head)
    if found is None:
        return None
    return _python_name(found.group(1).decode("ascii"))


def _by_lines(raw: bytes) -> Decoded:
    """Logs and changelogs that many hands wrote: most lines are UTF-8, some are Windows-1252."""
    n_utf8 = n_other = 0
    parts: list[str] = []
    for line in raw.split(b"\n"):
        try:
            text = line.decode("utf-8")
            n_utf8 += not line.isascii()
        except UnicodeDecodeError:
            try:
                text = line.decode("cp1252")
            except UnicodeDecodeError:
                return Decoded(None, None, None)
            n_other += 1
        parts.append(text)
    if n_utf8 < n_other:
        return Decoded(None, None, None)
    return Decoded("\n".join(parts), "utf-8+windows-1252", None)


def _by_statistics(raw: bytes) -> Iterator[Decoded]:
    sample = raw if len(raw) <= MAX_SAMPLE else _dense(raw)
    name = _python_name(detect_encoding(sample, html5_compatible=False) or "")
    if name is None or name in _UNSURE:
        yield from _east_asian(raw, sample)
    n_accents = len(_OUTSIDE_ASCII.findall(sample))
    is_guess = name in _ONLY_DECLARED or (name in _RARE_LATIN and n_accents < MIN_ACCENTS)
    if (
        name is not None
        and not is_guess
        and not (name in _COMMON_LATIN | _RARE_LATIN and n_accents < MIN_ACCENT_SHARE * len(sample))
    ):
        yield _try(raw, name)
    yield _try(raw, "cp1252")
    for fallback in _EAST_ASIAN_MARKS:
        yield _try(raw, fallback)


def _east_asian(raw: bytes, sample: bytes) -> Iterator[Decoded]:
    """Bytes outside ASCII that stand in pairs, where western accents stand alone, read as the commonest characters."""
    pairs = sum(len(run) for run in _RUNS.findall(sample))
    if pairs < 6 or pairs < 0.7 * len(_OUTSIDE_ASCII.findall(sample)):
        return
    best_share, best = 0.7, None
    for codec, is_common in _EAST_ASIAN_MARKS.items():
        found = _try(raw, codec)
        if found.text is not None:
            outside = [character for character in found.text if character > "\x7f"]
            share = sum(is_common(character) for character in outside) / len(outside)
            if share > best_share:
                best_share, best = share, found
    if best is not None:
        yield best


def _is_lead(codec: str, first: int, last: int) -> Callable[[str], bool]:
    """Whether a character lies in the rows of a charset that hold its commonest characters."""

    def is_common(character: str) -> bool:
        try:
            return first <= character.encode(codec)[0] <= last
        except UnicodeEncodeError:
            return False

    return is_common


def _python_name(name: str) -> str | None:
    try:
        known = codecs.lookup(_ALIASES.get(name.lower(), name)).name
    except LookupError:
        return None
    known = _WIDER.get(known, known)
    return known if known in _ALLOWED else None


def _dense(raw: bytes) -> bytes:
    """The part of a long text that begins a little before its first byte outside ASCII."""
    first = _OUTSIDE_ASCII.search(raw)
    start = 0 if first is None else max(0, first.start() - 200)
    return raw[start : start + MAX_SAMPLE]


def _is_odd(text: str, utf8: bytes | None) -> bool:
    content = text.encode(errors="replace") if utf8 is None else utf8
    most = len(content) - len(content.translate(None, _ODD_BYTES))
    if not text.isascii():
        most += sum(map(content.count, _ODD_LEADS))
    if most <= MAX_ODD_SHARE * len(text):
        return False
    return text.isascii() or len(_ODD.findall(text)) > MAX_ODD_SHARE * len(text)


_EAST_ASIAN_MARKS: Mapping[str, Callable[[str], bool]] = {
    "cp949": lambda character: "\uac00" <= character <= "\ud7a3",
    "cp932": lambda character: "\u3040" <= character <= "\u30ff" or "\u3000" <= character <= "\u3002",
    "gb18030": _is_lead("gb2312", 0xB0, 0xD7),
    "cp950": _is_lead("big5", 0xA4, 0xC6),
}
