"""How long the quality kernel takes and how much memory, and how right it is, on votes that were made up.

    python -m benchmarks.quality                           # 1e5 and 1e6 votes
    python -m benchmarks.quality --labels 10000000         # another size
    python -m benchmarks.quality --peer crowd-kit          # crowd-kit beside it, when it is installed

Ten classes, five votes a task, an annotator per hundred tasks; each annotator is right with a probability from
Beta(6, 3) and has a favourite wrong class. Every cell runs in a process of its own, after a small warm-up that compiles
and imports. Time is CPU time; memory is the highest use above what the votes themselves take.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from goldsmith.quality.agreement import krippendorff_alpha
from goldsmith.quality.consensus import aggregators
from goldsmith.quality.votes import Votes

N_CLASSES = 10
PER_TASK = 5
OURS = ("encode texts", "majority", "dawid-skene", "pooled-dawid-skene", "alpha")
PEER = ("crowd-kit majority", "crowd-kit dawid-skene")


class Planted(NamedTuple):
    task: np.ndarray
    annotator: np.ndarray
    label: np.ndarray
    truth: np.ndarray


def planted(n_votes: int, seed: int = 0) -> Planted:
    """Votes with a known truth; all arrays int64."""
    rng = np.random.default_rng(seed)
    n_tasks = n_votes // PER_TASK
    n_annotators = max(PER_TASK, n_tasks // 100)
    truth = rng.integers(0, N_CLASSES, n_tasks)
    skill, favourite = rng.beta(6, 3, n_annotators), rng.integers(0, N_CLASSES, n_annotators)
    task = np.repeat(np.arange(n_tasks), PER_TASK)
    first = rng.integers(0, n_annotators, n_tasks)
    step = rng.integers(1, max(2, n_annotators // PER_TASK), n_tasks)
    annotator = (first[task] + step[task] * np.tile(np.arange(PER_TASK), n_tasks)) % n_annotators
    wrong = np.where(rng.random(task.size) < 0.5, favourite[annotator], rng.integers(0, N_CLASSES, task.size))
    label = np.where(rng.random(task.size) < skill[annotator], truth[task], wrong)
    return Planted(task, annotator, label, truth)


def run_ours(method: str, made: Planted) -> Callable[[], np.ndarray | None]:
    if method == "encode texts":
        columns = [[f"{name:08}" for name in column.tolist()] for column in made[:3]]
        return lambda: Votes.from_columns(*columns).label[:0]
    votes = Votes.from_columns(made.task, made.annotator, made.label)
    if method == "alpha":
        counts = votes.counts()
        return lambda: krippendorff_alpha(counts, rng=np.random.default_rng(0), n_resamples=0) and None
    return lambda: aggregators()[method]().fit(votes).labels_


def run_peer(method: str, made: Planted) -> Callable[[], np.ndarray | None]:
    pandas, crowdkit = import_module("pandas"), import_module("crowdkit.aggregation")
    frame = pandas.DataFrame({"task": made.task, "worker": made.annotator, "label": made.label})
    is_vote = method.endswith("majority")
    kind = crowdkit.MajorityVote() if is_vote else crowdkit.DawidSkene(n_iter=100, tol=1e-5)
    return lambda: kind.fit_predict(frame).sort_index().to_numpy()


def measure(method: str, n_votes: int) -> dict[str, float | None]:
    """CPU seconds, MB above the votes and accuracy of one method, in this process."""
    prepare = run_peer if method in PEER else run_ours
    prepare(method, planted(1000))()
    made = planted(n_votes)
    call = prepare(method, made)
    before = reset_peak_mb()
    start = time.process_time()
    labels = call()
    cpu_s = time.process_time() - start
    right = None if labels is None or not labels.size else float(np.count_nonzero(labels == made.truth) / labels.size)
    return {"cpu_s": cpu_s, "mb": max(0.0, peak_mb() - before), "accuracy": right}


def reset_peak_mb() -> float:
    """Start a new high-water mark where the system can (Linux), and return the present one in MB."""
    mark = Path("/proc/self/clear_refs")
    if mark.exists():
        mark.write_text("5")
    return peak_mb()


def peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def cell(method: str, n_votes: int) -> dict[str, float | None]:
    command = [sys.executable, "-W", "ignore", __file__, "--one", method, "--labels", str(n_votes)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of the quality kernel.")
    parser.add_argument("--labels", type=int, action="append", help="number of votes; may be given more than once")
    parser.add_argument("--peer", choices=["crowd-kit"], help="run this package beside ours")
    parser.add_argument("--one", choices=OURS + PEER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.labels[0])))
        return
    if options.peer and find_spec("crowdkit") is None:
        sys.exit("crowd-kit is not installed beside Goldsmith; run `pip install crowd-kit` in this environment first.")
    methods = (*OURS, *PEER) if options.peer else OURS
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}; CPU seconds")
    print(f"{'method':24}{'votes':>10}{'CPU s':>9}{'MB':>8}{'right':>8}")
    for n_votes in options.labels or [100_000, 1_000_000]:
        for method in methods:
            found = cell(method, n_votes)
            right = "" if found["accuracy"] is None else f"{found['accuracy']:.4f}"
            print(f"{method:24}{n_votes:>10}{found['cpu_s']:>9.3f}{found['mb']:>8.1f}{right:>8}", flush=True)


if __name__ == "__main__":
    main()
