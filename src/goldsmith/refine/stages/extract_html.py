"""Extract HTML: the main text of a web page, without markup and navigation."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import msgspec
from resiliparse.extract.html2text import extract_plain_text  # pyright: ignore[reportMissingModuleSource]

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Present, Rule

if TYPE_CHECKING:
    from goldsmith.kit.arrow import Utf8
    from goldsmith.refine.extraction.pages import MainText

MAX_DEPTH = 2000
"""Elements inside one another. Showing all visible text takes time with the square of the depth: seconds at 10,000."""


class _Extracted(NamedTuple):
    """What was found in a document; it keeps its text where there is none."""

    text: str | None
    too_deep: str | None = None
    no_text: str | None = None
    left_out: str | None = None


class ExtractHtml(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keeps the main text of pages that are HTML; other documents pass untouched.

    Attributes:
        main_content: whether navigation, headers, comments and footers are left out; else all visible text is kept.
    """

    name: ClassVar[str] = "extract-html"
    title: ClassVar[str] = "HTML to text"
    version: ClassVar[str] = "2"
    columns: ClassVar[Kinds] = {
        "text": "text",
        "n_markup": "int",
        "left_out": "text",
        "no_text": "text",
        "_too_deep": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {"n_markup": "characters of markup and navigation left out"}
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "resiliparse")

    main_content: bool = True

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The text of each page, how many characters were left out, and the largest blocks of them as JSON."""
        from goldsmith.kit.arrow import take_rows, text_at, utf8  # noqa: PLC0415 - recipes are read without it
        from goldsmith.kit.utf8 import n_characters  # noqa: PLC0415 - loads the compiler's library

        texts = utf8(batch, "text")
        rows = [row for row, media in enumerate(batch.column("_media").to_pylist()) if media == "html"]
        found: list[_Extracted | None] = [None] * batch.num_rows
        for row, each in zip(rows, self._extracted(utf8(take_rows(batch, rows), "text")), strict=True):
            found[row] = each
        columns: dict[str, list[object]] = {name: [] for name in self.columns}
        for row, (each, (start, stop)) in enumerate(zip(found, pairwise(texts.offsets.tolist()), strict=True)):
            if each is None or each.text is None:
                columns["text"].append(text_at(texts, row))
                columns["n_markup"].append(0)
            else:
                columns["text"].append(each.text)
                columns["n_markup"].append(n_characters(texts.content, start, stop) - len(each.text))
            columns["left_out"].append(each and each.left_out)
            columns["no_text"].append(each and each.no_text)
            columns["_too_deep"].append(each and each.too_deep)
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Fails pages that are nested too deeply, and drops those without text."""
        return (
            Present(name="nested-too-deeply", column="_too_deep", action="fail"),
            Present(name="no-main-text", column="no_text", action="drop"),
        )

    def _extracted(self, pages: "Utf8") -> Iterator[_Extracted]:
        """The text of each page, which is UTF-8."""
        from goldsmith.kit.arrow import text_at  # noqa: PLC0415 - recipes are read without it
        from goldsmith.refine.extraction.pages import main_texts  # noqa: PLC0415 - loads the compiler's library
        from goldsmith.refine.extraction.trees import trees_of  # noqa: PLC0415 - as above

        if self.main_content:
            yield from map(_as_extracted, main_texts(pages, max_depth=MAX_DEPTH))
            return
        for page, depth in enumerate(trees_of(pages).depths.tolist()):
            if depth > MAX_DEPTH:
                yield _TOO_DEEP
                continue
            html = text_at(pages, page)
            text = extract_plain_text(html, preserve_formatting=True, main_content=False, alt_texts=False).strip()
            yield _Extracted(text) if text else _Extracted(None, no_text="the page has no text")


_TOO_DEEP = _Extracted(None, too_deep=f"HTML nested more than {MAX_DEPTH:,} elements deep")


def _as_extracted(found: "MainText | None") -> _Extracted:
    if found is None:
        return _TOO_DEEP
    left_out = msgspec.json.encode(found.left_out).decode() if found.left_out else None
    if not found.text:
        return _Extracted(None, no_text="the page has no main text", left_out=left_out)
    return _Extracted(found.text, left_out=left_out)


plugin = ExtractHtml
