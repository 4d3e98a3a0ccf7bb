"""Lets reading, packing and writing go on in a thread of its own while this one computes."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def ahead(items: Iterator[T]) -> Generator[T]:
    """`items` in their order, the next one made in another thread while this one uses the last; errors come as ever."""
    with ThreadPoolExecutor(1, thread_name_prefix="goldsmith-ahead") as thread:
        coming = thread.submit(_next, items)
        while (found := coming.result()) is not None:
            coming = thread.submit(_next, items)
            yield found[0]


def _next(items: Iterator[T]) -> tuple[T] | None:
    for item in items:
        return (item,)
    return None


class Behind:
    """Makes calls in another thread, in their order, each once the one before it has ended.

    What a call raises is raised by the next one, or at the end of the block; nothing is called after it. A block that
    ends with an error of its own waits for the call that is going on, and reports its own.
    """

    __slots__ = ("_last", "_thread")

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="goldsmith-behind")
        self._last: Future[object] | None = None

    def call(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Make a call, after waiting for the one before."""
        self._wait()
        self._last = self._thread.submit(function, *args, **kwargs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self._thread.shutdown()
        if kind is None:
            self._wait()

    def _wait(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            _ = last.result()
