"""Rows of numbers that are too many for memory: they lie on the disk in parts, and one part is read at a time."""

import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

N_PARTS = 128
"""Files of a spill: a billion rows of 24 bytes are 190 MB a part."""


class Spill:
    """Rows of unsigned 64-bit numbers in parts, each row in the part that its writer chose, in the order of writing.

    Its files have no names, so they are gone with the object, or with the process.
    """

    __slots__ = ("__weakref__", "_close", "_files", "_folder", "_width", "n_rows")

    def __init__(self, folder: Path, *, width: int) -> None:
        self._folder, self._width = folder, width
        self._files: dict[int, IO[bytes]] = {}
        self._close = weakref.finalize(self, _close_all, self._files)
        self.n_rows = 0

    def write(self, parts: I64, *columns: NDArray[np.generic]) -> None:
        """Append rows.

        Args:
            parts: the part of each row, `int64` in [0, `N_PARTS`).
            columns: the numbers of the rows, each of the length of `parts`.
        """
        order = np.argsort(parts, kind="stable")
        rows = np.column_stack([column.astype(np.uint64) for column in columns])[order]
        bounds = np.searchsorted(parts[order], np.arange(N_PARTS + 1))
        for part in np.flatnonzero(np.diff(bounds)).tolist():
            self._file(part).write(rows[bounds[part] : bounds[part + 1]].tobytes())
        self.n_rows += len(parts)

    def read(self, part: int) -> Sequence[U64]:
        """The columns of one part, in the order of writing."""
        file = self._files.get(part)
        if file is None:
            return [np.zeros(0, np.uint64) for _ in range(self._width)]
        file.seek(0)
        rows = np.frombuffer(file.read(), np.uint64).reshape(-1, self._width)
        file.seek(0, 2)
        return [rows[:, column] for column in range(self._width)]

    def close(self) -> None:
        """Remove its files."""
        self._close()

    def _file(self, part: int) -> IO[bytes]:
        if part not in self._files:
            self._files[part] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - open as long as the spill
        return self._files[part]


def _close_all(files: dict[int, IO[bytes]]) -> None:
    for file in files.values():
        file.close()
    files.clear()


class Places:
    """Rows that belong to places of a long line, such as words: written in any order, read from the left on.

    Args:
        folder: where they may lie.
        n_places: places of the line.
        width: numbers of a row besides the place.
    """

    __slots__ = ("_at", "_rows", "_size", "_spill")

    def __init__(self, folder: Path, *, n_places: int, width: int) -> None:
        self._spill = Spill(folder, width=width + 1)
        self._size = max(1, -(-n_places // N_PARTS))
        self._at = -1
        self._rows: list[U64] = []

    def write(self, places: I64, *columns: NDArray[np.generic]) -> None:
        """Append rows, each with its place."""
        self._spill.write(places // self._size, places, *columns)

    def between(self, start: int, stop: int) -> Sequence[U64]:
        """The columns of the rows at `[start, stop)`, sorted by place, which is the first column."""
        parts = range(start // self._size, (stop - 1) // self._size + 1) if stop > start else range(0)
        found = [self._cut(part, start, stop) for part in parts]
        return [np.concatenate(columns) for columns in zip(*found, strict=True)] if found else self._cut(0, 0, 0)

    def _cut(self, part: int, start: int, stop: int) -> Sequence[U64]:
        if part != self._at:
            columns = self._spill.read(part)
            order = np.argsort(columns[0], kind="stable")
            self._at, self._rows = part, [column[order] for column in columns]
        begin, end = np.searchsorted(self._rows[0], [start, stop])
        return [column[begin:end] for column in self._rows]
