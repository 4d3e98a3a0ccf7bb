"""JSON Lines: a row of JSON for each kept document, packed with zstd."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from goldsmith.kit.arrow import names_of
from goldsmith.kit.parquet import read_parquet
from goldsmith.refine.reports import RefineReport
from goldsmith.refine.sinks import Sink


class JsonLines(Sink, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Writes `jsonl/part-00000.jsonl.zst` and so on: the columns of `kept/` by name, with `meta` as an object.

    Attributes:
        part_bytes: a file of which more than this is written, unpacked, is followed by another one.
    """

    name: ClassVar[str] = "jsonl"
    title: ClassVar[str] = "JSON Lines"

    part_bytes: int = 512 << 20

    def __post_init__(self) -> None:
        if self.part_bytes < 1:
            raise ValueError("`part_bytes` has to be at least 1")

    def write(self, kept: Sequence[Path], folder: Path, report: RefineReport) -> None:
        """Write the rows in order, with a row group in memory at a time; one empty file when there are none."""
        del report
        arrow: Any = import_module("pyarrow")  # Any: it has no types
        lines = _lines(kept)
        line = next(lines, None)
        n_parts = 0
        while line is not None or n_parts == 0:
            path, size = folder / f"part-{n_parts:05d}.jsonl.zst", 0
            with arrow.OSFile(str(path), "wb") as file, arrow.CompressedOutputStream(file, "zstd") as stream:
                while line is not None and size <= self.part_bytes:
                    stream.write(line)
                    size += len(line)
                    line = next(lines, None)
            n_parts += 1


def _lines(kept: Sequence[Path]) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    for batch in read_parquet(kept):
        names = names_of(batch)
        columns = [batch.column(name).to_pylist() for name in names]
        if "meta" in names:
            place = names.index("meta")
            columns[place] = [None if meta is None else msgspec.Raw(meta.encode()) for meta in columns[place]]
        for row in zip(*columns, strict=True):
            yield encoder.encode(dict(zip(names, row, strict=True))) + b"\n"


plugin = JsonLines
