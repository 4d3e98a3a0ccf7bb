"""Identifiers: UUID version 7 (RFC 9562, section 5.7), which sort by the time they were made."""

import re
import secrets
import threading
import uuid
from collections.abc import Callable

from goldsmith.kit.clock import Clock, SystemClock

NewId = Callable[[], str]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Uuid7:
    """Makes UUIDv7 texts that strictly increase within a process, also inside one millisecond.

    Source: RFC 9562, section 6.2, method 1: a 12-bit counter in `rand_a`, reseeded each millisecond.
    """

    __slots__ = ("_clock", "_counter", "_last_ms", "_lock")

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._last_ms = 0
        self._counter = 0

    def __call__(self) -> str:
        """A new identifier as 36 lower-case characters."""
        with self._lock:
            now_ms = self._clock.now() // 1000
            if now_ms > self._last_ms:
                self._last_ms, self._counter = now_ms, secrets.randbits(10)
            else:
                self._counter += 1
                if self._counter > 0xFFF:  # the counter is used up: borrow the next millisecond
                    self._last_ms, self._counter = self._last_ms + 1, 0
            high = (self._last_ms << 16) | 0x7000 | self._counter
        low = (0b10 << 62) | secrets.randbits(62)
        return str(uuid.UUID(int=(high << 64) | low))


def is_uuid(text: str) -> bool:
    """Whether `text` is a canonical lower-case UUID."""
    return _UUID.fullmatch(text) is not None
