"""Brings objects of a store to this machine, a few ahead of the one that is read, each for a moment only."""

from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from goldsmith.refine.stores import Entry, Store, Unfetched

MAX_AHEAD = 16
"""Objects that are fetched before they are asked for: small ones take mostly time to ask for."""

MAX_AHEAD_BYTES = 64 << 20

_THREADS = 4
_NAME_CHARACTERS = 40


class Fetched(NamedTuple):
    """An object on this machine, until the next one is asked for; or why it is not there."""

    path: Path
    failure: str | None


def fetched(store: Store, entries: Sequence[Entry], scratch: Path | None) -> Generator[Fetched]:
    """The objects in order, as files whose names end like their keys.

    At any time the disk holds one object, and others of 64 MiB together.

    Raises:
        InputError: the store does not answer any more.
    """
    place = scratch if scratch is not None and scratch.is_dir() else None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="goldsmith-", dir=place)))
        threads = stack.enter_context(ThreadPoolExecutor(_THREADS, thread_name_prefix="goldsmith-fetch"))
        waiting: deque[tuple[Entry, Future[Fetched]]] = deque()
        _ = stack.callback(_cancel, waiting)
        rest = deque(enumerate(entries))
        while rest or waiting:
            while rest and _has_room([entry for entry, _ in waiting], rest[0][1]):
                number, entry = rest.popleft()
                path = folder / f"{number}-{entry.key.rpartition('/')[2][-_NAME_CHARACTERS:]}"
                waiting.append((entry, threads.submit(_fetch, store, entry, path)))
            found = waiting.popleft()[1].result()
            yield found
            found.path.unlink(missing_ok=True)


def _has_room(ahead: Sequence[Entry], entry: Entry) -> bool:
    size = entry.size + sum(each.size for each in ahead)
    return not ahead or (len(ahead) < MAX_AHEAD and size <= MAX_AHEAD_BYTES)


def _fetch(store: Store, entry: Entry, path: Path) -> Fetched:
    try:
        store.fetch(entry, path)
    except Unfetched as error:
        return Fetched(path, str(error))
    return Fetched(path, None)


def _cancel(waiting: "deque[tuple[Entry, Future[Fetched]]]") -> None:
    for _, future in waiting:
        _ = future.cancel()
