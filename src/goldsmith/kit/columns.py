"""What rows stored by column look like to code that only uses them, without the library that stores them."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

Kind = Literal["text", "bytes", "int", "float", "bool"]
"""What a column holds: Unicode text, bytes, 64-bit integers, 64-bit floats, or truth values; each may be missing."""

Kinds = Mapping[str, Kind]


class Column(Protocol):
    """One column of a batch."""

    def __len__(self) -> int: ...

    @property
    def null_count(self) -> int:
        """How many of its values are missing."""
        ...

    def to_pylist(self) -> list[Any]:  # what it holds is said by the column's kind
        """Its values as Python objects, `None` where missing."""
        ...


class Batch(Protocol):
    """Some rows, stored by column; never changed in place."""

    @property
    def num_rows(self) -> int:
        """How many rows it has."""
        ...

    @property
    def nbytes(self) -> int:
        """How many bytes its values take."""
        ...

    def column(self, name: str) -> Column:
        """The column of that name."""
        ...

    def slice(self, offset: int = 0, length: int | None = None) -> "Batch":
        """`length` rows from `offset` on, without a copy."""
        ...
