"""The one place that reads the clock. Time is an integer number of microseconds since 1970 in UTC."""

import time
from datetime import UTC, datetime
from typing import NewType, Protocol

Micros = NewType("Micros", int)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> Micros:
        """The present instant in microseconds UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    __slots__ = ()

    def now(self) -> Micros:
        """The present instant in microseconds UTC."""
        return Micros(time.time_ns() // 1000)


class FixedClock:
    """A clock that moves only when told to: for replays and tests."""

    __slots__ = ("_now",)

    def __init__(self, now: int = 1_760_000_000_000_000) -> None:
        self._now = now

    def now(self) -> Micros:
        """The instant it was set to."""
        return Micros(self._now)

    def advance(self, micros: int) -> None:
        """Move forward by `micros` microseconds."""
        self._now += micros


def as_iso(instant: int) -> str:
    """`instant` (microseconds UTC) in ISO 8601 with a `Z`."""
    return datetime.fromtimestamp(instant / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
