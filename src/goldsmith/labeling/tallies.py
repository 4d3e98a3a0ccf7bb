"""Counts of whole projects: of large ones kept for a while, and counted again behind the back of whoever asks."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from goldsmith.kit.clock import Clock, SystemClock

__all__ = ["Tallies", "Tally"]

T = TypeVar("T")
Key = tuple[str, ...]
"""The project's id, and what is counted of it."""

MANY = 20_000
"""What is counted over fewer items or answers than this is counted each time, however busy the machine is."""
SLOW_S = 0.1
"""What is counted faster than this is counted each time."""
REST = 20
"""Counting again waits for so many times as long as it took, so that it costs a twentieth of a core at most."""
OLDEST_S = 60.0
"""Nobody is given counts that are older than this."""


class Tally(NamedTuple, Generic[T]):
    """What was counted; and when, in microseconds, unless it was just now."""

    value: T
    counted_at: int | None


class _Kept(NamedTuple):
    value: Any  # of whatever type the one who asks under this key counts
    at: int
    since: float
    took: float


class Tallies:
    """What was counted of the projects of one vault; it can be lost at any time."""

    def __init__(
        self,
        clock: Clock | None = None,
        now: Callable[[], float] = time.monotonic,
        behind: Executor | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._now = now
        self._lock = threading.Lock()
        self._round = 0
        self._kept: dict[Key, _Kept] = {}
        self._under_way: set[Key] = set()
        self._alone: dict[Key, threading.Lock] = {}
        self._behind = behind or ThreadPoolExecutor(1, thread_name_prefix="tallies")

    def of(self, key: Key, count: Callable[[], T], size: Callable[[T], int]) -> Tally[T]:
        """What `count` finds, or found a while ago where it takes long; several who ask at once wait for one count.

        `size` says how many items or answers it went over.
        """
        kept = self._young(key)
        if kept is None:
            with self._lock:
                alone = self._alone.setdefault(key, threading.Lock())
            with alone:
                kept = self._young(key)
                if kept is None:
                    value = self._count(key, count, size)
                    return Tally(value, None)
        if self._now() - kept.since > REST * kept.took:
            self._renew(key, partial(self._count, key, count, size))
        return Tally(kept.value, kept.at)

    def forget(self, project_id: str) -> None:
        """Count what belongs to a project anew: it has changed in a way that people expect to see at once."""
        with self._lock:
            self._round += 1
            for key in [key for key in self._kept if key[0] == project_id]:
                del self._kept[key]

    def _young(self, key: Key) -> _Kept | None:
        kept = self._kept.get(key)
        return None if kept is None or self._now() - kept.since > OLDEST_S else kept

    def _renew(self, key: Key, count: Callable[[], object]) -> None:
        with self._lock:
            if key in self._under_way:
                return
            self._under_way.add(key)
        self._behind.submit(self._count_behind, key, count)

    def _count_behind(self, key: Key, count: Callable[[], object]) -> None:
        try:
            count()
        finally:
            with self._lock:
                self._under_way.discard(key)

    def _count(self, key: Key, count: Callable[[], T], size: Callable[[T], int]) -> T:
        begun_in, at, since = self._round, self._clock.now(), self._now()
        value = count()
        took = self._now() - since
        with self._lock:
            if took < SLOW_S or size(value) < MANY:
                self._kept.pop(key, None)
            elif self._round == begun_in:  # else it was changed while we counted
                self._kept[key] = _Kept(value, at, since, took)
        return value
