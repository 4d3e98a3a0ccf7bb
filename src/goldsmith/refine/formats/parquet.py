"""Parquet: each row becomes a document, with a part of one row group in memory at a time."""

# pyarrow ships no types; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportUnknownParameterType=false

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from goldsmith.refine.arrow_rows import is_bytes, is_text, plain, rows_of, useful_columns
from goldsmith.refine.disk import packing_of
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile, missing_columns, row_document

BATCH_ROWS = 256
BATCH_BYTES = 8 << 20
_BUFFER_BYTES = 1 << 20
_FEW_BYTES = 512
"""Bytes that a row takes on average in a file that may repeat one text many times."""

_FAULTS = (pa.ArrowException, OSError, ValueError)


class Parquet:
    """Reads the rows of Parquet files.

    The text may be a text or bytes in any charset; a column of messages is a conversation. Columns of bytes and lists
    of numbers, which are pictures and embeddings, are left out of what is known about a document.
    """

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The rows of a file in order; a row group that is damaged fails as one."""
        if packing_of(file.path.name):
            yield file.failure(f"{file.origin}: Parquet files are packed inside; unpack the file itself first")
            return
        try:
            with pq.ParquetFile(file.path, pre_buffer=False, buffer_size=_BUFFER_BYTES) as table:
                schema = table.schema_arrow
                problem = _problem(file, schema)
                if problem:
                    yield file.failure(f"{file.origin}: {problem}")
                    return
                columns = useful_columns(schema, file.text_field, file.id_field)
                repeated = _may_repeat(file, table)
            with pq.ParquetFile(
                file.path,
                pre_buffer=False,
                buffer_size=_BUFFER_BYTES,
                read_dictionary=repeated,
                page_checksum_verification=True,
            ) as table:
                yield from _documents(file, table, columns)
        except _FAULTS as error:
            yield file.failure(f"{file.origin}: not a sound Parquet file: {_first_line(error)}")

    def close(self) -> None:
        """Nothing is kept between files."""


def _problem(file: InputFile, schema: Any) -> str | None:
    missing = missing_columns(file, list(schema.names))
    if missing or file.text_field not in schema.names:
        return missing
    kind = plain(schema.field(file.text_field).type)
    if is_text(kind) or is_bytes(kind) or pa.types.is_nested(kind):
        return None
    return f"the column {file.text_field!r} holds {kind}, no text; set `text_field` of its source"


def _may_repeat(file: InputFile, table: Any) -> list[str]:
    """The text's column, when rows take so little that one large text may stand in it many times."""
    names = [name for name in table.schema_arrow.names if name == file.text_field]
    if not names or not is_text(table.schema_arrow.field(names[0]).type):
        return []
    # Not the size of the column itself: asking damaged metadata for a column ends the process (pyarrow 26.0).
    size = sum(table.metadata.row_group(group).total_byte_size for group in range(table.num_row_groups))
    return names if size < _FEW_BYTES * table.metadata.num_rows else []


def _documents(file: InputFile, table: Any, columns: Sequence[str]) -> Iterator[RawDocument]:
    first = 1
    for group in range(table.num_row_groups):
        about = table.metadata.row_group(group)
        n_rows, size = int(about.num_rows), max(1, int(about.total_byte_size))
        batch_rows = max(1, min(BATCH_ROWS, n_rows * BATCH_BYTES // size))
        number = first
        try:
            for batch in table.iter_batches(
                batch_size=batch_rows, row_groups=[group], columns=list(columns), use_threads=False
            ):
                for values in rows_of(batch):
                    yield row_document(file, values, number)
                    number += 1
        except _FAULTS as error:
            rows = f"rows {number:,} to {first + n_rows - 1:,} cannot be read"
            yield file.row_failure(number, f"{rows}: {_first_line(error)}")
        first += n_rows


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


plugin = Parquet
