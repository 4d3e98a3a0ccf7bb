"""What lies in a ZIP archive: its names are checked before anything is read, and nothing is unpacked to a path."""

import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import IO

from goldsmith.errors import InputError

MAX_MEMBERS = 100_000
_MOST_TIMES_LARGER = 200
_SPARE_BYTES = 64 << 20
_PART_BYTES = 1 << 18
_ENCRYPTED = 0x1
_IGNORED = ("__MACOSX/",)
_WAY_OUT = "Pack it anew from a folder with plain names."


class Archive:
    """The files of a ZIP archive by name."""

    def __init__(self, file: IO[bytes], size_bytes: int) -> None:
        """Look at what an archive says that it holds.

        Raises:
            InputError: it is no ZIP archive, holds a name that leads elsewhere or stands twice, is encrypted, or
                unpacks to much more than its size.
        """
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
            raise InputError(f"The archive cannot be read: {error}.", hint=_WAY_OUT) from error
        found = [one for one in self._zip.infolist() if not one.is_dir()]
        if len(found) > MAX_MEMBERS:
            raise InputError(f"The archive holds {len(found):,} files; at most {MAX_MEMBERS:,} are read.")
        for one in found:
            _check_member(one)
        _check_overlaps(found)
        total = sum(one.file_size for one in found)
        if total > size_bytes * _MOST_TIMES_LARGER + _SPARE_BYTES:
            raise InputError(
                f"The archive of {size_bytes:,} bytes unpacks to {total:,}, which is more than any real one does."
            )
        self._members = {one.filename: one for one in found if not _is_ignored(one.filename)}
        _check_names(self._members)

    @property
    def names(self) -> list[str]:
        """The names of its files, sorted; hidden ones are left out."""
        return sorted(self._members)

    def size_of(self, name: str) -> int:
        """How many bytes a file has once it is unpacked."""
        return self._members[name].file_size

    def parts(self, name: str) -> Iterator[bytes]:
        """A file in parts of 256 KiB.

        Raises:
            InputError: it is broken or packed in a way that is not known.
        """
        try:
            with self._zip.open(self._members[name]) as member:
                while part := member.read(_PART_BYTES):
                    yield part
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
            raise InputError(f"it cannot be unpacked: {error}.", hint=_WAY_OUT) from error


def _check_member(one: zipfile.ZipInfo) -> None:
    name = one.filename
    parts = name.split("/")
    leads_away = name.startswith("/") or ".." in parts or "\\" in one.orig_filename or ":" in parts[0]
    if leads_away or not name.isprintable() or len(name) > 1000:
        raise InputError(f"The archive holds a file called {name[:100]!r}, which is no plain path.", hint=_WAY_OUT)
    if stat.S_ISLNK(one.external_attr >> 16):
        raise InputError(f"The archive holds a link: {name[:100]!r}.", hint=_WAY_OUT)
    if one.flag_bits & _ENCRYPTED:
        raise InputError("The archive is encrypted.", hint="Pack it without a password.")


def _check_overlaps(found: list[zipfile.ZipInfo]) -> None:
    """A few bytes that count as the content of many files are what a bomb is made of."""
    end = 0
    for one in sorted(found, key=lambda each: each.header_offset):
        if one.header_offset < end:
            raise InputError(f"The files of the archive overlap, at {one.filename[:100]!r}.", hint=_WAY_OUT)
        end = one.header_offset + one.compress_size


def _check_names(names: dict[str, zipfile.ZipInfo]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFC", name).casefold()
        if plain in seen:
            raise InputError(
                f"The archive holds {name[:100]!r} and {seen[plain][:100]!r}, which some systems take for one.",
                hint=_WAY_OUT,
            )
        seen[plain] = name


def _is_ignored(name: str) -> bool:
    return name.startswith(_IGNORED) or any(part.startswith(".") for part in name.split("/"))
