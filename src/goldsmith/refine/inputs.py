"""The files that a source found, on this machine or in an object store, opened one after the other."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Protocol

from goldsmith.refine.disk import Found, as_text, packing_of, read_head
from goldsmith.refine.fetching import fetched
from goldsmith.refine.formats import format_of
from goldsmith.refine.stores import Address, Entry, Store


class Opened(NamedTuple):
    """A file that can be read until the next one is asked for.

    Attributes:
        name: its path below what the recipe names, with slashes.
        path: where it is on this machine.
        origin: what messages call it.
        failure: why it cannot be read.
    """

    name: str
    path: Path
    origin: str
    failure: str | None


class Inputs(Protocol):
    """Files in the order of reading."""

    @property
    def names(self) -> Sequence[str]:
        """Their names."""
        ...

    def opened(self, max_bytes: int) -> Iterator[Opened]:
        """The files; one that is a single document of more than `max_bytes` need not be there."""
        ...


class LocalFiles:
    """Files of this machine."""

    __slots__ = ("_found",)

    def __init__(self, found: Sequence[Found]) -> None:
        self._found = found

    @property
    def names(self) -> Sequence[str]:
        """Their names."""
        return [each.name for each in self._found]

    def opened(self, max_bytes: int) -> Iterator[Opened]:
        """The files where they are."""
        del max_bytes
        for name, path, failure in self._found:
            yield Opened(name, path, as_text(str(path)), failure)


class Stored(NamedTuple):
    """An object of a store: its key below what the recipe names, and what the store says of it."""

    name: str
    entry: Entry


class StoredFiles:
    """Objects of a store, in the order of their keys."""

    __slots__ = ("_objects", "_scratch", "_store")

    def __init__(self, store: Store, objects: Sequence[Stored], scratch: Path | None) -> None:
        self._store, self._scratch = store, scratch
        self._objects = sorted(objects, key=lambda each: each.entry.key)

    @property
    def names(self) -> Sequence[str]:
        """Their names."""
        return [each.name for each in self._objects]

    def opened(self, max_bytes: int) -> Iterator[Opened]:
        """The objects as files that are there for a moment.

        Raises:
            InputError: the store does not answer any more.
        """
        wanted = [each.entry for each in self._objects if not _is_too_large(each, max_bytes)]
        with closing(fetched(self._store, wanted, self._scratch)) as files:
            for each in self._objects:
                origin = str(Address(self._store.name, each.entry.key))
                if _is_too_large(each, max_bytes):
                    problem = f"{each.entry.size:,} bytes, more than {max_bytes:,} bytes; raise `max_bytes`"
                    yield Opened(each.name, Path(), origin, f"{problem} of its source to read it")
                else:
                    path, failure = next(files)
                    yield Opened(each.name, path, origin, failure and f"cannot be fetched: {failure}")


def head_of(store: Store, stored: Stored, *, n_bytes: int) -> bytes:
    """The first bytes of an object, unpacked if need be; none of one that cannot be read."""
    with TemporaryDirectory(prefix="goldsmith-") as folder:
        path = Path(folder) / f"head.{stored.name.rpartition('.')[2]}"
        path.write_bytes(store.head(stored.entry, n_bytes))
        return read_head(path, n_bytes=n_bytes)


def _is_too_large(stored: Stored, max_bytes: int) -> bool:
    is_one = format_of(stored.name) is None and packing_of(stored.name) is None
    return is_one and stored.entry.size > max_bytes
