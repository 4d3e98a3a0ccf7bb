"""Decode: the bytes of a file become text, in whatever charset they are."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.charsets import Decoded, decode
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Present, Rule


class Decode(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Finds the charset of each document and decodes it strictly; what is no text fails and says why.

    It knows UTF-8, UTF-16 and UTF-32 with and without a mark, the charsets of Windows and ISO, KOI8, GBK, GB18030,
    Big5, Shift JIS, EUC-JP, ISO-2022-JP and EUC-KR, and files that mix lines of UTF-8 and of Windows-1252.
    """

    name: ClassVar[str] = "decode"
    title: ClassVar[str] = "Decode"
    columns: ClassVar[Kinds] = {"text": "text", "charset": "text", "_undecodable": "text"}
    libraries: ClassVar[tuple[str, ...]] = ("resiliparse",)

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The text of each document and its charset; a document that came as text keeps it."""
        columns = (batch.column(name).to_pylist() for name in ("_raw", "text", "_media"))
        found = [
            Decoded(text, "unicode", None) if raw is None else decode(raw, is_html=media == "html")
            for raw, text, media in zip(*columns, strict=True)
        ]
        return {
            "text": [each.text for each in found],
            "charset": [each.charset for each in found],
            "_undecodable": [each.failure for each in found],
        }

    def rules(self) -> tuple[Rule, ...]:
        """Fails what no charset makes readable."""
        return (Present(name="not-text", column="_undecodable", action="fail"),)


plugin = Decode
