"""What an aggregator is, what it infers, and how it decides between classes that are level."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np
import xxhash

from goldsmith.errors import PluginError, VotesError
from goldsmith.kit.plugins import load_plugins
from goldsmith.quality import aggregators as folder
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

GROUP = "goldsmith.aggregator"
MAX_NUMBERS = 2**28
"""The most numbers that a table of an aggregator may have, 2 GiB of them: what is larger is refused beforehand."""
SMALL_TABLE = 2**24
"""So many numbers, 128 MiB of them, are no trouble to anybody."""
MOST_PER_VOTE = 100
"""Matrices with more numbers than this for each vote say hardly anything that the rate of errors does not."""
LEVEL = 1e-9
"""Classes whose probability differs by no more are level; rounding alone stays far below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """The inferred class of every task. Attributes that end in `_` are inferred.

    Attributes:
        votes: what it was inferred from.
        posterior_: float64[n_tasks, n_classes], each row a probability distribution, not calibrated.
        labels_: int32[n_tasks], the code of the most probable class; level classes are decided by `decide`.
        prior_: float64[n_classes], how frequent each class is, sums to 1.
        n_iterations_: how many passes over the votes were made.
        has_converged_: whether it stopped because nothing changed any more.
    """

    votes: Votes = field(repr=False)
    posterior_: Floats
    labels_: Int32s
    prior_: Floats
    n_iterations_: int
    has_converged_: bool

    @property
    def classes_(self) -> tuple[str, ...]:
        """The name of each class, in the order of the codes in `labels_` and of the columns of `posterior_`."""
        return self.votes.classes

    def predict(self, tasks: Iterable[str] | None = None) -> list[str]:
        """The label of each of these tasks, as it is called in the votes; of all in the order of `votes.task_names`.

        Raises:
            VotesError: a task has no votes.

        Example:
            >>> from goldsmith.quality.aggregators.majority import Majority
            >>> votes = Votes.from_columns(list("aab"), list("xyx"), ["no", "no", "yes"])
            >>> Majority().fit(votes).predict(), Majority().fit(votes).predict(["b"])
            (['no', 'yes'], ['yes'])
        """
        return [self.votes.classes[label] for label in self.labels_[self._places(tasks)].tolist()]

    def predict_proba(self, tasks: Iterable[str] | None = None) -> Floats:
        """float64[n_tasks, n_classes], the posterior of each of these tasks, not calibrated; of all without any.

        Raises:
            VotesError: a task has no votes.
        """
        return self.posterior_[self._places(tasks)]

    def _places(self, tasks: Iterable[str] | None) -> slice | list[int]:
        if tasks is None:
            return slice(None)
        asked, names = list(tasks), self.votes.task_names
        place_of = {name: place for place, name in enumerate(names)}
        unknown = next((name for name in asked if name not in place_of), None)
        if unknown is not None:
            raise VotesError(f"there are no votes on the task {unknown!r}; there are on {names[0]!r}.")
        return [place_of[name] for name in asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkilledConsensus(Consensus):
    """A consensus that came with an estimate of how each annotator answers.

    Attributes:
        confusion_: float64[n_annotators, n_classes, n_classes], the probability that the annotator answers the second
            class where the first is true; each row sums to 1.
    """

    confusion_: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedConsensus(Consensus):
    """A consensus that came with one number per annotator.

    Attributes:
        skill_: float64[n_annotators], higher is better; the docstring of each aggregator says what it measures.
    """

    skill_: Floats


class Aggregator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="method"):
    """A way to infer the consensus: the base of all aggregators. Its fields are its parameters.

    Attributes:
        seed: picks one of the ways to decide between classes that nothing else tells apart.
    """

    seed: int = 0

    def fit(self, votes: Votes) -> Consensus:
        """The consensus of `votes`."""
        raise NotImplementedError

    def fit_predict(self, votes: Votes) -> list[str]:
        """The label of each task, as it is called in the votes, in the order of `votes.task_names`."""
        return self.fit(votes).predict()

    def fit_predict_proba(self, votes: Votes) -> Floats:
        """float64[n_tasks, n_classes], the posterior, not calibrated; classes in the order of `votes.classes`."""
        return self.fit(votes).predict_proba()


@functools.cache
def aggregators() -> Mapping[str, type[Aggregator]]:
    """Every aggregator by name, sorted.

    Raises:
        PluginError: a plugin does not load, is no aggregator, or carries another name than its file.
    """
    found: dict[str, type[Aggregator]] = {}
    for name, candidate in load_plugins(folder, GROUP).items():
        if not issubclass(candidate, Aggregator):
            raise PluginError(
                f"the aggregator {name!r} has to be a subclass of goldsmith.quality.consensus.Aggregator."
            )
        if candidate.__struct_config__.tag != name:
            raise PluginError(f"the aggregator {name!r} has to carry the tag {name!r}, as its file is called.")
        found[name] = candidate
    return found


def has_room_for_matrices(votes: Votes) -> bool:
    """Whether a matrix of all classes by all classes for each annotator is small, or not next to empty."""
    most = min(MAX_NUMBERS, max(SMALL_TABLE, MOST_PER_VOTE * votes.n_votes))
    return votes.n_annotators * votes.n_classes**2 <= most


def check_size(votes: Votes, *, numbers_per_task: int, numbers_per_annotator: int = 0) -> None:
    """Refuse votes whose tables would not fit, before one is made.

    Raises:
        VotesError: a table of `numbers_per_task` for each task, or of `numbers_per_annotator` for each annotator, would
            have more than `MAX_NUMBERS` numbers.
    """
    sizes = ((votes.n_tasks, numbers_per_task, "tasks"), (votes.n_annotators, numbers_per_annotator, "annotators"))
    for n_rows, n_numbers, rows in sizes:
        if n_rows * n_numbers > MAX_NUMBERS:
            raise VotesError(
                f"{n_rows} {rows} with {n_numbers} numbers each, for {votes.n_classes} classes, are too large a table; "
                "take fewer votes at a time, fewer classes, or a method that knows less of each annotator."
            )


def decide(posterior: Floats, votes: Votes, *, seed: int) -> Int32s:
    """The code of each task's class: the most probable one; of level ones the one with most votes on all tasks.

    Where that is level too, a seeded hash of the task's name picks one, so neither the order of the votes nor the names
    of the annotators decide, and no class is favoured over many tasks.

    Args:
        posterior: float64[n_tasks, n_classes], rows that sum to 1.
        votes: the votes it was inferred from.
        seed: another seed, another pick.

    Returns:
        int32[n_tasks].
    """
    best = posterior[:, 0].copy()
    for k in range(1, votes.n_classes):  # the greatest of each row, several times as fast as by rows
        _ = np.maximum(best, posterior[:, k], out=best)
    place = np.flatnonzero(posterior >= best[:, np.newaxis] - LEVEL)
    if place.size > votes.n_tasks:
        n_votes_of = np.bincount(votes.label, minlength=votes.n_classes)[place % votes.n_classes]
        firsts = np.searchsorted(place, np.arange(votes.n_tasks) * votes.n_classes)
        most = np.maximum.reduceat(n_votes_of, firsts)
        place = place[n_votes_of == np.repeat(most, np.diff(firsts, append=place.size))]
    if place.size > votes.n_tasks:
        place = place[_picked(place // votes.n_classes, votes, seed=seed)]
    return (place % votes.n_classes).astype(np.int32)


def _picked(task: Int64s, votes: Votes, *, seed: int) -> Int64s:
    """One of the places at which each task stands in `task`, which is sorted; of several by a hash of its name."""
    firsts = np.searchsorted(task, np.arange(votes.n_tasks))
    n_level = np.diff(firsts, append=task.size)
    tied = np.flatnonzero(n_level > 1)
    for number, n in zip(tied.tolist(), n_level[tied].tolist(), strict=True):
        name = votes.task_names[number].encode("utf-8", "surrogatepass")
        firsts[number] += xxhash.xxh3_64_intdigest(name, seed=seed) % n
    return firsts
