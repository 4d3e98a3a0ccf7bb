"""Parquet: each text field of the schema a column, each question a label and a confidence, everything else kept too."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar

import msgspec

from goldsmith.releases.columns import ItemColumns, ParquetSink
from goldsmith.releases.exports import Exporter
from goldsmith.releases.model import ReleaseRow
from goldsmith.trust.layouts import row_line
from goldsmith.trust.parquet_rows import read_items


class ParquetExporter(Exporter, frozen=True, kw_only=True, tag="parquet"):
    """Writes and reads Parquet in row groups. Nothing is lost."""

    suffix: ClassVar[str] = ".parquet"
    media_type: ClassVar[str] = "application/vnd.apache.parquet"

    def write(self, rows: Iterable[ReleaseRow], sink: BinaryIO) -> None:
        """Write the rows, at most 4,096 or 16 MiB of them in memory."""
        columns = ItemColumns(self.fields, self.questions)
        with ParquetSink(sink, columns.schema) as out:
            for row in rows:
                plain = msgspec.to_builtins(row)
                out.write(columns.cells(plain), len(row_line(plain)))

    def read(self, source: BinaryIO) -> Iterator[ReleaseRow]:
        """The rows, one row group in memory at a time.

        Raises:
            RowError: the file is no Parquet or has other columns.
        """
        for plain in read_items(source):
            yield msgspec.convert(plain, ReleaseRow)


plugin = ParquetExporter
