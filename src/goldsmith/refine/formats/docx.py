"""DOCX: the paragraphs and tables of a text document, without what was deleted and how it looks."""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, iterparse

from goldsmith.refine.formats.zip_parts import PartFault, opened_parts
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile

_MAIN = "word/document.xml"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SECOND = "Fallback"
"""What repeats a drawing's text for programs that do not know the drawing."""


class Docx:
    """Reads text documents: a paragraph is a line, a table's row a line with tabs between the cells."""

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The document in a file."""
        try:
            with opened_parts(file.path, file.max_bytes) as parts:
                document = RawDocument(id=file.name, origin=file.origin, text=text_of(parts.read(_MAIN)))
        except PartFault as error:
            document = file.failure(str(error))
        yield document

    def close(self) -> None:
        """Nothing is kept between files."""


def text_of(content: bytes) -> str:
    """The text in the main part of a document.

    Raises:
        ParseError: the part is no sound XML.
    """
    taken = _Taken()
    n_second = 0
    # Expat itself stops entities that multiply.
    for event, element in iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314
        kind = element.tag.rpartition("}")[2]
        if kind == _SECOND:
            n_second += 1 if event == "start" else -1
        elif n_second == 0 and event == "start":
            taken.depth += kind == "tc"
        elif n_second == 0:
            taken.end(kind, element)
        if event == "end":
            element.clear()
    return "\n".join(taken.lines).strip()


class _Taken:
    """What was read so far: lines, and of the table that goes on its row and cell."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0
        self._row: list[str] = []
        self._cell: list[str] = []
        self._pieces: list[str] = []

    def end(self, kind: str, element: Element) -> None:
        """An element ends."""
        if kind == "t":
            self._pieces.append(element.text or "")
        elif kind in _SIGNS:
            self._pieces.append(_SIGNS[kind])
        elif kind == "p":
            (self._cell if self.depth else self.lines).append("".join(self._pieces))
            self._pieces = []
        elif kind == "tc":
            self.depth -= 1
            if self.depth == 0:
                self._row.append(" ".join(part for part in self._cell if part))
                self._cell = []
        elif kind == "tr" and self.depth == 0:
            self.lines.append("\t".join(self._row))
            self._row = []


plugin = Docx
