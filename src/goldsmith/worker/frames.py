"""Files of MessagePack frames: how this process and a computing child hand rows to each other in constant memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from goldsmith.errors import ComputeError

T = TypeVar("T")

_LENGTH_BYTES = 4


def write_frames(path: Path, rows: Iterable[object]) -> int:
    """Write each row as a frame of four length bytes and MessagePack; how many."""
    encoder = msgspec.msgpack.Encoder()
    n = 0
    with path.open("wb", buffering=1 << 20) as file:
        for row in rows:
            frame = encoder.encode(row)
            file.write(len(frame).to_bytes(_LENGTH_BYTES, "big"))
            file.write(frame)
            n += 1
    return n


def read_frames(path: Path, kind: type[T]) -> Iterator[T]:
    """The rows that `write_frames` wrote.

    Raises:
        ComputeError: the file ends inside a frame.
    """
    decoder = msgspec.msgpack.Decoder(kind)
    with path.open("rb", buffering=1 << 20) as file:
        while length := file.read(_LENGTH_BYTES):
            size = int.from_bytes(length, "big")
            frame = file.read(size)
            if len(frame) != size:
                raise ComputeError(f"{path.name} ends inside a row: what wrote it was stopped. Run the job again.")
            yield decoder.decode(frame)
