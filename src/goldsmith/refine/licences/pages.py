"""Licences in the markup of a page: links, buttons, `meta` elements, microdata and JSON-LD."""

import re
from collections.abc import Iterator
from typing import cast

import msgspec

from goldsmith.refine.licences import Evidence
from goldsmith.refine.licences.identifiers import id_of_address
from goldsmith.refine.licences.names import ids_of_label
from goldsmith.refine.licences.sentences import MARKUP_WORDS, speaks_of_part
from goldsmith.refine.markup import Element, Page, Visible

_META = frozenset(
    {
        *("license", "licence", "rights", "copyright", "dc.rights", "dc.license", "dc.rights.license"),
        *("dcterms.rights", "dcterms.license", "citation_license", "dc.rights.uri"),
    }
)
_PARTS: frozenset[object] = frozenset(
    {"ImageObject", "Photograph", "VideoObject", "AudioObject", "MediaObject", "Dataset", "FontFile"}
)
_FIGURE = re.compile(r"<(/?)fig(?:ure|caption)\b", re.IGNORECASE)
_BEFORE, _QUOTE, _FIGURES = 160, 200, 4000
_DEEPEST, _DEEPEST_WHOLE = 12, 3
"""How deep JSON-LD is read, and from where on it speaks of a part of the page."""


def marked_in(page: Page, visible: Visible) -> Iterator[Evidence]:
    """What the elements of a page say about its licence.

    Args:
        page: the page.
        visible: its visible text.
    """
    for element in page.elements("a", "link", "meta", "img", "span", with_one_of=MARKUP_WORDS):
        for name in _ids_of(element):
            start, end = page.span(element)
            yield Evidence(
                id=name,
                kind="markup" if element.name in ("meta", "span") else "link",
                quote=page.text(element.first_byte, element.end_byte)[:_QUOTE],
                start=start,
                end=end,
                is_part=element.name in ("a", "img")
                and _is_part(page.before(element.first_byte, _FIGURES), visible, element),
            )
    for element in page.elements("script", with_one_of=("ld+json",)):
        if element.attributes.get("type", "").lower() == "application/ld+json":
            yield from _linked_data(element, *page.span(element))


def _ids_of(element: Element) -> tuple[str, ...]:
    said = element.attributes
    if element.name == "meta":
        name = said.get("name", said.get("property", said.get("itemprop", ""))).lower()
        return ids_of_label(said.get("content", "")) if name in _META else ()
    if "license" in said.get("itemprop", "").lower().split() and "content" in said:
        return ids_of_label(said["content"])
    if element.name == "span":
        return ()
    address = said.get("href") or said.get("src") or said.get("data-src") or ""
    if element.name == "link" and "license" not in said.get("rel", "").lower().split():
        return ()
    is_marked = "license" in said.get("rel", "").lower().split() or "license" in said.get("itemprop", "").lower()
    found = id_of_address(address)
    is_statement = found is not None and (is_marked or found.startswith(("CC", "LicenseRef-CC")))
    return (found,) if found is not None and is_statement else ()


def _is_part(before: str, visible: Visible, element: Element) -> bool:
    """Whether a link stands in a figure, or after words about a picture or somebody else's work."""
    tags = _FIGURE.findall(before)
    is_inside = bool(tags) and tags[-1] == ""
    return is_inside or speaks_of_part(visible.before(element.first_byte, _BEFORE))


def _linked_data(element: Element, start: int, end: int) -> Iterator[Evidence]:
    try:
        content = msgspec.json.decode(element.content)
    except (msgspec.MsgspecError, RecursionError):
        return
    for label, is_part in _licences_in(content, is_part=False, depth=0):
        place = element.content.find(label)
        first, last = (start, end) if place < 0 else (end + place, end + place + len(label))
        for name in ids_of_label(label):
            yield Evidence(id=name, kind="markup", quote=label[:_QUOTE], start=first, end=last, is_part=is_part)


def _licences_in(content: object, *, is_part: bool, depth: int) -> Iterator[tuple[str, bool]]:
    """The values of `license`, with whether they are about a picture or the like."""
    if depth > _DEEPEST:
        return
    if isinstance(content, list):
        for each in cast("list[object]", content):
            yield from _licences_in(each, is_part=is_part, depth=depth + 1)
    elif isinstance(content, dict):
        said = cast("dict[str, object]", content)
        kinds = said.get("@type")
        named = cast("list[object]", kinds) if isinstance(kinds, list) else [kinds]
        is_part = is_part or depth > _DEEPEST_WHOLE or any(kind in _PARTS for kind in named)
        for key, value in said.items():
            if key == "license":
                yield from ((label, is_part) for label in _labels(value))
            else:
                yield from _licences_in(value, is_part=is_part, depth=depth + 1)


def _labels(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (each for each in cast("list[object]", value) if isinstance(each, str))
    elif isinstance(value, dict):
        said = cast("dict[str, object]", value)
        yield from (each for each in map(said.get, ("@id", "url", "name")) if isinstance(each, str))
