"""The forms of kept documents beside Parquet: one file is one form, and ends in `plugin = TheClass`.

What a sink writes depends on the kept documents and the report alone, so the same run gives the same bytes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import msgspec

from goldsmith.refine.reports import RefineReport


class Sink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One more form of the kept documents. Its fields are its parameters."""

    name: ClassVar[str] = ""
    """What recipes and the folder of a run call it: its file's name with dashes."""

    title: ClassVar[str] = ""
    version: ClassVar[str] = "1"

    def write(self, kept: Sequence[Path], folder: Path, report: RefineReport) -> None:
        """Write the documents into an empty folder.

        Args:
            kept: the Parquet files of kept documents, in order.
            folder: where to write.
            report: what the run did.
        """
        raise NotImplementedError


def write_sinks(sinks: Sequence[Sink], kept: Path, report: RefineReport) -> None:
    """Write the kept documents once more for each sink, beside the folder `kept`."""
    parts = sorted(kept.glob("part-*.parquet"))
    for sink in sinks:
        folder = kept.parent / sink.name
        folder.mkdir()
        sink.write(parts, folder, report)
