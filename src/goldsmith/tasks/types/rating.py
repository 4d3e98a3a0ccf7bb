"""Rating: give a whole number on a scale."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal, cast

from goldsmith.tasks.conditions import Condition
from goldsmith.tasks.questions import MAX_LABEL_LENGTH, Example, Question, check_text, shown
from goldsmith.tasks.values import whole_number

MAX_STEPS = 101


class Rating(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="rating"):
    """A question whose answer is a whole number from `low` to `high`, such as on a Likert scale.

    Attributes:
        low: the lowest rating.
        high: the highest rating.
        low_label: what the lowest means.
        high_label: what the highest means.
        style: whether it is shown as a scale or as stars.
    """

    widget: ClassVar[str] = "Rating"
    title: ClassVar[str] = "Rate on a scale"

    low: int = 1
    high: int = 5
    low_label: str | None = None
    high_label: str | None = None
    style: Literal["scale", "stars"] = "scale"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 2 <= self.high - self.low + 1 <= MAX_STEPS:
            raise ValueError(f"a scale from `low` {self.low} to `high` {self.high} has to have 2 to {MAX_STEPS} steps")
        if max(abs(self.low), abs(self.high)) > 1000:
            raise ValueError("`low` and `high` have to lie between -1000 and 1000")
        if self.style == "stars" and self.low != 1:
            raise ValueError(f"stars are counted from 1; set `low` to 1, not {self.low}, or take the style 'scale'")
        for parameter, text in (("low_label", self.low_label), ("high_label", self.high_label)):
            if text is not None:
                check_text(parameter, text, MAX_LABEL_LENGTH)

    @classmethod
    def example(cls) -> Example:
        """How helpful a reply is."""
        question = cls(name="helpful", label="How helpful is it?", low_label="Useless", high_label="Solves it")
        return Example(question=question, item={"text": "Turn it off and on."}, answers=(1, 2, 3, 4, 5))

    def reading(self) -> Mapping[str, object]:
        """The ends of the scale."""
        return {"low": self.low, "high": self.high}

    def check(self, answer: object, item: Mapping[str, object]) -> int:
        """The rating."""
        del item
        rating = whole_number(answer)
        if rating is None or not self.low <= rating <= self.high:
            raise self.refuse(f"{shown(answer)} is not a whole number from {self.low} to {self.high}.")
        return rating

    def distance(self, a: object, b: object) -> float:
        """The difference as a share of the scale."""
        return abs(cast("int", a) - cast("int", b)) / (self.high - self.low)

    def picked(self, answer: object) -> Collection[object]:
        """The rating."""
        return (answer,)

    def check_condition(self, condition: Condition) -> None:
        """Refuse what is not on the scale."""
        for value in (*(condition.is_ or ()), condition.at_least, condition.at_most):
            if value is None:
                continue
            number = whole_number(value)
            if number is None or not self.low <= number <= self.high:
                raise ValueError(f"{shown(value)} is no rating of {self.name!r}, from {self.low} to {self.high}")


plugin = Rating
