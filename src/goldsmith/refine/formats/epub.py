"""EPUB: the chapters of a book in their order, as one page of HTML."""

import codecs
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element, fromstring

from goldsmith.refine.formats.zip_parts import PartFault, Parts, opened_parts
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_BODY = re.compile(rb"<body\b[^>]*>(.*)</body\s*>", re.DOTALL | re.IGNORECASE)
_HEAD = b'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>\n'


class Epub:
    """Reads books that are not encrypted; what is known about one is its title."""

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The document in a file."""
        try:
            with opened_parts(file.path, file.max_bytes) as parts:
                document = _book(file, parts)
        except PartFault as error:
            document = file.failure(str(error))
        yield document

    def close(self) -> None:
        """Nothing is kept between files."""


def _book(file: InputFile, parts: Parts) -> RawDocument:
    package = next((each.get("full-path") for each in _all(_tree(parts, _CONTAINER), "rootfile")), None)
    if package is None:
        raise PartFault(f"{_CONTAINER} names no book")
    about = _tree(parts, package)
    names = [posixpath.normpath(posixpath.join(posixpath.dirname(package), each)) for each in _chapters(about)]
    encrypted = parts.read(_ENCRYPTION).decode("utf-8", "replace") if parts.has(_ENCRYPTION) else ""
    if any(name in encrypted for name in names):
        raise PartFault("the book is encrypted")
    bodies = [_body(parts.read(name)) for name in names]
    if not bodies:
        raise PartFault("the book has no chapters")
    title = next((each.text for each in _all(about, "title") if each.text), None)
    raw = _HEAD + b"\n".join(bodies) + b"\n</body></html>"
    meta = {"title": " ".join(title.split())} if title else {}
    return RawDocument(id=file.name, origin=file.origin, media="html", raw=raw, meta=meta)


def _chapters(about: Element) -> list[str]:
    """The pages that the book's spine lists, in its order."""
    pages = {
        each.get("id"): unquote(each.get("href", ""))
        for each in _all(about, "item")
        if each.get("media-type") in _PAGES
    }
    wanted = [each.get("idref") for each in _all(about, "itemref")]
    return [pages[name] for name in dict.fromkeys(wanted) if name in pages]


def _body(page: bytes) -> bytes:
    if page.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        page = page.decode("utf-16", "replace").encode()
    found = _BODY.search(page)
    return found[1] if found else page


def _tree(parts: Parts, name: str) -> Element:
    return fromstring(parts.read(name))  # noqa: S314 - expat itself stops entities that multiply


def _all(tree: Element, kind: str) -> Iterator[Element]:
    return (each for each in tree.iter() if each.tag.rpartition("}")[2] == kind)


plugin = Epub
