"""Parts of answers as they come over the wire: numbers, lists and objects, or None for what is none.

JSON has one kind of number, and a browser cannot tell 4.0 from 4: both are the whole number 4 here.
"""

import math
from collections.abc import Mapping, Sequence
from typing import cast

MOST_EXACT = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""


def finite_number(value: object) -> int | float | None:
    """`value` if it is a number that JSON keeps, whole ones as int; never a boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if not value.is_integer():
            return value
    return int(value) if abs(value) <= MOST_EXACT else None


def whole_number(value: object) -> int | None:
    """`value` if it is a whole number."""
    number = finite_number(value)
    return number if isinstance(number, int) else None


def rounded(value: object, n_decimals: int = 2) -> int | float | None:
    """`value` if it is a number, rounded half up as browsers do."""
    number = finite_number(value)
    if number is None or isinstance(number, int):
        return number
    scale = 10**n_decimals
    return finite_number(math.floor(number * scale + 0.5) / scale)


def as_list(value: object) -> Sequence[object] | None:
    """`value` if it is a list."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else None


def as_object(value: object) -> Mapping[str, object] | None:
    """`value` if it is an object whose keys are texts."""
    if not isinstance(value, Mapping):
        return None
    parts = cast("Mapping[object, object]", value)
    return cast("Mapping[str, object]", parts) if all(isinstance(key, str) for key in parts) else None
