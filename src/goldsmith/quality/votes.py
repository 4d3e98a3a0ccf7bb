"""Votes: who gave which class to which task, as integers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Column = Iterable[str] | NDArray[np.int32] | NDArray[np.int64]


class Coded(NamedTuple):
    """A column as numbers.

    Attributes:
        codes: int32[n], the place of each value in `names`.
        names: the values there are.
    """

    codes: Int32s
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """One vote per task and annotator, sorted by task, then by annotator. Made by `Votes.from_columns`.

    Attributes:
        task: int32[n_votes], ascending, in 0 to n_tasks - 1; every task has a vote.
        annotator: int32[n_votes], in 0 to n_annotators - 1, ascending within a task; every annotator has a vote.
        label: int32[n_votes], in 0 to n_classes - 1.
        starts: int64[n_tasks + 1]; the votes of task t are those from starts[t] up to, not including, starts[t + 1].
        task_names: the name of each task code, sorted.
        annotator_names: the name of each annotator code, sorted.
        classes: the name of each label code, sorted or in the order given.
        n_repeats: how many earlier votes of one annotator on one task were replaced by a later one.
        weight: float64[n_votes], above 0, how many independent votes each one counts for; None when each is one.
    """

    task: Int32s
    annotator: Int32s
    label: Int32s
    starts: Int64s
    task_names: tuple[str, ...]
    annotator_names: tuple[str, ...]
    classes: tuple[str, ...]
    n_repeats: int
    weight: Floats | None = None

    @classmethod
    def from_columns(
        cls,
        tasks: Column,
        annotators: Column,
        labels: Column,
        *,
        classes: Sequence[str] | None = None,
        weights: Iterable[float] | None = None,
    ) -> "Votes":
        """Votes from three columns of equal length, in the order in which they were given.

        Of several votes by one annotator on one task the last counts. Apart from that the order of the rows does not
        matter: the same rows give equal arrays.

        Args:
            tasks: the name of each vote's task; texts or an integer array.
            annotators: the name of each vote's annotator, likewise.
            labels: the class each vote is for, likewise.
            classes: all classes there are, in the order of their codes; the sorted labels when not given.
            weights: how many independent votes each one counts for, such as 0.5 for each of two that always agree;
                1 for all when not given.

        Raises:
            VotesError: there are no votes, the columns differ in length, a name is missing, a label is no class, or a
                weight is not above 0.

        Example:
            >>> votes = Votes.from_columns(["b", "a", "a"], ["x", "x", "y"], ["no", "yes", "no"])
            >>> votes.task.tolist(), votes.label.tolist(), votes.classes
            ([0, 0, 1], [1, 0, 0], ('no', 'yes'))
        """
        label = _coded("label", labels) if classes is None else _coded_as(labels, classes)
        return cls.from_codes(_coded("task", tasks), _coded("annotator", annotators), label, weights=weights)

    @classmethod
    def from_codes(
        cls,
        task: Coded,
        annotator: Coded,
        label: Coded,
        *,
        weights: Iterable[float] | None = None,
        order: Int64s | None = None,
    ) -> "Votes":
        """Votes from columns that are coded already, whose names are sorted and all used (classes need not be).

        Args:
            task: each vote's task.
            annotator: each vote's annotator.
            label: the class each vote is for.
            weights: how many independent votes each one counts for.
            order: int64[n], the rows in the order in which the votes were given; as they come when not given.

        Raises:
            VotesError: there are no votes, the columns differ in length, or a weight is not above 0.
        """
        sizes = (task.codes.size, annotator.codes.size, label.codes.size)
        if len(set(sizes)) > 1:
            raise VotesError(f"there are {sizes[0]} tasks, {sizes[1]} annotators and {sizes[2]} labels; one per vote.")
        if not sizes[0]:
            raise VotesError("there are no votes to aggregate; collect answers first.")
        weight = None if weights is None else _weights(weights, sizes[0])
        pair = task.codes.astype(np.int64) * len(annotator.names) + annotator.codes
        given = np.argsort(pair, kind="stable") if order is None else order[np.argsort(pair[order], kind="stable")]
        pair = pair[given]
        kept = given[np.append(pair[1:] != pair[:-1], True)]
        n_answers = np.bincount(task.codes[kept], minlength=len(task.names))
        return cls(
            task=task.codes[kept],
            annotator=annotator.codes[kept],
            label=label.codes[kept],
            starts=np.concatenate(([0], np.cumsum(n_answers))).astype(np.int64),
            task_names=task.names,
            annotator_names=annotator.names,
            classes=label.names,
            n_repeats=int(given.size - kept.size),
            weight=None if weight is None else weight[kept],
        )

    @property
    def n_votes(self) -> int:
        """How many votes count."""
        return self.task.size

    @property
    def n_tasks(self) -> int:
        """How many tasks have a vote."""
        return len(self.task_names)

    @property
    def n_annotators(self) -> int:
        """How many annotators voted."""
        return len(self.annotator_names)

    @property
    def n_classes(self) -> int:
        """How many classes there are, voted for or not."""
        return len(self.classes)

    @property
    def n_answers(self) -> Int64s:
        """int64[n_tasks], the number of votes on each task, at least 1."""
        return np.diff(self.starts)

    def codes_of(self, labels: Mapping[str, str]) -> Int32s:
        """int32[n_tasks], the class of tasks by name: -1 for a task without label, -2 for a label that is no class."""
        code_of = {name: code for code, name in enumerate(self.classes)}
        codes = (code_of.get(labels[name], -2) if name in labels else -1 for name in self.task_names)
        return np.fromiter(codes, np.int32, self.n_tasks)

    def counts(self) -> Int32s:
        """int32[n_tasks, n_classes], how many votes each class has on each task."""
        cell = self.task.astype(np.int64) * self.n_classes + self.label
        counts = np.bincount(cell, minlength=self.n_tasks * self.n_classes)
        return counts.astype(np.int32).reshape(self.n_tasks, self.n_classes)

    def shares(self) -> Floats:
        """float64[n_tasks, n_classes], the share of each task's votes that each class has, by their weights."""
        shares = np.zeros((self.n_tasks, self.n_classes))
        place = self.task * np.int64(self.n_classes)
        place += self.label
        np.add.at(shares.reshape(-1), place, 1.0 if self.weight is None else self.weight)
        shares /= (self.n_answers if self.weight is None else shares.sum(axis=1))[:, np.newaxis]
        return shares


def _weights(weights: Iterable[float], n_votes: int) -> Floats:
    found = np.asarray(weights if isinstance(weights, np.ndarray) else list(weights), np.float64)
    if found.shape != (n_votes,):
        raise VotesError(f"there are {n_votes} votes and {found.size} weights; give one for each vote.")
    wrong = np.flatnonzero(~((found > 0) & np.isfinite(found)))
    if wrong.size:
        row = int(wrong[0])
        raise VotesError(
            f"vote {row}: its weight is {found[row]}, not a number above 0; leave out votes without weight."
        )
    return found


def _coded(what: str, column: Column) -> Coded:
    numbers = _numbers(column)
    if numbers is not None:
        values, codes = np.unique(numbers, return_inverse=True)
        return Coded(codes.astype(np.int32), tuple(str(value) for value in values.tolist()))
    names = _texts(what, column)
    code_of = {name: code for code, name in enumerate(sorted(set(names)))}
    return Coded(_codes(names, code_of), tuple(code_of))


def _coded_as(column: Column, classes: Sequence[str]) -> Coded:
    code_of = {name: code for code, name in enumerate(classes)}
    if len(code_of) < len(classes):
        raise VotesError("a class is named twice; name each once.")
    numbers = _numbers(column)
    names = _texts("label", column) if numbers is None else [str(number) for number in numbers.tolist()]
    unknown = set(names) - code_of.keys()
    if unknown:
        raise VotesError(f"the label {min(unknown)!r} is not one of the classes {', '.join(code_of)}.")
    return Coded(_codes(names, code_of), tuple(code_of))


def _numbers(column: object) -> Int64s | None:
    if not isinstance(column, np.ndarray):
        return None
    array = cast("NDArray[np.generic]", column)
    return array.astype(np.int64) if array.dtype.kind in "iu" else None


def _texts(what: str, column: object) -> list[str]:
    names = list(cast("Iterable[object]", column))
    for row, name in enumerate(names):
        if not isinstance(name, str):
            raise VotesError(f"vote {row}: its {what} is {name!r}, not a text; leave out votes that miss one.")
    return cast("list[str]", names)


def _codes(names: list[str], code_of: dict[str, int]) -> Int32s:
    return np.fromiter(map(code_of.__getitem__, names), dtype=np.int32, count=len(names))
