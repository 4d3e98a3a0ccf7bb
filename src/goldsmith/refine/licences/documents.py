"""All that a document says about its licence, and what follows from it."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from goldsmith.kit.arrow import Utf8
from goldsmith.refine.licences import RESERVED, Evidence
from goldsmith.refine.licences.names import ids_of_label
from goldsmith.refine.licences.sentences import (
    HINTS,
    MARKUP_WORDS,
    RESERVING_WORDS,
    reserved_in,
    stated_in,
)
from goldsmith.refine.licences.texts import CUES, possible_rules, telling_words, texts_in
from goldsmith.refine.word_screens import U8, Screen, groups_in, screen_of, screened

FIELDS = frozenset({"license", "licence", "licenses", "licences", "spdx", "license_expression", "declared_licence"})
"""What sources call the licence of a document, in lower case."""

_GNU = ("GPL", "LGPL", "AGPL", "GFDL")
_VERBATIM = re.compile(r"everyone\s+is\s+permitted\s+to\s+copy\s+and\s+distribute")
"""How the licences of GNU begin: what they name after that are examples."""

_NEEDED = (*sorted({*MARKUP_WORDS, *HINTS, *RESERVING_WORDS, *CUES} - {"rights"}), r"\brights\b")
"""Words, in lower case, of which one stands in every text and page that says something."""

_DOTTED_I = "\u0130"

MAX_EVIDENCE = 30
"""How much is written of one document; a catalogue of licences names hundreds."""


def speaking(texts: Utf8) -> list[bool]:
    """Which texts, or sources of pages, may say something about a licence; most say nothing."""
    return (screened(texts, screen_of(_NEEDED)) > 0).tolist()


def evidence_of(content: U8 | None, known: Mapping[str, str], *, is_html: bool) -> list[Evidence]:
    """What a document and its source say about its licence; each identifier once by each kind of evidence.

    Args:
        content: the text, or the source of the page, as UTF-8; None for one that says nothing.
        known: what the source knows about the document.
        is_html: whether `content` is the source of a page.
    """
    found: dict[tuple[str, str, bool], Evidence] = {}
    in_text = () if content is None else _in_page(content) if is_html else _in_text(content.tobytes().decode())
    for one in (*_of_source(known), *in_text):
        _ = found.setdefault((one.id, one.kind, one.is_part), one)
    return list(found.values())[:MAX_EVIDENCE]


def licences_of(evidence: Sequence[Evidence]) -> list[str]:
    """The licences of a document, sorted.

    What speaks of a part does not count; `All rights reserved` counts when nothing else is said; a licence without a
    version gives way to the same with one, and one without a word on later versions to the same with it.
    """
    named = {one.id for one in evidence if not one.is_part}
    told = {name for name in named if not any(_is_more_exact(other, name) for other in named)}
    return sorted(told - {RESERVED} or told)


def _is_more_exact(other: str, name: str) -> bool:
    family = name.removeprefix("LicenseRef-")
    if family != name:
        return other.removeprefix("LicenseRef-").startswith(f"{family}-")
    return other in (f"{name}-only", f"{name}-or-later")


def _of_source(known: Mapping[str, str]) -> Iterator[Evidence]:
    for field, value in known.items():
        if field.lower() in FIELDS:
            for label in value.strip("[]\"' ").split("\n"):
                for name in ids_of_label(label.strip("\"' ")):
                    yield Evidence(id=name, kind="metadata", quote=f"{field}: {value}"[:200])


_RESERVING, _HINTING, _CUEING, _N_GROUPS = 1, 2, 4, 3


def _in_text(text: str) -> Iterator[Evidence]:
    lower = _lower(text)
    held = groups_in(lower, _screen())
    if held & _RESERVING:
        yield from reserved_in(text, lower)
    texts = list(texts_in(text, lower, possible_rules(held >> _N_GROUPS))) if held & _CUEING else []
    if held & _HINTING:
        verbatim = _VERBATIM.search(lower) if any(_is_gnu(one) for one in texts) else None
        for one in stated_in(text, lower):
            if verbatim is None or (one.start or 0) < verbatim.start() or not _is_gnu(one):
                yield one
    yield from texts


@functools.cache
def _screen() -> Screen:
    """The screen of what a visible text needs to say something: by phrases, in sentences, in words of licences."""
    return screen_of(RESERVING_WORDS, HINTS, CUES, *((word,) for word in telling_words()))


def _is_gnu(one: Evidence) -> bool:
    return one.id.removeprefix("LicenseRef-").startswith(_GNU)


def _in_page(content: U8) -> Iterator[Evidence]:
    from goldsmith.refine.licences.pages import marked_in  # noqa: PLC0415 - loads the compiler's library
    from goldsmith.refine.markup import Page  # noqa: PLC0415

    page = Page(content)
    visible = page.visible()
    yield from marked_in(page, visible)
    for one in _in_text(visible.text):
        start, end = visible.place(one.start or 0), visible.place(max(0, (one.end or 0) - 1)) + 1
        yield replace(one, start=start, end=end)


def _lower(text: str) -> str:
    """The text in lower case, but for the one letter of Unicode that becomes two."""
    return _DOTTED_I.join([part.lower() for part in text.split(_DOTTED_I)]) if _DOTTED_I in text else text.lower()
