"""Compiles numerical functions to machine code, and keeps the result between runs where the disk allows it."""

import fcntl
import functools
import os
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# Any: numba's dispatchers and types, which have no types of their own.


class Compiled(Generic[P, R]):
    """A function that becomes machine code at its first call; until then it costs neither time nor memory.

    One compiled function may call another: numba asks each value for `_numba_type_`, and this one gives its
    dispatcher's.
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self._function = function
        _ = functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function gives, from its machine code."""
        return self._dispatcher(*args, **kwargs)

    @functools.cached_property
    def _dispatcher(self) -> Any:
        import numba  # noqa: PLC0415 - 60 MB and half a second for those who never call

        try:
            dispatcher: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(self._function)
        except RuntimeError:  # no place for it can be written, such as in a read-only container: compile each time
            return numba.njit(nogil=True, error_model="numpy")(self._function)
        files = dispatcher._cache._cache_file  # noqa: SLF001 - there is no other way to it
        files.save = functools.partial(save_apart, files)
        return dispatcher

    @property
    def _numba_type_(self) -> Any:
        return self._dispatcher._numba_type_


def save_apart(files: Any, key: object, code: object) -> None:
    """Keep the machine code of one signature where no other process can mistake it for that of another.

    numba numbers its files by an index that it read before, so two processes that compile at once, as the first run on
    two cores does, can give one number to two signatures; whoever loads the wrong one crashes. Here a file is named by
    what it is of, it is written before the index names it, and only one process at a time changes an index.

    Args:
        files: numba's files of one function.
        key: the signature, the machine and the function's code.
        code: what numba keeps of it.
    """
    label = sha256(repr((key, files._source_stamp)).encode()).hexdigest()[:24]  # noqa: SLF001
    base = files._index_name.removesuffix(".nbi")  # noqa: SLF001
    name = f"{base}.{label}.nbc"
    files._save_data(name, code)  # noqa: SLF001
    folder = os.open(files._cache_path, os.O_RDONLY)  # noqa: SLF001
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        files._save_index({**files._load_index(), key: name})  # noqa: SLF001
    finally:
        os.close(folder)


def compiled(function: Callable[P, R]) -> Compiled[P, R]:
    """`function` compiled on its first call with each set of argument types; it releases the lock of Python.

    Division follows NumPy (x / 0 is infinite or not a number), and sums keep their order, so results repeat bit by bit.
    The machine code is cached beside the source file, or in the user's cache folder where that cannot be written.
    """
    return Compiled(function)


def when_compiling(on_start: Callable[[], None], on_end: Callable[[], None]) -> None:
    """Have this process call `on_start` before anything is compiled, and `on_end` after it; loads the compiler."""
    from numba.core import event  # noqa: PLC0415 - 60 MB and half a second for those who never call

    class Listener(event.Listener):
        """Hears of compiling that is not part of other compiling."""

        depth = 0

        def on_start(self, event: Any) -> None:
            del event
            self.depth += 1
            if self.depth == 1:
                on_start()

        def on_end(self, event: Any) -> None:
            del event
            self.depth -= 1
            if self.depth == 0:
                on_end()

    events: Any = event
    events.register("numba:compile", Listener())
