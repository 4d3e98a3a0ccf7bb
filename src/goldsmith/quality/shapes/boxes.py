"""The consensus of boxes: which of several people's boxes mean the same object, and where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec
import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.consensus import LEVEL
from goldsmith.quality.votes import Floats, Int64s

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
NonNegative = Annotated[float, msgspec.Meta(ge=0)]


class Box(NamedTuple):
    """An upright rectangle, in pixels or in shares of the image, with the class of what is in it."""

    left: float
    top: float
    right: float
    bottom: float
    label: str = ""


class FoundBox(NamedTuple):
    """A box that was inferred.

    Attributes:
        box: where it is, and its class.
        support: the share of the annotators' weight that has such a box, in (0, 1]; not calibrated.
        n_boxes: how many annotators have one.
    """

    box: Box
    support: float
    n_boxes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxConsensus:
    """The inferred boxes of every task. Attributes end in `_` because they are inferred.

    Attributes:
        boxes_: the boxes of each task, by their left, top, right and bottom edges.
        error_: float64[n_annotators], in (0, 1], how far an annotator's boxes are from the consensus: 1 - overlap for
            those that were matched, 1 for each that was missed or is nobody else's.
        annotator_names: the name of each annotator code, sorted.
        n_iterations_: how often all tasks were decided.
    """

    boxes_: tuple[tuple[FoundBox, ...], ...]
    error_: Floats
    annotator_names: tuple[str, ...]
    n_iterations_: int


class MatchedBoxes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Boxes that overlap most are matched, one of each annotator; the weighted mean of their edges is the object's.

    More than two annotators at once make matching a hard problem even with an optimal method for two, so groups are
    joined greedily: those whose boxes overlap most on average first, as long as no annotator is in both. The result
    does not depend on the order of the annotators. A group is an object when its members have more than half of the
    weight of all who looked at the task. Annotators count by the inverse of their error, inferred in turn.

    Attributes:
        least_overlap: the mean intersection over union from which two groups are one object.
        least_support: the share of the weight above which a group is an object.
        pseudo_boxes: how many boxes with everyone's error are added to those of each annotator.
        n_iterations: how often all tasks are decided; the first time all annotators count alike.

    Source: the groups are average-linkage clusters (Sokal and Michener 1958) that hold at most one box of each
    annotator; weights by expected distance as in Braylan and Lease (2020), "Modeling and aggregation of complex
    annotations via annotation distances", WWW.

    Example:
        >>> given = {"a": [Box(0, 0, 4, 4)], "b": [Box(0, 0, 4, 6)], "c": [Box(0, 0, 4, 5), Box(8, 8, 9, 9)]}
        >>> [found.box[:4] for found in MatchedBoxes(n_iterations=1).fit([given]).boxes_[0]]
        [(0.0, 0.0, 4.0, 5.0)]
    """

    least_overlap: Share = 0.4
    least_support: Share = 0.5
    pseudo_boxes: NonNegative = 5.0
    n_iterations: Annotated[int, msgspec.Meta(ge=1)] = 4

    def fit(self, answers: Sequence[Mapping[str, Sequence[Box]]]) -> BoxConsensus:
        """The consensus of each task's boxes by annotator; an annotator who saw nothing has an empty list.

        Raises:
            VotesError: there are no tasks, nobody looked at one, or a box has no area.
        """
        if not answers or not all(answers):
            raise VotesError("there are no answers, or nobody looked at a task; leave it out.")
        names = tuple(sorted({name for given in answers for name in given}))
        tasks = [_task(given, names) for given in answers]
        groups = [_grouped(task, self.least_overlap) for task in tasks]
        error = np.ones(len(names))
        decided: list[list[_Object]] = []
        for _ in range(self.n_iterations):
            weight = error.min() / error
            decided = [self._decide(task, of_task, weight) for task, of_task in zip(tasks, groups, strict=True)]
            error = self._errors(tasks, decided, len(names))
        return BoxConsensus(
            boxes_=tuple(tuple(sorted(found.found for found in of_task)) for of_task in decided),
            error_=error,
            annotator_names=names,
            n_iterations_=self.n_iterations,
        )

    def _decide(self, task: "_Task", groups: list[list[int]], weight: Floats) -> "list[_Object]":
        total = float(weight[task.looked].sum())
        found: list[_Object] = []
        for group in groups:
            counts = weight[task.annotator[group]]
            support = float(counts.sum()) / total
            if support <= self.least_support + LEVEL:
                continue
            edges: list[float] = (counts @ task.edges[group] / counts.sum()).tolist()
            of_label: dict[str, float] = {}
            for box, count in zip(group, counts.tolist(), strict=True):
                of_label[task.labels[box]] = of_label.get(task.labels[box], 0.0) + count
            most = max(of_label.values())
            label = min(name for name, count in of_label.items() if count >= most - LEVEL)
            box = Box(edges[0], edges[1], edges[2], edges[3], label)
            found.append(_Object(FoundBox(box, min(support, 1.0), len(group)), group))
        return found

    def _errors(self, tasks: "list[_Task]", decided: "list[list[_Object]]", n_annotators: int) -> Floats:
        far, n_boxes = np.zeros(n_annotators), np.zeros(n_annotators)
        for task, objects in zip(tasks, decided, strict=True):
            n_own = np.bincount(task.annotator, minlength=n_annotators).astype(np.float64)
            n_matched = np.zeros(n_annotators)
            for found in objects:
                overlap = overlaps(np.array([found.found.box[:4]]), task.edges[found.group])[0]
                far[task.annotator[found.group]] += 1 - overlap
                n_matched[task.annotator[found.group]] += 1
            n_here = np.zeros(n_annotators)
            n_here[task.looked] = len(objects)
            far += (n_own - n_matched) + (n_here - n_matched)
            n_boxes += n_own + n_here - n_matched
        everyone = (float(far.sum()) + 0.1) / (float(n_boxes.sum()) + 1)
        return (far + (self.pseudo_boxes + 1) * everyone) / (n_boxes + self.pseudo_boxes + 1)


def overlaps(ones: Floats, others: Floats) -> Floats:
    """float64[n_ones, n_others], intersection over union of boxes by their edges, float64[..., 4], in [0, 1].

    Example:
        >>> overlaps(np.array([[0.0, 0, 2, 2]]), np.array([[1.0, 0, 3, 2], [5, 5, 6, 6]])).round(3).tolist()
        [[0.333, 0.0]]
    """
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    shared = np.maximum(high - low, 0.0).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (ones, others)]
    found: Floats = shared / (areas[0][:, None] + areas[1][None, :] - shared)
    return found


class _Object(NamedTuple):
    found: FoundBox
    group: list[int]


class _Task(NamedTuple):
    """The boxes of one task, ordered by their edges; `looked` are all who answered, with or without a box."""

    edges: Floats
    labels: list[str]
    annotator: Int64s
    looked: Int64s


def _task(given: Mapping[str, Sequence[Box]], names: tuple[str, ...]) -> _Task:
    rows = sorted((box, name) for name, boxes in given.items() for box in boxes)
    for box, name in rows:
        if not (box.left < box.right and box.top < box.bottom and np.isfinite(box[:4]).all()):
            raise VotesError(f"a box of {name!r} from {box[:2]} to {box[2:4]} has no area; leave it out.")
    return _Task(
        np.array([box[:4] for box, _ in rows], np.float64).reshape(-1, 4),
        [box.label for box, _ in rows],
        np.array([names.index(name) for _, name in rows], np.int64),
        np.array([names.index(name) for name in sorted(given)], np.int64),
    )


def _grouped(task: _Task, least_overlap: float) -> list[list[int]]:
    """Groups of boxes, at most one of each annotator: those that overlap most on average are joined first."""
    total = overlaps(task.edges, task.edges)
    groups = {box: [box] for box in range(len(task.labels))}
    may_join = task.annotator[:, None] != task.annotator
    size = np.ones(len(groups))
    while len(groups) > 1:
        mean = np.where(may_join, total / np.outer(size, size), -1.0)
        best = float(mean.max())
        if best < least_overlap or best <= 0:
            break
        one, other = divmod(int(np.argmax(mean >= best - LEVEL)), size.size)
        one, other = min(one, other), max(one, other)
        groups[one] += groups.pop(other)
        total[one] += total[other]
        total[:, one] += total[:, other]
        may_join[one] &= may_join[other]
        may_join[:, one] &= may_join[:, other]
        may_join[other] = may_join[:, other] = False
        may_join[one, one] = False
        size[one] += size[other]
    return [sorted(group) for group in groups.values()]
