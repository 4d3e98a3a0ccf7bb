"""Compiles numerical functions to machine code, and keeps the result between runs where the disk allows it."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """`function` compiled on its first call with each set of argument types; it releases the lock of Python.

    Division follows NumPy (x / 0 is infinite or not a number), and sums keep their order, so results repeat bit by bit.
    The machine code is cached beside the source file, or in the user's cache folder where that cannot be written.
    """
    try:
        return cast("Callable[P, R]", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # neither place can be written, such as in a read-only container: compile each time
        return cast("Callable[P, R]", numba.njit(nogil=True, error_model="numpy")(function))
