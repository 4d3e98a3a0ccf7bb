"""Walks folders and reads files the careful way: in a fixed order, inside their root, never more than asked for."""

import gzip
import io
import os
import re
import stat
import zlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from goldsmith.refine.model import Media

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_HTML = (".html", ".htm", ".xhtml")
_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)


BUFFER_BYTES = 1 << 17
_ZSTD_PIECE = 1 << 12


class Found(NamedTuple):
    """A file under a root: its path with slashes relative to the root, and where it is; or why it cannot be read."""

    name: str
    path: Path
    failure: str | None = None


def walk(root: Path, *, max_depth: int | None = None) -> Iterator[Found]:
    """All regular files under `root`, sorted by name within each folder.

    Links to folders are not followed, so there are no circles; a link to a file is, when it leads inside the root.

    Args:
        root: an existing folder.
        max_depth: the most folders between the root and a file; any number without it.
    """
    yield from _walk(root, os.path.realpath(root), "", max_depth)


def _walk(folder: Path, real_root: str, prefix: str, depth_left: int | None) -> Iterator[Found]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Found(as_text(prefix.rstrip("/") or "."), folder, f"the folder cannot be read: {error.strerror}")
        return
    for entry in entries:
        name, path = prefix + entry.name, folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if depth_left is None or depth_left > 0:
                yield from _walk(path, real_root, name + "/", None if depth_left is None else depth_left - 1)
        elif entry.is_file(follow_symlinks=False) or (entry.is_symlink() and leads_inside(path, real_root)):
            yield Found(as_text(name), path)


def leads_inside(path: Path, real_root: str) -> bool:
    """Whether a link ends at a regular file under `real_root`."""
    target = os.path.realpath(path)
    if not target.startswith(real_root.rstrip(os.sep) + os.sep):
        return False
    try:
        return stat.S_ISREG(Path(target).stat().st_mode)
    except OSError:
        return False


def as_text(name: str) -> str:
    r"""A file's name as Unicode: bytes that are no UTF-8 are written as `\xNN`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def matcher(pattern: str) -> re.Pattern[str]:
    """What a glob matches: `*` and `?` stay inside a folder, `**/` stands for any number of folders."""
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = [cast("str", part) for part in _GLOB.findall(pattern)]
    return re.compile("".join(known.get(part) or _literal(part) for part in parts) + r"\Z", re.DOTALL)


def _literal(part: str) -> str:
    if len(part) > 2 and part.startswith("["):
        inside = part[1:-1].replace("\\", r"\\")
        return f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
    return re.escape(part)


_PACKINGS = {"gz": "gzip", "zst": "zstd"}


def packing_of(name: str) -> str | None:
    """What a file's name says that it is packed with: `gzip`, `zstd` or nothing."""
    return _PACKINGS.get(name[-4:].lower().rpartition(".")[2])


def unpacked_name(name: str) -> str:
    """A file's name without `.gz` or `.zst`."""
    return name if packing_of(name) is None else name.rpartition(".")[0]


def media_of(name: str) -> Media:
    """What a file's name says that its bytes are."""
    return "html" if unpacked_name(name).lower().endswith(_HTML) else "text"


class Content(NamedTuple):
    """The bytes of a file, or why it cannot be read."""

    raw: bytes | None
    failure: str | None


def read_content(path: Path, *, max_bytes: int) -> Content:
    """The bytes of a file, unpacked if need be; never more than `max_bytes` and one are held in memory."""
    try:
        with open_content(path) as file:
            usual = min(max_bytes, path.stat().st_size) + 1  # making room for `max_bytes` takes longer than reading
            raw = file.read(usual)
            if len(raw) == usual:
                raw += file.read(max_bytes + 1 - usual)
    except READING_ERRORS as error:
        return Content(None, why_unreadable(error))
    if len(raw) > max_bytes:
        return Content(None, too_large(path, max_bytes))
    return Content(raw, None)


def read_head(path: Path, *, n_bytes: int) -> bytes:
    """The first bytes of a file, unpacked if need be; none of a file that cannot be read."""
    try:
        with open_content(path) as file:
            return file.read(n_bytes)
    except READING_ERRORS:
        return b""


READING_ERRORS = (OSError, EOFError, zlib.error)
"""What reading a file can raise; a broken gzip file has errors of its own."""


def open_content(path: Path) -> io.BufferedReader:
    """The file open for reading, unpacked when its name says that it is packed."""
    match packing_of(path.name):
        case "gzip":
            return io.BufferedReader(cast("io.RawIOBase", gzip.open(path, "rb")), BUFFER_BYTES)
        case "zstd":
            return io.BufferedReader(_Zstd(path), BUFFER_BYTES)
        case _:
            return io.BufferedReader(io.FileIO(path), BUFFER_BYTES)


class _Zstd(io.RawIOBase):
    """The unpacked bytes of a zstd file, whose faults are told like those of gzip.

    A read that meets a fault loses what it unpacked before it, so a file is read in small pieces.
    """

    def __init__(self, path: Path) -> None:
        arrow = import_module("pyarrow")  # large, and not needed for files that are not packed so
        self._source: Any = arrow.OSFile(os.fspath(path))  # Any: pyarrow has no types
        self._stream: Any = arrow.CompressedInputStream(self._source, "zstd")
        self._fault: EOFError | zlib.error | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        if self._fault is not None:
            raise self._fault
        room = memoryview(buffer).cast("B")
        n_read = 0
        try:
            while n_read < len(room) and (n_more := self._stream.readinto(room[n_read : n_read + _ZSTD_PIECE])):
                n_read += n_more
        except (OSError, ValueError) as error:
            self._fault = EOFError("zstd") if "runcated" in str(error) else zlib.error(f"zstd: {error}")
            if n_read == 0:
                raise self._fault from error
        return n_read

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._source.close()
        super().close()


def why_unreadable(error: OSError | EOFError | zlib.error) -> str:
    """One of `READING_ERRORS` in words."""
    packing = "zstd" if str(error).startswith("zstd") else "gzip"
    match error:
        case EOFError():
            return f"the {packing} file ends before its content does"
        case gzip.BadGzipFile() | zlib.error():
            return f"not a sound {packing} file: {str(error).removeprefix('zstd: ')}"
        case _:
            return f"cannot be read: {error.strerror or error}"


def too_large(path: Path, max_bytes: int) -> str:
    """What is said of a file with more than `max_bytes`."""
    size = "" if packing_of(path.name) else f"{path.stat().st_size:,} bytes, "
    return f"{size}more than {max_bytes:,} bytes; raise `max_bytes` of its source to read it"
