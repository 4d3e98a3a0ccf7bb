"""Votes that keep coming: each is added in constant time, and all are sorted when a model wants them."""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.kit.jit import compiled, in_place
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

Number = TypeVar("Number", np.int32, np.int64, np.float64)

_FIRST = 1024
"""Votes that there is place for at first; the place doubles whenever it is full."""


class Added(NamedTuple):
    """What became of a vote.

    Attributes:
        task: the code of its task.
        is_repeat: whether it replaced an earlier vote of the annotator on the task.
    """

    task: int
    is_repeat: bool


class Links(NamedTuple):
    """Votes as chains: each task's votes from the newest to the oldest.

    Attributes:
        newest: int32[n_tasks], the place of each task's newest vote; -1 where there is none.
        older: int32[n_votes], the place of the task's vote before this one; -1 for the first.
        annotator: int32[n_votes].
        label: int32[n_votes].
        weight: float64[n_votes].
    """

    newest: Int32s
    older: Int32s
    annotator: Int32s
    label: Int32s
    weight: Floats


class GrowingVotes:
    """Votes in the order of their arrival; tasks and annotators have codes in the order in which they first came.

    Of several votes by one annotator on one task the last counts, at the place of the first.

    Args:
        classes: all classes there are, in the order of their codes.

    Raises:
        VotesError: there is no class, or one is named twice.

    Example:
        >>> votes = GrowingVotes(("no", "yes"))
        >>> votes.add("b", "x", "yes")
        Added(task=0, is_repeat=False)
        >>> votes.votes().task_names
        ('b',)
    """

    def __init__(self, classes: tuple[str, ...]) -> None:
        if not classes or len(set(classes)) < len(classes):
            raise VotesError("name every class once, and at least one.")
        self.classes = classes
        self.task_names: list[str] = []
        self.annotator_names: list[str] = []
        self.n_votes, self.n_repeats = 0, 0
        self._task_of: dict[str, int] = {}
        self._annotator_of: dict[str, int] = {}
        self._class_of = {name: code for code, name in enumerate(classes)}
        self._has_weights = False
        self._task = np.empty(_FIRST, np.int32)
        self._newest, self._n_answers = np.full(_FIRST, -1, np.int32), np.zeros(_FIRST, np.int64)
        self._links = (np.empty(_FIRST, np.int32), np.empty(_FIRST, np.int32), np.empty(_FIRST, np.int32))
        self._weight = np.empty(_FIRST)

    @classmethod
    def from_votes(cls, votes: Votes, *, arrival: Int64s | None = None) -> "GrowingVotes":
        """Votes that are there already.

        Args:
            votes: the votes.
            arrival: int64[n_votes], a number for each vote that is higher the later it came; as they lie when not
                given. Codes stay as they are, whatever the order.

        Raises:
            VotesError: there is not one number for each vote.
        """
        if arrival is not None and arrival.shape != (votes.n_votes,):
            raise VotesError(f"there are {votes.n_votes} votes and {arrival.size} arrivals; give one for each vote.")
        found = cls(votes.classes)
        found._take(votes, np.arange(votes.n_votes) if arrival is None else np.argsort(arrival, kind="stable"))
        return found

    def _take(self, votes: Votes, order: Int64s) -> None:
        n, m = votes.n_votes, votes.n_tasks
        self.task_names, self.annotator_names = list(votes.task_names), list(votes.annotator_names)
        self._task_of = {name: code for code, name in enumerate(votes.task_names)}
        self._annotator_of = {name: code for code, name in enumerate(votes.annotator_names)}
        self.n_votes, self.n_repeats, self._has_weights = n, votes.n_repeats, votes.weight is not None
        self._task = votes.task[order]
        self._links = (np.empty(n, np.int32), votes.annotator[order], votes.label[order])
        self._weight = np.ones(n) if votes.weight is None else votes.weight[order]
        self._newest, self._n_answers = np.full(m, -1, np.int32), votes.n_answers.copy()
        _chain(self._task, self._newest, self._links[0])

    @property
    def n_tasks(self) -> int:
        """How many tasks have a vote."""
        return len(self.task_names)

    @property
    def n_annotators(self) -> int:
        """How many annotators voted."""
        return len(self.annotator_names)

    @property
    def n_answers(self) -> Int64s:
        """int64[n_tasks], the number of votes on each task."""
        return self._n_answers[: self.n_tasks]

    def links(self) -> Links:
        """The votes as chains; they change with the next vote."""
        older, annotator, label = (column[: self.n_votes] for column in self._links)
        return Links(self._newest[: self.n_tasks], older, annotator, label, self._weight[: self.n_votes])

    def task_of(self, name: str) -> int | None:
        """The code of a task; None when nobody has answered it."""
        return self._task_of.get(name)

    def annotator_of(self, name: str) -> int | None:
        """The code of an annotator; None for one who has not answered."""
        return self._annotator_of.get(name)

    def add(self, task: str, annotator: str, label: str, *, weight: float = 1.0) -> Added:
        """Take a vote.

        Raises:
            VotesError: the label is no class, or the weight is not above 0.
        """
        if label not in self._class_of:
            raise VotesError(f"the label {label!r} is not one of the classes {', '.join(self.classes)}.")
        if not 0 < weight < np.inf:
            raise VotesError(f"the weight is {weight}, not a number above 0; leave out votes without weight.")
        t = _code_of(task, self._task_of, self.task_names)
        a = _code_of(annotator, self._annotator_of, self.annotator_names)
        self._has_weights |= weight != 1.0
        if t >= self._newest.size:
            self._newest, self._n_answers = _doubled(self._newest, -1), _doubled(self._n_answers, 0)
        place = _place_of(self.links(), t, a)
        if place >= 0:
            self._links[2][place], self._weight[place] = self._class_of[label], weight
            self.n_repeats += 1
            return Added(t, is_repeat=True)
        self._append(t, a, self._class_of[label], weight)
        return Added(t, is_repeat=False)

    def _append(self, task: int, annotator: int, label: int, weight: float) -> None:
        place = self.n_votes
        if place >= self._task.size:
            self._task, self._weight = _doubled(self._task, 0), _doubled(self._weight, 1.0)
            older, annotators, labels = (_doubled(column, 0) for column in self._links)
            self._links = (older, annotators, labels)
        self._task[place], self._weight[place] = task, weight
        older, annotators, labels = self._links
        older[place], annotators[place], labels[place] = self._newest[task], annotator, label
        self._newest[task] = place
        self._n_answers[task] += 1
        self.n_votes += 1

    def votes(self) -> Votes:
        """All votes as models take them, but with names in the order in which they came, not sorted.

        Raises:
            VotesError: there are none yet.
        """
        if not self.n_votes:
            raise VotesError("there are no votes to aggregate; collect answers first.")
        task, links = self._task[: self.n_votes], self.links()
        order = _sorted_places(task, links.annotator, self.n_tasks, self.n_annotators)
        return Votes(
            task=task[order],
            annotator=links.annotator[order],
            label=links.label[order],
            starts=np.concatenate(([0], np.cumsum(self.n_answers))).astype(np.int64),
            task_names=tuple(self.task_names),
            annotator_names=tuple(self.annotator_names),
            classes=self.classes,
            n_repeats=self.n_repeats,
            weight=links.weight[order] if self._has_weights else None,
        )


def _code_of(name: str, codes: dict[str, int], names: list[str]) -> int:
    code = codes.get(name)
    if code is None:
        code = codes[name] = len(names)
        names.append(name)
    return code


def _doubled(column: NDArray[Number], filling: float) -> NDArray[Number]:
    return np.concatenate((column, np.full(max(column.size, _FIRST), filling, column.dtype)))


@in_place
def _chain(task: Int32s, newest: Int32s, older: Int32s) -> None:
    """Link the votes, which come in the order of their arrival."""
    for i in range(len(task)):
        older[i] = newest[task[i]]
        newest[task[i]] = i


@in_place
def _place_of(links: Links, task: int, annotator: int) -> int:
    """The place of an annotator's vote on a task; -1 where there is none."""
    place = links.newest[task] if task < len(links.newest) else -1
    while place >= 0 and links.annotator[place] != annotator:
        place = links.older[place]
    return place


@compiled
def _sorted_places(task: Int32s, annotator: Int32s, n_tasks: int, n_annotators: int) -> Int64s:
    """The places of the votes by task, then by annotator: two stable counting sorts."""
    by_annotator, places = np.empty(len(task), np.int64), np.empty(len(task), np.int64)
    ends = np.zeros(n_annotators + 1, np.int64)
    for i in range(len(task)):
        ends[annotator[i] + 1] += 1
    ends = np.cumsum(ends)
    for i in range(len(task)):
        by_annotator[ends[annotator[i]]] = i
        ends[annotator[i]] += 1
    ends = np.zeros(n_tasks + 1, np.int64)
    for i in range(len(task)):
        ends[task[i] + 1] += 1
    ends = np.cumsum(ends)
    for i in by_annotator:
        places[ends[task[i]]] = i
        ends[task[i]] += 1
    return places
