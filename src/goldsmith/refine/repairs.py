"""Repairs the encoding faults of a text, and nothing that a writer may have meant."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Literal, get_args
from unicodedata import is_normalized, normalize

from goldsmith.refine.repairing.edits import MAX_EXAMPLES, Edit, Example, Repaired, edits_by_line
from goldsmith.refine.repairing.lookalikes import doubled_marks, mixed_alphabets, mixed_widths
from goldsmith.refine.repairing.markup import entities, tags
from goldsmith.refine.repairing.miscoded import miscoded
from goldsmith.refine.repairing.romanised import injected_romanisation
from goldsmith.refine.repairing.shifted import lost_runs, repaired_pairs
from goldsmith.refine.repairing.signs import (
    BEYOND_FIRST_PLANE,
    CONTROL,
    DOUBLED,
    EXPLAINED,
    LOST,
    OTHER_WIDTH,
    PAIRED,
    RARE,
    SUSPECT,
    TWO_ALPHABETS,
    UNCOMPOSED,
    UNLIKELY,
    WITHOUT_WIDTH,
    signs_in,
)

__all__ = ["KINDS", "MAX_EXAMPLES", "MAX_OVERSTRIKES", "Example", "Kind", "Repaired", "may_need_repair", "repair"]

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

_TELLING = (
    PAIRED
    | UNLIKELY
    | LOST
    | RARE
    | CONTROL
    | WITHOUT_WIDTH
    | BEYOND_FIRST_PLANE
    | TWO_ALPHABETS
    | EXPLAINED
    | OTHER_WIDTH
    | DOUBLED
    | UNCOMPOSED
)
"""The signs of which a text has one for every repair but those of markup."""

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
_FLAG = "\U0001f3f4"


def may_need_repair(text: bytes, signs: int) -> bool:
    """Whether a text, as UTF-8, with these signs has anything that repairs look for; most texts have nothing."""
    return signs & _TELLING != 0 or (b"<" in text and b">" in text) or (b"&" in text and b";" in text)


def repair(text: str, *, kinds: Collection[Kind] = KINDS, signs: int | None = None) -> Repaired:
    """`text` with its faults mended, and with an account of every change.

    In the order of `Kind`, but line ends and characters without width come after what was wrongly decoded: lines of the
    wrong charset and bytes that were paired wrongly are decoded again; runs of lost characters become one; entities and
    tags of HTML become what they stand for; line ends become line feeds; control characters, terminal colours and
    overstriking go, and so do characters without width; letters of a foreign alphabet or width inside of a word become
    those of the word; injected romanisation goes; doubled marks become one; letters are composed (NFC).

    Args:
        text: any text.
        kinds: what is mended.
        signs: what `signs_in` gives for it, where that is known.
    """
    done = _Mending(text, kinds, signs_in(text) if signs is None else signs)
    _mend_decoding(done)
    done.mend("tags", tags)
    done.mend("entities", entities)
    if done.signs & CONTROL:
        _mend_controls(done)
    _mend_letters(done)
    if done.signs & DOUBLED:
        done.mend("punctuation", doubled_marks)
    if done.signs & UNCOMPOSED and not is_normalized("NFC", done.text):
        done.mend("composition", _composed)
    return done.repaired


class _Mending:
    """A text on its way through the repairs, with the signs that it has now."""

    __slots__ = ("_kinds", "repaired", "signs")

    def __init__(self, text: str, kinds: Collection[Kind], signs: int) -> None:
        self.repaired = Repaired(original=text, text=text)
        self._kinds = kinds
        self.signs = signs

    @property
    def text(self) -> str:
        """The text as it is by now."""
        return self.repaired.text

    def mend(self, kind: Kind, find: Callable[[str], Sequence[Edit]]) -> None:
        """Change what `find` finds, where that kind is mended."""
        if kind in self._kinds and (edits := find(self.text)):
            self.repaired.apply(kind, edits, has_examples=kind != "newlines")
            self.signs = signs_in(self.text)


def _mend_decoding(done: _Mending) -> None:
    if done.signs & SUSPECT and done.signs & (PAIRED | UNLIKELY):
        done.mend("mojibake", partial(miscoded, signs=done.signs))
    if done.signs & LOST:
        done.mend("lost", lost_runs)
    if done.signs & RARE:
        done.mend("pairs", repaired_pairs)


def _mend_controls(done: _Mending) -> None:
    has_overstrikes = "\b" in done.text
    done.mend("newlines", lambda found: [Edit(*each.span(), "\n") for each in _BREAKS.finditer(found)])
    for _ in range(MAX_OVERSTRIKES if has_overstrikes else 0):
        done.mend("controls", _found(_OVERSTRUCK))
    done.mend("controls", _found(_TERMINAL))
    done.mend("controls", _found(_CONTROLS))


def _mend_letters(done: _Mending) -> None:
    if done.signs & WITHOUT_WIDTH:
        done.mend("invisible", _found(_INVISIBLE))
    if done.signs & BEYOND_FIRST_PLANE and _FLAG not in done.text:  # three flags of countries are spelled with tags
        done.mend("invisible", _found(_TAGS))
    if done.signs & TWO_ALPHABETS:
        done.mend("homoglyphs", mixed_alphabets)
    if done.signs & EXPLAINED:
        done.mend("romanisation", injected_romanisation)
    if done.signs & OTHER_WIDTH:
        done.mend("widths", mixed_widths)


def _found(pattern: re.Pattern[str]) -> Callable[[str], Sequence[Edit]]:
    return lambda text: [Edit(*each.span(), "") for each in pattern.finditer(text)]


def _composed(text: str) -> list[Edit]:
    """Letters and marks that Unicode has as one character; the order of marks, as in Arabic, stays as it was typed."""
    return edits_by_line(text, lambda line: new if len(new := normalize("NFC", line)) < len(line) else line)
