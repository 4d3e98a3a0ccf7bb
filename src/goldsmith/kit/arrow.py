"""A small typed door to Arrow: columns in, columns out, and Parquet files whose bytes depend on their rows alone."""

# pyarrow ships no types; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportUnknownParameterType=false

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self, TypeGuard, cast, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goldsmith.kit.columns import Batch, Column, Kind, Kinds

GROUP_ROWS = 2048
GROUP_BYTES = 8 << 20
PART_BYTES = 512 << 20


class Utf8(NamedTuple):
    """Texts as one array of bytes: text `i` is `content[offsets[i]:offsets[i + 1]]`."""

    content: NDArray[np.uint8]
    offsets: NDArray[np.int64]


class Packed(Sequence[object]):
    """The values of a column as they are stored; they become objects of Python only where they are asked for.

    Attributes:
        changed: for the values of another column of which some are new, the rows of those; else None.
    """

    __slots__ = ("_array", "changed")

    def __init__(self, array: object, changed: Sequence[int] | None = None) -> None:
        self._array: Any = array  # of pyarrow, which has no types
        self.changed = changed

    def __len__(self) -> int:
        return len(self._array)

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[object]: ...
    def __getitem__(self, place: int | slice) -> object | Sequence[object]:
        return self._array[place].to_pylist() if isinstance(place, slice) else self._array[place].as_py()

    def __iter__(self) -> Iterator[object]:
        return iter(self._array.to_pylist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(cast("Sequence[object]", other))

    def __hash__(self) -> int:
        raise TypeError("unhashable type: 'Packed'")

    @property
    def array(self) -> Any:
        """As pyarrow has them."""
        return self._array


def edited(batch: Batch, name: str, new: Mapping[int, str | None]) -> Packed:
    """The texts of a column, or its bytes if all are UTF-8, but for those that are new, by their rows."""
    array = _raw(batch).column(name).cast(pa.string())
    rows = sorted(new)
    if rows:
        is_new = np.zeros(len(array), np.bool_)
        is_new[rows] = True
        values = pa.array([new[row] for row in rows], pa.string())
        array = pc.replace_with_mask(array, pa.array(is_new), values)
    return Packed(array, rows)


def make_batch(columns: Mapping[str, Sequence[object]], kinds: Mapping[str, Kind]) -> Batch:
    """A batch with the columns of `kinds`, in that order."""
    arrays = [pa.array(columns[name], _arrow_type(kind)) for name, kind in kinds.items()]
    return cast("Batch", pa.RecordBatch.from_arrays(arrays, names=list(kinds)))


def names_of(batch: Batch) -> list[str]:
    """The names of the batch's columns, in their order."""
    return list(_raw(batch).schema.names)


def with_columns(batch: Batch, columns: Mapping[str, Sequence[object]], kinds: Kinds) -> Batch:
    """`batch` with `columns` added; a column of that name is replaced."""
    result = _raw(batch)
    for name, values in columns.items():
        array = values.array if isinstance(values, Packed) else pa.array(values, _arrow_type(kinds[name]))
        place = result.schema.get_field_index(name)
        result = result.append_column(name, array) if place < 0 else result.set_column(place, name, array)
    return cast("Batch", result)


def without_columns(batch: Batch, names: Iterable[str]) -> Batch:
    """`batch` without the columns that it has of `names`."""
    return cast("Batch", _raw(batch).drop_columns([name for name in names if name in names_of(batch)]))


def only_columns(batch: Batch, names: Sequence[str]) -> Batch:
    """The columns `names` of `batch`, in that order."""
    return cast("Batch", _raw(batch).select(list(names)))


def as_kinds(batch: Batch, kinds: Kinds) -> Batch:
    """`batch` with exactly the columns of `kinds`, in that order; those that it lacks are missing in every row."""
    raw, present = _raw(batch), set(names_of(batch))
    arrays = [
        raw.column(name) if name in present else pa.nulls(raw.num_rows, _arrow_type(kind))
        for name, kind in kinds.items()
    ]
    return cast("Batch", pa.RecordBatch.from_arrays(arrays, names=list(kinds)))


def take_rows(batch: Batch, rows: Sequence[int]) -> Batch:
    """The rows of `batch` at the places `rows`, in that order."""
    if len(rows) == batch.num_rows and list(rows) == list(range(batch.num_rows)):
        return batch
    return cast("Batch", _raw(batch).take(pa.array(rows, pa.int64())))


def reader_of(batch: Batch, names: Sequence[str]) -> Callable[[int], dict[str, Any]]:
    """A function that gives one row by its place, as Python objects by the names of columns."""
    columns = [(name, _raw(batch).column(name)) for name in names]
    return lambda row: {name: column[row].as_py() for name, column in columns}


def join_rows(batches: Sequence[Batch], *, by: str) -> Batch:
    """All rows of `batches` with the columns of the first, merged by the whole numbers in the column `by`.

    Each batch is sorted by them already. A column that a later batch lacks is missing in its rows.
    """
    first, *others = (_raw(batch) for batch in batches)
    if not others:
        return cast("Batch", first)
    tables = [pa.Table.from_batches([first])]
    for other in others:
        arrays = [
            other.column(field.name) if field.name in other.schema.names else pa.nulls(other.num_rows, field.type)
            for field in first.schema
        ]
        tables.append(pa.Table.from_batches([pa.RecordBatch.from_arrays(arrays, schema=first.schema)]))
    table = pa.concat_tables(tables).combine_chunks()
    rows = table.take(pc.sort_indices(table, [(by, "ascending")])).combine_chunks().to_batches()
    return cast("Batch", rows[0] if rows else first)


def utf8(batch: Batch, name: str, *, is_lower: bool = False) -> Utf8:
    """The texts of a column as bytes, in lower case when that is asked for; a missing text is empty."""
    texts = pc.fill_null(_raw(batch).column(name), "")
    return _stored((pc.utf8_lower(texts) if is_lower else texts).cast(pa.large_string()))


def binary(batch: Batch, name: str) -> Utf8:
    """The values of a column of bytes, one after the other; a missing value is empty."""
    return _stored(pc.fill_null(_raw(batch).column(name), b"").cast(pa.large_binary()))


def floats(column: Column) -> NDArray[np.float64]:
    """The numbers of a column; not a number where one is missing."""
    values: Any = column  # of pyarrow, which has no types
    return values.to_numpy(zero_copy_only=False).astype(np.float64)


def is_utf8(batch: Batch, name: str) -> bool:
    """Whether all bytes of a column are valid UTF-8."""
    try:
        _ = _raw(batch).column(name).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def has_all(batch: Batch, name: str) -> bool:
    """Whether no value of a column is missing."""
    return int(_raw(batch).column(name).null_count) == 0


def _stored(stored: Any) -> Utf8:  # an array of pyarrow, which has no types
    _, offsets, content = stored.buffers()
    starts = np.frombuffer(offsets, np.int64)[stored.offset : stored.offset + len(stored) + 1]
    held = np.frombuffer(content, np.uint8) if content is not None else np.zeros(0, np.uint8)
    return Utf8(held[starts[0] : starts[-1]], starts - starts[0])


def as_utf8(texts: Sequence[str]) -> Utf8:
    """Texts as one array of bytes; a surrogate without its other half is a question mark."""
    raw = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.cumsum([0, *map(len, raw)], dtype=np.int64)
    return Utf8(np.frombuffer(b"".join(raw), np.uint8), offsets)


def bytes_at(texts: Utf8, place: int) -> bytes:
    """One of the texts, as UTF-8."""
    return texts.content[texts.offsets[place] : texts.offsets[place + 1]].tobytes()


def text_at(texts: Utf8, place: int) -> str:
    """One of the texts."""
    return bytes_at(texts, place).decode()


class TextList:
    """Texts by their place, packed: their UTF-8 and 8 bytes for each stay in memory."""

    __slots__ = ("_chunks", "_packed")

    def __init__(self) -> None:
        self._chunks: list[Any] = []
        self._packed: Any = None  # an array of pyarrow, which has no types

    def add(self, batch: Batch, name: str) -> None:
        """Append the texts of a column; what else the batch holds is not kept alive."""
        self._chunks.append(pa.array(batch.column(name).to_pylist(), pa.large_string()))
        self._packed = None

    def __len__(self) -> int:
        return sum(len(chunk) for chunk in self._chunks)

    def __getitem__(self, place: int) -> str:
        return str(self._array()[place].as_py())

    def ranks(self) -> NDArray[np.int64]:
        """For each text its place in the order of code points; of equal ones, the earlier comes first."""
        order = pc.sort_indices(self._array()).to_numpy()
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        return ranks

    def _array(self) -> Any:
        if self._packed is None:
            self._packed = pa.chunked_array(self._chunks, pa.large_string()).combine_chunks()
            self._chunks = [self._packed]
        return self._packed


def read_parquet(paths: Iterable[Path], *, columns: Sequence[str] | None = None) -> Iterator[Batch]:
    """The rows of Parquet files in order, one row group at a time."""
    for path in paths:
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=columns, use_threads=False).combine_chunks()
                yield from (cast("Batch", batch) for batch in table.to_batches())


def is_batch(value: object) -> TypeGuard[Batch]:
    """Whether something is a batch as this file makes them."""
    return isinstance(value, pa.RecordBatch)


def packed(batch: Batch, *, compression: Literal["lz4"] | None = "lz4") -> bytes:
    """The rows of `batch` as bytes (Arrow IPC); the same rows give the same bytes."""
    raw = _raw(batch)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, raw.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as stream:
        stream.write_batch(raw)
    return cast("bytes", sink.getvalue().to_pybytes())


def unpacked(content: bytes) -> Batch:
    """The rows that `packed` made `content` of."""
    with pa.ipc.open_stream(content) as stream:
        return cast("Batch", stream.read_next_batch())


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
        rows = _raw(as_kinds(batch, self._kinds))
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
        schema = pa.schema([(name, _arrow_type(kind)) for name, kind in self._kinds.items()])
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


def _raw(batch: Batch) -> Any:  # the same object, as the library without types sees it
    return batch


def _arrow_type(kind: Kind) -> Any:  # a type of pyarrow, which has no types itself
    match kind:
        case "text":
            return pa.string()
        case "bytes":
            return pa.binary()
        case "int":
            return pa.int64()
        case "float":
            return pa.float64()
        case "bool":
            return pa.bool_()


def _row_sizes(rows: Any, kinds: Kinds) -> NDArray[np.int64]:
    sizes = np.full(rows.num_rows, 8 * len(kinds), np.int64)
    for name, kind in kinds.items():
        if kind in ("text", "bytes"):
            sizes += pc.fill_null(pc.binary_length(rows.column(name)), 0).to_numpy(zero_copy_only=False)
    return sizes
