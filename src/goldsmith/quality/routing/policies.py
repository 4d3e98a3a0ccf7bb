"""What is wanted of the answers of a task: how many at first, how sure, how many at most. Plain data."""

import msgspec

from goldsmith.errors import VotesError

MANY_CLASSES = 5
"""Classes from which two answers a task are too few to start with: both can be wrong in ways that look alike."""


class Routing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy of routing and stopping. It may change at any time; the next call of `route` follows it.

    Attributes:
        start: answers that every task gets, at least 1; None for 2, and for 3 where there are five classes or more.
        target: the calibrated confidence at which a task has answers enough, above 0 and below 1.
        cap: answers of a task at most, whatever its confidence; at least `start`.
        batch_share: the share of all tasks that is handed out between two refits, above 0 and at most 1.
        window: over how many of its last answers the confidence of a task must have stood still for the task to be
            contested, at least 1.
        stillness: how far a calibrated probability may move and stand still, from 0 to 1; 0 calls no task contested.

    Raises:
        VotesError: a value is outside its range.

    Example:
        >>> Routing(target=0.9).start_for(n_classes=5)
        3
    """

    start: int | None = None
    target: float = 0.95
    cap: int = 10
    batch_share: float = 0.05
    window: int = 3
    stillness: float = 0.05

    def __post_init__(self) -> None:
        if self.start is not None and self.start < 1:
            raise VotesError(f"start is {self.start}; every task needs at least 1 answer.")
        if not 0 < self.target < 1:
            raise VotesError(f"target is {self.target}; a confidence to reach lies above 0 and below 1, such as 0.95.")
        if self.cap < (self.start or 1):
            raise VotesError(f"cap is {self.cap}; it has to be at least 1, and at least start, {self.start or 1}.")
        if not 0 < self.batch_share <= 1:
            raise VotesError(f"batch_share is {self.batch_share}; it has to be above 0 and at most 1.")
        if self.window < 1:
            raise VotesError(f"window is {self.window}; it has to be at least 1 answer.")
        if not 0 <= self.stillness <= 1:
            raise VotesError(f"stillness is {self.stillness}; it has to lie between 0 and 1.")

    def start_for(self, *, n_classes: int) -> int:
        """How many answers every task gets, no more than `cap`."""
        usual = 3 if n_classes >= MANY_CLASSES else 2
        return self.start if self.start is not None else min(usual, self.cap)
