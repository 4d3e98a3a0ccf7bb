"""Relations: say how the spans of another question belong together."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.questions import Example, Option, Question, check_options, shown
from goldsmith.tasks.types.spans import Spans
from goldsmith.tasks.values import as_list, as_object, whole_number

MAX_RELATIONS = 10_000


class Relations(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="relations"):
    """A question whose answer is a list of labelled relations, each from one span of another question to another span.

    A span is named by its start, end and label. Ends of a relation without direction are in the order of the text.

    Attributes:
        spans: the question whose spans are related.
        labels: what a relation can be, in the order shown.
        symmetric: the values of the labels that have no direction.
    """

    widget: ClassVar[str] = "Relations"
    title: ClassVar[str] = "Relate spans"

    spans: str
    labels: tuple[Option, ...]
    symmetric: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        check_options("labels", self.labels)
        known = [option.value for option in self.labels]
        for value in self.symmetric:
            if value not in known:
                raise ValueError(f"`symmetric`: there is no label {shown(value)}; {nearest(value, known)}")

    @classmethod
    def example(cls) -> Example:
        """Who works where, and who knows whom."""
        kinds = (Option(value="person", label="Person"), Option(value="place", label="Place"))
        spans = Spans(name="names", label="Who and where?", field="text", labels=kinds)
        labels = (Option(value="works_in", label="Works in"), Option(value="knows", label="Knows"))
        question = cls(name="ties", label="How do they relate?", spans="names", labels=labels, symmetric=("knows",))
        ada, bob = {"start": 0, "end": 3, "label": "person"}, {"start": 8, "end": 11, "label": "person"}
        paris = {"start": 20, "end": 25, "label": "place"}
        works, knows = {"from": ada, "to": paris, "label": "works_in"}, {"from": ada, "to": bob, "label": "knows"}
        return Example(
            question=question,
            item={"text": "Ada met Bob at work, Paris."},
            answers=([], [works], [knows], [knows, works]),
            earlier=(spans,),
            earlier_answers={"names": [ada, bob, paris]},
        )

    def questions_used(self) -> Mapping[str, tuple[str, str]]:
        """The question whose spans are related."""
        return {"spans": (self.spans, "spans")}

    def check(self, answer: object, item: Mapping[str, object]) -> list[dict[str, Any]]:
        """The relations, by where they begin and end."""
        del item
        listed = as_list(answer)
        if listed is None:
            raise self.refuse(f"{shown(answer)} is not a list of relations; send [] when there are none.")
        if len(listed) > MAX_RELATIONS:
            raise self.refuse(f"{len(listed)} relations are too many; at most {MAX_RELATIONS} fit in one answer.")
        relations = sorted((self._checked(relation) for relation in listed), key=self._order)
        for one, other in pairwise(relations):
            if one == other:
                raise self.refuse(f"the relation {shown(one)} occurs twice; send it once.")
        return relations

    def check_among(self, answer: object, answers: Mapping[str, object]) -> None:
        """Refuse relations of spans that are not marked."""
        marked = {_end_order(span) for span in cast("Sequence[Mapping[str, Any]]", answers.get(self.spans, ()))}
        for relation in cast("Sequence[Mapping[str, Any]]", answer):
            for side in ("from", "to"):
                if _end_order(relation[side]) not in marked:
                    where = f"is none of the spans in {self.spans!r}"
                    raise self.refuse(
                        f"the {side!r} {shown(relation[side])} {where}; mark it there, or remove the relation."
                    )

    def distance(self, a: object, b: object) -> float:
        """1 minus the F1 of the relations; two empty answers are equal."""
        first, second = (
            {self._order(relation) for relation in cast("Sequence[Mapping[str, Any]]", answer)} for answer in (a, b)
        )
        return 1 - 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0

    def _checked(self, relation: object) -> dict[str, Any]:
        parts = as_object(relation)
        if parts is None or set(parts) != {"from", "to", "label"}:
            raise self.refuse(f"{shown(relation)} is not a relation; send an object with from, to and label.")
        label, known = parts["label"], [option.value for option in self.labels]
        if not isinstance(label, str) or label not in known:
            raise self.refuse(f"{shown(label)} is not one of its labels; {nearest(str(label), known)}")
        ends = [self._end(parts["from"]), self._end(parts["to"])]
        if ends[0] == ends[1]:
            raise self.refuse(f"{shown(ends[0])} is related to itself; relate it to another span.")
        if label in self.symmetric:
            ends.sort(key=_end_order)
        return {"from": ends[0], "to": ends[1], "label": label}

    def _end(self, raw: object) -> dict[str, Any]:
        parts = as_object(raw) or {}
        start, end, label = whole_number(parts.get("start")), whole_number(parts.get("end")), parts.get("label")
        if set(parts) != {"start", "end", "label"} or start is None or end is None or not isinstance(label, str):
            raise self.refuse(f"{shown(raw)} names no span; send its start, end and label.")
        return {"start": start, "end": end, "label": label}

    def _order(self, relation: Mapping[str, Any]) -> tuple[object, ...]:
        return *_end_order(relation["from"]), *_end_order(relation["to"]), relation["label"]


def _end_order(span: Mapping[str, Any]) -> tuple[int, int, str]:
    return span["start"], span["end"], span["label"]


plugin = Relations
