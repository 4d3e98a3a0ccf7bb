"""Masks: paint things in an image."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import ClassVar

from goldsmith.tasks.payloads import Size, image_size
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.regions import Likeness, Region, Regions
from goldsmith.tasks.values import as_list, whole_number

MAX_RUNS = 1_000_000


class Masks(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="masks"):
    """A question whose answer is a list of labelled masks of an image, as run lengths in COCO's way.

    `counts` are the lengths of runs of pixels down the columns, from the left one on, alternately outside and inside of
    the mask; the first is outside and may be 0. `size` is [height, width] of the image.

    Attributes:
        field: the item's field whose image is painted.
        labels: what a mask can cover, in the order shown.
        attributes: what is asked about each mask; their conditions may name its `label`.
    """

    widget: ClassVar[str] = "Masks"
    title: ClassVar[str] = "Paint masks"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("image",)}
    noun: ClassVar[str] = "mask"
    place_keys: ClassVar[frozenset[str]] = frozenset({"size", "counts"})

    @classmethod
    def example(cls) -> Example:
        """The damage on a leaf."""
        labels = (Option(value="rust", label="Rust"), Option(value="mildew", label="Mildew"))
        question = cls(name="damage", label="Where is the leaf damaged?", field="leaf", labels=labels)
        rust = {"size": [6, 8], "counts": [7, 3, 3, 4, 31], "label": "rust"}
        mildew = {"size": [6, 8], "counts": [30, 4, 2, 4, 8], "label": "mildew"}
        item = {"leaf": {"blob": "0" * 64, "media_type": "image/png", "name": "leaf.png", "width": 8, "height": 6}}
        return Example(question=question, item=item, answers=([rust], [rust, mildew], [mildew], []))

    def place_in(self, item: Mapping[str, object]) -> Size | None:
        """The size of the image."""
        return image_size(item, self.field)

    def region(self, parts: Mapping[str, object], place: Size) -> Region:
        """The run lengths."""
        if as_list(parts["size"]) is None or list(as_list(parts["size"]) or ()) != [place.height, place.width]:
            size = f"[{place.height}, {place.width}], its height and width"
            raise ValueError(f"`size` {shown(parts['size'])} has to be that of the image, {size}.")
        raw = as_list(parts["counts"])
        if raw is None or not 2 <= len(raw) <= MAX_RUNS:
            raise ValueError(f"`counts` has to be a list of 2 to {MAX_RUNS} run lengths; send no mask that is empty.")
        counts: list[int] = []
        for i, entry in enumerate(raw):
            count = whole_number(entry)
            if count is None or count < (i > 0):
                raise ValueError(
                    f"counts[{i}] {shown(entry)} is no run length: a whole number above 0, or 0 for the first one."
                )
            counts.append(count)
        n_pixels = place.width * place.height
        if sum(counts) != n_pixels:
            raise ValueError(f"`counts` add up to {sum(counts)}, and the image has {n_pixels} pixels.")
        return {"size": [place.height, place.width], "counts": counts}

    def order(self, region: Region) -> tuple[object, ...]:
        """The run lengths."""
        return (region["counts"],)

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """The shared pixels by those of either."""
        mine, theirs = [_runs(one) for one in ones], [_runs(other) for other in others]
        for i, one in enumerate(mine):
            for j, other in enumerate(theirs):
                if one[0][0] < other[-1][1] and other[0][0] < one[-1][1]:
                    n_both = _n_shared(one, other)
                    if n_both:
                        yield i, j, n_both / (_n_pixels(one) + _n_pixels(other) - n_both)


def _runs(mask: Region) -> list[tuple[int, int]]:
    """Where the runs inside of the mask begin and end."""
    counts: list[int] = mask["counts"]
    ends = list(accumulate(counts))
    return list(zip(ends[0::2], ends[1::2], strict=False))


def _n_pixels(runs: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in runs)


def _n_shared(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> int:
    i = j = n = 0
    while i < len(first) and j < len(second):
        n += max(0, min(first[i][1], second[j][1]) - max(first[i][0], second[j][0]))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return n


plugin = Masks
