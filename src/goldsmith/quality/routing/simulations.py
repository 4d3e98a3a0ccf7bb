"""What further answers would do, played through with the annotators as they have answered so far."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldsmith.kit.jit import in_place
from goldsmith.quality.votes import Floats, Int64s


class Rules(NamedTuple):
    """A policy, as numbers; see `Routing`."""

    start: int
    target: float
    cap: int
    window: int
    stillness: float


class Crowd(NamedTuple):
    """Who answers, and how sure one may be after so many answers.

    Attributes:
        logs: float64[n_annotators, n_classes, n_classes], logarithms of probabilities by annotator, class answered and
            true class.
        heat: float64[cap + 1], the temperature of a task by its number of answers.
        error: float64[cap + 1], how often so many answers reveal nothing.
    """

    logs: Floats
    heat: Floats
    error: Floats


class Draws(NamedTuple):
    """Chance, drawn beforehand: for each answer in turn who gives it, and two numbers in [0, 1)."""

    annotator: Int64s
    truth: Floats
    answer: Floats


class _Drawn(NamedTuple):
    annotator: int
    truth: float
    answer: float


class Scene(NamedTuple):
    """Tasks as they stand, and what is written down of them while they change.

    Attributes:
        cooled: float64[n_tasks, n_classes], the posterior at its temperature, before the share of errors is mixed in.
        n_answers: int64[n_tasks].
        sure: float64[n_tasks], the calibrated probability of the likeliest class.
        earlier: float64[n_tasks, window], `sure` before the last answers, newest first; 0 before there were any.
        is_open: bool[n_tasks], whether the task wants an answer.
    """

    cooled: Floats
    n_answers: Int64s
    sure: Floats
    earlier: Floats
    is_open: NDArray[np.bool_]


class Course(NamedTuple):
    """What is noted.

    Attributes:
        spent: int64[n_points], numbers of answers after which the accuracy is noted, rising.
        accuracy: float64[n_points], filled: the mean of the calibrated probabilities of the likeliest classes.
    """

    spent: Int64s
    accuracy: Floats


class Game(NamedTuple):
    """All that does not change."""

    crowd: Crowd
    rules: Rules
    draws: Draws


@in_place
def play(scene: Scene, game: Game, course: Course) -> int:
    """Hand out answers by the rules until they want none or draws run out, and note the accuracy on the way.

    Each answer is drawn as the cooled posterior expects it, and moves that posterior as an answer at this temperature
    does; so no task becomes surer on average than the calibration says, however many answers come.

    Args:
        scene: the tasks; changed.
        game: who answers, which task is next, and chance.
        course: the numbers of answers after which to note the accuracy, which is filled in.

    Returns:
        How many answers were given.
    """
    (crowd, rules, draws), (spent, accuracy) = game, course
    n_given, point = 0, 0
    for t in range(len(scene.sure)):
        _weigh(scene, crowd, rules, t)
    while point < len(spent):
        if n_given == spent[point]:
            accuracy[point] = _mean(scene.sure)
            point += 1
            continue
        task = _next(scene, rules)
        if task < 0 or n_given >= len(draws.annotator):
            break
        _answer(scene, crowd, task, _Drawn(draws.annotator[n_given], draws.truth[n_given], draws.answer[n_given]))
        _weigh(scene, crowd, rules, task)
        n_given += 1
    while point < len(spent):
        accuracy[point] = _mean(scene.sure)
        point += 1
    return n_given


@in_place
def _mean(values: Floats) -> float:
    total = 0.0
    for one in values:
        total += one
    return total / len(values)


@in_place
def _next(scene: Scene, rules: Rules) -> int:
    """The open task that lacks most first answers, else the least sure one for its answers; -1 where there is none."""
    best, task = np.inf, -1
    for t in range(len(scene.sure)):
        if scene.is_open[t]:
            lacking = max(rules.start - scene.n_answers[t], 0)
            rank = (scene.sure[t] - 1.0) / max(scene.n_answers[t], 1) - 2.0 * lacking
            if rank < best:
                best, task = rank, t
    return task


@in_place
def _answer(scene: Scene, crowd: Crowd, task: int, drawn: _Drawn) -> None:
    """Draw a truth by the posterior, then an answer by the matrix at the task's temperature, and learn from it."""
    row, n_classes = scene.cooled[task], scene.cooled.shape[1]
    logs, heat = crowd.logs[drawn.annotator], crowd.heat[scene.n_answers[task] + 1]
    truth, left = n_classes - 1, drawn.truth
    for k in range(n_classes):
        left -= row[k]
        if left < 0:
            truth = k
            break
    total = 0.0
    for label in range(n_classes):
        total += np.exp(logs[label, truth] / heat)
    said, left = n_classes - 1, drawn.answer * total
    for label in range(n_classes):
        left -= np.exp(logs[label, truth] / heat)
        if left < 0:
            said = label
            break
    evidence = 0.0
    for k in range(n_classes):
        total = 0.0
        for label in range(n_classes):
            total += np.exp(logs[label, k] / heat)
        row[k] *= np.exp(logs[said, k] / heat) / total
        evidence += row[k]
    for k in range(n_classes):
        row[k] /= evidence
    for w in range(scene.earlier.shape[1] - 1, 0, -1):
        scene.earlier[task, w] = scene.earlier[task, w - 1]
    scene.earlier[task, 0] = scene.sure[task]
    scene.n_answers[task] += 1


@in_place
def _weigh(scene: Scene, crowd: Crowd, rules: Rules, task: int) -> None:
    """How sure the task is now, and whether it wants another answer."""
    n, n_classes = scene.n_answers[task], scene.cooled.shape[1]
    highest = 0.0
    for k in range(n_classes):
        highest = max(highest, scene.cooled[task, k])
    error = crowd.error[min(n, len(crowd.error) - 1)]
    sure = (1 - error) * highest + error / n_classes
    scene.sure[task] = sure
    is_still = n > rules.window
    for w in range(rules.window):
        before = scene.earlier[task, w]
        is_still = is_still and before > 0 and abs(before - sure) < rules.stillness
    is_done = sure >= rules.target or n >= rules.cap or is_still
    scene.is_open[task] = n < rules.start or not is_done
