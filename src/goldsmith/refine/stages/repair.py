"""Repair: mends what wrong charsets, terminals and editors did to a text, and counts every change."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from unicodedata import unidata_version

import msgspec

from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.repairs import Repaired, repair


class Repair(DocumentStage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mends encoding faults; quotes, dashes and spelling stay as they were written.

    Attributes:
        mojibake: whether lines that were decoded with the wrong charset (`Ã©` for `é`) are decoded again.
        compose: whether letters and their marks are composed (Unicode NFC).
    """

    name: ClassVar[str] = "repair"
    title: ClassVar[str] = "Repair"
    version: ClassVar[str] = f"1+unicode{unidata_version}"
    columns: ClassVar[Kinds] = {
        "text": "text",
        "repaired_newlines": "int",
        "repaired_mojibake": "int",
        "repaired_controls": "int",
        "repaired_invisible": "int",
        "repaired_composition": "int",
        "repairs": "text",
    }
    changes: ClassVar[Mapping[str, str]] = {
        "repaired_newlines": "line ends",
        "repaired_mojibake": "lines decoded with the wrong charset",
        "repaired_controls": "control characters",
        "repaired_invisible": "characters without width",
        "repaired_composition": "lines with uncomposed letters",
    }
    libraries: ClassVar[tuple[str, ...]] = ("ftfy",)

    mojibake: bool = True
    compose: bool = True

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """The mended texts, how many spans of each kind were changed, and a few of them as JSON."""
        done = [repair(text, mojibake=self.mojibake, compose=self.compose) for text in batch.column("text").to_pylist()]
        counts = {name: [each.counts.get(name.removeprefix("repaired_"), 0) for each in done] for name in self.changes}
        return {"text": [each.text for each in done], **counts, "repairs": [_as_json(each) for each in done]}


def _as_json(done: Repaired) -> str | None:
    return msgspec.json.encode(done.examples).decode() if done.examples else None


plugin = Repair
