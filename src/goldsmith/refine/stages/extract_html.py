"""Extract HTML: the main text of a web page, without markup and navigation."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import msgspec
from resiliparse.extract.html2text import extract_plain_text  # pyright: ignore[reportMissingModuleSource]

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Present, Rule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
        from goldsmith.kit.arrow import text_at, utf8  # noqa: PLC0415 - recipes are read without it
        from goldsmith.refine.statistics.tables import n_characters  # noqa: PLC0415 - loads the compiler's library

        columns: dict[str, list[object]] = {name: [] for name in self.columns}
        texts = utf8(batch, "text")
        rows = zip(batch.column("_media").to_pylist(), pairwise(texts.offsets.tolist()), strict=True)
        for row, (media, (start, stop)) in enumerate(rows):
            if media == "html":
                found = self._extracted(texts.content[start:stop])
                text = text_at(texts, row) if found.text is None else found.text
                n_markup = n_characters(texts.content, start, stop) - len(text)
            else:
                found, text, n_markup = _Extracted(None), text_at(texts, row), 0
            columns["text"].append(text)
            columns["n_markup"].append(n_markup)
            columns["left_out"].append(found.left_out)
            columns["no_text"].append(found.no_text)
            columns["_too_deep"].append(found.too_deep)
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Fails pages that are nested too deeply, and drops those without text."""
        return (
            Present(name="nested-too-deeply", column="_too_deep", action="fail"),
            Present(name="no-main-text", column="no_text", action="drop"),
        )

    def _extracted(self, page: "NDArray[np.uint8]") -> _Extracted:
        """The text of a page, which is UTF-8."""
        from goldsmith.refine.extraction.pages import (  # noqa: PLC0415 - loads the compiler's library
            main_text,
            tokens_of,
            tree_of,
        )

        tree = tree_of(page, tokens_of(page))
        if tree.depth > MAX_DEPTH:
            return _Extracted(None, too_deep=f"HTML nested more than {MAX_DEPTH:,} elements deep")
        if not self.main_content:
            html = page.tobytes().decode()
            text = extract_plain_text(html, preserve_formatting=True, main_content=False, alt_texts=False).strip()
            return _Extracted(text) if text else _Extracted(None, no_text="the page has no text")
        found = main_text(page, tree)
        left_out = msgspec.json.encode(found.left_out).decode() if found.left_out else None
        if not found.text:
            return _Extracted(None, no_text="the page has no main text", left_out=left_out)
        return _Extracted(found.text, left_out=left_out)


plugin = ExtractHtml
