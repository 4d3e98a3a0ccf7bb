"""Choice: pick exactly one of several options."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.conditions import Condition
from goldsmith.tasks.questions import Example, Option, Question, check_options, shown


class Choice(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="choice"):
    """A question whose answer is the value of one option.

    Attributes:
        options: what can be picked, in the order shown.
    """

    widget: ClassVar[str] = "Choice"
    title: ClassVar[str] = "Choose one"

    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_options("options", self.options)

    @classmethod
    def example(cls) -> Example:
        """The mood of a short text."""
        options = tuple(Option(value=word, label=word.title()) for word in ("good", "bad", "neither"))
        question = cls(name="mood", label="How does the writer feel?", options=options)
        return Example(question=question, item={"text": "What a day!"}, answers=("good", "bad", "neither"))

    def check(self, answer: object, item: Mapping[str, object]) -> str:
        """The value of the option picked."""
        del item
        if not isinstance(answer, str):
            raise self.refuse(f"{shown(answer)} is not the value of an option; send one of them as a text.")
        values = [option.value for option in self.options]
        if answer not in values:
            raise self.refuse(f"{shown(answer)} is not one of its options; {nearest(answer, values)}")
        return answer

    def is_answered(self, answer: object) -> bool:
        """Whether an option is picked."""
        return answer is not None and answer != ""

    def distance(self, a: object, b: object) -> float:
        """0 for the same option, 1 for two different ones."""
        return 0.0 if a == b else 1.0

    def class_of(self, answer: object) -> str | None:
        """The value of the option picked."""
        return answer if isinstance(answer, str) else None

    def classes(self) -> tuple[str, ...]:
        """The values of the options."""
        return tuple(option.value for option in self.options)

    def picked(self, answer: object) -> Collection[object]:
        """The value of the option picked."""
        return (answer,)

    def check_condition(self, condition: Condition) -> None:
        """Refuse what is no option."""
        self.refuse_bounds(condition)
        self.refuse_unknown_values(condition, self.classes())


plugin = Choice
