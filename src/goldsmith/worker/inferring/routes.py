"""Which items are contested, what foresees the next answers, and what more of them would bring."""

from dataclasses import dataclass

import numpy as np

from goldsmith.labeling.model import CONTESTED_BELOW, CONTESTED_FROM
from goldsmith.labeling.quality_wire import PlanPoint
from goldsmith.labeling.wire import Json
from goldsmith.quality.aggregators.auto import BlendedConsensus
from goldsmith.quality.annotators import per_vote
from goldsmith.quality.assay import Assay
from goldsmith.quality.routing import LiveConsensus, Routing, TaskState, plan
from goldsmith.quality.routing.judges import judge_of
from goldsmith.quality.votes import Votes
from goldsmith.worker.inferring.classes import Asked, ClassesFound

_SEED = 20_251_123
_SHARES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Further answers an item that are planned for."""

_MANY = 10
"""Answers of an item that a plan goes up to where the policy names no most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the policy wants, and what there is.

    Attributes:
        overlap: first answers of people for an item.
        max_overlap: the most; None where every item gets the first ones only.
        target: the confidence that is enough.
        n_items: items of the project.
        n_people_answers: answers of people so far.
    """

    overlap: int
    max_overlap: int | None
    target: float
    n_items: int
    n_people_answers: int

    @property
    def routing(self) -> Routing:
        """The policy by which answers are handed out, or would be if they went where they matter."""
        cap = self.max_overlap or max(self.overlap, _MANY)
        return Routing(start=self.overlap, target=self.target, cap=cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Where the items stand.

    Attributes:
        contested: the external ids of the items that more answers do not settle.
        live: the consensus, ready for more votes; None where there is no model of the annotators.
        judge: what foresees what an answer does to its item, packed.
    """

    contested: frozenset[str]
    live: LiveConsensus | None
    judge: Json | None


def route_classes(asked: Asked, found: ClassesFound, wishes: Wishes) -> Routed:
    """Which items of the question are contested, and what is needed to go on."""
    votes = found.assay.votes
    blend = found.assay.consensus
    if not isinstance(blend, BlendedConsensus):
        return Routed(contested=_below_half(found.assay), live=None, judge=None)
    times = per_vote(votes, asked.column.externals, asked.column.annotators, np.array(asked.column.times, np.float64))
    live = LiveConsensus.from_votes(votes, arrival=times.astype(np.int64), gold=found.gold, blend=blend)
    contested = _below_half(found.assay) if wishes.max_overlap is None else _undecided(votes, live, wishes)
    return Routed(contested=contested, live=live, judge=judge_of(live).packed())


def planned(routed: Routed, wishes: Wishes) -> list[PlanPoint]:
    """The accuracy to expect after further answers of people, from today's on; empty where nothing can be foretold."""
    live = routed.live
    if live is None:
        return []
    n_unanswered = max(0, wishes.n_items - live.votes.n_tasks)
    budgets = sorted({round(share * wishes.n_items) for share in _SHARES} - {0})
    points: list[PlanPoint] = []
    for one in plan(live, budgets, wishes.routing, n_unanswered=n_unanswered, seed=_SEED):
        n_answers = wishes.n_people_answers + one.n_used
        if not points or n_answers > points[-1].n_answers:
            points.append(
                PlanPoint(
                    n_answers=n_answers,
                    accuracy=round(one.accuracy, 6),
                    low=round(one.low, 6),
                    high=round(one.high, 6),
                )
            )
    return points


def _undecided(votes: Votes, live: LiveConsensus, wishes: Wishes) -> frozenset[str]:
    routes = live.route(wishes.routing, seed=_SEED)
    undecided = {TaskState.CONTESTED, TaskState.CAPPED}
    return frozenset(votes.task_names[t] for t in range(votes.n_tasks) if routes.state_of(t) in undecided)


def _below_half(found: Assay) -> frozenset[str]:
    is_contested = (found.confidence < CONTESTED_BELOW) & (found.votes.n_answers >= CONTESTED_FROM)
    return frozenset(found.votes.task_names[t] for t in np.flatnonzero(is_contested).tolist())
