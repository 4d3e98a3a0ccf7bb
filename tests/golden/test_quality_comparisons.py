"""Strengths against published ones, and outcomes foretold from real votes on answers of 59 models."""

import csv
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from goldsmith.quality.comparisons.davidson import Davidson
from goldsmith.quality.comparisons.luce import Choices, Luce
from goldsmith.quality.comparisons.scores import (
    eigenvector_scores,
    elo_scores,
    mean_win_rates,
    newman_scores,
    pagerank_scores,
    win_counts,
    wins,
)
from goldsmith.quality.comparisons.votes import Comparisons
from goldsmith.quality.votes import Floats

PAIRWISE = Path(__file__).parents[3] / "shared" / "data" / "feedback" / "pairwise"
needs_pairwise = pytest.mark.skipif(
    not PAIRWISE.is_dir(), reason="the sets of comparisons are not beside this checkout"
)


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    with (PAIRWISE / f"evalica-{name}.csv").open(newline="") as file:
        return tuple(csv.DictReader(file))


def comparisons_of(rows: list[dict[str, str]]) -> Comparisons:
    columns = ([row.get(name, "") for row in rows] for name in ("left", "right", "worker", "winner"))
    return Comparisons.from_columns(*columns)


@needs_pairwise
@pytest.mark.parametrize("name", ["pairwise-1", "pairwise-2", "rankings-1", "rankings-2", "top1-1", "top1-2"])
def test_most_likely_strengths_are_those_of_choix(name: str):
    case = json.loads((PAIRWISE / f"choix-{name}.json").read_text())
    if name.startswith("rankings"):
        given = Choices.from_rankings(case["data"], n_items=case["n_items"])
    elif name.startswith("top1"):
        given = Choices.from_sets([[chosen, *others] for chosen, others in case["data"]], n_items=case["n_items"])
    else:
        given = Choices.from_sets(case["data"], n_items=case["n_items"])

    np.testing.assert_allclose(Luce().fit(given).strength_, case["ml_est"], atol=5e-5)


SCORES: dict[str, Callable[[Comparisons], Floats]] = {
    "average_win_rate": lambda given: mean_win_rates(wins(given)),
    "bradley_terry": lambda given: shares(np.exp(Luce().fit(Choices.from_comparisons(given)).strength_)),
    "counting": lambda given: win_counts(wins(given)),
    "eigen": lambda given: eigenvector_scores(wins(given).T),  # theirs is of losses: the weakest comes first
    "elo": elo_scores,
    "newman": newman_scores,
    "pagerank": lambda given: pagerank_scores(wins(given)),
}


def shares(strength: Floats) -> Floats:
    return strength / np.sum(strength)


@needs_pairwise
@pytest.mark.parametrize("algorithm", SCORES)
@pytest.mark.parametrize("name", ["simple", "food", "llmfao"])
def test_scores_are_those_of_evalica(name: str, algorithm: str):
    given = comparisons_of(list(rows_of(name)))
    with (PAIRWISE / f"evalica-{name}-golden.csv").open(newline="") as file:
        golden = {row["item"]: float(row["score"]) for row in csv.DictReader(file) if row["algorithm"] == algorithm}

    scores = SCORES[algorithm](given)

    np.testing.assert_allclose(scores, [golden[item] for item in given.items], rtol=1e-8)


@needs_pairwise
@pytest.mark.parametrize(
    ("method", "by_vote", "by_item"),
    [
        (Davidson(tie_spread=None, ability_spread=None, side_spread=None), 1.0137, 1.0164),
        (Davidson(), 0.9145, 0.9192),
    ],
    ids=["items-alone", "with-annotators"],
)
def test_held_out_outcomes_are_foretold_as_measured(method: Davidson, by_vote: float, by_item: float):
    rows = rows_of("llmfao")
    rng = np.random.default_rng(0)
    fold_of_vote = rng.integers(0, 5, len(rows))
    items, of_item = np.unique([int(row["id"]) for row in rows], return_inverse=True)
    fold_of_item = rng.integers(0, 5, items.size)[of_item]

    for folds, measured in ((fold_of_vote, by_vote), (fold_of_item, by_item)):
        losses: list[float] = []
        for fold in range(5):
            found = method.fit(comparisons_of([row for row, at in zip(rows, folds, strict=True) if at != fold]))
            held_out = comparisons_of([row for row, at in zip(rows, folds, strict=True) if at == fold])
            losses += found.log_losses(held_out).tolist()
            assert found.has_converged_
        assert np.mean(losses) == pytest.approx(measured, abs=0.0005)
