"""Spans: mark stretches of a text and say what each one is."""

from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar, TypedDict, cast

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.questions import Example, Option, Question, check_options, shown

MAX_SPANS = 10_000

_KEYS = frozenset({"start", "end", "label"})


class Span(TypedDict):
    """A stretch of a text: offsets in Unicode code points, the end exclusive."""

    start: int
    end: int
    label: str


class Spans(Question, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="spans"):
    """A question whose answer is a list of labelled stretches of one field.

    Spans may overlap; the same span with the same label may not occur twice. An empty list is an answer: the annotator
    looked and there is nothing to mark.

    Attributes:
        field: the item's field whose text is marked.
        labels: what a stretch can be, in the order shown.
    """

    widget: ClassVar[str] = "Spans"
    title: ClassVar[str] = "Mark stretches of text"

    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("text", "code")}

    field: str
    labels: tuple[Option, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_options("labels", self.labels)

    @classmethod
    def example(cls) -> Example:
        """The people and places named in a sentence."""
        labels = (Option(value="person", label="Person"), Option(value="place", label="Place"))
        question = cls(name="names", label="Who and where?", field="text", labels=labels)
        ada, paris = Span(start=0, end=3, label="person"), Span(start=13, end=18, label="place")
        return Example(question=question, item={"text": "Ada moved to Paris."}, answers=([], [ada], [ada, paris]))

    def fields_used(self) -> Mapping[str, str]:
        """The field that is marked."""
        return {"field": self.field}

    def check(self, answer: object, item: Mapping[str, object]) -> list[Span]:
        """The spans, sorted by start, end and label."""
        if not isinstance(answer, list | tuple):
            raise self.refuse(f"{shown(answer)} is not a list of spans; send [] when there is nothing to mark.")
        raw = cast("list[object] | tuple[object, ...]", answer)
        if not raw:
            return []
        if len(raw) > MAX_SPANS:
            raise self.refuse(f"{len(raw)} spans are too many; at most {MAX_SPANS} fit in one answer.")
        text = item.get(self.field)
        if not isinstance(text, str):
            raise self.refuse(f"the item has no text in {self.field!r} to mark; skip it or send [].")
        spans = sorted((self._checked(span, len(text)) for span in raw), key=_order)
        for first, second in pairwise(spans):
            if first == second:
                raise self.refuse(f"the span {shown(first)} occurs twice; send it once.")
        return spans

    def distance(self, a: object, b: object) -> float:
        """1 minus the micro-averaged F1 of the labelled characters; two empty answers are equal."""
        first, second = _covered(a), _covered(b)
        n_both = sum(_n_shared(first[label], second[label]) for label in first.keys() & second.keys())
        n_all = sum(end - start for parts in (first, second) for part in parts.values() for start, end in part)
        return 1.0 - 2.0 * n_both / n_all if n_all else 0.0

    def _checked(self, span: object, length: int) -> Span:
        if not isinstance(span, dict):
            raise self.refuse(f"{shown(span)} is not a span; send an object with start, end and label.")
        parts = cast("dict[object, object]", span)
        if parts.keys() != _KEYS:
            raise self.refuse(f"the span {shown(parts)} has to have exactly the keys start, end and label.")
        start, end = self._offset(parts["start"], parts), self._offset(parts["end"], parts)
        if not 0 <= start < end <= length:
            raise self.refuse(
                f"the span {shown(parts)} does not lie in the {length} characters of {self.field!r}; offsets are "
                f"Unicode code points (not UTF-16 units) with 0 <= start < end <= {length}."
            )
        label, known = parts["label"], [option.value for option in self.labels]
        if not isinstance(label, str) or label not in known:
            raise self.refuse(f"{shown(label)} is not one of its labels; {nearest(str(label), known)}")
        return Span(start=start, end=end, label=label)

    def _offset(self, offset: object, span: object) -> int:
        if isinstance(offset, bool) or not isinstance(offset, int):
            raise self.refuse(f"the offset {shown(offset)} of the span {shown(span)} has to be a whole number.")
        return offset


def _order(span: Span) -> tuple[int, int, str]:
    return span["start"], span["end"], span["label"]


def _covered(answer: object) -> dict[str, list[tuple[int, int]]]:
    """By label, the characters that are marked, as disjoint ascending intervals."""
    covered: dict[str, list[tuple[int, int]]] = {}
    for span in sorted(cast("list[Span]", answer), key=_order):
        part = covered.setdefault(span["label"], [])
        if part and span["start"] <= part[-1][1]:
            part[-1] = part[-1][0], max(part[-1][1], span["end"])
        else:
            part.append((span["start"], span["end"]))
    return covered


def _n_shared(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> int:
    i = j = n = 0
    while i < len(first) and j < len(second):
        n += max(0, min(first[i][1], second[j][1]) - max(first[i][0], second[j][0]))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return n


plugin = Spans
