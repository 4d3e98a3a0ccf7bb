"""Decode: the bytes of a file become text, in whatever charset they are."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.charsets import Decoded, decode
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Present, Rule

_GIVEN, _PLAIN = Decoded(None, "unicode", None), Decoded(None, "utf-8", None)
"""What came as text, and what is UTF-8 at first sight; neither becomes a text of its own."""


class Decode(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Finds the charset of each document and decodes it strictly; what is no text fails and says why.

    It knows UTF-8, UTF-16 and UTF-32 with and without a mark, the charsets of Windows and ISO, KOI8, GBK, GB18030,
    Big5, Shift JIS, EUC-JP, ISO-2022-JP and EUC-KR, and files that mix lines of UTF-8 and of Windows-1252.
    """

    name: ClassVar[str] = "decode"
    title: ClassVar[str] = "Decode"
    columns: ClassVar[Kinds] = {"text": "text", "charset": "text", "_undecodable": "text"}
    libraries: ClassVar[tuple[str, ...]] = ("numba", "numpy", "pyarrow", "resiliparse")

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The text of each document and its charset; a document that came as text keeps it."""
        from goldsmith.kit.arrow import binary, edited, is_utf8  # noqa: PLC0415 - recipes are read without it
        from goldsmith.refine.plain_bytes import are_plain  # noqa: PLC0415 - loads the compiler's library

        raws = batch.column("_raw")
        if raws.null_count == len(raws):
            return {"text": edited(batch, "text", {}), **_columns([_GIVEN] * len(raws))}
        has_texts, is_sound = raws.null_count > 0, is_utf8(batch, "_raw")
        texts: Sequence[str | None] = batch.column("text").to_pylist() if has_texts else [None] * len(raws)
        plain = are_plain(binary(batch, "_raw")) if is_sound else [False] * len(raws)
        new: dict[int, str | None] = {}
        found: list[Decoded] = []
        rows = zip(raws.to_pylist(), texts, batch.column("_media").to_pylist(), plain, strict=True)
        for row, (raw, text, media, is_plain) in enumerate(rows):
            if raw is not None and is_plain:
                found.append(_PLAIN)
                continue
            found.append(_GIVEN if raw is None else decode(raw, is_html=media == "html"))
            new[row] = text if raw is None else found[-1].text
        column = edited(batch, "_raw", new) if is_sound else [new[row] for row in range(len(raws))]
        return {"text": column, **_columns(found)}

    def rules(self) -> tuple[Rule, ...]:
        """Fails what no charset makes readable."""
        return (Present(name="not-text", column="_undecodable", action="fail"),)


def _columns(found: Sequence[Decoded]) -> Mapping[str, Sequence[object]]:
    return {"charset": [each.charset for each in found], "_undecodable": [each.failure for each in found]}


plugin = Decode
