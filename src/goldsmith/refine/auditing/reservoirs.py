"""Random samples of bounded size from streams of unknown length, the same whatever the order and the batches."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Reservoir:
    """Keeps the rows with the smallest priorities; where these are random numbers, the rows are a random sample."""

    __slots__ = ("_capacity", "_priorities", "_rows", "n_seen")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._priorities: list[NDArray[np.uint64]] = []
        self._rows: list[Floats] = []
        self.n_seen = 0

    def add(self, priorities: NDArray[np.uint64], rows: Floats) -> None:
        """See more rows.

        Args:
            priorities: uint64[n].
            rows: float64[n, n_columns].
        """
        self.n_seen += len(rows)
        self._priorities.append(priorities)
        self._rows.append(rows)
        if sum(map(len, self._rows)) >= 4 * self._capacity:
            self._settle()

    def rows(self) -> Floats:
        """The rows that are kept, those with the smallest priorities first."""
        self._settle()
        return self._rows[0] if self._rows else np.zeros((0, 0))

    def _settle(self) -> None:
        if not self._rows:
            return
        priorities, rows = np.concatenate(self._priorities), np.concatenate(self._rows)
        chosen = np.argsort(priorities, kind="stable")[: self._capacity]
        self._priorities, self._rows = [priorities[chosen]], [rows[chosen]]
