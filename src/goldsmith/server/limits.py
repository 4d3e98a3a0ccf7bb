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

    __slots__ = ("_credit", "_full", "_micros_each")

    def __init__(self, *, capacity: int, micros_each: int) -> None:
        self._micros_each = micros_each
        self._full = capacity * micros_each
        self._credit: OrderedDict[tuple[str, ...], tuple[int, int]] = OrderedDict()

    def take(self, key: tuple[str, ...], now: int) -> None:
        """Use up one attempt.

        Raises:
            RetryLater: none is left.
        """
        credit, at = self._credit.pop(key, (self._full, now))
        credit = min(self._full, credit + now - at)
        missing = self._micros_each - credit
        self._credit[key] = (credit if missing > 0 else -missing, now)
        if len(self._credit) > _MOST_BUCKETS:
            self._credit.popitem(last=False)
        if missing > 0:
            raise RetryLater("Too many attempts to sign in.", retry_after_s=-(-missing // SECOND))

    def refill(self, key: tuple[str, ...]) -> None:
        """Give all attempts back, after one that was right."""
        self._credit.pop(key, None)


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
