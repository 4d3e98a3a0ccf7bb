"""Masks as runs of pixels: no picture of full size is ever laid out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Int64s


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """Some pixels of an image, numbered line by line from the top left corner.

    Attributes:
        starts: int64[n_runs], the first pixel of each run, ascending.
        ends: int64[n_runs], the pixel after each run, below the start of the next run.
        width: how many pixels a line has.
        height: how many lines there are.
    """

    starts: Int64s
    ends: Int64s
    width: int
    height: int

    @classmethod
    def from_runs(cls, runs: Sequence[tuple[int, int]], *, width: int, height: int) -> "Mask":
        """A mask of runs in any order; those that touch or overlap become one.

        Raises:
            VotesError: the image has no pixels, or a run is empty or leaves it.

        Example:
            >>> Mask.from_runs([(6, 8), (2, 6)], width=4, height=2).ends.tolist()
            [8]
        """
        if width < 1 or height < 1:
            raise VotesError(f"an image of {width} by {height} pixels has none; give its real size.")
        if any(not 0 <= start < end <= width * height for start, end in runs):
            raise VotesError(f"a run is empty or leaves the image of {width} by {height} pixels; check the mask.")
        merged: list[tuple[int, int]] = []
        for start, end in sorted(runs):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        columns = np.array(merged, np.int64).reshape(-1, 2)
        return cls(starts=columns[:, 0].copy(), ends=columns[:, 1].copy(), width=width, height=height)

    @classmethod
    def from_polygon(cls, corners: Sequence[tuple[float, float]], *, width: int, height: int) -> "Mask":
        """The pixels whose middle lies inside of the polygon of (x, y) corners; what is outside of the image is cut.

        Where the outline crosses itself, what it goes round twice is outside (the even-odd rule).

        Raises:
            VotesError: it has fewer than three corners, or the image has no pixels.

        Example:
            >>> square = Mask.from_polygon([(1, 1), (3, 1), (3, 3), (1, 3)], width=4, height=4)
            >>> list(zip(square.starts.tolist(), square.ends.tolist()))
            [(5, 7), (9, 11)]
        """
        if len(corners) < 3:
            raise VotesError(f"a polygon of {len(corners)} corners has no inside; leave it out.")
        x, y = np.array(corners, np.float64).T
        after_x, after_y = np.roll(x, -1), np.roll(y, -1)
        runs: list[tuple[int, int]] = []
        for line in range(max(int(np.floor(y.min())), 0), min(int(np.ceil(y.max())) + 1, height)):
            middle = line + 0.5
            crosses = (y <= middle) != (after_y <= middle)
            slope = (after_x[crosses] - x[crosses]) / (after_y[crosses] - y[crosses])
            at = np.sort(x[crosses] + (middle - y[crosses]) * slope)
            edges: list[int] = np.clip(np.ceil(at - 0.5), 0, width).astype(np.int64).tolist()
            pairs = zip(edges[::2], edges[1::2], strict=True)
            runs += [(line * width + first, line * width + last) for first, last in pairs if last > first]
        return cls.from_runs(runs, width=width, height=height)

    @property
    def n_pixels(self) -> int:
        """How many pixels it has."""
        return int((self.ends - self.starts).sum())

    def overlap(self, other: "Mask") -> float:
        """Pixels in both over pixels in either, in [0, 1]; 1 for two empty masks, which are equal."""
        _, lengths, inside = pieces([self, other])
        either = int(lengths[inside.any(axis=0)].sum())
        return float(lengths[inside.all(axis=0)].sum() / either) if either else 1.0


def pieces(masks: Sequence[Mask]) -> tuple[Int64s, Int64s, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    """The stretches of pixels between all ends of all runs: none of the masks changes inside of one.

    Returns:
        The first pixel of each, int64[n_pieces]; their lengths, int64[n_pieces]; and bool[n_masks, n_pieces], whether
        each mask has them.

    Raises:
        VotesError: the masks are of images of different sizes.
    """
    if len({(mask.width, mask.height) for mask in masks}) > 1:
        raise VotesError("masks of images of different sizes cannot be compared; give those of one image.")
    bounds = np.unique(np.concatenate([edge for mask in masks for edge in (mask.starts, mask.ends)]))
    left, lengths = bounds[:-1], np.diff(bounds)
    inside = np.array(
        [np.searchsorted(mask.starts, left, "right") > np.searchsorted(mask.ends, left, "right") for mask in masks]
    )
    return left, lengths, inside.reshape(len(masks), left.size)
