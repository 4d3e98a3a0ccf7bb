"""Plane geometry of marks: coordinates in hundredths of a pixel or point, overlaps, outlines that cross themselves.

Coordinates are checked as whole numbers of hundredths, so that a browser and a server come to one verdict.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from goldsmith.tasks.questions import shown
from goldsmith.tasks.values import finite_number

HUNDRED = 100
Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Point = tuple[int, int]
"""In hundredths."""
Ring = Sequence[tuple[float, float]]
"""The corners of a closed line, the last one joined to the first."""

_Line = tuple[tuple[float, float], tuple[float, float]]
_Edge = tuple[float, float, float, float, int]
"""The upper end, the lower end and whose it is, 0 or 1."""


def hundredths(value: object, name: str) -> int:
    """A coordinate in hundredths, rounded half up.

    Raises:
        ValueError: it is no number that can be kept.
    """
    number = finite_number(value)
    if number is None or abs(number) > 1e9:  # no image is larger
        raise ValueError(f"`{name}` {shown(value)} is not a number that a place can have.")
    return math.floor(number * HUNDRED + 0.5)


def plain(value: int) -> int | float:
    """Hundredths as they are written: whole numbers without decimals."""
    return value // HUNDRED if value % HUNDRED == 0 else value / HUNDRED


def crossing_pairs(ones: Sequence[Bounds], others: Sequence[Bounds]) -> Iterator[tuple[int, int]]:
    """The pairs of upright rectangles of two lists that overlap, by their places in the lists.

    They are swept from left to right, so that the time grows with the pairs that share a column.
    """
    order = sorted(
        [(bounds[0], 0, i) for i, bounds in enumerate(ones)] + [(bounds[0], 1, j) for j, bounds in enumerate(others)]
    )
    sides = ones, others
    open_now: tuple[list[int], list[int]] = [], []
    for left, side, place in order:
        _, top, right, bottom = sides[side][place]
        beside = sides[1 - side]
        open_now[1 - side][:] = [other for other in open_now[1 - side] if beside[other][2] > left]
        for other in open_now[1 - side]:
            if beside[other][1] < bottom and top < beside[other][3] and right > left:
                yield (place, other) if side == 0 else (other, place)
        open_now[side].append(place)


def upright_overlap(one: Bounds, other: Bounds) -> float:
    """Intersection over union of two upright rectangles, in [0, 1]."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return min(1.0, shared / (areas - shared))


def turned(bounds: Bounds, degrees: float) -> list[tuple[float, float]]:
    """The corners of a rectangle that is turned clockwise about its centre, y growing downwards."""
    left, top, right, bottom = bounds
    x, y, angle = (left + right) / 2, (top + bottom) / 2, math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    corners = ((left - x, top - y), (right - x, top - y), (right - x, bottom - y), (left - x, bottom - y))
    return [(x + dx * cos - dy * sin, y + dx * sin + dy * cos) for dx, dy in corners]


def bounds_of(points: Iterable[tuple[float, float]]) -> Bounds:
    """The upright rectangle around points."""
    listed = list(points)
    xs, ys = [x for x, _ in listed], [y for _, y in listed]
    return min(xs), min(ys), max(xs), max(ys)


def twice_area(ring: Ring) -> float:
    """Twice the area inside a ring, negative where it goes counter-clockwise with y growing downwards."""
    return sum(x * other_y - other_x * y for (x, y), (other_x, other_y) in _edges(ring))


def crosses_itself(ring: Sequence[Point]) -> bool:
    """Whether two edges of a ring meet anywhere but where they follow each other."""
    edges = list(_edges(ring))
    n = len(edges)
    for i, (start, corner) in enumerate(edges):
        end = edges[(i + 1) % n][1]
        is_back = (corner[0] - start[0]) * (end[0] - corner[0]) + (corner[1] - start[1]) * (end[1] - corner[1]) < 0
        if _side(start, corner, end) == 0 and is_back:
            return True
    return any(
        (j - i) % n not in {1, n - 1} and _meet(edges[i], edges[j]) for i, j in _near_edges(edges, edges) if i < j
    )


def rings_meet(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether the lines of two rings cross or touch."""
    mine, theirs = list(_edges(one)), list(_edges(other))
    return any(_meet(mine[i], theirs[j]) for i, j in _near_edges(mine, theirs))


def is_inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point that is not on a ring lies inside of it."""
    is_in = False
    for (x, y), (other_x, other_y) in _edges(ring):
        if (y > point[1]) != (other_y > point[1]):
            turn = (other_x - x) * (point[1] - y) - (point[0] - x) * (other_y - y)
            if (turn > 0) == (other_y > y):
                is_in = not is_in
    return is_in


def outline_overlap(ones: Sequence[Ring], others: Sequence[Ring]) -> float:
    """Intersection over union of two areas, each inside of its rings by the even-odd rule, in [0, 1].

    The plane is cut into level strips in which no two edges cross and none begins: there, widths change linearly, and
    the area is the width at half height by the height.
    """
    mine, theirs = _rising(ones, 0), _rising(others, 1)
    heights = sorted({y for edges in (mine, theirs) for edge in edges for y in (edge[1], edge[3])})
    shared = in_mine = in_theirs = 0.0
    waiting, active = sorted(mine + theirs, key=lambda edge: edge[1]), list[_Edge]()
    at = 0
    for low, high in pairwise(heights):
        active = [edge for edge in active if edge[3] > low]
        while at < len(waiting) and waiting[at][1] <= low:
            active.append(waiting[at])
            at += 1
        sides = [edge for edge in active if edge[4] == 0], [edge for edge in active if edge[4] == 1]
        for top, bottom in pairwise([low, *_crossings(*sides, low, high), high]):
            widths = _widths(active, (top + bottom) / 2)
            shared += widths[2] * (bottom - top)
            in_mine += widths[0] * (bottom - top)
            in_theirs += widths[1] * (bottom - top)
    return min(1.0, max(0.0, shared / (in_mine + in_theirs - shared))) if in_mine + in_theirs > 0 else 0.0


def _edges(ring: Sequence[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    yield from pairwise(ring)
    yield ring[-1], ring[0]


def _near_edges(ones: Sequence[_Line], others: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """The pairs of edges whose upright rectangles meet, each widened by half a hundredth to both sides."""
    half = 0.5
    bounds = [
        [(min(x, u) - half, min(y, v) - half, max(x, u) + half, max(y, v) + half) for (x, y), (u, v) in side]
        for side in (ones, others)
    ]
    return crossing_pairs(bounds[0], bounds[1])


def _side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Above 0 where c lies to one side of the line from a to b, below 0 on the other, 0 on it."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _meet(one: _Line, other: _Line) -> bool:
    """Whether two lines have a point in common, their ends included."""
    (a, b), (c, d) = one, other
    of_c, of_d, of_a, of_b = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if of_c == of_d == 0:
        return _is_between(a, b, c) or _is_between(a, b, d) or _is_between(c, d, a)
    return of_c * of_d <= 0 and of_a * of_b <= 0


def _is_between(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether c, which is on the line through a and b, lies between them or on one of them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _rising(rings: Sequence[Ring], side: int) -> list[_Edge]:
    edges: list[_Edge] = []
    for ring in rings:
        for (x, y), (u, v) in _edges(ring):
            if y < v:
                edges.append((x, y, u, v, side))
            elif v < y:
                edges.append((u, v, x, y, side))
    return edges


def _x_at(edge: _Edge, y: float) -> float:
    return edge[0] + (edge[2] - edge[0]) * (y - edge[1]) / (edge[3] - edge[1])


def _crossings(ones: Sequence[_Edge], others: Sequence[_Edge], low: float, high: float) -> list[float]:
    """The heights strictly between two where edges of both sides cross."""
    found: set[float] = set()
    for edge in ones:
        top, bottom = _x_at(edge, low), _x_at(edge, high)
        for other in others:
            from_top, from_bottom = top - _x_at(other, low), bottom - _x_at(other, high)
            if from_top * from_bottom < 0:
                found.add(low + (high - low) * from_top / (from_top - from_bottom))
    return sorted(y for y in found if low < y < high)


def _widths(edges: Sequence[_Edge], y: float) -> tuple[float, float, float]:
    """How wide both sides are at a height: the first, the second, and what they share."""
    is_in, widths, before = [False, False], [0.0, 0.0, 0.0], 0.0
    for x, side in sorted((_x_at(edge, y), edge[4]) for edge in edges):
        step = x - before
        if is_in[0]:
            widths[0] += step
        if is_in[1]:
            widths[1] += step
        if is_in[0] and is_in[1]:
            widths[2] += step
        before, is_in[side] = x, not is_in[side]
    return widths[0], widths[1], widths[2]
