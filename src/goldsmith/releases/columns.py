"""The columns of the Parquet sheets, and a writer whose bytes depend on the rows alone."""

# pyarrow comes without types; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq

from goldsmith.errors import RowError
from goldsmith.kit.digest import canonical_json
from goldsmith.trust.layouts import ITEM_COLUMNS, flat_cells, is_flat

GROUP_ROWS = 4096
GROUP_BYTES = 16 << 20

Cells = dict[str, Any]  # cells of every type a release can hold


class SheetColumns:
    """How the rows of one sheet become columns."""

    __slots__ = ("_names", "schema")

    def __init__(self, schema: pa.Schema) -> None:
        self.schema: Any = schema  # a type of pyarrow, which has no types itself
        self._names = frozenset(schema.names)

    def cells(self, row: Mapping[str, Any]) -> Cells:
        """The row, plain JSON, as cells of the columns; the inverse of the readers in `trust.parquet_rows`."""
        raise NotImplementedError


class ItemColumns(SheetColumns):
    """Items: each text field of the schema is a column, everything else of the payload is JSON in `payload`."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Sequence[str], questions: Sequence[str]) -> None:
        self._fields = [name for name in dict.fromkeys(fields) if name not in ITEM_COLUMNS and not is_flat(name)]
        super().__init__(_item_schema(self._fields, list(dict.fromkeys(questions))))

    def cells(self, row: Mapping[str, Any]) -> Cells:
        """The row as cells."""
        payload: Cells = row["payload"]
        fields = {name: payload[name] for name in self._fields if isinstance(payload.get(name), str)}
        flat = {name: cell for name, cell in flat_cells(row["consensus"]).items() if name in self._names}
        return {
            "external_id": row["external_id"],
            "content_sha256": row["content_sha256"],
            **fields,
            "payload": _json({name: value for name, value in payload.items() if name not in fields}),
            **flat,
            "consensus": [{**one, "value": _json(one["value"])} for one in row["consensus"]],
            "answers": [{**one, "answers": _json(one["answers"])} for one in row["answers"]],
        }


class AnnotationColumns(SheetColumns):
    """Annotations: one column for each of their fields; the answers are JSON."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_annotation_schema())

    def cells(self, row: Mapping[str, Any]) -> Cells:
        """The row as cells."""
        return {**row, "answers": _json(row["answers"])}


class ParquetSink:
    """Writes cells in row groups, cut by the number of rows and by the size of their JSON, so memory stays bounded."""

    __slots__ = ("_pending", "_pending_bytes", "_schema", "_writer")

    def __init__(self, sink: BinaryIO, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(sink, schema, compression="zstd", compression_level=3, store_schema=False)
        self._pending: list[Cells] = []
        self._pending_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            try:
                self._writer.close()
            finally:
                self._writer.is_open = False  # after a failure it would close once more while it is collected

    def write(self, cells: Cells, size_bytes: int) -> None:
        """Append a row that is `size_bytes` long as JSON."""
        self._pending.append(cells)
        self._pending_bytes += size_bytes
        if len(self._pending) >= GROUP_ROWS or self._pending_bytes >= GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            table = self._table()
            self._writer.write_table(table, row_group_size=len(self._pending))
        self._pending, self._pending_bytes = [], 0

    def _table(self) -> Any:  # a table of pyarrow, which has no types itself
        try:
            return pa.Table.from_pylist(self._pending, schema=self._schema)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            first, last = (self._pending[place]["external_id"] for place in (0, -1))
            text = f"between the items {first!r} and {last!r} a value does not fit its column: {error}."
            raise RowError(text) from error


def _item_schema(fields: Sequence[str], questions: Sequence[str]) -> pa.Schema:
    text, number, integer = pa.string(), pa.float64(), pa.int64()
    entry = {"question": text, "value": text, "confidence": number, "agreement": number, "n_answers": integer}
    answer = dict.fromkeys(("annotator", "kind", "version", "answers", "outcome"), text)
    return pa.schema(
        [
            pa.field("external_id", text, nullable=False),
            pa.field("content_sha256", text, nullable=False),
            *(pa.field(name, text) for name in fields),
            pa.field("payload", text, nullable=False),
            *(pa.field(f"label.{name}", text) for name in questions),
            *(pa.field(f"confidence.{name}", number) for name in questions),
            pa.field("consensus", pa.list_(pa.struct({**entry, "method": text})), nullable=False),
            pa.field("answers", pa.list_(pa.struct(answer)), nullable=False),
        ]
    )


def _annotation_schema() -> pa.Schema:
    text, integer = pa.string(), pa.int64()
    return pa.schema(
        {
            "id": text,
            "external_id": text,
            "annotator": text,
            "kind": text,
            "version": text,
            "outcome": text,
            "reason": text,
            "answers": text,
            "created_at": pa.timestamp("us", tz="UTC"),
            "schema_version": integer,
            "guideline_version": integer,
            "policy_version": integer,
            "supersedes": text,
            "is_late": pa.bool_(),
            "leaf_seq": integer,
        }
    )


def _json(value: object) -> str:
    return canonical_json(value).decode()
