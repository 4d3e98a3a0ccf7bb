"""The consensus of votes that keep coming: a vote updates its task at once, a refit updates everything."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from goldsmith.quality.aggregators.auto import Auto, BlendedConsensus
from goldsmith.quality.aggregators.shrunken_dawid_skene import ShrunkenDawidSkene
from goldsmith.quality.annotators.confusions import Confusions
from goldsmith.quality.annotators.newcomers import newcomer_of
from goldsmith.quality.calibration import NO_CLASS, UNKNOWN, fit_calibration
from goldsmith.quality.odds import ballots, shares_of, winners
from goldsmith.quality.routing.beliefs import Tables, beliefs_of, blended_without
from goldsmith.quality.routing.growing_votes import GrowingVotes
from goldsmith.quality.routing.policies import Routing
from goldsmith.quality.routing.queues import Routes, route
from goldsmith.quality.skills import Inferred
from goldsmith.quality.track_records import unchecked_at_most
from goldsmith.quality.votes import Floats, Int32s, Int64s, Votes

PASSES = 2
"""Passes over the votes in a refit: enough where few votes are new, and the rest follows with the next."""

WEIGHTED_VOTE = "weighted vote"
"""What `Auto` calls that part of its blend."""


class LiveConsensus:
    """The blend of `auto`, kept up to date while votes come in.

    `add` updates the task of one vote, with the annotators as the last refit has them; an annotator whom that did not
    know is taken for one of the crowd (`newcomer_of`). `refit` goes on from where the last fit ended, and comes close
    to `Auto().fit`. `refit(cold=True)` starts anew, as `Auto` does, decides whether annotators can be told apart at
    all, and calibrates; worth it whenever the votes have become a fifth more.

    Attributes:
        votes: all votes, growing; see `GrowingVotes`.
        calibration_: what calibrates it, from the last refit.
        tables_: what the last refit found of classes and annotators.
        note_: why a model was left out; empty when none was.

    Args:
        classes: all classes there are, in the order of their codes.
        gold: known labels by task, to calibrate on. Tasks need not have votes yet.

    Example:
        >>> live = LiveConsensus(("no", "yes"))
        >>> for task, annotator, label in [("a", "x", "no"), ("a", "y", "no"), ("b", "x", "yes")]:
        ...     _ = live.add(task, annotator, label)
        >>> live.refit()
        >>> live.calibrated_.argmax(axis=1).tolist()
        [0, 1]
    """

    def __init__(self, classes: Sequence[str], *, gold: Mapping[str, str] | None = None) -> None:
        n_classes = len(classes)
        self.votes, self.note_ = GrowingVotes(tuple(classes)), ""
        self._gold = dict(gold or {})
        self._is_shared = False
        self.tables_: Tables | None = None
        self._parts, self._calibrated = np.empty((1, 0, n_classes)), np.empty((0, n_classes))
        self.calibration_ = fit_calibration(self._calibrated, np.empty(0, np.int64), np.empty(0, np.int32))

    @classmethod
    def from_votes(
        cls,
        votes: Votes,
        *,
        arrival: Int64s | None = None,
        gold: Mapping[str, str] | None = None,
        blend: BlendedConsensus | None = None,
    ) -> "LiveConsensus":
        """The consensus of votes that are there already, fitted as `Auto` does.

        Args:
            votes: the votes.
            arrival: int64[n_votes], a number for each vote that is higher the later it came; as they lie when not
                given.
            gold: known labels by task, to calibrate on.
            blend: what `Auto` has inferred from these votes, where that is known.
        """
        live = cls(votes.classes, gold=gold)
        live.votes = GrowingVotes.from_votes(votes, arrival=arrival)
        live._restart(live.votes.votes(), blend)
        return live

    @property
    def n_answers_(self) -> Int64s:
        """int64[n_tasks], the number of votes on each task."""
        return self.votes.n_answers

    @property
    def posterior_(self) -> Floats:
        """float64[n_tasks, n_classes], not calibrated, by task in the order of `votes.task_names`."""
        return self._parts[:, : self.votes.n_tasks].mean(axis=0)

    @property
    def calibrated_(self) -> Floats:
        """float64[n_tasks, n_classes], calibrated on the gold, or on what is usual without."""
        return self._calibrated[: self.votes.n_tasks]

    def add(self, task: str, annotator: str, label: str, *, weight: float = 1.0) -> Floats:
        """Take a vote, and give the calibrated posterior of its task.

        Returns:
            float64[n_classes], sums to 1.

        Raises:
            VotesError: the label is no class, or the weight is not above 0.
        """
        place = self.votes.add(task, annotator, label, weight=weight).task
        if self.tables_ is None:
            self.refit(cold=True)
            return self.calibrated_[place]
        if place >= self._parts.shape[1]:
            self._parts = np.concatenate((self._parts, np.empty_like(self._parts)), axis=1)
            self._calibrated = np.concatenate((self._calibrated, np.empty_like(self._calibrated)))
        rows = beliefs_of(self.votes.links(), self.tables_, place)
        self._parts[:, place] = rows
        n_answers = self.n_answers_[place : place + 1]
        self._calibrated[place] = self.calibration_.apply(rows.mean(axis=0, keepdims=True), n_answers)[0]
        return self._calibrated[place].copy()

    def refit(self, *, cold: bool = False, max_passes: int = PASSES) -> None:
        """Infer everything from all votes, and calibrate it as before; a cold one fits the calibration anew too.

        Args:
            cold: whether to start anew instead of from where the last fit ended.
            max_passes: how many passes over the votes each model makes at most; what is missing follows with the next
                refit. Has no effect on a cold one, which goes on until nothing changes.

        Raises:
            VotesError: there are no votes, or too many classes for a matrix of them per annotator.
        """
        votes = self.votes.votes()
        starts = self._parts[:-1, : votes.n_tasks]
        is_cold = cold or self.tables_ is None
        if is_cold:
            self._restart(votes, None)
        else:
            self._go_on(votes, starts, max_passes)
            self._calibrated = self.calibration_.apply(self.posterior_, self.n_answers_)

    def _restart(self, votes: Votes, blend: BlendedConsensus | None) -> None:
        found = Auto().fit(votes) if blend is None else blend
        self.note_, self._is_shared = found.note_, bool(found.note_)
        starts = np.array([part for name, part in found.parts_.items() if name != WEIGHTED_VOTE])
        self._go_on(votes, starts, 1)
        self.calibrate()

    def _go_on(self, votes: Votes, starts: Floats, max_passes: int) -> None:
        seen = _as_one(votes) if self._is_shared else votes
        fitted = [
            model.infer(seen, start.copy()) for model, start in zip(self._models(max_passes), starts, strict=True)
        ]
        self.tables_ = _tables(votes, fitted)
        given = ballots(votes)
        vote = shares_of(given.totals(self.tables_.trust[votes.annotator] * given.weight), votes.shares())
        self._parts = np.array([*(one.posterior for one in fitted), vote])

    def calibrate(self, gold: Mapping[str, str] | None = None) -> None:
        """Fit the calibration to the gold, and to more of it or other gold where it is given."""
        if gold is not None:
            self._gold = dict(gold)
        posterior, n_answers = self.posterior_, self.n_answers_
        self.calibration_ = fit_calibration(posterior, n_answers, self.known())
        self._calibrated = self.calibration_.apply(posterior, n_answers)

    def known(self) -> Int32s:
        """int32[n_tasks], the true class of tasks that are gold, `UNKNOWN`, or `NO_CLASS` where it is no class."""
        codes = {name: code for code, name in enumerate(self.votes.classes)}
        known = np.full(self.votes.n_tasks, UNKNOWN, np.int32)
        for name, label in self._gold.items():
            task = self.votes.task_of(name)
            if task is not None:
                known[task] = codes.get(label, NO_CLASS)
        return known

    def moved(self, window: int) -> Floats:
        """How far the calibrated posterior of each task moved over its newest votes, with annotators as they are now.

        Args:
            window: how many votes to look back, at least 1.

        Returns:
            float64[n_tasks], the most that any class differs from now in any of the states since; not a number where a
            task has not more votes than that.
        """
        if self.tables_ is None:
            return np.empty(0)
        links, n_answers = self.votes.links(), self.n_answers_
        has_more = n_answers > window
        states = [blended_without(links, self.tables_, n) for n in range(window + 1)]
        now, *earlier = (self.calibration_.apply(one, np.maximum(n_answers - n, 1)) for n, one in enumerate(states))
        most = np.max([np.abs(one - now).max(axis=1) for one in earlier], axis=0)
        return np.where(has_more, most, np.nan)

    def route(self, policy: Routing, *, unanswered: Sequence[str] | int = (), seed: int = 0) -> Routes:
        """Where each task stands, and in which order tasks should get their next votes; see `route`."""
        if not self.votes.n_votes:
            return route(None, self.calibrated_, policy, unanswered=unanswered, seed=seed)
        votes, moved = self.votes.votes(), self.moved(policy.window) if policy.stillness else None
        sure = unchecked_at_most(self.calibrated_.max(axis=1), votes)
        return route(votes, self.calibrated_, policy, unanswered=unanswered, confidence=sure, moved=moved, seed=seed)

    def _models(self, max_passes: int) -> list[ShrunkenDawidSkene]:
        """The models of `Auto`, or the one that it takes when annotators cannot be told apart."""
        blend, usual = Auto(), ShrunkenDawidSkene()
        strengths = (usual.strength,) if self._is_shared else blend.strengths
        return [
            ShrunkenDawidSkene(strength=one, evenness=blend.evenness, max_iterations=max_passes) for one in strengths
        ]


def _tables(votes: Votes, fitted: Sequence[Inferred]) -> Tables:
    """What the fits come to; a matrix that all annotators share is repeated for each."""
    answering = np.log([one.model.chances.answering for one in fitted])
    if answering.shape[1] != votes.n_annotators:
        answering = np.repeat(answering, votes.n_annotators, axis=1)
    counts = np.ascontiguousarray(fitted[len(fitted) // 2].counts.answers.transpose(0, 2, 1))
    mean = newcomer_of(Confusions(counts, np.zeros_like(counts))).pseudo_counts
    newcomer = np.log(mean / mean.sum(axis=1, keepdims=True)).T
    trust = _trust(votes)
    prior = np.log([one.model.chances.prior for one in fitted])
    return Tables(prior, answering, np.ascontiguousarray(newcomer), trust, float(trust.mean()))


def _trust(votes: Votes) -> Floats:
    """The weight of each annotator in the vote, as in `Auto`: agreement with the majority less that of guessing."""
    given = ballots(votes)
    agreement = given.means(winners(votes.shares()).ravel()[given.cell])
    return np.maximum(agreement - 1 / votes.n_classes, 0.0)


def _as_one(votes: Votes) -> Votes:
    return replace(votes, annotator=np.zeros_like(votes.annotator), annotator_names=("all",))
