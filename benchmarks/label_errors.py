"""How well wrong labels are found on real answers, with cleanlab beside it on the same corrupted labels.

    python -m benchmarks.label_errors FOLDER                       # ours
    python -m benchmarks.label_errors FOLDER --peer-python PYTHON  # with cleanlab, if that Python has it

A set is a folder with labels.csv (task, worker or annotator, label) and truth.csv (task, label). One in twenty of the
true labels is replaced: by any other class, or by what is taken for it (drawn by the task's own votes and the crowd's
confusions). All labels are ranked; AUROC is the share of pairs of a wrong and a sound label in the right order, and
`first` the share of wrong ones among as many first suspects as there are wrong ones. Labels on which crowd and truth
disagree count as sound, so that nothing can reach 1. The classifier is made up: the scores of the true class are raised
by two standard deviations, and its probabilities are too sure. Single answers are
wrong where the truth says so.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.consensus import is_categorical
from goldsmith.quality.aggregators.dawid_skene_ml import DawidSkeneML
from goldsmith.quality.assay import assay
from goldsmith.quality.suspects import joined, label_errors
from goldsmith.quality.vote_files import read_labels, read_votes
from goldsmith.quality.votes import Floats, Int32s, Votes

PEER_SCRIPT = Path(__file__).parent / "peers" / "label_scores.py"
SHARE_WRONG = 0.05
N_DRAWS = 3
KINDS = ("random", "plausible")

Scores = dict[str, np.ndarray]


class Case(NamedTuple):
    """A set with corrupted labels: of the tasks with known truth alone.

    Attributes:
        votes: the votes.
        tasks: int64[n], the tasks with truth.
        truth: int32[n].
        given: int32[n_draws, n], the truth with errors.
        classifier: float64[n, n_classes], a made-up classifier's probabilities.
    """

    votes: Votes
    tasks: np.ndarray
    truth: Int32s
    given: np.ndarray
    classifier: Floats


def made_case(folder: Path, kind: str) -> Case:
    votes = read_votes(folder / "labels.csv")
    known = votes.codes_of(read_labels(folder / "truth.csv"))
    tasks = np.flatnonzero(known >= 0)
    truth, k = known[tasks], votes.n_classes
    counts = votes.counts()[tasks].astype(np.float64)
    confusions = np.zeros((k, k))
    np.add.at(confusions, truth, counts)
    confusions /= np.maximum(confusions.sum(axis=1, keepdims=True), 1e-9)
    given = np.repeat(truth[np.newaxis], N_DRAWS, axis=0)
    for draw in range(N_DRAWS):
        rng = np.random.default_rng(draw)
        for one in rng.choice(len(tasks), max(5, round(SHARE_WRONG * len(tasks))), replace=False).tolist():
            likely = np.ones(k) if kind == "random" else counts[one] + confusions[truth[one]]
            likely[truth[one]] = 0.0
            likely = likely if likely.any() else (np.arange(k) != truth[one]).astype(np.float64)
            given[draw, one] = rng.choice(k, p=likely / likely.sum())
    logits = np.random.default_rng(9).normal(size=(len(tasks), k))
    logits[np.arange(len(tasks)), truth] += 2.0
    classifier = np.exp(1.5 * logits)
    return Case(votes, tasks, truth, given, classifier / classifier.sum(axis=1, keepdims=True))


def our_scores(case: Case) -> Scores:
    """float64[n_draws, n] by method, higher for what is more suspect; for single answers float64[n_votes]."""
    votes, tasks = case.votes, case.tasks
    posterior = assay(votes).posterior
    tables = {
        "vote shares": votes.shares()[tasks],
        "Dawid-Skene, clipped": DawidSkeneML().fit(votes).posterior_[tasks],
        "ours": posterior[tasks],
    }
    found = {name: np.stack([label_errors(table, one) for one in case.given]) for name, table in tables.items()}
    together = (joined(posterior[tasks], case.classifier, one) for one in case.given)
    found["ours + classifier"] = np.stack(
        [label_errors(table, one) for table, one in zip(together, case.given, strict=True)]
    )
    found["answers: vote shares"] = 1 - votes.shares()[votes.task, votes.label]
    found["answers: ours"] = 1 - posterior[votes.task, votes.label]
    return found


def peer_scores(case: Case, python: str) -> Scores:
    """The same from cleanlab."""
    votes = case.votes
    place = np.full(votes.n_tasks, -1)
    place[case.tasks] = np.arange(len(case.tasks))
    rows = place[votes.task]
    kept = rows >= 0
    table = np.full((len(case.tasks), votes.n_annotators), np.nan)
    table[rows[kept], votes.annotator[kept]] = votes.label[kept]
    with tempfile.TemporaryDirectory() as folder:
        made, result = Path(folder) / "made.npz", Path(folder) / "result.npz"
        shares = votes.shares()[case.tasks]
        np.savez(made, votes=table, shares=shares, given=case.given, probabilities=case.classifier)
        command = [python, "-W", "ignore", str(PEER_SCRIPT), str(made), str(result)]
        subprocess.run(command, check=True, capture_output=True)
        read = np.load(result)
        found = {name: -read[name] for name in read.files if name != "cpu_s"}
    answers = "answers: cleanlab multiannotator"
    columns = np.cumsum(np.bincount(votes.annotator[kept], minlength=votes.n_annotators) > 0) - 1
    scores = np.full(votes.n_votes, np.nan)
    scores[kept] = found[answers][rows[kept], columns[votes.annotator[kept]]]
    found[answers] = scores
    return found


def auroc(scores: np.ndarray, is_wrong: np.ndarray) -> float:
    """Ties count half."""
    values, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    del values
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n = int(is_wrong.sum())
    return float((ranks[is_wrong].sum() - n * (n + 1) / 2) / (n * (len(scores) - n)))


def share_first(scores: np.ndarray, is_wrong: np.ndarray) -> float:
    """Ties are broken at random."""
    n = int(is_wrong.sum())
    order = np.lexsort((np.random.default_rng(0).random(len(scores)), -scores))
    return float(is_wrong[order[:n]].mean())


def figures(case: Case, scores: Scores) -> dict[str, tuple[float, float]]:
    """AUROC and share among the first, by method."""
    place = np.full(case.votes.n_tasks, -1)
    place[case.tasks] = np.arange(len(case.tasks))
    rows = place[case.votes.task]
    kept = (rows >= 0) & (case.votes.n_answers[case.votes.task] > 1)
    is_wrong_answer = case.votes.label[kept] != case.truth[rows[kept]]
    found: dict[str, tuple[float, float]] = {}
    for name, of in scores.items():
        if of.ndim == 1:
            found[name] = (auroc(of[kept], is_wrong_answer), share_first(of[kept], is_wrong_answer))
        else:
            pairs = [
                (auroc(one, given != case.truth), share_first(one, given != case.truth))
                for one, given in zip(of, case.given, strict=True)
            ]
            found[name] = (float(np.mean([pair[0] for pair in pairs])), float(np.mean([pair[1] for pair in pairs])))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="How well wrong labels are found.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer-python", help="a Python with cleanlab")
    parser.add_argument("--set", action="append", dest="sets", help="only this set; may be given more than once")
    options = parser.parse_args()
    names = options.sets or [path.parent.name for path in sorted(options.folder.glob("*/truth.csv"))]
    names = [name for name in names if is_categorical(options.folder / name)]
    for kind in KINDS:
        table: dict[str, dict[str, tuple[float, float]]] = {}
        for name in names:
            case = made_case(options.folder / name, kind)
            scores = our_scores(case)
            if options.peer_python:
                scores.update(peer_scores(case, options.peer_python))
            for method, pair in figures(case, scores).items():
                table.setdefault(method, {})[name] = pair
            print(f"{name} …", flush=True)
        report(kind, names, table)


def report(kind: str, names: list[str], table: dict[str, dict[str, tuple[float, float]]]) -> None:
    for place, what in enumerate(("AUROC", "wrong among the first")):
        print(f"\n{kind + ': ' + what:40}" + "".join(f"{name[:7]:>8}" for name in names) + f"{'mean':>8}")
        for method, rows in sorted(table.items()):
            values = [rows[name][place] for name in names]
            print(f"{method:40}" + "".join(f"{value:>8.3f}" for value in values) + f"{np.mean(values):>8.3f}")


if __name__ == "__main__":
    main()
