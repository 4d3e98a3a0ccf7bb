"""Parquet files whose bytes depend on their rows alone."""

# pyarrow ships no types; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportUnknownParameterType=false

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goldsmith.kit.arrow import arrow_type, as_kinds, raw_of
from goldsmith.kit.columns import Batch, Kinds

GROUP_ROWS = 2048
GROUP_BYTES = 8 << 20
PART_BYTES = 512 << 20


def read_parquet(paths: Iterable[Path], *, columns: Sequence[str] | None = None) -> Iterator[Batch]:
    """The rows of Parquet files in order, one row group at a time."""
    for path in paths:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=columns, use_threads=False).combine_chunks()
                yield from (cast("Batch", batch) for batch in table.to_batches())


class ParquetParts:
    """Writes rows into `part-00000.parquet`, `part-00001.parquet` … of a folder.

    Row groups and files are cut by the rows alone, so the same rows give the same bytes however they were batched.
    """

    __slots__ = (
        "_folder",
        "_kinds",
        "_level",
        "_n_parts",
        "_part_size",
        "_pending",
        "_pending_rows",
        "_pending_size",
        "_writer",
        "n_rows",
    )

    def __init__(self, folder: Path, kinds: Kinds, *, level: int = 3) -> None:
        folder.mkdir(parents=True)
        self._folder, self._kinds, self._level = folder, dict(kinds), level
        self._writer: Any = None  # pyarrow's writer, which has no types
        self._pending: list[Any] = []
        self._pending_rows = self._pending_size = self._part_size = self._n_parts = 0
        self.n_rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is None:
            self.close()
        elif self._writer is not None:
            with suppress(OSError):  # the first error is the one to report
                self._writer.close()

    def write(self, batch: Batch) -> None:
        """Append the rows of `batch`; the columns that it lacks are missing in them, others are left out."""
        rows = raw_of(as_kinds(batch, self._kinds))
        sizes = _row_sizes(rows, self._kinds)
        start = 0
        while start < rows.num_rows:
            grown = self._pending_size + np.cumsum(sizes[start : start + GROUP_ROWS - self._pending_rows])
            n_taken = min(int(np.searchsorted(grown, GROUP_BYTES)) + 1, len(grown))
            self._pending.append(rows.slice(start, n_taken))
            self._pending_rows += n_taken
            self._pending_size = int(grown[n_taken - 1])
            if self._pending_rows == GROUP_ROWS or self._pending_size >= GROUP_BYTES:
                self._flush()
            start += n_taken
        self.n_rows += rows.num_rows

    def close(self) -> None:
        """Write what is pending and finish the file; a folder without rows still gets one file with its columns."""
        self._flush()
        if self._n_parts == 0:
            self._open()
        self._finish()

    def _flush(self) -> None:
        if not self._pending:
            return
        writer = self._writer or self._open()
        table = pa.Table.from_batches(self._pending).combine_chunks()
        writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._part_size += self._pending_size
        self._pending, self._pending_rows, self._pending_size = [], 0, 0
        if self._part_size >= PART_BYTES:
            self._finish()

    def _open(self) -> Any:
        schema = pa.schema([(name, arrow_type(kind)) for name, kind in self._kinds.items()])
        path = self._folder / f"part-{self._n_parts:05d}.parquet"
        self._writer = pq.ParquetWriter(
            path, schema, compression="zstd", compression_level=self._level, use_dictionary=False
        )
        self._n_parts += 1
        return self._writer

    def _finish(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._part_size = None, 0


def _row_sizes(rows: Any, kinds: Kinds) -> NDArray[np.int64]:
    sizes = np.full(rows.num_rows, 8 * len(kinds), np.int64)
    for name, kind in kinds.items():
        if kind in ("text", "bytes"):
            sizes += pc.fill_null(pc.binary_length(rows.column(name)), 0).to_numpy(zero_copy_only=False)
    return sizes
