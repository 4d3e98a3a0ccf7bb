"""When a question is asked: conditions on the answers to earlier questions."""

import math

import msgspec

from goldsmith.tasks.values import finite_number

MAX_CONDITIONS = 20
MAX_CONDITION_VALUES = 1000

ConditionValue = str | int | float


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has to hold of an earlier question: exactly one of `is`, `is_answered`, or a bound or two.

    Attributes:
        question: the name of the earlier question.
        is_: the answer is, or contains, one of these values.
        at_least: the answer is this number or more.
        at_most: the answer is this number or less.
        is_answered: whether there is an answer.
    """

    question: str
    is_: tuple[ConditionValue, ...] | None = msgspec.field(default=None, name="is")
    at_least: int | float | None = None
    at_most: int | float | None = None
    is_answered: bool | None = None

    def __post_init__(self) -> None:
        has_bound = self.at_least is not None or self.at_most is not None
        n_ways = (self.is_ is not None) + has_bound + (self.is_answered is not None)
        if n_ways != 1:
            raise ValueError(
                "a condition has either `is`, or `at_least` and `at_most` or one of them, or `is_answered`"
            )
        if self.is_ is not None and not 0 < len(self.is_) <= MAX_CONDITION_VALUES:
            raise ValueError(f"`is` has to list 1 to {MAX_CONDITION_VALUES} values, not {len(self.is_)}")
        for bound in (self.at_least, self.at_most):
            if bound is not None and finite_number(bound) is None:
                raise ValueError("a bound has to be a number that can be kept exactly")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"no answer is at least {self.at_least} and at most {self.at_most}")

    def admits(self, number: object) -> bool:
        """Whether `number` is one and lies within the bounds."""
        if isinstance(number, bool) or not isinstance(number, int | float):
            return False
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return low <= number <= high
