"""How the server and a process that reads media talk: a question in one line, an answer in frames."""

import io
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

import msgspec

# Any: the parameters and results of tasks are JSON values that each task knows.

PART, RESULT, REFUSED = b"P", b"R", b"E"
_LENGTH_BYTES = 4
_MOST_BYTES = 1 << 30


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be done with which file.

    Attributes:
        path: of the sealed file, as hexadecimal bytes.
        key: its own key, as hexadecimal bytes; it opens nothing else.
        cpu_s: the time that the process may compute.
        memory_bytes: the addresses that it may take.
    """

    task: str
    path: str
    key: str
    size_bytes: int
    media_type: str
    parameters: dict[str, Any] = {}
    cpu_s: int
    memory_bytes: int


class Frame(NamedTuple):
    """A part of an answer: its kind and its content."""

    kind: bytes
    content: bytes


GivePart = Callable[[bytes], None]
"""Takes a part of an answer that is given in several."""


def write_frame(stream: IO[bytes], kind: bytes, content: bytes) -> None:
    """Write one frame."""
    _ = stream.write(kind + len(content).to_bytes(_LENGTH_BYTES, "big"))
    _ = stream.write(content)


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame; None when the stream ended, or holds something else."""
    head = stream.read(1 + _LENGTH_BYTES)
    if len(head) != 1 + _LENGTH_BYTES or head[:1] not in (PART, RESULT, REFUSED):
        return None
    size = int.from_bytes(head[1:], "big")
    content = stream.read(size) if size <= _MOST_BYTES else b""
    return Frame(head[:1], content) if len(content) == size else None


def whole(reader: io.RawIOBase) -> Iterator[bytes]:
    """All of a file in parts."""
    while part := reader.read(1 << 18):
        yield part
