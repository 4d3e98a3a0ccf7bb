"""Rubric authoring: write the criteria that answers to an item are to be graded by."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.criteria import CREDIT, KINDS, MAX_WEIGHT, Kind
from goldsmith.tasks.matching import every_pair, matched_distance
from goldsmith.tasks.questions import MAX_LABEL_LENGTH, Example, Question, shown
from goldsmith.tasks.texts import is_encodable, normal_text, text_distance
from goldsmith.tasks.values import as_list, as_object, rounded

MAX_AUTHORED = 100
_KEYS = frozenset({"text", "weight", "kind"})
_OTHER_KIND = 0.5


class RubricAuthoring(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="rubric_authoring"):
    """A question whose answer is a list of criteria, in the author's order, each with a weight and a kind.

    Attributes:
        min_criteria: the fewest to write.
        max_criteria: the most to write.
        kinds: what a criterion can be: `credit` adds to a score, a `gate` has to be met, a `penalty` takes from it.
    """

    widget: ClassVar[str] = "RubricAuthoring"
    title: ClassVar[str] = "Write a rubric"

    min_criteria: int = 1
    max_criteria: int = 20
    kinds: tuple[Kind, ...] = ("credit", "gate", "penalty")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.max_criteria <= MAX_AUTHORED:
            raise ValueError(f"`max_criteria` has to be 1 to {MAX_AUTHORED}, not {self.max_criteria}")
        if not 0 <= self.min_criteria <= self.max_criteria:
            raise ValueError(f"`min_criteria` has to be 0 to {self.max_criteria}, not {self.min_criteria}")
        if not self.kinds or len(set(self.kinds)) != len(self.kinds):
            raise ValueError(
                f"`kinds` has to list some of {', '.join(KINDS)}, each once, not {shown(list(self.kinds))}"
            )

    @classmethod
    def example(cls) -> Example:
        """What a good answer to a question has to have."""
        question = cls(name="rubric", label="What makes an answer good?")
        volcano = {"text": "Names the volcano and the year of its eruption", "weight": 2, "kind": "credit"}
        guess = {"text": "States a guess as a fact", "weight": 1, "kind": "penalty"}
        short = {"text": "Is in one paragraph", "weight": 1, "kind": "gate"}
        item = {"text": "Why was there no summer in 1816?"}
        return Example(question=question, item=item, answers=([volcano], [volcano, guess], [short, volcano], [guess]))

    def check(self, answer: object, item: Mapping[str, object]) -> list[dict[str, Any]]:
        """The criteria in their normal form."""
        del item
        listed = as_list(answer)
        if listed is None:
            raise self.refuse(f"{shown(answer)} is not a list of criteria.")
        if not self.min_criteria <= len(listed) <= self.max_criteria:
            raise self.refuse(
                f"{len(listed)} criteria are written; write {self.min_criteria} to {self.max_criteria} of them."
            )
        checked = [self._checked(criterion, i) for i, criterion in enumerate(listed)]
        texts: set[str] = set()
        for i, criterion in enumerate(checked):
            if criterion["text"] in texts:
                raise self.refuse(f"criterion {i + 1} says {shown(criterion['text'])} once more; write it once.")
            texts.add(criterion["text"])
        return checked

    def is_answered(self, answer: object) -> bool:
        """Whether a criterion is written, or none has to be."""
        return answer is not None and (self.min_criteria == 0 or answer not in ([], ()))

    def distance(self, a: object, b: object) -> float:
        """1 minus a soft F1 of the criteria, matched by how alike their texts are.

        Another kind counts half of a criterion, and a weight by its ratio to the other one for half as well.
        """
        first, second = cast("list[dict[str, Any]]", a), cast("list[dict[str, Any]]", b)
        return matched_distance(first, second, lambda ones, others: every_pair(ones, others, _likeness))

    def _checked(self, raw: object, place: int) -> dict[str, Any]:
        where, parts = f"criterion {place + 1}", as_object(raw)
        if parts is None or "text" not in parts or not parts.keys() <= _KEYS:
            raise self.refuse(f"{where}: {shown(raw)} has to be an object with text, weight and kind.")
        text, weight, kind = parts["text"], rounded(parts.get("weight", 1)), parts.get("kind", CREDIT)
        if not isinstance(text, str) or not is_encodable(text):
            raise self.refuse(f"{where}: `text` {shown(text)} is not a text.")
        text = " ".join(normal_text(text).split("\n"))
        if not 1 <= len(text) <= MAX_LABEL_LENGTH:
            raise self.refuse(f"{where}: its text has {len(text)} characters; write 1 to {MAX_LABEL_LENGTH}.")
        if weight is None or not 0 < weight <= MAX_WEIGHT:
            raise self.refuse(
                f"{where}: `weight` {shown(parts.get('weight'))} has to be above 0, at most {MAX_WEIGHT}."
            )
        if not isinstance(kind, str) or kind not in self.kinds:
            raise self.refuse(f"{where}: {shown(kind)} is no kind here; {nearest(str(kind), self.kinds)}")
        return {"text": text, "weight": weight, "kind": kind}


def _likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    of_kind = 1.0 if one["kind"] == other["kind"] else _OTHER_KIND
    weights: Sequence[float] = (one["weight"], other["weight"])
    return (1 - text_distance(one["text"], other["text"])) * of_kind * (1 + min(weights) / max(weights)) / 2


plugin = RubricAuthoring
