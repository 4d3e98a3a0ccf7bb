"""Extract HTML: the main text of a web page, without markup and navigation."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from resiliparse.extract.html2text import extract_plain_text  # pyright: ignore[reportMissingModuleSource]

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Present, Rule

MAX_DEPTH = 2000
"""Elements inside one another. The extractor's time grows with the square of the depth: at 10,000 it takes seconds."""

_BOX = re.compile(
    r"<(/?)(?:div|span|table|tbody|tr|td|ul|ol|dl|blockquote|section|article|center|main|nav|aside|header|footer|form"
    r"|fieldset|details|figure|pre|code|font|b|i|u|em|strong|small|big|tt|a|svg|g|object|iframe|q|cite|sub|sup)\b",
    re.IGNORECASE,
)


class ExtractHtml(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keeps the main text of pages that are HTML; other documents pass untouched.

    Attributes:
        main_content: whether navigation, headers and footers are left out; else all visible text is kept.
    """

    name: ClassVar[str] = "extract-html"
    title: ClassVar[str] = "HTML to text"
    columns: ClassVar[Kinds] = {"text": "text", "n_markup": "int", "_too_deep": "text", "_no_text": "text"}
    changes: ClassVar[Mapping[str, str]] = {"n_markup": "characters of markup and navigation left out"}
    libraries: ClassVar[tuple[str, ...]] = ("resiliparse",)

    main_content: bool = True

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The text of each page and how many characters were left out."""
        columns: dict[str, list[object]] = {name: [] for name in self.columns}
        rows = zip(batch.column("text").to_pylist(), batch.column("_media").to_pylist(), strict=True)
        for text, media in rows:
            new, too_deep, no_text = self._extracted(text) if media == "html" else (text, None, None)
            columns["text"].append(new)
            columns["n_markup"].append(len(text) - len(new))
            columns["_too_deep"].append(too_deep)
            columns["_no_text"].append(no_text)
        return columns

    def rules(self) -> tuple[Rule, ...]:
        """Fails pages that are nested too deeply, and drops those without text."""
        return (
            Present(name="nested-too-deeply", column="_too_deep", action="fail"),
            Present(name="no-main-text", column="_no_text", action="drop"),
        )

    def _extracted(self, page: str) -> tuple[str, str | None, str | None]:
        if _depth(page) > MAX_DEPTH:
            return page, f"HTML nested more than {MAX_DEPTH:,} elements deep", None
        text = extract_plain_text(
            page, preserve_formatting=True, main_content=self.main_content, alt_texts=False
        ).strip()
        return (text, None, None) if text else (page, None, "the page has no main text")


def _depth(page: str) -> int:
    """How deep elements that need an end tag stand inside one another; an upper estimate."""
    depth = deepest = 0
    for tag in _BOX.finditer(page):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


plugin = ExtractHtml
