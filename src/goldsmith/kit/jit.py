"""Compiles numerical functions to machine code, and keeps the result between runs where the disk allows it."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar, get_args

P = ParamSpec("P")
R = TypeVar("R")

# Any: numba's dispatchers and types, which have no types of their own.


class Compiled(Generic[P, R]):
    """A function that becomes machine code at its first call; until then it costs neither time nor memory.

    One compiled function may call another: numba asks each value for `_numba_type_`, and this one gives its
    dispatcher's.

    Attributes:
        options: how numba compiles it.
    """

    def __init__(self, function: Callable[P, R], **options: bool) -> None:
        self.options: dict[str, Any] = {"nogil": True, "error_model": "numpy", **options}
        self._function = function
        _ = functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function gives, from its machine code."""
        return self._dispatcher(*args, **kwargs)

    @functools.cached_property
    def _dispatcher(self) -> Any:
        import numba  # noqa: PLC0415 - 60 MB and half a second for those who never call

        from goldsmith.kit.jit_files import keep_in_files  # noqa: PLC0415 - loads numpy

        try:
            dispatcher: Any = numba.njit(cache=True, **self.options)(self._function)
        except RuntimeError:  # no place for it can be written, such as in a read-only container: compile each time
            return numba.njit(**self.options)(self._function)
        keep_in_files(dispatcher._cache, self)  # noqa: SLF001 - there is no other way to it
        return dispatcher

    @property
    def _numba_type_(self) -> Any:
        return self._dispatcher._numba_type_


def compiled(function: Callable[P, R]) -> Compiled[P, R]:
    """`function` compiled on its first call with each set of argument types; it releases the lock of Python.

    Division follows NumPy (x / 0 is infinite or not a number), and sums keep their order, so results repeat bit by bit.
    The machine code is cached beside the source file, or in the user's cache folder where that cannot be written.
    """
    return Compiled(function)


def in_place(function: Callable[P, R]) -> Compiled[P, R]:
    """`function` compiled without counting references to arrays; it may make, copy, sort and return none.

    Counting takes two atomic steps whenever an array is passed on or taken from a tuple: for functions that are called
    for each tag, word or byte it was more than half of the time.

    Raises:
        TypeError: it says that it returns something else than numbers.
    """
    _check_numbers(function)
    return Compiled(function, _nrt=False)


def inlined(function: Callable[P, R]) -> Compiled[P, R]:
    """As `in_place`, and compiled into every function that calls it: for what is called for each byte.

    Raises:
        TypeError: it says that it returns something else than numbers.
    """
    _check_numbers(function)
    return Compiled(function, _nrt=False, forceinline=True)


_NUMBERS = frozenset({"bool", "int", "float", "int32", "int64", "uint8", "uint32", "uint64", "float64"})


def _check_numbers(function: Callable[..., Any]) -> None:
    """Refuse a function that returns an array: nobody would have counted the reference that its caller lets go."""
    returned = inspect.signature(function).return_annotation
    is_named = isinstance(returned, type) and hasattr(returned, "_fields")
    kinds = tuple(returned.__annotations__.values()) if is_named else get_args(returned) or (returned,)
    if not all(kind is None or (isinstance(kind, type) and kind.__name__ in _NUMBERS) for kind in kinds):
        raise TypeError(f"{function.__qualname__} returns {returned}; only what returns numbers can be `in_place`")


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
