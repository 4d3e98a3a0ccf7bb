"""The bytes of web archives, which are packed record by record: after damage, reading goes on at the next record."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from goldsmith.refine.disk import BUFFER_BYTES, READING_ERRORS, open_content, packing_of, why_unreadable
from goldsmith.refine.http_messages import parse_headers

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_HEAD = 64 << 10
"""The most bytes of the headers of a record."""

ROOM_FOR_HTTP = 64 << 10
"""What a record may have beyond its document: the headers of HTTP and chunk sizes."""

_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_MEMBER_HEAD = 1 << 11
"""Packed bytes in which the first bytes of a record are; little, as there may be many places to try."""

RECORD = b"WARC/"


class Record(NamedTuple):
    """A record, or the damage where the next one should be.

    Attributes:
        headers: its own headers by their names in lower case.
        block: what follows them; of a block that is too large, the beginning.
        size: how many bytes the block has.
        fault: why there is no record; then nothing else is there.
    """

    headers: dict[str, str]
    block: bytes
    size: int
    fault: str | None


class _Damaged(Exception):
    """What comes next is no record."""


def read_records(path: Path, *, types: frozenset[str], max_bytes: int) -> Iterator[Record]:
    """The records of these types in order, and a fault for each place that is damaged.

    Args:
        path: a file that is not packed, or packed with gzip or zstd, record by record or as a whole.
        types: what `WARC-Type` has to be.
        max_bytes: the most bytes of a block that are held; of a larger one `ROOM_FOR_HTTP` are.
    """
    opened = _opened(path)
    try:
        goes_on = True
        while goes_on:
            try:
                while (record := _next(opened, types, max_bytes)) is not None:
                    if record.headers["warc-type"].lower() in types:
                        yield record
                goes_on = False
            except (_Damaged, *READING_ERRORS) as error:
                fault = str(error) if isinstance(error, _Damaged) else why_unreadable(error)
                goes_on = opened.find_next()
                after = "reading goes on at the next record" if goes_on else "the rest of the file is not read"
                yield Record({}, b"", 0, f"{fault}; {after}")
    finally:
        opened.close()


def _next(opened: "_Whole", types: frozenset[str], max_bytes: int) -> Record | None:
    stream = opened.stream
    line = b"\n"
    while line in (b"\r\n", b"\n"):
        opened.begin_record()
        line = stream.readline(MAX_HEAD)
    if not line:
        return None
    if not line.startswith(RECORD):
        raise _Damaged("here should be a record of a WARC file, and is none")
    headers = _headers(stream)
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise _Damaged("a record does not say how long it is")
    size = int(length)
    if "warc-type" not in headers:
        raise _Damaged("a record does not say of which type it is")
    is_wanted = headers["warc-type"].lower() in types
    block = stream.read(size if size <= max_bytes else ROOM_FOR_HTTP) if is_wanted else b""
    if len(block) + _skip(stream, size - len(block)) < size:
        raise _Damaged("the file ends inside a record")
    return Record(headers, block, size, None)


def _headers(stream: IO[bytes]) -> dict[str, str]:
    lines: list[str] = []
    size = 0
    while (line := stream.readline(MAX_HEAD)) not in (b"\r\n", b"\n"):
        size += len(line)
        if not line or size > MAX_HEAD:
            raise _Damaged("the headers of a record have no end")
        lines.append(line.rstrip(b"\r\n").decode("utf-8", "replace"))
    return parse_headers(lines)


def _skip(stream: IO[bytes], size: int) -> int:
    n_left = size
    while n_left > 0 and (part := stream.read(min(n_left, _CHUNK))):
        n_left -= len(part)
    return size - n_left


def _opened(path: Path) -> "_Whole":
    match packing_of(path.name):
        case "gzip":
            return _Members(path)
        case "zstd":
            return _Whole(path)
        case _:
            return _Plain(path)


class _Whole:
    """An archive that is packed as a whole: after damage nothing can be found in it."""

    stream: IO[bytes]

    def __init__(self, path: Path) -> None:
        self.stream = self.open(path)

    def open(self, path: Path) -> IO[bytes]:
        """The archive's unpacked bytes."""
        return open_content(path)

    def begin_record(self) -> None:
        """A record begins where the stream stands."""

    def find_next(self) -> bool:
        """Go to the record after the damage; whether there is one."""
        return False

    def close(self) -> None:
        """Close the file."""
        self.stream.close()


class _Plain(_Whole):
    """An archive that is not packed: a record begins with its name and version at the start of a line."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._began = 0

    def begin_record(self) -> None:
        """Remember where it is, to look behind it after damage."""
        self._began = self.stream.tell()

    def find_next(self) -> bool:
        """Go to the next line that begins like a record."""
        mark = b"\r\n" + RECORD
        for place in _places(self.stream, mark, self._began + 1):
            _ = self.stream.seek(place + 2)
            return True
        return False


class _Members(_Whole):
    """An archive in which each record is a gzip file of its own."""

    def open(self, path: Path) -> IO[bytes]:
        """The unpacked bytes of all members."""
        self._file = path.open("rb")
        self._member = _Gzip(self._file, 0)
        return io.BufferedReader(self._member, BUFFER_BYTES)

    def find_next(self) -> bool:
        """Go to the next place from which a record can be unpacked."""
        for place in _places(self._file, _GZIP, self._member.began + 1):
            _ = self._file.seek(place)
            if _begins_record(self._file.read(_MEMBER_HEAD)):
                self._member = _Gzip(self._file, place)
                self.stream = io.BufferedReader(self._member, BUFFER_BYTES)
                return True
        return False

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Gzip(io.RawIOBase):
    """The unpacked bytes of gzip members one after the other, from a place in a file on."""

    def __init__(self, file: IO[bytes], place: int) -> None:
        self._file = file
        _ = file.seek(place)
        self._unpacker = zlib.decompressobj(31)
        self._packed = b""
        self._is_inside = False
        self.began = place

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Unpack at most as many bytes as there is room for; 0 at the end."""
        room = memoryview(buffer).nbytes
        while True:
            packed = self._packed or self._file.read(_CHUNK)
            if not packed:
                if self._is_inside:
                    raise EOFError("gzip")
                return 0
            if not self._is_inside:
                packed = packed.lstrip(b"\0")  # tapes and some writers fill up with zeros
                self.began = self._file.tell() - len(packed)
                self._is_inside = bool(packed)
            content = self._unpacker.decompress(packed, room)
            self._packed = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                self._packed = self._unpacker.unused_data
                self._unpacker, self._is_inside = zlib.decompressobj(31), False
            if content:
                memoryview(buffer).cast("B")[: len(content)] = content
                return len(content)


def _begins_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(packed, len(RECORD)) == RECORD
    except zlib.error:
        return False


def _places(file: IO[bytes], mark: bytes, start: int) -> Iterator[int]:
    """Where `mark` stands in a file from `start` on; the file may be moved between two."""
    place, tail = start, b""
    while True:
        _ = file.seek(place)
        part = file.read(_CHUNK)
        if not part:
            return
        held = tail + part
        found = held.find(mark)
        while found >= 0:
            yield place - len(tail) + found
            found = held.find(mark, found + 1)
        place += len(part)
        tail = held[-(len(mark) - 1) :]
