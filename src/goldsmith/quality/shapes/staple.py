"""STAPLE: the true mask and how well each annotator marks it, inferred together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.shapes.masks import Mask, pieces
from goldsmith.quality.votes import Floats, Int32s, Int64s

Positive = Annotated[float, msgspec.Meta(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskConsensus:
    """The inferred mask of every task. Attributes end in `_` because they are inferred.

    Attributes:
        masks_: the pixels of each task that are more likely inside than not.
        overlap_: float64[n_tasks], the mean overlap (intersection over union) of the annotators' masks with it, in
            [0, 1].
        sensitivity_: float64[n_annotators], in (0, 1), the share of what is inside that the annotator marks.
        specificity_: float64[n_annotators], in (0, 1), the share of what is outside, in the frame around all masks of a
            task, that the annotator leaves.
        annotator_names: the name of each annotator code, sorted.
        n_iterations_: how many passes were made.
        has_converged_: whether it stopped because nothing changed any more.
    """

    masks_: tuple[Mask, ...]
    overlap_: Floats
    sensitivity_: Floats
    specificity_: Floats
    annotator_names: tuple[str, ...]
    n_iterations_: int
    has_converged_: bool


class Staple(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each annotator marks a share of what is inside and a share of what is outside; pixels are inferred from both.

    Outside means the frame around all masks of the task: with the whole image everyone's specificity would be 1, and
    its size would decide. Annotators keep their shares over all tasks, shrunk towards everyone's, so that one who
    marked little is taken for an average one. Pixels that the same annotators marked are one case, however many they
    are, and runs give these cases without any pixel being looked at.

    Attributes:
        pseudo_tasks: how many tasks of average size and quality are added to those of each annotator.
        tolerance: stop when no share changes by more than this.
        max_iterations: stop after so many passes.

    Source: Warfield, Zou and Wells (2004), "Simultaneous truth and performance level estimation (STAPLE)", IEEE
    Transactions on Medical Imaging 23, equations 14 to 19; the prior of a pixel is the share of all marks in the frame,
    as there. Departures: shares over tasks, and shrunk, as said above; no spatial prior.

    Example:
        >>> square = [(0, 0), (4, 0), (4, 4), (0, 4)]
        >>> masks = {name: Mask.from_polygon(square, width=9, height=9) for name in "abc"}
        >>> Staple().fit([masks]).masks_[0].n_pixels
        16
    """

    pseudo_tasks: Positive = 1.0
    tolerance: Positive = 1e-6
    max_iterations: Annotated[int, msgspec.Meta(ge=1)] = 500

    def fit(self, answers: Sequence[Mapping[str, Mask]]) -> MaskConsensus:
        """The consensus of each task's masks by annotator.

        Raises:
            VotesError: there are no tasks, one has no masks, or its masks are of images of different sizes.
        """
        if not answers or not all(answers):
            raise VotesError("there are no masks, or a task has none; leave it out.")
        names = tuple(sorted({name for given in answers for name in given}))
        cases = [_cases(given, names) for given in answers]
        n_pixels = sum(float(case.n_pixels.sum()) for case in cases) / len(cases) * self.pseudo_tasks
        inside = [case.marked.mean(axis=0) for case in cases]
        shares, n_iterations, has_converged = self._shares(cases, inside, len(names), n_pixels), 0, False
        while not has_converged and n_iterations < self.max_iterations:
            inside = [_inside(case, shares) for case in cases]
            found = self._shares(cases, inside, len(names), n_pixels)
            has_converged = bool(np.abs(found - shares).max() <= self.tolerance)
            shares, n_iterations = found, n_iterations + 1
        masks = tuple(_mask(given, case, of_case) for given, case, of_case in zip(answers, cases, inside, strict=True))
        overlaps = [
            [mask.overlap(given[name]) for name in sorted(given)] for mask, given in zip(masks, answers, strict=True)
        ]
        return MaskConsensus(
            masks_=masks,
            overlap_=np.array([float(np.mean(of_task)) for of_task in overlaps]),
            sensitivity_=shares[0],
            specificity_=shares[1],
            annotator_names=names,
            n_iterations_=n_iterations,
            has_converged_=has_converged,
        )

    def _shares(self, cases: "list[_Cases]", inside: list[Floats], n_annotators: int, n_pixels: float) -> Floats:
        """float64[2, n_annotators]: of what is inside the share marked, of what is outside the share left."""
        right, total = np.zeros((2, n_annotators)), np.zeros((2, n_annotators))
        for case, probability in zip(cases, inside, strict=True):
            weights = np.stack([case.n_pixels * probability, case.n_pixels * (1 - probability)])
            right[0, case.annotator] += case.marked @ weights[0]
            right[1, case.annotator] += (~case.marked) @ weights[1]
            total[:, case.annotator] += weights.sum(axis=1, keepdims=True)
        everyone = (right.sum(axis=1, keepdims=True) + 1) / (total.sum(axis=1, keepdims=True) + 1.5)
        share_of = total.sum(axis=1, keepdims=True) / max(float(total.sum()), 1.0)
        pseudo = n_pixels * share_of + 1e-9
        shrunk: Floats = (right + pseudo * everyone) / (total + pseudo)
        return np.minimum(np.maximum(shrunk, _LEAST), 1 - _LEAST)


_LEAST = 1e-6
"""Shares stay this far from 0 and 1, so that nobody alone makes a pixel certain."""


class _Cases(NamedTuple):
    """The combinations of annotators that marked some pixel of a task; the last is the one of nobody, the frame's rest.

    `case` tells for each piece of `pieces` which combination it is.
    """

    marked: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    n_pixels: Floats
    case: Int64s
    annotator: Int32s


def _cases(given: Mapping[str, Mask], names: tuple[str, ...]) -> _Cases:
    masks = [given[name] for name in sorted(given)]
    _, lengths, inside = pieces(masks)
    patterns = np.concatenate([inside, np.zeros((len(masks), 1), np.bool_)], axis=1)
    marked, case = np.unique(patterns, axis=1, return_inverse=True)
    case = case.ravel()
    n_pixels = np.bincount(case[:-1], lengths, minlength=marked.shape[1]).astype(np.float64)
    n_pixels[case[-1]] = _frame(masks) - n_pixels[marked.any(axis=0)].sum()
    annotator = np.array([names.index(name) for name in sorted(given)], np.int32)
    return _Cases(marked, n_pixels, case[:-1], annotator)


def _frame(masks: Sequence[Mask]) -> float:
    """How many pixels the smallest upright rectangle around all masks has, one pixel wider on every side."""
    width, height = masks[0].width, masks[0].height
    starts, ends = np.concatenate([m.starts for m in masks]), np.concatenate([m.ends for m in masks]) - 1
    if not starts.size:
        return float(width * height)
    top, bottom = int(starts.min()) // width, int(ends.max()) // width
    is_one_line = starts // width == ends // width
    left = int((starts % width).min()) if is_one_line.all() else 0
    right = int((ends % width).max()) if is_one_line.all() else width - 1
    n_wide = min(right + 1, width - 1) - max(left - 1, 0) + 1
    n_high = min(bottom + 1, height - 1) - max(top - 1, 0) + 1
    return float(n_wide * n_high)


def _inside(case: _Cases, shares: Floats) -> Floats:
    """float64[n_cases], how probable it is that such a pixel lies inside."""
    total = float(case.n_pixels.sum()) * case.marked.shape[0]
    prior = float((case.marked @ case.n_pixels).sum()) / total
    prior = min(max(prior, _LEAST), 1 - _LEAST)
    sensitivity, specificity = shares[:, case.annotator]
    marked = case.marked.T.astype(np.float64)
    yes = marked @ np.log(sensitivity) + (1 - marked) @ np.log(1 - sensitivity) + np.log(prior)
    no = marked @ np.log(1 - specificity) + (1 - marked) @ np.log(specificity) + np.log(1 - prior)
    probability: Floats = 1 / (1 + np.exp(np.minimum(no - yes, 700.0)))
    return probability


def _mask(given: Mapping[str, Mask], case: _Cases, inside: Floats) -> Mask:
    masks = [given[name] for name in sorted(given)]
    left, lengths, _ = pieces(masks)
    is_inside = inside[case.case] > 0.5
    starts: list[int] = left[is_inside].tolist()
    ends: list[int] = (left + lengths)[is_inside].tolist()
    return Mask.from_runs(list(zip(starts, ends, strict=True)), width=masks[0].width, height=masks[0].height)
