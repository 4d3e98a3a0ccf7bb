"""A small typed door to Arrow: columns in, columns out."""

# pyarrow ships no types; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportUnknownParameterType=false

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeGuard, cast, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goldsmith.kit.columns import Batch, Column, Kind, Kinds


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
    array = raw_of(batch).column(name).cast(pa.string())
    rows = sorted(new)
    if rows:
        is_new = np.zeros(len(array), np.bool_)
        is_new[rows] = True
        values = pa.array([new[row] for row in rows], pa.string())
        array = pc.replace_with_mask(array, pa.array(is_new), values)
    return Packed(array, rows)


def make_batch(columns: Mapping[str, Sequence[object]], kinds: Mapping[str, Kind]) -> Batch:
    """A batch with the columns of `kinds`, in that order."""
    arrays = [pa.array(columns[name], arrow_type(kind)) for name, kind in kinds.items()]
    return cast("Batch", pa.RecordBatch.from_arrays(arrays, names=list(kinds)))


def names_of(batch: Batch) -> list[str]:
    """The names of the batch's columns, in their order."""
    return list(raw_of(batch).schema.names)


def with_columns(batch: Batch, columns: Mapping[str, Sequence[object]], kinds: Kinds) -> Batch:
    """`batch` with `columns` added; a column of that name is replaced."""
    result = raw_of(batch)
    for name, values in columns.items():
        array = values.array if isinstance(values, Packed) else pa.array(values, arrow_type(kinds[name]))
        place = result.schema.get_field_index(name)
        result = result.append_column(name, array) if place < 0 else result.set_column(place, name, array)
    return cast("Batch", result)


def without_columns(batch: Batch, names: Iterable[str]) -> Batch:
    """`batch` without the columns that it has of `names`."""
    return cast("Batch", raw_of(batch).drop_columns([name for name in names if name in names_of(batch)]))


def only_columns(batch: Batch, names: Sequence[str]) -> Batch:
    """The columns `names` of `batch`, in that order."""
    return cast("Batch", raw_of(batch).select(list(names)))


def as_kinds(batch: Batch, kinds: Kinds) -> Batch:
    """`batch` with exactly the columns of `kinds`, in that order; those that it lacks are missing in every row."""
    raw, present = raw_of(batch), set(names_of(batch))
    arrays = [
        raw.column(name) if name in present else pa.nulls(raw.num_rows, arrow_type(kind))
        for name, kind in kinds.items()
    ]
    return cast("Batch", pa.RecordBatch.from_arrays(arrays, names=list(kinds)))


def take_rows(batch: Batch, rows: Sequence[int]) -> Batch:
    """The rows of `batch` at the places `rows`, in that order."""
    if len(rows) == batch.num_rows and list(rows) == list(range(batch.num_rows)):
        return batch
    return cast("Batch", raw_of(batch).take(pa.array(rows, pa.int64())))


def reader_of(batch: Batch, names: Sequence[str]) -> Callable[[int], dict[str, Any]]:
    """A function that gives one row by its place, as Python objects by the names of columns."""
    columns = [(name, raw_of(batch).column(name)) for name in names]
    return lambda row: {name: column[row].as_py() for name, column in columns}


def join_rows(batches: Sequence[Batch], *, by: str) -> Batch:
    """All rows of `batches` with the columns of the first, merged by the whole numbers in the column `by`.

    Each batch is sorted by them already. A column that a later batch lacks is missing in its rows.
    """
    first, *others = (raw_of(batch) for batch in batches)
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
    texts = pc.fill_null(raw_of(batch).column(name), "")
    return _stored((pc.utf8_lower(texts) if is_lower else texts).cast(pa.large_string()))


def binary(batch: Batch, name: str) -> Utf8:
    """The values of a column of bytes, one after the other; a missing value is empty."""
    return _stored(pc.fill_null(raw_of(batch).column(name), b"").cast(pa.large_binary()))


def floats(column: Column) -> NDArray[np.float64]:
    """The numbers of a column; not a number where one is missing."""
    values: Any = column  # of pyarrow, which has no types
    return values.to_numpy(zero_copy_only=False).astype(np.float64)


def is_utf8(batch: Batch, name: str) -> bool:
    """Whether all bytes of a column are valid UTF-8."""
    try:
        _ = raw_of(batch).column(name).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def has_all(batch: Batch, name: str) -> bool:
    """Whether no value of a column is missing."""
    return int(raw_of(batch).column(name).null_count) == 0


def _stored(stored: Any) -> Utf8:  # an array of pyarrow, which has no types
    _, offsets, content = stored.buffers()
    starts = np.frombuffer(offsets, np.int64)[stored.offset : stored.offset + len(stored) + 1]
    held = np.frombuffer(content, np.uint8) if content is not None else np.zeros(0, np.uint8)
    held.flags.writeable = False  # whoever made the column: else all that reads texts is compiled twice
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


def is_batch(value: object) -> TypeGuard[Batch]:
    """Whether something is a batch as this file makes them."""
    return isinstance(value, pa.RecordBatch)


def packed(batch: Batch, *, compression: Literal["lz4"] | None = "lz4") -> bytes:
    """The rows of `batch` as bytes (Arrow IPC); the same rows give the same bytes."""
    raw = raw_of(batch)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, raw.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as stream:
        stream.write_batch(raw)
    return cast("bytes", sink.getvalue().to_pybytes())


def unpacked(content: bytes) -> Batch:
    """The rows that `packed` made `content` of."""
    with pa.ipc.open_stream(content) as stream:
        return cast("Batch", stream.read_next_batch())


def raw_of(batch: Batch) -> Any:  # of pyarrow, which has no types
    """The same object, as its library sees it."""
    return batch


def arrow_type(kind: Kind) -> Any:  # of pyarrow, which has no types
    """What its library calls a kind of column."""
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
