"""How often 95% intervals of agreement, skill and audits hold the truth, and how often suspicions are right or wrong.

    python -m benchmarks.coverage                             # 2,000 replications of each agreement, minutes
    python -m benchmarks.coverage --replications 200          # a quick look
    python -m benchmarks.audit_coverage                       # that of audits alone
    python -m benchmarks.coverage --real ../shared/data/crowd # also samples of tasks from sets of real answers

Votes are made up: every annotator has a confusion matrix of their own and tasks are more or less misleading, so that
errors are correlated as they are among people. The agreement that an interval should hold is that of 1,000,000 tasks.
With real answers it is that of the whole set, of which 200 tasks are drawn.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.audit_coverage import report_audits
from goldsmith.quality.aggregators.dawid_skene import DawidSkene
from goldsmith.quality.agreement import (
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from goldsmith.quality.annotators import (
    Beliefs,
    Verdict,
    alike_annotators,
    annotator_skills,
    beliefs,
    drifts,
)
from goldsmith.quality.measures import Measure
from goldsmith.quality.vote_files import read_votes
from goldsmith.quality.votes import Votes

Counts = np.ndarray[tuple[int, int], np.dtype[np.int32]]

CLASSES = {
    "4 classes alike": (0.25, 0.25, 0.25, 0.25),
    "3 classes 85/10/5": (0.85, 0.10, 0.05),
    "2 classes alike": (0.5, 0.5),
    "2 classes 93/7": (0.93, 0.07),
}
SIZES = (50, 200)
N_RESAMPLES = 400
N_LARGE = 1_000_000


class Made(NamedTuple):
    votes: Votes
    gold: dict[str, str]
    matrices: np.ndarray
    prior: np.ndarray


def agreement(name: str) -> Callable[..., Measure]:
    """A measure of counts by its name."""
    values = np.arange(1.0, 10.0)

    def measured(counts: Counts, rng: np.random.Generator, n_resamples: int) -> Measure:
        match name:
            case "Fleiss' kappa":
                return fleiss_kappa(counts, rng=rng, n_resamples=n_resamples)
            case "Gwet's AC1":
                return gwet_ac1(counts, rng=rng, n_resamples=n_resamples)
            case "alpha, interval":
                of_classes = values[: counts.shape[1]]
                return krippendorff_alpha(counts, rng=rng, n_resamples=n_resamples, level="interval", values=of_classes)
            case "alpha, ordinal":
                return krippendorff_alpha(counts, rng=rng, n_resamples=n_resamples, level="ordinal")
            case _:
                return krippendorff_alpha(counts, rng=rng, n_resamples=n_resamples)

    return measured


AGREEMENTS = ("alpha", "alpha, ordinal", "alpha, interval", "Fleiss' kappa", "Gwet's AC1")


def drawn_counts(n: int, prior: tuple[float, ...], rng: np.random.Generator) -> Counts:
    """Four answers to each of `n` tasks, right with a probability that differs by task."""
    k = len(prior)
    truth = rng.choice(k, size=n, p=prior)
    is_right = rng.random((n, 4)) < rng.beta(2.8, 1.2, size=(n, 1))
    labels = np.where(is_right, truth[:, np.newaxis], rng.choice(k, size=(n, 4), p=prior))
    return (labels[:, :, np.newaxis] == np.arange(k)).sum(axis=1).astype(np.int32)


def hold(measure: Callable[..., Measure], draw: Callable[[], Counts], truth: float, n: int) -> tuple[float, float, int]:
    """Share of intervals that hold the truth, of those that lie below it, and how many have no interval."""
    rng, inside, below, without = np.random.default_rng(1), 0, 0, 0
    for _ in range(n):
        found = measure(draw(), rng, N_RESAMPLES)
        if found.low is None or found.high is None:
            without += 1
            continue
        inside += found.low <= truth <= found.high
        below += found.high < truth
    given = max(1, n - without)
    return inside / given, below / given, without


def report_agreement(n_replications: int) -> None:
    print(f"{'measure':18}{'classes':20}{'tasks':>7}{'truth':>8}{'hold':>8}{'below':>8}{'none':>6}")
    for name in AGREEMENTS:
        measure = agreement(name)
        for classes, prior in CLASSES.items():
            large = drawn_counts(N_LARGE, prior, np.random.default_rng(7))
            truth = measure(large, np.random.default_rng(0), 0).value or 0.0
            for size in SIZES:
                rng = np.random.default_rng(size)
                found = hold(
                    measure,
                    lambda size=size, prior=prior, rng=rng: drawn_counts(size, prior, rng),
                    truth,
                    n_replications,
                )
                print(
                    f"{name:18}{classes:20}{size:>7}{truth:>8.3f}{found[0]:>8.3f}{found[1]:>8.3f}{found[2]:>6}",
                    flush=True,
                )


def report_real(folder: Path, n_replications: int) -> None:
    for name in ("trec", "relevance", "product", "sp", "web"):
        counts = read_votes(folder / name / "labels.csv").counts()
        counts = counts[counts.sum(axis=1) >= 2]
        for measured in ("alpha", "Gwet's AC1"):
            measure = agreement(measured)
            truth = measure(counts, np.random.default_rng(0), 0).value or 0.0
            rng = np.random.default_rng(3)
            found = hold(
                measure, lambda counts=counts, rng=rng: counts[rng.choice(len(counts), 200)], truth, n_replications
            )
            print(
                f"{measured:18}{name:20}{200:>7}{truth:>8.3f}{found[0]:>8.3f}{found[1]:>8.3f}{found[2]:>6}", flush=True
            )


def made_votes(
    prior: tuple[float, ...], seed: int, *, n_copies: int = 0, n_spammers: int = 0, hardness: float = 1.0
) -> Made:
    """600 tasks with five answers each by 40 people, and by copies of one program that answers all of them."""
    rng, k, n = np.random.default_rng(seed), len(prior), 600
    truth = rng.choice(k, size=n, p=prior)
    matrices = np.empty((41, k, k))
    for a in range(41):
        for c in range(k):
            right = rng.beta(6, 2)
            matrices[a, c] = np.insert(rng.dirichlet(np.ones(k - 1)) * (1 - right), c, right)
    for a in range(n_spammers):
        matrices[a] = rng.dirichlet(np.ones(k)) if a % 2 else np.eye(k)[rng.choice(k)]
    chances = matrices[:, truth].transpose(1, 0, 2)
    misleads = (truth + rng.integers(1, k, n)) % k
    chances[np.arange(n), :, misleads] *= np.exp(np.abs(rng.normal(0, hardness, n)))[:, np.newaxis]
    chances /= chances.sum(axis=2, keepdims=True)
    labels = (chances.cumsum(axis=2) < rng.random((n, 41, 1))).sum(axis=2)
    who = rng.permuted(np.tile(np.arange(40), (n, 1)), axis=1)[:, :5]
    who = np.concatenate([who, *[np.full((n, 1), 40 + copy) for copy in range(n_copies)]], axis=1)
    given = labels[np.arange(n)[:, np.newaxis], np.minimum(who, 40)]
    votes = Votes.from_columns(
        [f"{t:03}" for t in np.repeat(np.arange(n), who.shape[1])],
        [f"{a:02}" for a in who.ravel()],
        [str(label) for label in given.ravel()],
        classes=[str(c) for c in range(k)],
    )
    return Made(votes, {f"{t:03}": str(label) for t, label in enumerate(truth)}, matrices, np.array(prior))


def report_skills(n_pools: int) -> None:
    print(f"\n{'skill of 40 people':22}{'known by':12}{'accuracy':>10}{'cells':>8}{'spammers found':>16}{'false':>8}")
    for classes, prior in CLASSES.items():
        for by in ("gold", "consensus"):
            held = {"accuracy": [0, 0], "cells": [0, 0], "found": [0, 0], "false": [0, 0]}
            for seed in range(n_pools):
                _add_skills(held, made_votes(prior, seed, n_spammers=6, hardness=0.0), by)
            accuracy, cells, found, false = (inside / max(1, n) for inside, n in held.values())
            print(f"{classes:22}{by:12}{accuracy:>10.3f}{cells:>8.3f}{found:>16.3f}{false:>8.3f}", flush=True)


def _add_skills(held: dict[str, list[int]], made: Made, by: str) -> None:
    rng = np.random.default_rng(5)
    if by == "gold":
        skills = annotator_skills(made.votes, gold=made.gold, rng=rng)
    else:
        skills = annotator_skills(made.votes, consensus=DawidSkene().fit(made.votes), rng=rng)
    matrices = made.matrices[:40]
    accuracy = np.einsum("akk->ak", matrices) @ made.prior
    is_met = ~np.isnan(skills.confusion_.low)
    score = ((matrices - matrices.mean(axis=1, keepdims=True)) ** 2).sum(axis=(1, 2)) / (matrices.shape[1] - 1)
    is_called = np.array([verdict is Verdict.SPAMMER for verdict in skills.verdicts_])
    inside = (skills.accuracy_.low <= accuracy) & (accuracy <= skills.accuracy_.high)
    cells = (skills.confusion_.low <= matrices) & (matrices <= skills.confusion_.high)
    is_fine = score >= 0.1
    for name, counted, among in (
        ("accuracy", inside, np.ones(40, np.bool_)),
        ("cells", cells, is_met),
        ("found", is_called, np.arange(40) < 6),
        ("false", is_called, is_fine),
    ):
        held[name][0] += int(np.count_nonzero(counted & among))
        held[name][1] += int(np.count_nonzero(among))


def report_drift(n_annotators: int) -> None:
    print(f"\n{'drift, 80% right':22}{'answers':>8}{'steady flagged':>16}{'falls to 50% found':>20}")
    for classes, prior in CLASSES.items():
        for n in (50, 200):
            shares = [_drifting(prior, n, n_annotators, fall) for fall in (0.0, 0.3)]
            print(f"{classes:22}{n:>8}{shares[0]:>16.4f}{shares[1]:>20.3f}", flush=True)


def _drifting(prior: tuple[float, ...], n: int, n_annotators: int, fall: float) -> float:
    rng, k = np.random.default_rng(n), len(prior)
    truth = rng.choice(k, size=n, p=prior)
    rate = np.where(np.arange(n) < n // 2, 0.8, 0.8 - fall)
    wrong = (truth + rng.integers(1, k, (n_annotators, n))) % k
    labels = np.where(rng.random((n_annotators, n)) < rate, truth, wrong)
    tasks = np.tile(np.arange(n), n_annotators)
    votes = Votes.from_columns(
        tasks,
        np.repeat(np.arange(n_annotators), n),
        [str(c) for c in labels.ravel()],
        classes=[str(c) for c in range(k)],
    )
    known = beliefs(votes, gold={str(t): str(label) for t, label in enumerate(truth)})
    times = np.array([float(name) for name in votes.task_names])[votes.task]
    return float(np.mean(drifts(votes, times, known, rng=rng).is_drifting))


def report_alike(n_pools: int) -> None:
    print(f"\n{'copies of a program':22}{'copies':>7}{'known by':>22}{'found':>8}{'false':>7}{'compared':>10}")
    for classes, prior in CLASSES.items():
        for n_copies in (0, 2, 3):
            totals = {by: [0, 0, 0] for by in ("gold", "100 gold + consensus", "consensus")}
            for seed in range(n_pools):
                made = made_votes(prior, seed, n_copies=n_copies)
                for by, total in totals.items():
                    found = alike_annotators(made.votes, _known(made, by))
                    right = sum(pair.first >= 40 for pair in found.pairs_)
                    total[0] += right
                    total[1] += len(found.pairs_) - right
                    total[2] += found.n_compared_
            n_pairs = max(1, n_pools * n_copies * (n_copies - 1) // 2)
            for by, (right, false, compared) in totals.items():
                print(f"{classes:22}{n_copies:>7}{by:>22}{right / n_pairs:>8.3f}{false:>7}{compared:>10}", flush=True)


def _known(made: Made, by: str) -> Beliefs:
    if by == "gold":
        return beliefs(made.votes, gold=made.gold)
    consensus = DawidSkene().fit(made.votes)
    gold = dict(list(made.gold.items())[:100]) if by.startswith("100") else None
    return beliefs(made.votes, gold=gold, consensus=consensus)


def main() -> None:
    parser = argparse.ArgumentParser(description="Coverage of intervals, and rates of detection and false alarms.")
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--real", type=Path, help="a folder with sets of real answers")
    options = parser.parse_args()
    n_pools = max(2, options.replications // 50)
    report_skills(n_pools)
    report_drift(options.replications)
    report_alike(n_pools)
    print()
    report_audits(options.replications)
    print()
    report_agreement(options.replications)
    if options.real:
        report_real(options.real, options.replications)


if __name__ == "__main__":
    main()
