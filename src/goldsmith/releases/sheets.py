"""Writes a sheet of a release in one pass: JSON lines, Parquet, the list of row hashes, and the roots over them."""

import math
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, cast

from goldsmith.errors import RowError
from goldsmith.releases.columns import ParquetSink, SheetColumns
from goldsmith.trust.layouts import Sheet, SheetEntry, hash_line, line_sha256, row_line
from goldsmith.trust.merkle import Frontier, leaf_hash

_BATCH = 1024
_SMALLEST, _LARGEST = -(1 << 63), (1 << 64) - 1


class Leaves:
    """A Merkle tree that is fed leaf by leaf, a batch at a time."""

    __slots__ = ("_pending", "_tree")

    def __init__(self) -> None:
        self._tree = Frontier()
        self._pending: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append the hash of a leaf."""
        self._pending.append(leaf)
        if len(self._pending) >= _BATCH:
            self._merge()

    def root(self) -> str:
        """The root over all leaves so far, in hexadecimal digits."""
        self._merge()
        return self._tree.root().hex()

    def _merge(self) -> None:
        self._tree = self._tree.extended(self._pending)
        self._pending.clear()


class SheetWriter:
    """Open while a sheet is written; memory does not grow with the rows."""

    __slots__ = ("_columns", "_hashes", "_jsonl", "_leaves", "_longest", "_n_rows", "_open", "_parquet", "_sheet")

    def __init__(self, folder: Path, sheet: Sheet, columns: SheetColumns) -> None:
        self._sheet, self._columns = sheet, columns
        self._leaves, self._n_rows, self._longest = Leaves(), 0, 0
        with ExitStack() as files:
            self._jsonl = files.enter_context((folder / sheet.jsonl).open("xb"))
            self._hashes = files.enter_context((folder / sheet.hashes).open("xb"))
            table = files.enter_context((folder / sheet.parquet).open("xb"))
            self._parquet = files.enter_context(ParquetSink(table, columns.schema))
            self._open = files.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:  # the three arguments of the protocol, passed on
        self._open.__exit__(*error)

    def add(self, row: Mapping[str, Any]) -> None:
        """Append a row, given as plain JSON.

        Raises:
            RowError: the row holds something that JSON cannot say; names the item.
        """
        external_id = str(row["external_id"])
        try:
            line = row_line(row)
            listed = hash_line(line_sha256(line), external_id)
        except (UnicodeEncodeError, OverflowError, TypeError, ValueError, RecursionError) as error:
            raise RowError(f"item {external_id!a} cannot be written: {error}.") from error
        self._jsonl.write(line)
        self._hashes.write(listed)
        self._parquet.write(self._columns.cells(row), len(line))
        self._leaves.add(leaf_hash(line))
        self._n_rows += 1
        self._longest = max(self._longest, len(line))

    def entry(self) -> SheetEntry:
        """What the manifest says of the sheet as it is so far."""
        return SheetEntry(
            name=self._sheet.name,
            n_rows=self._n_rows,
            longest_line_bytes=self._longest,
            root=self._leaves.root(),
        )


def check_plain(external_id: str, values: Iterable[Any]) -> None:  # whatever JSON holds
    """Refuse what would come back from JSON as something else without a sound: NaN as null, huge integers rounded.

    Raises:
        RowError: a value is not finite, larger than 64 bits, or of a type that JSON does not have; names the item.
    """
    for value in values:
        match value:
            case str() | bool() | None:
                continue
            case float() if math.isfinite(value):
                continue
            case int() if _SMALLEST <= value <= _LARGEST:
                continue
            case dict():
                check_plain(external_id, cast("dict[str, Any]", value).values())
            case list() | tuple():
                check_plain(external_id, cast("list[Any]", value))
            case _:
                shown = repr(value)[:80]
                raise RowError(f"item {external_id!r} holds {shown}, which cannot be written as JSON and read again.")
