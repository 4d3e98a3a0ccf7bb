"""Scores labels with cleanlab; imports nothing of Goldsmith, so that any Python can run it.

    PYTHON label_scores.py FILE.npz RESULT.npz

The file has votes[n_tasks, n_annotators] (not a number where there is no answer), shares[n_tasks, n_classes],
given[n_draws, n_tasks], and probabilities[n_tasks, n_classes] of a classifier, or none of them. The result has for each
method scores[n_draws, n_tasks], higher for sounder labels, or [n_tasks, n_annotators] for single answers.
"""

# pyright: basic, reportMissingParameterType=false, reportMissingImports=false
# Runs without this project's tools, on libraries without types.

import sys
import time

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from cleanlab.multiannotator import get_label_quality_multiannotator
from cleanlab.rank import get_label_quality_scores


def smoothed(shares):
    """Shares that leave every class possible, as cleanlab's scores need it."""
    kept = shares + 1e-3
    return kept / kept.sum(axis=1, keepdims=True)


def crowdlab(table, probabilities):
    found = get_label_quality_multiannotator(table, probabilities, verbose=False, return_weights=False)
    detailed = found["detailed_label_quality"]
    return detailed.to_numpy(dtype=float)


def with_given(votes, given):
    table = pd.DataFrame(votes, columns=[f"a{i}" for i in range(votes.shape[1])])
    table["given"] = given.astype(float)
    return table.dropna(axis=1, how="all")


def ranked_first(given, probabilities):
    """Scores by the place among the issues that the filter finds; all else shares the last place."""
    issues = find_label_issues(given, probabilities, return_indices_ranked_by="self_confidence", n_jobs=1)
    scores = np.full(len(given), len(given), dtype=float)
    scores[issues] = np.arange(len(issues))
    return scores


def main() -> None:
    made = np.load(sys.argv[1])
    votes, shares, given = made["votes"], smoothed(made["shares"]), made["given"]
    start = time.process_time()
    results = {
        "cleanlab self-confidence": [get_label_quality_scores(one, shares, method="self_confidence") for one in given],
        "cleanlab find_label_issues": [ranked_first(one, shares) for one in given],
        "cleanlab multiannotator": [crowdlab(with_given(votes, one), shares)[:, -1] for one in given],
        "answers: cleanlab multiannotator": crowdlab(
            pd.DataFrame(votes, columns=[f"a{i}" for i in range(votes.shape[1])]).dropna(axis=1, how="all"), shares
        ),
    }
    if "probabilities" in made:
        sure = smoothed(made["probabilities"])
        results["cleanlab multiannotator + classifier"] = [
            crowdlab(with_given(votes, one), sure)[:, -1] for one in given
        ]
        results["cleanlab self-confidence + classifier"] = [
            get_label_quality_scores(one, sure, method="self_confidence") for one in given
        ]
    cpu_s = time.process_time() - start
    arrays = {name: np.asarray(scores, dtype=float) for name, scores in results.items()}
    np.savez(sys.argv[2], cpu_s=np.asarray(cpu_s), **arrays)  # pyright: ignore[reportArgumentType]


if __name__ == "__main__":
    main()
