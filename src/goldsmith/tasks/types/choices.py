"""Choices: pick any of several options."""

from collections.abc import Collection, Mapping
from typing import ClassVar, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.conditions import Condition
from goldsmith.tasks.questions import Example, Option, Question, check_options, shown
from goldsmith.tasks.values import as_list


class Choices(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="choices"):
    """A question whose answer is a list of the values of options, in the order of the options.

    An empty list is an answer where `min` is 0: none of them fits.

    Attributes:
        options: what can be picked, in the order shown.
        min: the fewest to pick.
        max: the most to pick; all of them when it is left out.
    """

    widget: ClassVar[str] = "Choices"
    title: ClassVar[str] = "Choose any number"

    options: tuple[Option, ...]
    min: int = 0
    max: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_options("options", self.options)
        most = len(self.options) if self.max is None else self.max
        if not 1 <= most <= len(self.options):
            raise ValueError(f"`max` has to be 1 to {len(self.options)}, the number of options, not {self.max}")
        if not 0 <= self.min <= most:
            raise ValueError(f"`min` has to be 0 to {most}, not {self.min}")

    @classmethod
    def example(cls) -> Example:
        """The topics of a headline."""
        options = tuple(Option(value=word, label=word.title()) for word in ("economy", "health", "sport", "weather"))
        question = cls(name="topics", label="What is it about?", options=options)
        item = {"text": "Storm stops the cup final; clubs lose millions"}
        answers: tuple[list[str], ...] = (["economy", "sport", "weather"], ["sport", "weather"], ["health"], [])
        return Example(question=question, item=item, answers=answers)

    def check(self, answer: object, item: Mapping[str, object]) -> list[str]:
        """The values of the options picked, in the order of the options."""
        del item
        picked = as_list(answer)
        if picked is None:
            raise self.refuse(f"{shown(answer)} is not a list of options; send their values, or [] for none.")
        values = self._values()
        known = set(values)
        for value in picked:
            if not isinstance(value, str) or value not in known:
                raise self.refuse(f"{shown(value)} is not one of its options; {nearest(str(value), values)}")
        if len(set(picked)) != len(picked):
            raise self.refuse(f"{shown(answer)} names an option twice; send it once.")
        most = len(values) if self.max is None else self.max
        if not self.min <= len(picked) <= most:
            raise self.refuse(f"{len(picked)} options are picked; pick {self.min} to {most}.")
        return [value for value in values if value in set(picked)]

    def is_answered(self, answer: object) -> bool:
        """Whether an option is picked, or none may be."""
        return answer is not None and (self.min == 0 or answer not in ([], ()))

    def distance(self, a: object, b: object) -> float:
        """1 minus the Jaccard index: the share of the options picked by either that only one of them picked."""
        first, second = set(cast("list[str]", a)), set(cast("list[str]", b))
        return len(first ^ second) / len(first | second) if first or second else 0.0

    def picked(self, answer: object) -> Collection[object]:
        """The values of the options picked."""
        return cast("list[object]", answer)

    def check_condition(self, condition: Condition) -> None:
        """Refuse what is no option."""
        self.refuse_bounds(condition)
        self.refuse_unknown_values(condition, self._values())

    def _values(self) -> list[str]:
        return [option.value for option in self.options]


plugin = Choices
