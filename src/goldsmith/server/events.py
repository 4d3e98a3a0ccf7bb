"""One line of JSON for each request, written a moment later and many at a time, so that no request waits for it."""

import asyncio
import sys
from typing import TextIO

import msgspec

from goldsmith.kit.clock import Clock, as_iso

_WRITE_AFTER_S = 0.5
_MOST_WAITING = 1000


class RequestEvent(msgspec.Struct, frozen=True):
    """What is said of a request: which route, how it ended, how long it took. No address, no name, no content."""

    at: str
    event: str
    method: str
    route: str
    status: int
    duration_ms: float


class EventLog:
    """Collects the lines and writes them to a stream twice a second; off unless the level is `info` or `debug`."""

    __slots__ = ("_clock", "_stream", "_timer", "_waiting", "is_on")

    def __init__(self, clock: Clock, *, is_on: bool, stream: TextIO | None = None) -> None:
        self.is_on = is_on
        self._clock = clock
        self._stream = stream
        self._waiting: list[RequestEvent] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, method: str, route: str, status: int, duration_s: float) -> None:
        """Note one request; it is written within half a second."""
        at = as_iso(self._clock.now())
        self._waiting.append(RequestEvent(at, "request", method, route, status, round(duration_s * 1000, 3)))
        if len(self._waiting) >= _MOST_WAITING:
            self.write()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_WRITE_AFTER_S, self.write)

    def write(self) -> None:
        """Write what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._waiting = self._waiting, []
        if lines:
            stream = self._stream or sys.stderr
            stream.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines).decode())
            stream.flush()
