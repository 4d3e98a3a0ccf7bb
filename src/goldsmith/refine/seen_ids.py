"""Tells ids that stand twice, among any number of them: a small table in memory, the ids themselves on the disk."""

import tempfile
from array import array
from typing import Self

from xxhash import xxh3_64_intdigest

_FIRST_SLOTS = 1 << 12
_FULL = 2 / 3
_LENGTHS = 4


class SeenIds:
    """The ids that were read, and where.

    A slot is a hash of 64 bits and the place of the id in a temporary file: 24 to 48 bytes an id. Two ids with one hash
    are told apart by their bytes.
    """

    __slots__ = ("_file", "_hashes", "_mask", "_n_ids", "_places", "_size")

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._size = 0
        self._n_ids = 0
        self._make(_FIRST_SLOTS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the file."""
        self._file.close()

    def __len__(self) -> int:
        return self._n_ids

    def add(self, name: str, origin: str) -> str | None:
        """Remember an id and where it was read; where it was read before, if it was: then the first place stays."""
        key = name.encode()
        wanted = xxh3_64_intdigest(key) or 1
        slot = wanted & self._mask
        while known := self._hashes[slot]:
            if known == wanted:
                before = self._origin_at(self._places[slot], key)
                if before is not None:
                    return before
            slot = (slot + 1) & self._mask
        self._hashes[slot], self._places[slot] = wanted, self._size
        self._write(key, origin.encode())
        self._n_ids += 1
        if self._n_ids > _FULL * len(self._hashes):
            self._grow()
        return None

    def _make(self, n_slots: int) -> None:
        self._hashes = array("Q", bytes(8 * n_slots))
        self._places = array("Q", bytes(8 * n_slots))
        self._mask = n_slots - 1

    def _grow(self) -> None:
        hashes, places = self._hashes, self._places
        self._make(2 * len(hashes))
        for known, place in zip(hashes, places, strict=True):
            if known:
                slot = known & self._mask
                while self._hashes[slot]:
                    slot = (slot + 1) & self._mask
                self._hashes[slot], self._places[slot] = known, place

    def _write(self, key: bytes, origin: bytes) -> None:
        for part in (key, origin):
            self._size += self._file.write(len(part).to_bytes(_LENGTHS, "little"))
            self._size += self._file.write(part)

    def _origin_at(self, place: int, key: bytes) -> str | None:
        """Where the id at `place` was read, when it is `key`."""
        _ = self._file.seek(place)
        found, origin = self._read(), self._read()
        _ = self._file.seek(self._size)
        return origin.decode() if found == key else None

    def _read(self) -> bytes:
        return self._file.read(int.from_bytes(self._file.read(_LENGTHS), "little"))
