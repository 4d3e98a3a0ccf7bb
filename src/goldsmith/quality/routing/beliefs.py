"""What a fitted blend of models believes of a task, from the chain of its votes."""

from typing import NamedTuple

import numpy as np

from goldsmith.kit.jit import in_place
from goldsmith.quality.routing.growing_votes import Links
from goldsmith.quality.votes import Floats


class Tables(NamedTuple):
    """A fitted blend: several models with a confusion matrix for each annotator, and a vote weighted by agreement.

    Attributes:
        prior: float64[n_models, n_classes], logarithms of how frequent each class is.
        answering: float64[n_models, n_annotators, n_classes, n_classes], logarithms of probabilities by annotator,
            class answered and true class.
        newcomer: float64[n_classes, n_classes], the same of an annotator who was not there when it was fitted.
        trust: float64[n_annotators], at least 0, the weight of each annotator in the vote.
        newcomer_trust: the weight of one who was not there.
    """

    prior: Floats
    answering: Floats
    newcomer: Floats
    trust: Floats
    newcomer_trust: float


class _Given(NamedTuple):
    links: Links
    tables: Tables


def beliefs_of(links: Links, tables: Tables, task: int) -> Floats:
    """float64[n_models + 1, n_classes], the posterior of a task by each model and by the weighted vote."""
    rows = np.empty((len(tables.prior) + 2, tables.prior.shape[1]))
    _fill_task(_Given(links, tables), task, 0, rows)
    return rows[:-1]


def blended_without(links: Links, tables: Tables, n_left_out: int) -> Floats:
    """float64[n_tasks, n_classes], the mean posterior of models and vote, as if each task lacked its newest votes.

    Args:
        links: the votes.
        tables: what was fitted.
        n_left_out: how many of each task's newest votes are left out.
    """
    blended = np.empty((len(links.newest), tables.prior.shape[1]))
    _blend(_Given(links, tables), n_left_out, np.empty((len(tables.prior) + 2, tables.prior.shape[1])), blended)
    return blended


@in_place
def _blend(given: _Given, n_left_out: int, rows: Floats, blended: Floats) -> None:
    n_rows = len(rows) - 1
    for t in range(len(blended)):
        _fill_task(given, t, n_left_out, rows)
        for k in range(blended.shape[1]):
            blended[t, k] = 0.0
            for m in range(n_rows):
                blended[t, k] += rows[m, k] / n_rows


@in_place
def _fill_task(given: _Given, task: int, n_left_out: int, rows: Floats) -> None:
    """Fill a row for each model, one for the weighted vote, and one with the plain votes."""
    links, tables = given
    n_models, n_classes = tables.prior.shape
    for k in range(n_classes):
        for m in range(n_models):
            rows[m, k] = tables.prior[m, k]
        rows[n_models, k] = 0.0
        rows[n_models + 1, k] = 0.0
    place, n_seen = int(links.newest[task]), 0
    while place >= 0:
        if n_seen >= n_left_out:
            _add_vote(links, tables, place, rows)
        n_seen += 1
        place = int(links.older[place])
    for m in range(n_models):
        _normalise(rows[m])
    trusted, counted = 0.0, 0.0
    for k in range(n_classes):
        trusted += rows[n_models, k]
        counted += rows[n_models + 1, k]
    for k in range(n_classes):
        if trusted > 0.0:
            rows[n_models, k] /= trusted
        elif counted > 0.0:
            rows[n_models, k] = rows[n_models + 1, k] / counted
        else:
            rows[n_models, k] = 1.0 / n_classes


@in_place
def _add_vote(links: Links, tables: Tables, place: int, rows: Floats) -> None:
    n_models, n_classes = tables.prior.shape
    annotator, label, weight = links.annotator[place], links.label[place], links.weight[place]
    is_known = annotator < len(tables.trust)
    trust = tables.trust[annotator] if is_known else tables.newcomer_trust
    rows[n_models, label] += weight * trust
    rows[n_models + 1, label] += weight
    for m in range(n_models):
        for k in range(n_classes):
            log = tables.answering[m, annotator, label, k] if is_known else tables.newcomer[label, k]
            rows[m, k] += weight * log


@in_place
def _normalise(row: Floats) -> None:
    highest = row[0]
    for k in range(1, len(row)):
        highest = max(highest, row[k])
    total = 0.0
    for k in range(len(row)):
        row[k] = np.exp(row[k] - highest)
        total += row[k]
    for k in range(len(row)):
        row[k] /= total
