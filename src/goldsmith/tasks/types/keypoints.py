"""Keypoints: mark the same named points on every body in an image."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from goldsmith.kit.nearest import nearest
from goldsmith.tasks.payloads import Size, image_size
from goldsmith.tasks.questions import Example, Option, check_options, shown
from goldsmith.tasks.regions import Likeness, Region, Regions
from goldsmith.tasks.shapes import HUNDRED, Bounds, bounds_of, crossing_pairs, hundredths, plain
from goldsmith.tasks.values import as_list, as_object, whole_number

MAX_KEYPOINTS = 200
MAX_EDGES = 1000
HIDDEN, VISIBLE = 1, 2

_SPREAD = 0.1
"""By which share of a body's size a point may be off to count for 0.6 (the width of a bell curve)."""

_LEAST_SIZE = 20.0
"""Pixels: what a body counts as large at least, since one with a single point has no size."""

_OTHER_VISIBILITY = 0.75
_REACH = 4.0
"""Beyond this many widths of the bell curve points count as not alike at all."""


class Keypoints(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="keypoints"):
    """A question whose answer is a list of labelled bodies, each with named points on an image.

    A point is [x, y, v], in pixels of the upright original with two decimals; v is 1 where it is hidden, 2 where it can
    be seen. A point that is not in the image is left out.

    Attributes:
        field: the item's field whose image is marked.
        labels: what a body can be, in the order shown.
        attributes: what is asked about each body; their conditions may name its `label`.
        points: the points of a body, in the order they are set.
        edges: the pairs of points that are joined by a line.
    """

    widget: ClassVar[str] = "Keypoints"
    title: ClassVar[str] = "Set keypoints"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("image",)}
    noun: ClassVar[str] = "body"
    plural: ClassVar[str] = "bodies"
    place_keys: ClassVar[frozenset[str]] = frozenset({"points"})

    points: tuple[Option, ...]
    edges: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        check_options("points", self.points)
        if len(self.points) > MAX_KEYPOINTS:
            raise ValueError(f"`points` has {len(self.points)} entries; at most {MAX_KEYPOINTS} are allowed")
        if len(self.edges) > MAX_EDGES:
            raise ValueError(f"`edges` has {len(self.edges)} entries; at most {MAX_EDGES} are allowed")
        names = [option.value for option in self.points]
        for edge in self.edges:
            for name in edge:
                if name not in names:
                    raise ValueError(f"`edges`: there is no point {shown(name)}; {nearest(name, names)}")
            if edge[0] == edge[1]:
                raise ValueError(f"`edges`: {shown(list(edge))} joins a point with itself")

    @classmethod
    def example(cls) -> Example:
        """The heads of the animals in a photo."""
        names = ("nose", "left_eye", "right_eye")
        question = cls(
            name="heads",
            label="Where are the heads?",
            field="photo",
            labels=(Option(value="cat", label="Cat"), Option(value="dog", label="Dog")),
            points=tuple(Option(value=name, label=name.replace("_", " ").title()) for name in names),
            edges=(("nose", "left_eye"), ("nose", "right_eye")),
        )
        cat = {"label": "cat", "points": {"nose": [50, 60, 2], "left_eye": [40, 45, 2], "right_eye": [60, 45.5, 1]}}
        dog = {"label": "dog", "points": {"nose": [200, 100, 2], "left_eye": [180, 70, 2]}}
        item = {"photo": {"blob": "0" * 64, "media_type": "image/png", "name": "pets.png", "width": 320, "height": 200}}
        return Example(question=question, item=item, answers=([cat], [cat, dog], [dog], []))

    def place_in(self, item: Mapping[str, object]) -> Size | None:
        """The size of the image."""
        return image_size(item, self.field)

    def region(self, parts: Mapping[str, object], place: Size) -> Region:
        """The points in the order of the question."""
        given = as_object(parts["points"])
        if not given:
            raise ValueError(f"`points` {shown(parts['points'])} has to name one point or more, each [x, y, v].")
        names = [option.value for option in self.points]
        for name in given:
            if name not in names:
                raise ValueError(f"there is no point {shown(name)}; {nearest(name, names)}")
        return {"points": {name: _point(name, given[name], place) for name in names if name in given}}

    def order(self, region: Region) -> tuple[object, ...]:
        """The points in the order of the question, those that are not in the image first."""
        return tuple(region["points"].get(option.value, []) for option in self.points)

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """How near the points of two bodies are, as a share of the bodies' size, on average over all their points.

        Source: the keypoint similarity of COCO, with one width for all points; a point that only one of both has counts
        0, one whose visibility differs counts a quarter less.
        """
        hulls = [[_hull(one) for one in side] for side in (ones, others)]
        for i, j in crossing_pairs([_reach(hull) for hull in hulls[0]], [_reach(hull) for hull in hulls[1]]):
            one, other = ones[i]["points"], others[j]["points"]
            scale = _SPREAD * _size(bounds_of(_ends(hulls[0][i], hulls[1][j])))
            found = sum(_nearness(one[name], other[name], scale) for name in one if name in other)
            if found > 0:
                yield i, j, found / len(one.keys() | other.keys())


def _point(name: str, raw: object, size: Size) -> list[int | float]:
    parts = as_list(raw) or ()
    if len(parts) != 3 or whole_number(parts[2]) not in {HIDDEN, VISIBLE}:  # x, y and visibility
        what = "[x, y, v], v 1 where it is hidden and 2 where it is seen"
        raise ValueError(f"the point {name!r} {shown(raw)} is not {what}.")
    x, y = hundredths(parts[0], "x"), hundredths(parts[1], "y")
    if not (0 <= x <= size.width * HUNDRED and 0 <= y <= size.height * HUNDRED):
        where = f"the image of {size.width} by {size.height} pixels"
        raise ValueError(f"the point {name!r} at {shown(list(parts[:2]))} does not lie in {where}; leave it out.")
    return [plain(x), plain(y), whole_number(parts[2]) or VISIBLE]


def _hull(body: Region) -> Bounds:
    return bounds_of((x, y) for x, y, _ in body["points"].values())


def _ends(one: Bounds, other: Bounds) -> list[tuple[float, float]]:
    return [(one[0], one[1]), (one[2], one[3]), (other[0], other[1]), (other[2], other[3])]


def _size(hull: Bounds) -> float:
    return max(_LEAST_SIZE, math.hypot(hull[2] - hull[0], hull[3] - hull[1]))


def _reach(hull: Bounds) -> Bounds:
    """The hull with as much around it as points may be off and still count."""
    far = _REACH * _SPREAD * _size(hull)
    return hull[0] - far, hull[1] - far, hull[2] + far, hull[3] + far


def _nearness(one: Sequence[float], other: Sequence[float], scale: float) -> float:
    off = math.hypot(one[0] - other[0], one[1] - other[1]) / scale
    if off > _REACH:
        return 0.0
    return math.exp(-off * off / 2) * (1.0 if one[2] == other[2] else _OTHER_VISIBILITY)


plugin = Keypoints
