"""Lists of domains in files: found and pinned before a run, and read once by each process that needs them."""

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from goldsmith.errors import InputError
from goldsmith.kit.digest import file_sha256
from goldsmith.refine.addresses import parse_domains
from goldsmith.refine.disk import READING_ERRORS, open_content, why_unreadable
from goldsmith.refine.model import Places


def found_lists(files: Sequence[str], places: Places) -> tuple[str, ...]:
    """The whole paths of lists; relative ones start at the recipe's folder.

    Raises:
        InputError: a list cannot be read, or holds no domain.
    """
    paths = [places.base / Path(name).expanduser() for name in files]
    for path in paths:
        if not any(domains_in([str(path)])):
            raise InputError(f"the list {path} holds no domain.", hint="Write one domain a line, or a hosts file.")
    return tuple(map(str, paths))


def pinned_lists(files: Iterable[str], places: Places) -> dict[str, str]:
    """The SHA-256 of each list by the name that the recipe gives it.

    Raises:
        InputError: a list cannot be read.
    """
    return {name: _sha256(places.base / Path(name).expanduser()) for name in files}


def domains_in(paths: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The domains of each list, which may be packed with gzip or zstd.

    Raises:
        InputError: a list cannot be read.
    """
    return tuple(_domains_in(Path(path)) for path in paths)


def _domains_in(path: Path) -> frozenset[str]:
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except READING_ERRORS as error:
        raise _unreadable(path, why_unreadable(error)) from error


@functools.lru_cache(maxsize=16)
def _read(path: Path, changed_ns: int, size_bytes: int) -> frozenset[str]:
    """The domains of one list, as it is since it was changed last."""
    del changed_ns, size_bytes
    with open_content(path) as file:
        return parse_domains(line.decode("utf-8-sig", "replace") for line in file)


def _sha256(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise _unreadable(path, why_unreadable(error)) from error


def _unreadable(path: Path, why: str) -> InputError:
    return InputError(f"the list {path}: {why}.", hint="Mend its name in the recipe.")
