"""Limits on attempts to sign in: per address and account, so that nobody can lock somebody else out."""

import asyncio
from collections import OrderedDict

from goldsmith.errors import TooManyRequests
from goldsmith.kit.clock import SECOND

_MOST_BUCKETS = 20_000
_HASHES_AT_ONCE = 2  # each takes 32 MiB for about 50 ms


class RetryLater(TooManyRequests):
    """Raised when too many attempts were made; says in how many seconds the next one is taken."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message, hint=f"Try again in {retry_after_s} s.")
        self.retry_after_s = retry_after_s


class TokenBuckets:
    """Buckets by key: each holds some attempts and regains one at a time."""

    __slots__ = ("_capacity", "_filled", "_micros_each")

    def __init__(self, *, capacity: int, micros_each: int) -> None:
        self._capacity = capacity
        self._micros_each = micros_each
        self._filled: OrderedDict[tuple[str, ...], tuple[float, int]] = OrderedDict()

    def take(self, key: tuple[str, ...], now: int) -> None:
        """Use up one attempt.

        Raises:
            RetryLater: none is left.
        """
        left, at = self._filled.pop(key, (float(self._capacity), now))
        left = min(self._capacity, left + (now - at) / self._micros_each)
        is_allowed = left >= 1
        self._filled[key] = (left - 1 if is_allowed else left, now)
        if len(self._filled) > _MOST_BUCKETS:
            self._filled.popitem(last=False)
        if not is_allowed:
            seconds = max(1, round((1 - left) * self._micros_each / SECOND))
            raise RetryLater("Too many attempts to sign in.", retry_after_s=seconds)

    def refill(self, key: tuple[str, ...]) -> None:
        """Give all attempts back, after one that was right."""
        self._filled.pop(key, None)


class SignInLimits:
    """The limits on signing in, and how many passwords are checked at once."""

    __slots__ = ("_accounts", "_addresses", "hashing")

    def __init__(self) -> None:
        self._accounts = TokenBuckets(capacity=5, micros_each=12 * SECOND)
        self._addresses = TokenBuckets(capacity=60, micros_each=SECOND)
        self.hashing = asyncio.Semaphore(_HASHES_AT_ONCE)

    def take(self, address: str, account: str, now: int) -> None:
        """Count one attempt by an address on an account.

        Raises:
            RetryLater: this address made too many, on this account or at all.
        """
        self._addresses.take((address,), now)
        self._accounts.take((address, account), now)

    def succeeded(self, address: str, account: str) -> None:
        """Forget the failed attempts of an address on an account."""
        self._accounts.refill((address, account))
