"""Document regions: mark text and boxes on the pages of a PDF."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal

from goldsmith.tasks.payloads import PageSize, pages_of
from goldsmith.tasks.questions import Example, Option, shown
from goldsmith.tasks.regions import Likeness, Region, Regions
from goldsmith.tasks.shapes import Bounds, crossing_pairs, hundredths, plain, upright_overlap
from goldsmith.tasks.values import whole_number

SPAN_KEYS = frozenset({"start", "end"})
BOX_KEYS = frozenset({"x", "y", "width", "height"})
_HASH = re.compile("[0-9a-f]{16}")
_APART = 1e7  # points: pages are laid out this far from each other, so that no two overlap


class DocumentRegions(Regions, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="document_regions"):
    """A question whose answer is a list of labelled stretches of text and boxes on the pages of a PDF.

    A stretch has offsets in the Unicode code points of its page's text, and may have the `hash` of what it holds; a box
    is in points from the upper left corner of the page as it is shown, with two decimals. Pages count from 1.

    Attributes:
        field: the item's field whose pages are marked.
        labels: what a region can be, in the order shown.
        attributes: what is asked about each region; their conditions may name its `label`.
        kinds: whether text, boxes or both are marked.
    """

    widget: ClassVar[str] = "DocumentRegions"
    title: ClassVar[str] = "Mark a document"
    field_types: ClassVar[Mapping[str, tuple[str, ...]]] = {"field": ("pdf",)}
    asides: ClassVar[frozenset[str]] = frozenset({"hash"})
    noun: ClassVar[str] = "region"
    place_keys: ClassVar[frozenset[str]] = frozenset({"page"})
    further_keys: ClassVar[frozenset[str]] = SPAN_KEYS | BOX_KEYS | {"hash"}

    kinds: tuple[Literal["span", "box"], ...] = ("span", "box")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.kinds or len(set(self.kinds)) != len(self.kinds):
            raise ValueError(f"`kinds` has to list 'span', 'box' or both, each once, not {shown(list(self.kinds))}")

    @classmethod
    def example(cls) -> Example:
        """The parties and signatures of a contract."""
        labels = (Option(value="party", label="Party"), Option(value="signature", label="Signature"))
        question = cls(name="parts", label="Where are parties and signatures?", field="contract", labels=labels)
        party = {"page": 1, "start": 120, "end": 131, "label": "party"}
        signature = {"page": 2, "x": 80, "y": 700.5, "width": 160, "height": 42, "label": "signature"}
        pages = [{"width": 595.28, "height": 841.89, "n_points": 1800} for _ in range(2)]
        item = {"contract": {"blob": "0" * 64, "media_type": "application/pdf", "name": "contract.pdf", "pages": pages}}
        return Example(question=question, item=item, answers=([party], [party, signature], [signature], []))

    def place_in(self, item: Mapping[str, object]) -> list[PageSize] | None:
        """The pages."""
        return pages_of(item, self.field)

    def region(self, parts: Mapping[str, object], place: list[PageSize]) -> Region:
        """The page with the offsets of a stretch, or with the corner and size of a box."""
        page = whole_number(parts["page"])
        if page is None or not 1 <= page <= len(place):
            raise ValueError(f"`page` {shown(parts['page'])} has to be 1 to {len(place)}, one of the document's pages.")
        keys = frozenset(parts) - {"page", "label", "attributes", "hash"}
        if keys == SPAN_KEYS and "span" in self.kinds:
            return {"page": page, **_stretch(parts, place[page - 1])}
        if keys == BOX_KEYS and "box" in self.kinds and "hash" not in parts:
            return {"page": page, **_box(parts, place[page - 1])}
        wanted = {"span": "start and end", "box": "x, y, width and height"}
        raise ValueError(f"{shown(parts)} has to have {', or '.join(wanted[kind] for kind in self.kinds)}.")

    def order(self, region: Region) -> tuple[object, ...]:
        """Page by page, first the stretches and then the boxes, each by its numbers."""
        if "start" in region:
            return region["page"], 0, region["start"], region["end"]
        return region["page"], 1, region["y"], region["x"], region["height"], region["width"]

    def overlaps(self, ones: Sequence[Region], others: Sequence[Region]) -> Iterable[Likeness]:
        """The shared characters by those of either, or the shared area; a stretch and a box are not alike."""
        for is_stretch in (True, False):
            mine = [i for i, one in enumerate(ones) if ("start" in one) == is_stretch]
            theirs = [j for j, other in enumerate(others) if ("start" in other) == is_stretch]
            bounds = [_bounds(ones[i]) for i in mine], [_bounds(others[j]) for j in theirs]
            for i, j in crossing_pairs(*bounds):
                one, other = ones[mine[i]], others[theirs[j]]
                is_same = self.order(one) == self.order(other)
                yield mine[i], theirs[j], 1.0 if is_same else upright_overlap(bounds[0][i], bounds[1][j])


def _stretch(parts: Mapping[str, object], page: PageSize) -> Region:
    start, end = whole_number(parts["start"]), whole_number(parts["end"])
    if start is None or end is None or not 0 <= start < end <= page.n_points:
        raise ValueError(
            f"{shown(parts)} does not lie in the {page.n_points} characters of the page; offsets are whole numbers of "
            f"Unicode code points with 0 <= start < end <= {page.n_points}."
        )
    found: Region = {"start": start, "end": end}
    if "hash" not in parts:
        return found
    digest = parts["hash"]
    if not isinstance(digest, str) or _HASH.fullmatch(digest) is None:
        raise ValueError(f"`hash` {shown(digest)} has to be the first 16 hex digits of the SHA-256 of the stretch.")
    return {**found, "hash": digest}


def _box(parts: Mapping[str, object], page: PageSize) -> Region:
    x, y, width, height = (hundredths(parts[key], key) for key in ("x", "y", "width", "height"))
    right, bottom = (hundredths(side, "size") for side in (page.width, page.height))
    width, height = width - (x + width == right + 1), height - (y + height == bottom + 1)
    if not (0 <= x < x + width <= right and 0 <= y < y + height <= bottom):
        size = f"{plain(right)} by {plain(bottom)} points"
        raise ValueError(f"{shown(parts)} does not lie on the page of {size}, or has no area.")
    return {"x": plain(x), "y": plain(y), "width": plain(width), "height": plain(height)}


def _bounds(region: Region) -> Bounds:
    away = region["page"] * _APART
    if "start" in region:
        return region["start"] + away, 0, region["end"] + away, 1
    return region["x"] + away, region["y"], region["x"] + region["width"] + away, region["y"] + region["height"]


plugin = DocumentRegions
