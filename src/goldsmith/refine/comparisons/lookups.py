"""Columns whose values are made when they are asked for, so that they need no memory."""

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Lookup(Sequence[T]):
    """`size` values, of which each is made from its place when it is asked for."""

    __slots__ = ("_make", "_size")

    def __init__(self, size: int, make: Callable[[int], T]) -> None:
        self._size, self._make = size, make

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        places = range(self._size)
        return [self._make(each) for each in places[place]] if isinstance(place, slice) else self._make(places[place])
