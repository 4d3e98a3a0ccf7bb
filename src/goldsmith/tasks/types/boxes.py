"""Boxes: mark things in an image by rectangles, upright or turned."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from goldsmith.tasks.payloads import Size, image_size
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.regions import Likeness, Region, Regions
from goldsmith.tasks.shapes import (
    HUNDRED,
    Bounds,
    bounds_of,
    crossing_pairs,
    hundredths,
    outline_overlap,
    plain,
    turned,
    upright_overlap,
)

FULL_TURN = 360 * HUNDRED


class Boxes(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="boxes"):
    """A question whose answer is a list of labelled rectangles in an image.

    `x` and `y` are the upper left corner, all in pixels of the upright original with two decimals. A turned box has its
    `rotation` in degrees, clockwise about its centre; its centre lies in the image, its corners may stick out.

    Attributes:
        field: the item's field whose image is marked.
        labels: what a box can hold, in the order shown.
        attributes: what is asked about each box; their conditions may name its `label`.
        rotated: whether boxes can be turned.
    """

    widget: ClassVar[str] = "Boxes"
    title: ClassVar[str] = "Draw boxes"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("image",)}
    noun: ClassVar[str] = "box"
    plural: ClassVar[str] = "boxes"
    place_keys: ClassVar[frozenset[str]] = frozenset({"x", "y", "width", "height"})
    further_keys: ClassVar[frozenset[str]] = frozenset({"rotation"})

    rotated: bool = False

    @classmethod
    def example(cls) -> Example:
        """The vehicles in a street."""
        labels = (Option(value="car", label="Car"), Option(value="van", label="Van"))
        question = cls(name="vehicles", label="Where are vehicles?", field="photo", labels=labels, rotated=True)
        car = {"x": 20, "y": 40, "width": 60, "height": 30, "label": "car"}
        van = {"x": 100.5, "y": 30, "width": 80, "height": 60, "rotation": 12.5, "label": "van"}
        item = {
            "photo": {"blob": "0" * 64, "media_type": "image/png", "name": "street.png", "width": 320, "height": 200}
        }
        return Example(question=question, item=item, answers=([car], [car, van], [], [van]))

    def place_in(self, item: Mapping[str, object]) -> Size | None:
        """The size of the image."""
        return image_size(item, self.field)

    def region(self, parts: Mapping[str, object], place: Size) -> Region:
        """The corner, the size and, of a turned box, the rotation."""
        x, y, width, height = (hundredths(parts[key], key) for key in ("x", "y", "width", "height"))
        rotation = hundredths(parts.get("rotation", 0), "rotation") % FULL_TURN
        if width <= 0 or height <= 0:
            raise ValueError(f"{shown(parts)} has no area; `width` and `height` have to be above 0.")
        if rotation:
            if not self.rotated:
                raise ValueError("boxes of this question are not turned; leave out `rotation`.")
            self._check_turned(x, y, width, height, size=place)
        else:
            right, bottom = place.width * HUNDRED, place.height * HUNDRED
            # a corner and a size that were both rounded up may reach a hundredth further
            width, height = (width - (x + width == right + 1)), (height - (y + height == bottom + 1))
            if not (0 <= x < x + width <= right and 0 <= y < y + height <= bottom):
                raise ValueError(f"{shown(parts)} does not lie in the image of {place.width} by {place.height} pixels.")
        region: Region = {"x": plain(x), "y": plain(y), "width": plain(width), "height": plain(height)}
        return {**region, "rotation": plain(rotation)} if rotation else region

    def order(self, region: Region) -> tuple[object, ...]:
        """Left, top, width, height and rotation."""
        return region["x"], region["y"], region["width"], region["height"], region.get("rotation", 0)

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """Intersection over union."""
        for i, j in crossing_pairs([_hull(one) for one in ones], [_hull(other) for other in others]):
            one, other = ones[i], others[j]
            if self.order(one) == self.order(other):
                overlap = 1.0
            elif "rotation" in one or "rotation" in other:
                overlap = outline_overlap([_corners(one)], [_corners(other)])
            else:
                overlap = upright_overlap(_bounds(one), _bounds(other))
            if overlap > 0:
                yield i, j, overlap

    def _check_turned(self, x: int, y: int, width: int, height: int, *, size: Size) -> None:
        is_in = 0 <= 2 * x + width <= 2 * size.width * HUNDRED and 0 <= 2 * y + height <= 2 * size.height * HUNDRED
        if not is_in:
            raise ValueError(f"its centre does not lie in the image of {size.width} by {size.height} pixels.")
        if max(width, height) > (size.width + size.height) * HUNDRED:
            raise ValueError(f"it is larger than the image of {size.width} by {size.height} pixels.")


def _bounds(box: Region) -> Bounds:
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def _corners(box: Region) -> list[tuple[float, float]]:
    return turned(_bounds(box), box.get("rotation", 0))


def _hull(box: Region) -> Bounds:
    return bounds_of(_corners(box)) if "rotation" in box else _bounds(box)


plugin = Boxes
