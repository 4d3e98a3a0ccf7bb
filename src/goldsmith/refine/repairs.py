"""Repairs the encoding faults of a text, and nothing that a writer may have meant."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Literal, get_args
from unicodedata import is_normalized, normalize

from goldsmith.refine.repairing.edits import MAX_EXAMPLES, Edit, Example, Repaired, edits_by_line
from goldsmith.refine.repairing.frequencies import Characters
from goldsmith.refine.repairing.lookalikes import doubled_marks, mixed_alphabets, mixed_widths
from goldsmith.refine.repairing.markup import entities, tags
from goldsmith.refine.repairing.miscoded import is_suspect, miscoded
from goldsmith.refine.repairing.romanised import injected_romanisation
from goldsmith.refine.repairing.shifted import lost_runs, repaired_pairs

__all__ = ["KINDS", "MAX_EXAMPLES", "MAX_OVERSTRIKES", "Example", "Kind", "Repaired", "repair"]

Kind = Literal[
    "newlines",
    "mojibake",
    "lost",
    "pairs",
    "entities",
    "tags",
    "controls",
    "invisible",
    "homoglyphs",
    "romanisation",
    "widths",
    "punctuation",
    "composition",
]
"""What can be wrong with a text."""

KINDS: tuple[Kind, ...] = get_args(Kind)

MAX_OVERSTRIKES = 4
"""Letters that a terminal printed over one another; backspaces beyond that go, but take no letter with them."""

_BREAKS = re.compile("\r\n?|[\f\v\u2028\u2029]")
_OVERSTRUCK = re.compile("[^\n\b]\b")
_TERMINAL = re.compile("\x1b\\[[0-9;?]*[ -/]*[@-~]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u2060\ufeff]"
    # joiners shape the letter before them in Arabic, Indic scripts and emoji, but not after Latin letters and spaces
    "|(?<![^\\s\x00-\u024f])[\u200c\u200d]"
)
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_RARE_BREAK = re.compile("[\x80-\x9f\u2028\u2029]")
_CONTROL_BYTES = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n")
_FLAG = "\U0001f3f4"
_HANZI = (0x3400, 0x9FFF)
_EAST_ASIAN = (_HANZI, (0xAC00, 0xD7A3), (0xE000, 0xFAFF), (0xFF61, 0xFF9F))
_WITHOUT_WIDTH = ((0xAD, 0xAD), (0x180E, 0x180E), (0x200B, 0x200D), (0x2060, 0x2060), (0xFEFF, 0xFEFF))
_GREEK_AND_CYRILLIC = (0x370, 0x52F)
_OTHER_WIDTHS = ((0xFF10, 0xFF5A), (0xFF66, 0xFF9F))


def repair(text: str, *, kinds: Collection[Kind] = KINDS) -> Repaired:
    """`text` with its faults mended, and with an account of every change.

    In the order of `Kind`, but line ends and characters without width come after what was wrongly decoded: lines of the
    wrong charset and bytes that were paired wrongly are decoded again; runs of lost characters become one; entities and
    tags of HTML become what they stand for; line ends become line feeds; control characters, terminal colours and
    overstriking go, and so do characters without width; letters of a foreign alphabet or width inside of a word become
    those of the word; injected romanisation goes; doubled marks become one; letters are composed (NFC).

    Args:
        text: any text.
        kinds: what is mended.
    """
    done = Repaired(original=text, text=text)
    if not text.isascii():
        _mend_decoding(done, kinds)
    _mend(done, "tags", kinds, tags)
    _mend(done, "entities", kinds, entities)
    _mend_controls(done, kinds)
    if not done.text.isascii():
        _mend_letters(done, kinds)
    _mend(done, "punctuation", kinds, doubled_marks)
    if not done.text.isascii() and not is_normalized("NFC", done.text):
        _mend(done, "composition", kinds, _composed)
    return done


def _mend_decoding(done: Repaired, kinds: Collection[Kind]) -> None:
    if is_suspect(done.text):
        _mend(done, "mojibake", kinds, miscoded)
    if "\ufffd" in done.text or "锟斤拷" in done.text:
        _mend(done, "lost", kinds, lost_runs)
    if Characters(done.text).any_of(*_EAST_ASIAN):
        _mend(done, "pairs", kinds, repaired_pairs)


def _mend_letters(done: Repaired, kinds: Collection[Kind]) -> None:
    present = Characters(done.text)
    if present.any_of(*_WITHOUT_WIDTH):
        _mend(done, "invisible", kinds, _found(_INVISIBLE))
    if present.has_more and _FLAG not in done.text:  # three flags of countries are spelled with tags
        _mend(done, "invisible", kinds, _found(_TAGS))
    if present.any_of(_GREEK_AND_CYRILLIC):
        _mend(done, "homoglyphs", kinds, mixed_alphabets)
    if present.any_of(_HANZI) and ("(" in done.text or "\uff08" in done.text):
        _mend(done, "romanisation", kinds, injected_romanisation)
    if present.any_of(*_OTHER_WIDTHS):
        _mend(done, "widths", kinds, mixed_widths)


def _mend(done: Repaired, kind: Kind, kinds: Collection[Kind], find: Callable[[str], Sequence[Edit]]) -> None:
    if kind in kinds:
        done.apply(kind, find(done.text), has_examples=kind != "newlines")


def _mend_controls(done: Repaired, kinds: Collection[Kind]) -> None:
    text = done.text
    if not _has_control_bytes(text.encode("utf-8", "replace")) and not _RARE_BREAK.search(text):
        return
    _mend(done, "newlines", kinds, lambda found: [Edit(*each.span(), "\n") for each in _BREAKS.finditer(found)])
    for _ in range(MAX_OVERSTRIKES if "\b" in text else 0):
        _mend(done, "controls", kinds, _found(_OVERSTRUCK))
    _mend(done, "controls", kinds, _found(_TERMINAL))
    _mend(done, "controls", kinds, _found(_CONTROLS))


def _has_control_bytes(content: bytes) -> bool:
    return len(content.translate(None, _CONTROL_BYTES)) != len(content)


def _found(pattern: re.Pattern[str]) -> Callable[[str], Sequence[Edit]]:
    return lambda text: [Edit(*each.span(), "") for each in pattern.finditer(text)]


def _composed(text: str) -> list[Edit]:
    """Letters and marks that Unicode has as one character; the order of marks, as in Arabic, stays as it was typed."""
    return edits_by_line(text, lambda line: new if len(new := normalize("NFC", line)) < len(line) else line)
