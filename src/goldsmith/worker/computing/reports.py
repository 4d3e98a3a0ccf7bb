"""How a computing task tells how far it is."""

from typing import Protocol


class Reporter(Protocol):
    """Anything that hears about progress."""

    def report(self, done: int, total: int | None, message: str) -> None:
        """`done` of `total` (None when it is not known yet) steps are made."""
        ...
