"""Steps: judge each step of a solution."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from goldsmith.tasks.payloads import candidates_of
from goldsmith.tasks.questions import Example, Question, shown
from goldsmith.tasks.values import as_list, whole_number

WRONG, NEUTRAL, RIGHT = -1, 0, 1


class Steps(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="steps"):
    """A question whose answer is a verdict for each step: 1 right, 0 neither, -1 wrong.

    Where judging stops at the first error, the steps after it have none (null).

    Attributes:
        field: the item's field that lists the steps as texts, or as objects with a `text`.
        neutral: whether a step can be neither right nor wrong.
        stop_at_first_error: whether the steps after the first wrong one are left out.
    """

    widget: ClassVar[str] = "Steps"
    title: ClassVar[str] = "Judge each step"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("json",)}

    field: str
    neutral: bool = True
    stop_at_first_error: bool = False

    @classmethod
    def example(cls) -> Example:
        """A calculation in three steps."""
        question = cls(name="verdicts", label="Is each step right?", field="steps")
        item = {"steps": ["12 eggs are a dozen.", "Two dozen are 24.", "Half of that is 11."]}
        return Example(question=question, item=item, answers=([1, 1, -1], [1, 1, 1], [0, 1, -1], [-1, -1, -1]))

    def fields_used(self) -> Mapping[str, str]:
        """The steps."""
        return {"field": self.field}

    def check(self, answer: object, item: Mapping[str, object]) -> list[int | None]:
        """A verdict for each step."""
        steps, verdicts = candidates_of(item, self.field), as_list(answer)
        if steps is None:
            raise self.refuse(f"the item has no list of steps in {self.field!r}; skip it with a reason.")
        if verdicts is None or len(verdicts) != len(steps):
            raise self.refuse(f"{shown(answer)} is not a list of {len(steps)} verdicts, one for each step.")
        allowed = [WRONG, NEUTRAL, RIGHT] if self.neutral else [WRONG, RIGHT]
        checked: list[int | None] = []
        for i, raw in enumerate(verdicts):
            if self.stop_at_first_error and WRONG in checked:
                checked.append(None)
                continue
            verdict = whole_number(raw)
            if verdict is None or verdict not in allowed:
                raise self.refuse(f"step {i + 1}: {shown(raw)} is no verdict; send {', '.join(map(str, allowed))}.")
            checked.append(verdict)
        return checked

    def distance(self, a: object, b: object) -> float:
        """The mean over the steps of half the difference; a verdict that only one of both has counts 1."""
        first, second = cast("Sequence[int | None]", a), cast("Sequence[int | None]", b)
        n_steps = max(len(first), len(second))
        total = abs(len(first) - len(second)) + sum(map(_apart, first, second))
        return total / n_steps if n_steps else 0.0


def _apart(one: int | None, other: int | None) -> float:
    return float(one is not other) if one is None or other is None else abs(one - other) / 2


plugin = Steps
