"""Spans: mark stretches of a text and say what each one is."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import ClassVar, cast

from goldsmith.kit.digest import sha256_hex
from goldsmith.tasks.matching import matched_distance
from goldsmith.tasks.payloads import text_in
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.regions import LABEL, Likeness, Region, Regions
from goldsmith.tasks.shapes import crossing_pairs
from goldsmith.tasks.values import as_list, whole_number

HASH_LENGTH = 16
MAX_PARTS = 100
_BETWEEN_PARTS = "\u001f"


class Spans(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="spans"):
    """A question whose answer is a list of labelled stretches of one field.

    Spans may overlap; the same span with the same label may not occur twice. An empty list is an answer: the annotator
    looked and there is nothing to mark. Offsets are Unicode code points, the end exclusive; `hash` is the first 16 hex
    digits of the SHA-256 of the stretch, so that a span never ends up on another text than it was made on.

    Attributes:
        field: the item's field whose text is marked.
        labels: what a stretch can be, in the order shown.
        attributes: what is asked about each stretch; their conditions may name its `label`.
        discontinuous: whether a span may have several parts.
    """

    widget: ClassVar[str] = "Spans"
    title: ClassVar[str] = "Mark stretches of text"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("text", "code")}
    asides: ClassVar[frozenset[str]] = frozenset({"hash"})
    noun: ClassVar[str] = "span"
    place_keys: ClassVar[frozenset[str]] = frozenset({"start", "end"})
    further_keys: ClassVar[frozenset[str]] = frozenset({"hash", "parts"})

    discontinuous: bool = False

    @classmethod
    def example(cls) -> Example:
        """The people and places named in a sentence."""
        labels = (Option(value="person", label="Person"), Option(value="place", label="Place"))
        question = cls(name="names", label="Who and where?", field="text", labels=labels)
        ada, paris = {"start": 0, "end": 3, "label": "person"}, {"start": 13, "end": 18, "label": "place"}
        return Example(question=question, item={"text": "Ada moved to Paris."}, answers=([], [ada], [ada, paris]))

    def place_in(self, item: Mapping[str, object]) -> str | None:
        """The text that is marked."""
        return text_in(item, self.field)

    def region(self, parts: Mapping[str, object], place: str) -> Region:
        """The offsets with the hash of what lies between them."""
        start, end = _offsets((parts["start"], parts["end"]), parts, len(place), self.field)
        region: Region = {"start": start, "end": end}
        slices = [(start, end)]
        if "parts" in parts:
            slices = self._parts(parts["parts"], place)
            if (slices[0][0], slices[-1][1]) != (start, end):
                raise ValueError(f"its parts go from {slices[0][0]} to {slices[-1][1]}, and not from {start} to {end}.")
        found = sha256_hex(_BETWEEN_PARTS.join(place[low:high] for low, high in slices).encode("utf-8", "replace"))
        digest = region["hash"] = found[:HASH_LENGTH]
        if parts.get("hash", digest) != digest:
            raise ValueError(
                f"its `hash` {shown(parts['hash'])} is not that of {shown(place[start:end])}, which lies there now: it "
                "was made on another text; mark it again."
            )
        if len(slices) > 1:
            region["parts"] = [list(one) for one in slices]
        return region

    def order(self, region: Region) -> tuple[object, ...]:
        """Start and end."""
        return region["start"], region["end"]

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """The shared characters by those of either."""
        mine, theirs = [_parts_of(one) for one in ones], [_parts_of(other) for other in others]
        hulls = [[(parts[0][0], 0, parts[-1][1], 1) for parts in side] for side in (mine, theirs)]
        for i, j in crossing_pairs(*hulls):
            n_both = _n_shared(_depths(mine[i]), _depths(theirs[j]))
            if n_both:
                yield i, j, n_both / (_n_points(mine[i]) + _n_points(theirs[j]) - n_both)

    def distance(self, a: object, b: object) -> float:
        """Half 1 minus the micro-averaged F1 of the labelled characters, half that of the matched spans.

        Characters alone would not tell one name of two words from two names; spans alone would make near misses misses.
        """
        first, second = cast("list[Region]", a), cast("list[Region]", b)
        return (_character_distance(first, second) + matched_distance(first, second, self._pairs)) / 2

    def _parts(self, raw: object, text: str) -> list[tuple[int, int]]:
        if not self.discontinuous:
            raise ValueError("spans of this question have no parts; send each stretch by itself.")
        listed = as_list(raw) or ()
        if not 2 <= len(listed) <= MAX_PARTS:
            raise ValueError(f"`parts` has to list 2 to {MAX_PARTS} pairs of offsets, not {shown(raw)}.")
        slices = sorted(_offsets(as_list(part) or (), part, len(text), self.field) for part in listed)
        for (_, end), (start, _) in pairwise(slices):
            if start <= end:
                raise ValueError(f"its parts {shown(raw)} touch; join those that do.")
        return slices


def _offsets(pair: Sequence[object], shown_as: object, length: int, field: str) -> tuple[int, int]:
    if len(pair) != 2:  # a start and an end
        raise ValueError(f"{shown(shown_as)} is no pair of offsets.")
    for offset in pair:
        if whole_number(offset) is None:
            raise ValueError(f"the offset {shown(offset)} has to be a whole number.")
    start, end = whole_number(pair[0]) or 0, whole_number(pair[1]) or 0
    if not 0 <= start < end <= length:
        raise ValueError(
            f"{shown(shown_as)} does not lie in the {length} characters of {field!r}; offsets are "
            f"Unicode code points (not UTF-16 units) with 0 <= start < end <= {length}."
        )
    return start, end


def _parts_of(span: Region) -> list[tuple[int, int]]:
    return [(start, end) for start, end in span.get("parts", ((span["start"], span["end"]),))]


def _n_points(parts: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in parts)


def _character_distance(a: Sequence[Region], b: Sequence[Region]) -> float:
    first, second = _by_label(a), _by_label(b)
    n_both = sum(_n_shared(_depths(first[label]), _depths(second[label])) for label in first.keys() & second.keys())
    n_all = sum(_n_points(parts) for side in (first, second) for parts in side.values())
    return 1.0 - 2.0 * n_both / n_all if n_all else 0.0


def _by_label(spans: Sequence[Region]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for span in spans:
        found.setdefault(span[LABEL], []).extend(_parts_of(span))
    return found


def _depths(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """From which offset on how many parts lie over each other."""
    steps: dict[int, int] = {}
    for start, end in parts:
        steps[start] = steps.get(start, 0) + 1
        steps[end] = steps.get(end, 0) - 1
    depth, found = 0, list[tuple[int, int]]()
    for offset in sorted(steps):
        depth += steps[offset]
        found.append((offset, depth))
    return found


def _n_shared(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> int:
    """How many characters are marked in both, those that are marked twice in both twice."""
    steps = sorted([(offset, 0, depth) for offset, depth in first] + [(offset, 1, depth) for offset, depth in second])
    n, before, depths = 0, 0, [0, 0]
    for offset, side, depth in steps:
        n += min(depths) * (offset - before)
        before, depths[side] = offset, depth
    return n


plugin = Spans
