"""Pyramids of tiles: which tiles an image has, and the one file that holds all of them.

Level 0 is the image itself, each further level has half its width and height (rounded up), and the last one fits into a
single tile. A pack is the tiles one after another, level by level and row by row, then where each begins, then how many
there are; so a tile is found by its number.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from goldsmith.errors import BlobDamaged, NotFound

TILE = 256

_PLACE = struct.Struct(">Q")


class Level(NamedTuple):
    """A level of a pyramid: its size in pixels, and how many tiles it has across and down."""

    number: int
    width: int
    height: int

    @property
    def n_across(self) -> int:
        """How many tiles lie side by side."""
        return -(-self.width // TILE)

    @property
    def n_down(self) -> int:
        """How many rows of tiles there are."""
        return -(-self.height // TILE)


def levels(width: int, height: int) -> Iterator[Level]:
    """The levels of an image's pyramid, the finest first."""
    number = 0
    while True:
        yield Level(number, width, height)
        if max(width, height) <= TILE:
            return
        number, width, height = number + 1, -(-width // 2), -(-height // 2)


def tile_number(size: tuple[int, int], *, level: int, x: int, y: int) -> int:
    """The place of a tile in a pack, from 0.

    Args:
        size: width and height of the image.
        level: of the tile.
        x: its column.
        y: its row.

    Raises:
        NotFound: the image has no such tile.
    """
    n_before = 0
    for one in levels(*size):
        if one.number == level and 0 <= x < one.n_across and 0 <= y < one.n_down:
            return n_before + y * one.n_across + x
        n_before += one.n_across * one.n_down
    raise NotFound("The image has no such tile.")


class Sink(Protocol):
    """Where a pack is written to."""

    def write(self, part: bytes) -> None:
        """Add a part."""
        ...


class Source(Protocol):
    """Where a pack is read from."""

    size_bytes: int

    def seek(self, offset: int, /) -> int:
        """Go to a place."""
        ...

    def read(self, n_bytes: int, /) -> bytes | None:
        """Read so many bytes, or fewer."""
        ...


class PackWriter:
    """Writes tiles in their order."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._places = [0]

    def add(self, tile: bytes) -> None:
        """Add the next tile."""
        self._sink.write(tile)
        self._places.append(self._places[-1] + len(tile))

    def end(self) -> None:
        """Write where each tile begins."""
        self._sink.write(b"".join(_PLACE.pack(place) for place in [*self._places, len(self._places) - 1]))


def read_tile(source: Source, number: int) -> bytes:
    """A tile of a pack.

    Raises:
        BlobDamaged: there is no such tile in it.
    """
    (n_tiles,) = _PLACE.unpack(_exactly(source, source.size_bytes - _PLACE.size, _PLACE.size))
    if not 0 <= number < n_tiles:
        raise BlobDamaged("The tiles of the image are not complete.")
    at = source.size_bytes - (n_tiles + 2 - number) * _PLACE.size
    start, end = (value[0] for value in _PLACE.iter_unpack(_exactly(source, at, 2 * _PLACE.size)))
    return _exactly(source, start, end - start)


def _exactly(source: Source, start: int, n_bytes: int) -> bytes:
    source.seek(start)
    parts: list[bytes] = []
    while n_bytes > 0 and (part := source.read(n_bytes)):
        parts.append(part)
        n_bytes -= len(part)
    if n_bytes:
        raise BlobDamaged("The tiles of the image end too early.")
    return b"".join(parts)
