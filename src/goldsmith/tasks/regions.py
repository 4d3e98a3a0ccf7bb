"""Questions that mark regions: labelled stretches, boxes, outlines or cells, each with questions of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple, cast

from goldsmith.errors import AnswerError
from goldsmith.kit.nearest import nearest
from goldsmith.tasks.forms import checked_answers, refuse_clashes, refuse_unknown
from goldsmith.tasks.matching import Pair, matched_distance
from goldsmith.tasks.questions import Option, Question, check_options, shown
from goldsmith.tasks.types.choice import Choice
from goldsmith.tasks.types.choices import Choices
from goldsmith.tasks.types.date import Date
from goldsmith.tasks.types.number import Number
from goldsmith.tasks.types.rating import Rating
from goldsmith.tasks.types.text import Text
from goldsmith.tasks.values import as_list, as_object

MAX_REGIONS = 10_000
MAX_ATTRIBUTES = 50
LABEL = "label"
"""The name by which the conditions of attributes name a region's label."""

Attribute = Choice | Choices | Rating | Number | Date | Text
"""What can be asked about a region, or about a message."""

Region = dict[str, Any]  # the keys differ by type: each type says and checks its own
Likeness = tuple[int, int, float]
"""How alike two regions' places are: the place of each in its list, and a share in (0, 1]."""


class Regions(Question, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question whose answer is a list of labelled regions of one field. An empty list is an answer.

    Attributes:
        field: the item's field that is marked.
        labels: what a region can be, in the order shown.
        attributes: what is asked about each region; their conditions may name its `label`.
    """

    noun: ClassVar[str] = "region"
    plural: ClassVar[str] = ""
    place_keys: ClassVar[frozenset[str]] = frozenset()
    """The keys that every region has to have besides its label."""
    further_keys: ClassVar[frozenset[str]] = frozenset()
    """The keys that it may have."""

    field: str
    labels: tuple[Option, ...]
    attributes: tuple[Attribute, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        check_options("labels", self.labels)
        if len(self.attributes) > MAX_ATTRIBUTES:
            raise ValueError(f"`attributes` has {len(self.attributes)} entries; at most {MAX_ATTRIBUTES} are allowed")
        refuse_clashes("attributes", self.attributes, before=(self._label_question(),))

    def fields_used(self) -> Mapping[str, str]:
        """The field that is marked."""
        return {"field": self.field}

    def reading(self) -> Mapping[str, object]:
        """The field, and what the meaning of attributes hangs on."""
        return {**self.fields_used(), "attributes": readings_of(self.attributes)}

    def place_in(self, item: Mapping[str, object]) -> Any:
        """What the places of regions are checked against, such as the size of an image; None where there is none."""
        raise NotImplementedError

    def region(self, parts: Mapping[str, object], place: Any) -> Region:
        """The place of a region in its normal form.

        Raises:
            ValueError: it lies outside, or is no such region; the message says what would be.
        """
        raise NotImplementedError

    def order(self, region: Region) -> tuple[object, ...]:
        """What regions are sorted by; two with the same label that are equal in it are the same region."""
        raise NotImplementedError

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """How alike the places of regions with one label are, for those that are alike at all."""
        raise NotImplementedError

    def details(self, one: Region, other: Region) -> list[float]:
        """Distances between what is said about two regions besides their places and labels."""
        mine, theirs = one.get("attributes", {}), other.get("attributes", {})
        return [
            question.distance(mine[question.name], theirs[question.name])
            if question.name in mine and question.name in theirs
            else float(question.name in mine or question.name in theirs)
            for question in self.attributes
        ]

    def check(self, answer: object, item: Mapping[str, object]) -> list[Region]:
        """The regions, sorted by place and label."""
        listed = as_list(answer)
        if listed is None:
            raise self.refuse(
                f"{shown(answer)} is not a list of {self._plural()}; send [] if there is nothing to mark."
            )
        if not listed:
            return []
        if len(listed) > MAX_REGIONS:
            raise self.refuse(f"{len(listed)} {self._plural()} are too many; at most {MAX_REGIONS} fit in one answer.")
        place = self.place_in(item)
        if place is None:
            what = " or ".join(self.field_types["field"])
            raise self.refuse(f"the item has no {what} in {self.field!r} to mark; skip it or send [].")
        ground = _Ground(place, item, self._label_question(), {one.value: i for i, one in enumerate(self.labels)})
        found: list[tuple[tuple[object, ...], Region]] = []
        for i, entry in enumerate(listed):
            try:
                region = self._checked(entry, ground)
            except (ValueError, AnswerError) as error:
                raise self.refuse(f"{self.noun} {i + 1}: {error}") from None
            found.append(((*self.order(region), ground.ranks[region[LABEL]]), region))
        found.sort(key=lambda entry: entry[0])
        for (rank, region), (after, _) in pairwise(found):
            if rank == after:
                raise self.refuse(f"the {self.noun} {shown(region)} occurs twice; send it once.")
        return [region for _, region in found]

    def distance(self, a: object, b: object) -> float:
        """1 minus a soft F1 of the regions, matched so that they are most alike in all.

        Two regions with one label are as alike as their places; what is said about them counts for half of that.
        """
        return matched_distance(cast("list[Region]", a), cast("list[Region]", b), self._pairs)

    def _pairs(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterator[Pair]:
        for option in self.labels:
            mine = [i for i, region in enumerate(ones) if region[LABEL] == option.value]
            theirs = [j for j, region in enumerate(others) if region[LABEL] == option.value]
            if not mine or not theirs:
                continue
            for i, j, likeness in self.overlaps([ones[i] for i in mine], [others[j] for j in theirs]):
                details = self.details(ones[mine[i]], others[theirs[j]])
                factor = 1 - sum(details) / len(details) / 2 if details else 1.0
                yield Pair(mine[i], theirs[j], likeness * factor)

    def _checked(self, entry: object, ground: "_Ground") -> Region:
        parts = as_object(entry)
        needed = self.place_keys | {LABEL}
        allowed = needed | self.further_keys | {"attributes"}
        if parts is None or not needed <= parts.keys() <= allowed:
            raise ValueError(
                f"{shown(entry)} has to be an object with the keys {', '.join(sorted(needed))} and no others than "
                f"{', '.join(sorted(allowed - needed))} besides."
            )
        value = parts[LABEL]
        if not isinstance(value, str) or value not in ground.ranks:
            raise ValueError(f"{shown(value)} is not one of its labels; {nearest(str(value), ground.ranks)}")
        region = {**self.region(parts, ground.place), LABEL: value}
        given = as_object(parts.get("attributes", {}))
        if given is None:
            raise ValueError(f"its `attributes` are an object of names and answers, not {shown(parts['attributes'])}.")
        refuse_unknown(self.attributes, given, "attribute")
        if not self.attributes:
            return region
        attributes = checked_answers(self.attributes, given, ground.item, before=((ground.label, value),))
        return {**region, "attributes": attributes} if attributes else region

    def _plural(self) -> str:
        return self.plural or f"{self.noun}s"

    def _label_question(self) -> Choice:
        return Choice(name=LABEL, label="Label", options=self.labels)


def readings_of(questions: Sequence[Attribute]) -> dict[str, object]:
    """What the meaning of each question's answers hangs on, its type first."""
    return {one.name: (one.__struct_config__.tag, dict(one.reading())) for one in questions}


class _Ground(NamedTuple):
    """What regions are checked against: the marked field, the item, and the labels with their places."""

    place: object
    item: Mapping[str, object]
    label: Choice
    ranks: Mapping[str, int]
