# pyarrow comes without types:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false
"""Reads the Parquet sheets of a release back into the rows that were hashed. The one module of `trust` with pyarrow.

Run as a program (`python -P -m goldsmith.trust.parquet_rows SHEET FILE`) it prints a line for each row: the verifier
starts it as a limited child process, since the file it has to read may have been damaged on purpose.
"""

import contextlib
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, TextIO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from goldsmith.errors import RowError
from goldsmith.trust.layouts import ANNOTATIONS, ITEM_COLUMNS, ITEMS, flat_cells, is_flat, line_sha256, row_line

Row = dict[str, Any]  # cells of every type a release can hold
_Reader = Callable[[Mapping[str, Any]], Row]

_MEMORY_BYTES = 8 << 30
_CPU_SECONDS = 3600
_PORTION = 1000
_UNREADABLE = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError)


def item_row(cells: Mapping[str, Any]) -> Row:
    """An item row as it was before its fields and its consensus were spread over columns.

    Raises:
        ValueError: a flat column says something else than the consensus.
    """
    payload = _parsed(cells["payload"])
    payload.update({name: cell for name, cell in cells.items() if _is_field(name) and cell is not None})
    consensus = [{**one, "value": _parsed(one["value"])} for one in cells["consensus"]]
    flat = flat_cells(consensus)
    if any(cells[name] != flat.get(name) for name in cells if is_flat(name)):
        raise ValueError("a flat column differs from the consensus")
    return {
        "external_id": cells["external_id"],
        "content_sha256": cells["content_sha256"],
        "payload": payload,
        "consensus": consensus,
        "answers": [{**one, "answers": _parsed(one["answers"])} for one in cells["answers"]],
    }


def annotation_row(cells: Mapping[str, Any]) -> Row:
    """An annotation row as it was before its answers became text."""
    return {**cells, "answers": _parsed(cells["answers"])}


READERS: Mapping[str, _Reader] = {ITEMS.name: item_row, ANNOTATIONS.name: annotation_row}


def cells_of(table: pa.Table) -> list[Row]:
    """The rows of a table as plain cells; an instant is microseconds UTC."""
    plain = [pa.field(field.name, _plain(field.type)) for field in table.schema]
    return table.cast(pa.schema(plain)).to_pylist()


def read_items(source: BinaryIO) -> Iterator[Row]:
    """The item rows of a Parquet file, one row group in memory at a time.

    Raises:
        RowError: the file cannot be decoded, or a row of it cannot be turned back; names the row.
    """
    number = 1
    try:
        with pq.ParquetFile(source) as file:
            for group in range(file.num_row_groups):
                for cells in cells_of(file.read_row_group(group, use_threads=False)):
                    yield item_row(cells)
                    number += 1
    except _UNREADABLE as error:
        raise RowError(f"row {number} of the Parquet file cannot be read: {_first_line(error)}.") from error


def main(arguments: list[str], out: TextIO) -> None:
    """Print `[sha256, external id]` for each row of a sheet, with an empty hash if it cannot be turned back.

    What cannot be decoded, a row group or the whole file, is one line `{row_group, first_row, n_rows, text}`.
    """
    sheet, path = arguments
    try:
        file = pq.ParquetFile(path)
    except _UNREADABLE as error:
        print(_json({"row_group": None, "first_row": 0, "n_rows": 0, "text": _first_line(error)}), file=out)
        return
    with file:
        first_row = 1
        for group in range(file.num_row_groups):
            for line in _lines_of_group(file, group, first_row, READERS[sheet]):
                print(line, file=out)
            first_row += file.metadata.row_group(group).num_rows


def _lines_of_group(file: pq.ParquetFile, group: int, first_row: int, read: _Reader) -> Iterator[str]:
    try:
        table = file.read_row_group(group, use_threads=False)
        table.validate()
    except _UNREADABLE as error:
        n_rows, text = file.metadata.row_group(group).num_rows, _first_line(error)
        yield _json({"row_group": group, "first_row": first_row, "n_rows": n_rows, "text": text})
        return
    for start in range(0, table.num_rows, _PORTION):
        for mark in _marks(table.slice(start, _PORTION), read):
            yield _json(mark)


def _marks(portion: pa.Table, read: _Reader) -> Iterator[tuple[str, str | None]]:
    """The mark of each row; a portion in which one row cannot be read is read row by row."""
    try:
        found = cells_of(portion)
    except _UNREADABLE:
        if portion.num_rows > 1:
            for number in range(portion.num_rows):
                yield from _marks(portion.slice(number, 1), read)
        else:
            yield "", None
        return
    yield from (_mark(cells, read) for cells in found)


def _mark(cells: Row, read: _Reader) -> tuple[str, str | None]:
    try:
        row = read(cells)
        return line_sha256(row_line(row)), str(row["external_id"])
    except _UNREADABLE:
        return "", None


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.int64() if pa.types.is_timestamp(kind) else kind


def _is_field(column: str) -> bool:
    return column not in ITEM_COLUMNS and not is_flat(column)


def _parsed(text: str) -> Any:
    return msgspec.json.decode(text)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _limit_this_process() -> None:
    """A damaged file can claim any size: stop before the machine does."""
    limits = ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, _CPU_SECONDS), (resource.RLIMIT_AS, _MEMORY_BYTES))
    for kind, most in limits:
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of memory
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    _limit_this_process()
    main(sys.argv[1:], sys.stdout)
