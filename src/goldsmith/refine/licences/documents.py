"""All that a document says about its licence, and what follows from it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from goldsmith.kit.arrow import Utf8
from goldsmith.refine.licences import RESERVED, Evidence
from goldsmith.refine.licences.names import ids_of_label
from goldsmith.refine.licences.sentences import MARKUP_WORDS, WORDS, has_hint, reserved_in, stated_in
from goldsmith.refine.licences.texts import CUES, texts_in
from goldsmith.refine.word_screens import screen_of, screened

FIELDS = frozenset({"license", "licence", "licenses", "licences", "spdx", "license_expression", "declared_licence"})
"""What sources call the licence of a document, in lower case."""

_GNU = ("GPL", "LGPL", "AGPL", "GFDL")
_VERBATIM = re.compile(r"everyone\s+is\s+permitted\s+to\s+copy\s+and\s+distribute")
"""How the licences of GNU begin: what they name after that are examples."""

_RIGHTS = re.compile(rb"rights(?<!\wrights)\b")  # the word alone: what begins with letters is found ten times as fast
_NEEDED = tuple(sorted({*MARKUP_WORDS, *WORDS, *CUES} - {"rights"}))
"""Words, in lower case, of which one stands in every text and page that says something, but for those with rights."""

_DOTTED_I = "\u0130"

MAX_EVIDENCE = 30
"""How much is written of one document; a catalogue of licences names hundreds."""


def speaking(texts: Utf8) -> list[str | None]:
    """The texts, or sources of pages, that may say something about a licence; nothing for the others, most of all."""
    held = texts.content.tobytes()
    spans = zip(texts.offsets.tolist(), texts.offsets[1:].tolist(), strict=False)
    found: list[str | None] = []
    for (start, end), groups in zip(spans, screened(texts, screen_of(_NEEDED, ("rights",))).tolist(), strict=True):
        said = held[start:end] if groups else b""
        found.append(said.decode() if groups & 1 or _RIGHTS.search(said.lower()) else None)
    return found


def evidence_of(text: str | None, known: Mapping[str, str], *, is_html: bool) -> list[Evidence]:
    """What a document and its source say about its licence; each identifier once by each kind of evidence.

    Args:
        text: the text, or the source of the page; None for one that says nothing.
        known: what the source knows about the document.
        is_html: whether `text` is the source of a page.
    """
    found: dict[tuple[str, str, bool], Evidence] = {}
    in_text = () if text is None else _in_page(text) if is_html else _in_text(text)
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


def _in_text(text: str) -> Iterator[Evidence]:
    lower = _lower(text)
    yield from reserved_in(text, lower)
    texts = list(texts_in(text, lower))
    if has_hint(lower):
        verbatim = _VERBATIM.search(lower) if any(_is_gnu(one) for one in texts) else None
        for one in stated_in(text, lower):
            if verbatim is None or (one.start or 0) < verbatim.start() or not _is_gnu(one):
                yield one
    yield from texts


def _is_gnu(one: Evidence) -> bool:
    return one.id.removeprefix("LicenseRef-").startswith(_GNU)


def _in_page(html: str) -> Iterator[Evidence]:
    from goldsmith.refine.licences.pages import marked_in  # noqa: PLC0415 - loads the compiler's library
    from goldsmith.refine.markup import Page  # noqa: PLC0415

    page = Page(html)
    visible = page.visible()
    yield from marked_in(html, page, visible)
    for one in _in_text(visible.text):
        start, end = visible.place(one.start or 0), visible.place(max(0, (one.end or 0) - 1)) + 1
        yield replace(one, start=start, end=end)


def _lower(text: str) -> str:
    """The text in lower case, but for the one letter of Unicode that becomes two."""
    return _DOTTED_I.join([part.lower() for part in text.split(_DOTTED_I)]) if _DOTTED_I in text else text.lower()
