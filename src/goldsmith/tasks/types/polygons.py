"""Polygons: outline things in an image, with holes."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import ClassVar

from goldsmith.tasks.payloads import Size, image_size
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.regions import Likeness, Region, Regions
from goldsmith.tasks.shapes import (
    HUNDRED,
    Point,
    bounds_of,
    crosses_itself,
    crossing_pairs,
    hundredths,
    is_inside,
    outline_overlap,
    plain,
    rings_meet,
    twice_area,
)
from goldsmith.tasks.values import as_list

MAX_POINTS = 5_000
MAX_HOLES = 100
_FEWEST_CORNERS = 3


class Polygons(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="polygons"):
    """A question whose answer is a list of labelled outlines in an image, each with the holes in it.

    Points are pixels of the upright original with two decimals, clockwise from the leftmost one on. An outline does not
    cross or touch itself; holes lie inside of it and apart from each other.

    Attributes:
        field: the item's field whose image is marked.
        labels: what an outline can hold, in the order shown.
        attributes: what is asked about each outline; their conditions may name its `label`.
    """

    widget: ClassVar[str] = "Polygons"
    title: ClassVar[str] = "Outline shapes"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("image",)}
    noun: ClassVar[str] = "polygon"
    place_keys: ClassVar[frozenset[str]] = frozenset({"points"})
    further_keys: ClassVar[frozenset[str]] = frozenset({"holes"})

    @classmethod
    def example(cls) -> Example:
        """The fields and ponds on an aerial photo."""
        labels = (Option(value="field", label="Field"), Option(value="pond", label="Pond"))
        question = cls(name="land", label="What is the land used for?", field="photo", labels=labels)
        pond = {"points": [[200, 120], [280, 110], [290.25, 180], [220, 190]], "label": "pond"}
        field = {
            "points": [[10, 10], [150, 20], [140, 160], [20, 150]],
            "holes": [[[60, 60], [90, 60], [75, 90]]],
            "label": "field",
        }
        item = {"photo": {"blob": "0" * 64, "media_type": "image/png", "name": "land.png", "width": 320, "height": 200}}
        return Example(question=question, item=item, answers=([field], [pond], [field, pond], []))

    def place_in(self, item: Mapping[str, object]) -> Size | None:
        """The size of the image."""
        return image_size(item, self.field)

    def region(self, parts: Mapping[str, object], place: Size) -> Region:
        """The outline, and the holes where there are any."""
        outline = _ring(parts["points"], place, "points")
        listed = as_list(parts.get("holes", []))
        if listed is None or len(listed) > MAX_HOLES:
            raise ValueError(f"`holes` has to be a list of at most {MAX_HOLES} lists of points.")
        holes = [_ring(hole, place, f"holes[{i}]") for i, hole in enumerate(listed)]
        for i, hole in enumerate(holes):
            if rings_meet(outline, hole) or not is_inside(hole[0], outline):
                raise ValueError(f"holes[{i}] does not lie inside of the outline; draw it there, not touching it.")
        for (i, one), (j, other) in combinations(enumerate(holes), 2):
            if rings_meet(one, other) or is_inside(one[0], other) or is_inside(other[0], one):
                raise ValueError(f"holes[{i}] and holes[{j}] overlap or touch; make them one.")
        region: Region = {"points": _plain(outline)}
        return {**region, "holes": sorted(_plain(hole) for hole in holes)} if holes else region

    def order(self, region: Region) -> tuple[object, ...]:
        """The points of the outline, and of the holes."""
        return region["points"], region.get("holes", [])

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """Intersection over union of the areas without the holes."""
        hulls = [[bounds_of((x, y) for x, y in one["points"]) for one in side] for side in (ones, others)]
        for i, j in crossing_pairs(hulls[0], hulls[1]):
            one, other = ones[i], others[j]
            is_same = self.order(one) == self.order(other)
            overlap = 1.0 if is_same else outline_overlap(_rings(one), _rings(other))
            if overlap > 0:
                yield i, j, overlap


def _rings(polygon: Region) -> list[list[tuple[float, float]]]:
    return [[(x, y) for x, y in ring] for ring in (polygon["points"], *polygon.get("holes", []))]


def _plain(ring: Sequence[Point]) -> list[list[int | float]]:
    return [[plain(x), plain(y)] for x, y in ring]


def _ring(raw: object, size: Size, name: str) -> list[Point]:
    """The corners clockwise from the leftmost one on (of two, the upper), those that follow each other different."""
    listed = as_list(raw)
    if listed is None or len(listed) > MAX_POINTS:
        raise ValueError(f"`{name}` has to be a list of at most {MAX_POINTS} points.")
    points: list[Point] = []
    for entry in listed:
        pair = as_list(entry) or ()
        if len(pair) != 2:  # x and y
            raise ValueError(f"`{name}`: {shown(entry)} is no point; send [x, y].")
        x, y = hundredths(pair[0], "x"), hundredths(pair[1], "y")
        if not (0 <= x <= size.width * HUNDRED and 0 <= y <= size.height * HUNDRED):
            where = f"the image of {size.width} by {size.height} pixels"
            raise ValueError(f"`{name}`: the point {shown(list(pair))} does not lie in {where}.")
        if not points or points[-1] != (x, y):
            points.append((x, y))
    if len(points) > 1 and points[0] == points[-1]:
        _ = points.pop()
    if len(points) < _FEWEST_CORNERS or twice_area(points) == 0:
        raise ValueError(f"`{name}` has to have {_FEWEST_CORNERS} different corners or more, and an area.")
    if crosses_itself(points):
        raise ValueError(f"`{name}` crosses or touches itself; draw the outline without.")
    first = points.index(min(points))
    points = points[first:] + points[:first]
    return points if twice_area(points) > 0 else [points[0], *points[:0:-1]]


plugin = Polygons
