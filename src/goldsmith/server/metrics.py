"""Counters of the server in the text form of Prometheus; they name routes, never vaults or people."""

import resource
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PAGE_BYTES = resource.getpagesize()


class Metrics:
    """What was counted since the start. Counting costs about a microsecond a request."""

    __slots__ = ("_buckets", "_requests", "_sums")

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._sums: Counter[str] = Counter()

    def count(self, method: str, route: str, status: int, duration_s: float) -> None:
        """Count one answered request.

        Args:
            method: the HTTP method.
            route: the route's path with its parameters' names, so that there are few different ones.
            status: the HTTP status.
            duration_s: seconds until the whole answer was handed over.
        """
        self._requests[method, route, status] += 1
        buckets = self._buckets.get(route)
        if buckets is None:
            buckets = self._buckets[route] = [0] * (len(_BOUNDS_S) + 1)
        buckets[bisect_left(_BOUNDS_S, duration_s)] += 1
        self._sums[route] += duration_s  # pyright: ignore[reportArgumentType]  # a Counter adds any number

    def render(self, *, uptime_s: float) -> str:
        """All counters as Prometheus reads them."""
        return "\n".join([*self._request_lines(), *self._duration_lines(), *_process_lines(uptime_s)]) + "\n"

    def _request_lines(self) -> Iterator[str]:
        yield "# HELP goldsmith_requests_total Requests answered."
        yield "# TYPE goldsmith_requests_total counter"
        for (method, route, status), n in sorted(self._requests.items()):
            yield f'goldsmith_requests_total{{method="{method}",route="{route}",status="{status}"}} {n}'

    def _duration_lines(self) -> Iterator[str]:
        yield "# HELP goldsmith_request_seconds Time until a request was answered."
        yield "# TYPE goldsmith_request_seconds histogram"
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, n in zip((*map(str, _BOUNDS_S), "+Inf"), buckets, strict=True):
                total += n
                yield f'goldsmith_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}'
            yield f'goldsmith_request_seconds_sum{{route="{route}"}} {self._sums[route]:.6f}'
            yield f'goldsmith_request_seconds_count{{route="{route}"}} {total}'


def _process_lines(uptime_s: float) -> Iterator[str]:
    yield "# HELP goldsmith_uptime_seconds Time since the server started."
    yield "# TYPE goldsmith_uptime_seconds gauge"
    yield f"goldsmith_uptime_seconds {uptime_s:.3f}"
    yield "# HELP process_resident_memory_bytes Memory of the server process."
    yield "# TYPE process_resident_memory_bytes gauge"
    yield f"process_resident_memory_bytes {_resident_bytes()}"


def _resident_bytes() -> int:
    """Memory in use just now where the system says so (Linux), else the most that was ever in use."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * _PAGE_BYTES
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
