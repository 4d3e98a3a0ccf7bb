"""Which tasks want another answer now, which come first, and which are done with."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

import numpy as np
import xxhash
from numpy.typing import NDArray

from goldsmith.errors import VotesError
from goldsmith.quality.routing.policies import Routing
from goldsmith.quality.votes import Floats, Int64s, Votes

_START_FIRST = 1.0
"""What is added to the priority of tasks that lack their first answers, so that they come before all others."""


class TaskState(StrEnum):
    """What a task is waiting for."""

    NEEDS_START = "needs_start"
    WANTED = "wanted"
    CERTAIN = "certain"
    CONTESTED = "contested"
    CAPPED = "capped"


STATES = tuple(TaskState)
_CODE = {state: np.int8(code) for code, state in enumerate(STATES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Where each task stands. The tasks with votes come first, as in the votes, then those without an answer.

    Attributes:
        tasks: the name of each task.
        state: int8[n_tasks], the place of each task's state in `STATES`.
        wanted: int64[n_tasks], how many more answers each task wants now; 0 for those that want none.
        priority: float64[n_tasks], in [0, 2]; the higher, the sooner. Above 1 for tasks that lack their first answers;
            else how unsure the label is, 1 less its calibrated confidence, divided by the answers that it rests on. 0
            for tasks that want no answer.
        queue: int64[n_open], the tasks that want answers, in the order in which they should get them.
        batch: how many of the queue to hand out before the next refit, at least 1 where there is a queue.
    """

    tasks: tuple[str, ...]
    state: NDArray[np.int8]
    wanted: Int64s
    priority: Floats
    queue: Int64s
    batch: int

    def count(self, state: TaskState) -> int:
        """How many tasks are in a state."""
        return int((self.state == _CODE[state]).sum())

    def state_of(self, task: int) -> TaskState:
        """The state of the task at this place."""
        return STATES[int(self.state[task])]


def route(
    votes: Votes | None,
    posterior: Floats,
    policy: Routing,
    *,
    unanswered: Sequence[str] | int = (),
    confidence: Floats | None = None,
    moved: Floats | None = None,
    seed: int = 0,
) -> Routes:
    """Where each task stands, and the order in which tasks should get their next answers.

    First answers come first; then the tasks whose label is least sure for the answers it rests on, as many answers
    that have not settled a task say that the next one hardly will. Level tasks are ordered by a seeded hash of their
    names, so the order of the votes decides nothing.

    Args:
        votes: the votes so far; None when there are none.
        posterior: float64[n_tasks, n_classes], calibrated, of the tasks with votes; rows that sum to 1. Without votes
            of shape (0, n_classes).
        policy: what is wanted.
        unanswered: the names of the tasks that have no answer yet, or how many there are; their names are then their
            numbers from 1.
        confidence: float64[n_tasks], how sure each label is where that is not its calibrated probability, such as after
            `unchecked_at_most`; what is not a number counts as 0.
        moved: float64[n_tasks], how far the posterior of each task moved over its last `policy.window` answers, the
            most of any class; not a number or infinite where a task has no more answers than that. Without it no task
            is contested.
        seed: orders level tasks.

    Raises:
        VotesError: the arrays do not fit together, or a task without answers has votes.

    Example:
        >>> votes = Votes.from_columns(list("aabb"), list("xyxy"), list("0001"))
        >>> found = route(votes, np.array([[0.97, 0.03], [0.5, 0.5]]), Routing(), unanswered=["c"])
        >>> [found.state_of(task).value for task in range(3)], [found.tasks[task] for task in found.queue]
        (['certain', 'wanted', 'needs_start'], ['c', 'b'])
    """
    names = _names(votes, unanswered)
    answered = np.zeros(0, np.int64) if votes is None else votes.n_answers
    n_voted, n_new = len(answered), len(names) - len(answered)
    _check_lengths(n_voted, posterior, confidence, moved)
    n_answers = np.concatenate((answered, np.zeros(n_new, np.int64)))
    known = posterior.max(axis=1, initial=0.0) if confidence is None else np.nan_to_num(confidence)
    sure = np.concatenate((known, np.zeros(n_new)))
    still = np.zeros(len(names), np.bool_)
    if moved is not None:
        with np.errstate(invalid="ignore"):
            still[:n_voted] = (moved < policy.stillness) & (answered > policy.window)
    start = policy.start_for(n_classes=posterior.shape[1])
    state = _states(n_answers, sure, still, start=start, policy=policy)
    lacks, open_ = state == _CODE[TaskState.NEEDS_START], state == _CODE[TaskState.WANTED]
    wanted = np.where(lacks, start - n_answers, open_.astype(np.int64))
    unsure = (1.0 - sure) / np.maximum(n_answers, 1)
    priority = np.where(lacks, _START_FIRST + (start - n_answers) / start, np.where(open_, unsure, 0.0))
    queue = np.flatnonzero(wanted)
    queue = _ordered(names, queue, priority[queue], seed)
    batch = min(len(queue), ceil(policy.batch_share * len(names)))
    return Routes(tasks=names, state=state, wanted=wanted, priority=priority, queue=queue, batch=batch)


def _check_lengths(n_voted: int, posterior: Floats, confidence: Floats | None, moved: Floats | None) -> None:
    given = {"a posterior": posterior, "a confidence": confidence, "a number in `moved`": moved}
    for what, column in given.items():
        if column is not None and len(column) != n_voted:
            raise VotesError(f"{n_voted} tasks have votes, {len(column)} have {what}; give one for each.")


def _names(votes: Votes | None, unanswered: Sequence[str] | int) -> tuple[str, ...]:
    known = () if votes is None else votes.task_names
    if isinstance(unanswered, int):
        if unanswered < 0:
            raise VotesError(f"{unanswered} tasks are said to have no answer; give a number from 0.")
        return (*known, *(str(number) for number in range(1, unanswered + 1)))
    answered = set(known) & set(unanswered)
    if answered:
        raise VotesError(f"the task {min(answered)!r} is said to have no answer, but has votes.")
    if len(set(unanswered)) < len(unanswered):
        raise VotesError("a task without answers is named twice; name each once.")
    return (*known, *unanswered)


def _states(
    n_answers: Int64s, sure: Floats, still: NDArray[np.bool_], *, start: int, policy: Routing
) -> NDArray[np.int8]:
    cases = [n_answers < start, sure >= policy.target, n_answers >= policy.cap, still]
    states = [TaskState.NEEDS_START, TaskState.CERTAIN, TaskState.CAPPED, TaskState.CONTESTED]
    return np.select(cases, [_CODE[state] for state in states], _CODE[TaskState.WANTED]).astype(np.int8)


def _ordered(names: tuple[str, ...], places: Int64s, priority: Floats, seed: int) -> Int64s:
    """The places by falling priority; only level ones need a hash, which takes longer than all the rest."""
    order = np.argsort(-priority, kind="stable")
    places, priority = places[order], priority[order]
    as_next = np.append(priority[1:] == priority[:-1], np.zeros(min(len(places), 1), np.bool_))
    is_level = as_next | np.roll(as_next, 1)
    keys = np.zeros(len(places), np.uint64)
    keys[is_level] = _hashes(names, places[is_level], seed)
    return places[np.lexsort((keys, -priority))]


def _hashes(names: tuple[str, ...], places: Int64s, seed: int) -> NDArray[np.uint64]:
    chosen: list[int] = places.tolist()
    encoded = (names[place].encode("utf-8", "surrogatepass") for place in chosen)
    return np.fromiter((xxhash.xxh3_64_intdigest(name, seed=seed) for name in encoded), np.uint64, len(places))
