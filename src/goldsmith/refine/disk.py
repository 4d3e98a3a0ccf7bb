"""Walks folders and reads files the careful way: in a fixed order, inside their root, never more than asked for."""

import gzip
import os
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

from goldsmith.refine.model import Media

_HTML = (".html", ".htm", ".xhtml")
_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)


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


def is_gzip(name: str) -> bool:
    """Whether a file's name says that it is packed with gzip."""
    return name.lower().endswith(".gz")


def unpacked_name(name: str) -> str:
    """A file's name without `.gz`."""
    return name[:-3] if is_gzip(name) else name


def media_of(name: str) -> Media:
    """What a file's name says that its bytes are."""
    return "html" if unpacked_name(name).lower().endswith(_HTML) else "text"


class Content(NamedTuple):
    """The bytes of a file, or why it cannot be read."""

    raw: bytes | None
    failure: str | None


def read_content(path: Path, *, max_bytes: int) -> Content:
    """The bytes of a file, unpacked when it is gzip; never more than `max_bytes` and one are held in memory."""
    try:
        with open_content(path) as file:
            raw = file.read(max_bytes + 1)
    except READING_ERRORS as error:
        return Content(None, why_unreadable(error))
    if len(raw) > max_bytes:
        return Content(None, too_large(path, max_bytes))
    return Content(raw, None)


READING_ERRORS = (OSError, EOFError, zlib.error)
"""What reading a file can raise; a broken gzip file has errors of its own."""


def open_content(path: Path) -> IO[bytes]:
    """The file open for reading, unpacked when it is gzip."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_gzip(path.name) else path.open("rb")


def why_unreadable(error: OSError | EOFError | zlib.error) -> str:
    """One of `READING_ERRORS` in words."""
    match error:
        case EOFError():
            return "the gzip file ends before its content does"
        case gzip.BadGzipFile() | zlib.error():
            return f"not a sound gzip file: {error}"
        case _:
            return f"cannot be read: {error.strerror or error}"


def too_large(path: Path, max_bytes: int) -> str:
    """What is said of a file with more than `max_bytes`."""
    size = "" if is_gzip(path.name) else f"{path.stat().st_size:,} bytes, "
    return f"{size}more than {max_bytes:,} bytes; raise `max_bytes` of its source to read it"
