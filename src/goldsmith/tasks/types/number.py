"""Number: give a number, such as a count or a measure."""

from collections.abc import Collection, Mapping
from typing import ClassVar, cast

from goldsmith.tasks.conditions import Condition
from goldsmith.tasks.questions import MAX_LABEL_LENGTH, Example, Question, check_text, shown
from goldsmith.tasks.values import finite_number

_STEP_SLACK = 1e-9


class Number(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="number"):
    """A question whose answer is a number.

    Attributes:
        min: the least number.
        max: the greatest number.
        step: the number is `min`, or 0, and a whole number of steps.
        unit: what it is counted in, shown behind the number.
        integer: whether only whole numbers are answers.
        tolerance: the difference that counts as entirely different; without it that is `max` - `min`, and where that
            is unknown too, differences count by their share of the greater number.
    """

    widget: ClassVar[str] = "Number"
    title: ClassVar[str] = "Give a number"

    min: int | float | None = None
    max: int | float | None = None
    step: int | float | None = None
    unit: str | None = None
    integer: bool = False
    tolerance: int | float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for parameter in ("min", "max", "step", "tolerance"):
            value: int | float | None = getattr(self, parameter)
            if value is not None and finite_number(value) is None:
                raise ValueError(f"`{parameter}` has to be a number that can be kept exactly, not {value}")
            if value is not None and parameter in {"step", "tolerance"} and value <= 0:
                raise ValueError(f"`{parameter}` has to be above 0, not {value}")
        if self.min is not None and self.max is not None and not self.min < self.max:
            raise ValueError(f"`min` {self.min} has to be below `max` {self.max}")
        if self.unit is not None:
            check_text("unit", self.unit, MAX_LABEL_LENGTH)

    @classmethod
    def example(cls) -> Example:
        """The weight on a label."""
        question = cls(name="weight", label="How heavy is it?", min=0, max=100, unit="kg")
        return Example(question=question, item={"text": "NET WT 2.5 KG"}, answers=(2.5, 25, 2, 0))

    def reading(self) -> Mapping[str, object]:
        """The unit."""
        return {"unit": self.unit}

    def check(self, answer: object, item: Mapping[str, object]) -> int | float:
        """The number; whole ones without decimals."""
        del item
        number = finite_number(answer)
        if number is None:
            raise self.refuse(f"{shown(answer)} is not a number that can be kept exactly; send one such as 2 or 2.5.")
        if self.integer and not isinstance(number, int):
            raise self.refuse(f"{shown(number)} is not a whole number.")
        if (self.min is not None and number < self.min) or (self.max is not None and number > self.max):
            raise self.refuse(f"{shown(number)} lies outside of {self._range()}.")
        if self.step is not None:
            n_steps = (number - (self.min or 0)) / self.step
            if abs(n_steps - round(n_steps)) > _STEP_SLACK * max(1.0, abs(n_steps)):
                raise self.refuse(f"{shown(number)} is no whole number of steps of {self.step} from {self.min or 0}.")
        return number

    def distance(self, a: object, b: object) -> float:
        """The difference as a share of what counts as entirely different, at most 1."""
        first, second = cast("float", a), cast("float", b)
        if first == second:
            return 0.0
        whole = self.tolerance
        if whole is None and self.min is not None and self.max is not None:
            whole = self.max - self.min
        if whole is None:
            whole = max(abs(first), abs(second))
        return min(1.0, abs(first - second) / whole)

    def picked(self, answer: object) -> Collection[object]:
        """The number."""
        return (answer,)

    def check_condition(self, condition: Condition) -> None:
        """Refuse what is no number."""
        for value in condition.is_ or ():
            if finite_number(value) is None:
                raise ValueError(f"{shown(value)} is no number, so no answer to {self.name!r} is it")

    def _range(self) -> str:
        if self.min is None:
            return f"what is allowed, at most {self.max}"
        return f"what is allowed, at least {self.min}" if self.max is None else f"{self.min} to {self.max}"


plugin = Number
