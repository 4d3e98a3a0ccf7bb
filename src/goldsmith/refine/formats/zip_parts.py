"""The parts of documents that are zip files, read with care: never more than asked for, and faults in words."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError

from goldsmith.refine.disk import packing_of


class PartFault(ValueError):
    """A part that is missing, too large or damaged; its message says which."""


_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, struct.error)


class Parts:
    """The parts of one document."""

    __slots__ = ("_archive", "_n_left")

    def __init__(self, archive: zipfile.ZipFile, max_bytes: int) -> None:
        self._archive = archive
        self._n_left = max_bytes

    def read(self, name: str) -> bytes:
        """A part's bytes, which count towards what the document may have.

        Raises:
            PartFault: it is missing, encrypted or too large.
        """
        try:
            with self._archive.open(name) as part:
                content = part.read(self._n_left + 1)
        except KeyError as error:
            raise PartFault(f"the part {name!r} is missing") from error
        except RuntimeError as error:
            raise PartFault("the file is encrypted") from error
        self._n_left -= len(content)
        if self._n_left < 0:
            raise PartFault("its parts are larger than `max_bytes` of its source")
        return content

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return name in self._archive.NameToInfo


@contextmanager
def opened_parts(path: Path, max_bytes: int) -> Generator[Parts]:
    """The parts of a file, as long as it is open.

    Raises:
        PartFault: the file, a part of it, or XML in a part is damaged; the file cannot be read.
    """
    if packing_of(path.name):
        raise PartFault("files of this kind are packed inside; unpack the file itself first")
    try:
        with zipfile.ZipFile(path) as archive:
            yield Parts(archive, max_bytes)
    except PartFault:
        raise
    except _DAMAGE as error:
        raise PartFault(f"not a sound file: {error}") from error
    except (ParseError, ValueError, LookupError) as error:  # the last two: encodings that expat does not read
        raise PartFault(f"not sound XML: {error}") from error
    except OSError as error:
        raise PartFault(f"cannot be read: {error.strerror or error}") from error
