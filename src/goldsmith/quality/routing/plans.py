"""What a budget buys: the accuracy to expect of the consensus after so many more answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from goldsmith.errors import VotesError
from goldsmith.quality.calibration import UNKNOWN, Calibration, bands_of, growth, likely_calibrations, tempered
from goldsmith.quality.routing.beliefs import Tables
from goldsmith.quality.routing.live import LiveConsensus
from goldsmith.quality.routing.policies import Routing
from goldsmith.quality.routing.simulations import Course, Crowd, Draws, Game, Rules, Scene, play
from goldsmith.quality.votes import Floats, Int64s

_N_SAMPLED = 500
"""Tasks that are played through at most; more would be no surer, as the calibration decides."""

_N_DRAWS = 60
_COVERAGE = 0.95
_EDGE = 1e-6

_SHIFTS = np.linspace(-4.0, 4.0, 161)
_SHIFT_SD = 1.0
"""Log-odds by which all confidences may be off beyond what a calibration can mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect after so many further answers.

    Attributes:
        n_answers: further answers that may be given.
        n_used: how many of them the policy would use; fewer when no task wants one any more.
        accuracy: the expected share of right labels, in [0, 1].
        low: the low end of its 95% interval.
        high: the high end of its 95% interval.
    """

    n_answers: int
    n_used: int
    accuracy: float
    low: float
    high: float


def plan(
    live: LiveConsensus, budgets: Sequence[int], policy: Routing, *, n_unanswered: int = 0, seed: int = 0
) -> list[Forecast]:
    """The accuracy to expect after each of several numbers of further answers, and today's before them.

    A sample of the tasks is played through with answers by annotators drawn as they answered so far, routed by the
    policy. Posteriors move as the calibration allows, and what the known labels say of the whole is corrected for. The
    interval covers what the calibration leaves open, given the known labels there are, and the chance that a label is
    right. Without known labels the forecast leans on what is usual for such votes, and the interval is wide.

    A forecast holds for as long as annotators stay as they are. It cannot know of errors that all annotators share
    where no known label shows them.

    Args:
        live: the consensus so far, with gold where there is any.
        budgets: numbers of further answers, at least 0.
        policy: how they would be handed out.
        n_unanswered: tasks that have no answer yet.
        seed: seeds the sample and the draws.

    Returns:
        The forecast for no further answer, then one for each budget, in the order given.

    Raises:
        VotesError: there are no votes, or a budget is below 0.
    """
    if not live.votes.n_votes or live.tables_ is None:
        raise VotesError("there are no votes to plan from; collect the first answers of some tasks.")
    if any(budget < 0 for budget in budgets):
        raise VotesError(f"a budget is {min(budgets)} answers; give numbers from 0.")
    rng = np.random.default_rng(seed)
    points = np.array(sorted({0, *budgets}), np.int64)
    n_tasks = live.votes.n_tasks + n_unanswered
    likely = likely_calibrations(live.posterior_, live.n_answers_, live.known(), n=_N_DRAWS, rng=rng)
    stage = _Stage(live, live.tables_, policy, n_tasks)
    played = [_played(stage, one, points, rng) for one in likely]
    believed, used = (np.array(column) for column in zip(*played, strict=True))
    accuracy = np.array([_corrected(live, one, row, rng) for one, row in zip(likely, believed, strict=True)])
    spread = accuracy + rng.normal(size=accuracy.shape) * np.sqrt(accuracy * (1 - accuracy) / n_tasks)
    low, high = np.clip(np.quantile(spread, [(1 - _COVERAGE) / 2, (1 + _COVERAGE) / 2], axis=0), 0, 1)
    expected = accuracy.mean(axis=0)
    place = {int(point): at for at, point in enumerate(points.tolist())}
    return [
        Forecast(
            n_answers=budget,
            n_used=min(budget, round(float(used[:, at].mean()))),
            accuracy=float(expected[at]),
            low=float(min(low[at], expected[at])),
            high=float(max(high[at], expected[at])),
        )
        for budget in (0, *budgets)
        for at in [place[budget]]
    ]


def _corrected(live: LiveConsensus, calibration: Calibration, accuracy: Floats, rng: np.random.Generator) -> Floats:
    """The accuracies, moved as far on the scale of log-odds as known labels say that confidences are off.

    The shift is drawn as probable as the known labels make it, under a normal prior around none. What two numbers of
    a calibration cannot express, such as a crowd that is nearly always right, is then not lost.
    """
    known = live.known()
    gold = np.flatnonzero(known != UNKNOWN)
    if not len(gold):
        return accuracy
    posterior = calibration.apply(live.posterior_[gold], live.n_answers_[gold])
    is_right = posterior.argmax(axis=1) == known[gold]
    moved = _SHIFTS[:, np.newaxis] + _log_odds(posterior.max(axis=1))
    log_density = -np.log1p(np.exp(np.where(is_right, -moved, moved))).sum(axis=1) - (_SHIFTS / _SHIFT_SD) ** 2 / 2
    density = np.exp(log_density - log_density.max())
    shift = rng.choice(_SHIFTS, p=density / density.sum())
    return 1 / (1 + np.exp(-shift - _log_odds(accuracy)))


def _log_odds(share: Floats) -> Floats:
    inner = np.clip(share, _EDGE, 1 - _EDGE)
    return np.log(inner / (1 - inner))


class _Stage(NamedTuple):
    live: LiveConsensus
    tables: Tables
    policy: Routing
    n_tasks: int


def _played(stage: _Stage, calibration: Calibration, points: Int64s, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The accuracy at each point, and how many answers had been used by then, under one calibration."""
    policy, tables, n_tasks = stage.policy, stage.tables, stage.n_tasks
    sample = rng.choice(n_tasks, min(n_tasks, _N_SAMPLED), replace=False)
    scale = len(sample) / n_tasks
    spent = np.round(points * scale).astype(np.int64)
    scene = _scene(stage, calibration, sample)
    n = int(min(spent[-1], np.maximum(policy.cap - scene.n_answers, 0).sum()))
    annotators = stage.live.votes.links().annotator
    who = np.minimum(annotators[rng.integers(0, len(annotators), n)], len(tables.trust) - 1).astype(np.int64)
    rules = Rules(
        policy.start_for(n_classes=scene.cooled.shape[1]), policy.target, policy.cap, policy.window, policy.stillness
    )
    game = Game(_crowd(tables, calibration, policy.cap), rules, Draws(who, rng.random(n), rng.random(n)))
    course = Course(spent, np.zeros(len(spent)))
    n_given = play(scene, game, course)
    return course.accuracy, np.minimum(spent, n_given) / scale


def _scene(stage: _Stage, calibration: Calibration, sample: Int64s) -> Scene:
    """The sampled tasks as they stand; those without answers at the class prior."""
    live, prior = stage.live, np.exp(stage.tables.prior[len(stage.tables.prior) // 2])
    n_voted = live.votes.n_tasks
    has_votes, place = sample < n_voted, np.minimum(sample, n_voted - 1)
    n_answers = np.where(has_votes, live.n_answers_[place], 0)
    posterior = np.where(has_votes[:, np.newaxis], live.posterior_[place], prior / prior.sum())
    counted = np.maximum(n_answers, 1)
    cooled = tempered(posterior, calibration.temperature_[bands_of(counted)] * growth(counted))
    earlier = np.zeros((len(sample), stage.policy.window))
    return Scene(cooled, n_answers, np.zeros(len(sample)), earlier, np.zeros(len(sample), np.bool_))


def _crowd(tables: Tables, calibration: Calibration, cap: int) -> Crowd:
    counted = np.maximum(np.arange(cap + 1), 1)
    band = bands_of(counted)
    heat = calibration.temperature_[band] * growth(counted)
    return Crowd(tables.answering[len(tables.prior) // 2], heat, calibration.error_share_[band])
