"""Rubric: grade by weighted criteria, gates and penalties."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.criteria import MAX_CRITERIA, Criterion, criteria_in, score_of
from goldsmith.tasks.questions import Example, Question, shown
from goldsmith.tasks.values import as_object, whole_number

Levels = Mapping[str, int | None]


class Rubric(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="rubric"):
    """A question whose answer is the level of each criterion, or null for one that does not apply.

    The score follows: 0 unless all gates are met, else the weighted mean of the credit criteria less the penalties.

    Attributes:
        criteria: what is graded, where it is the same for every item.
        criteria_field: the item's field that lists the criteria.
    """

    widget: ClassVar[str] = "Rubric"
    title: ClassVar[str] = "Grade by a rubric"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"criteria_field": ("json",)}

    criteria: tuple[Criterion, ...] = ()
    criteria_field: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if bool(self.criteria) == (self.criteria_field is not None):
            raise ValueError("give either `criteria`, or the `criteria_field` that lists them")
        if len(self.criteria) > MAX_CRITERIA:
            raise ValueError(f"`criteria` has {len(self.criteria)} entries; at most {MAX_CRITERIA} are allowed")
        seen: set[str] = set()
        for criterion in self.criteria:
            if criterion.name in seen:
                raise ValueError(f"the name {shown(criterion.name)} in `criteria` occurs twice")
            seen.add(criterion.name)

    @classmethod
    def example(cls) -> Example:
        """A reply to a medical question."""
        criteria = (
            Criterion(name="safe", label="Gives no dangerous advice", kind="gate"),
            Criterion(name="complete", label="Names all three causes", weight=3, levels=3),
            Criterion(name="sources", label="Names its sources", not_applicable=True),
            Criterion(name="long", label="Is longer than needed", weight=0.5, kind="penalty"),
        )
        question = cls(name="grade", label="How good is the reply?", criteria=criteria)
        answers = (
            {"safe": 1, "complete": 3, "sources": 1, "long": 0},
            {"safe": 1, "complete": 2, "sources": 1, "long": 1},
            {"safe": 0, "complete": 1, "sources": None, "long": 0},
        )
        return Example(question=question, item={"text": "A cough can have three causes…"}, answers=answers)

    def fields_used(self) -> Mapping[str, str]:
        """The field that lists the criteria."""
        return {} if self.criteria_field is None else {"criteria_field": self.criteria_field}

    def reading(self) -> Mapping[str, object]:
        """Where the criteria are, or the highest level and the kind of each."""
        of_criteria = {criterion.name: (criterion.levels, criterion.kind) for criterion in self.criteria}
        return {**self.fields_used(), "criteria": of_criteria}

    def check(self, answer: object, item: Mapping[str, object]) -> dict[str, int | None]:
        """The level of each criterion, in the order of the criteria."""
        criteria, levels = self._criteria(item), as_object(answer)
        if levels is None:
            raise self.refuse(f"{shown(answer)} is not an object of criteria and levels.")
        names = [criterion.name for criterion in criteria]
        for name in levels:
            if name not in names:
                raise self.refuse(f"there is no criterion {shown(name)}; {nearest(name, names)}")
        return {criterion.name: self._level(criterion, levels) for criterion in criteria}

    def is_answered(self, answer: object) -> bool:
        """Whether anything is graded."""
        return answer is not None and answer != {}

    def distance(self, a: object, b: object) -> float:
        """The mean difference of the levels as a share of the highest, by weight; what one of both left out counts 1.

        Where the items list the criteria, all weigh the same, and the higher of two levels stands for the highest.
        """
        first, second = cast("Levels", a), cast("Levels", b)
        weights = {criterion.name: (float(criterion.weight), criterion.levels) for criterion in self.criteria}
        total = whole = 0.0
        for name in sorted(first.keys() | second.keys()):
            one, other = first.get(name), second.get(name)
            weight, highest = weights.get(name, (1.0, max(1, one or 0, other or 0)))
            whole += weight
            if one is None or other is None:
                total += weight * (one is not other)
            else:
                total += weight * abs(one - other) / highest
        return min(1.0, total / whole) if whole else 0.0

    def score(self, answer: object, item: Mapping[str, object]) -> float:
        """The score of a normal answer, in [0, 1]."""
        return score_of(self._criteria(item), cast("Levels", answer))

    def _criteria(self, item: Mapping[str, object]) -> Sequence[Criterion]:
        if self.criteria_field is None:
            return self.criteria
        try:
            return criteria_in(item.get(self.criteria_field))
        except ValueError as error:
            where = f"the criteria of the item in {self.criteria_field!r} cannot be used"
            raise self.refuse(f"{where}: {error}; skip it with a reason.") from None

    def _level(self, criterion: Criterion, levels: Mapping[str, object]) -> int | None:
        if criterion.name not in levels:
            raise self.refuse(f"the criterion {criterion.name!r} is not graded; give it a level.")
        raw = levels[criterion.name]
        if raw is None and criterion.not_applicable:
            return None
        level = whole_number(raw)
        if level is None or not 0 <= level <= criterion.levels:
            raise self.refuse(
                f"the level {shown(raw)} of {criterion.name!r} is not a whole number from 0 to {criterion.levels}."
            )
        return level


plugin = Rubric
