"""How right, how honest, how fast each method of inference is on real answers, with other libraries beside it.

    python -m benchmarks.consensus FOLDER                       # every method, on every set of the folder
    python -m benchmarks.consensus FOLDER --peer-python PYTHON  # with crowd-kit, cleanlab and peerannot, if it has them
    python -m benchmarks.consensus --scale 1000000              # time and memory of many votes that are made up

A set is a folder with labels.csv (task, worker or annotator, label) and truth.csv (task, label). Each method runs in a
process of its own on one set after the other, after a small warm-up that compiles and imports. Time is CPU time, memory
the highest use above what there was before the method began. The calibration error of ours is given as it is inferred,
calibrated without known labels, and with 20 and 50 of them, which are drawn 10 times (or `--draws`) and do not count in
it, with the standard deviation over the draws; that of others is of what they give. What fails, or takes longer than
120 seconds (or `--most-seconds`) on all sets together, is named at the end; the sets it did count.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.consensus_scale import report_scale
from benchmarks.quality import peak_mb, reset_peak_mb
from goldsmith.errors import VotesError
from goldsmith.quality.calibration import UNKNOWN, fit_calibration
from goldsmith.quality.consensus import Consensus, aggregators
from goldsmith.quality.reliability import reliability_of
from goldsmith.quality.vote_files import read_labels, read_votes
from goldsmith.quality.votes import Floats, Int32s, Votes

PEERS = (
    *("crowd-kit majority", "crowd-kit wawa", "crowd-kit dawid-skene", "crowd-kit one-coin", "crowd-kit glad"),
    *("crowd-kit mace", "crowd-kit m-msr", "crowd-kit kos", "cleanlab majority", "peerannot dawid-skene"),
)
PEER_SCRIPT = Path(__file__).parent / "peers" / "consensus_methods.py"
MOST_CLASSES = 50

Row = dict[str, Any]
# Any: figures, as JSON has them


def main() -> None:
    """Print a table of accuracy, then one of honesty, time and memory."""
    parser = argparse.ArgumentParser(description="Inference of labels on real answers.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--peer-python", help="a Python with crowd-kit, cleanlab or peerannot")
    parser.add_argument("--method", action="append", help="only this method; may be given more than once")
    parser.add_argument("--set", action="append", dest="sets", help="only this set; may be given more than once")
    parser.add_argument("--scale", type=int, action="append", help="so many votes instead; may be given more than once")
    parser.add_argument("--rounds", type=int, default=3, help="of --scale; the least counts (default 3)")
    parser.add_argument("--draws", type=int, default=10, help="of known labels for each calibration (default 10)")
    parser.add_argument("--most-seconds", type=int, default=120, help="for each method, on all sets (default 120)")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for n_votes in options.scale or ():
        report_scale(n_votes, peer_python=options.peer_python, rounds=options.rounds)
    if options.folder is None:
        return
    names = options.sets or [path.parent.name for path in sorted(options.folder.glob("*/truth.csv"))]
    names = [name for name in names if is_categorical(options.folder / name)]
    if options.one:
        for name in names:
            print(json.dumps(measured(options.one, options.folder / name, n_draws=options.draws)), flush=True)
        return
    methods = options.method or [*aggregators(), *(PEERS if options.peer_python else ())]
    complaints: list[str] = []
    found = {method: dict(results(method, names, options, complaints)) for method in methods}
    report(found, names)
    for complaint in complaints:
        print(complaint)


def is_categorical(folder: Path) -> bool:
    """Whether a set's labels are a few classes, and its tasks no words of a text."""
    if not (folder / "truth.csv").is_file() or (folder / "tokens.csv").is_file():
        return False
    return len(set(read_labels(folder / "truth.csv").values())) <= MOST_CLASSES


def results(
    method: str, names: Sequence[str], options: argparse.Namespace, complaints: list[str]
) -> Iterator[tuple[str, Row]]:
    """What one method gives on each set, from a process of its own; a complaint where it fails or takes too long."""
    if method in PEERS:
        command = [options.peer_python, "-W", "ignore", str(PEER_SCRIPT), str(options.folder), method, *names]
    else:
        sets = [part for name in names for part in ("--set", name)]
        draws = ["--draws", str(options.draws)]
        command = [sys.executable, "-m", "benchmarks.consensus", str(options.folder), "--one", method, *draws, *sets]
    print(f"{method} …", file=sys.stderr, flush=True)
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=options.most_seconds, check=False)
        lines, complaint = run.stdout, run.stderr.strip().splitlines()[-1:] if run.returncode else []
    except subprocess.TimeoutExpired as late:
        lines, complaint = (late.stdout or b"").decode(), [f"stopped after {options.most_seconds} s"]
    for line in lines.splitlines():
        row = json.loads(line)
        if "failed" in row:
            complaint.append(f"{row['set']}: {row['failed']}")
        else:
            yield row["set"], row
    complaints.extend(f"{method}: {said[:160]}" for said in complaint)


def measured(method: str, folder: Path, *, n_draws: int) -> Row:
    """What a method of ours gives on one set."""
    votes = read_votes(folder / "labels.csv")
    known = votes.codes_of(read_labels(folder / "truth.csv"))
    aggregator = aggregators()[method]()
    small = Votes.from_columns(list("aabb"), list("xyxy"), list("0110"))
    aggregator.fit(small)
    before, start = reset_peak_mb(), time.process_time()
    try:
        found = aggregator.fit(votes)
    except VotesError as refused:
        return {"set": folder.name, "failed": str(refused)}
    cpu_s, mb = time.process_time() - start, peak_mb() - before
    right = found.labels_[known != UNKNOWN] == known[known != UNKNOWN]
    raw = gap(found.posterior_, found.labels_, known)
    row = {"set": folder.name, "accuracy": 100 * float(right.mean()), "ece": raw, "cpu_s": cpu_s, "mb": mb}
    for n_gold in (0, 20, 50):
        gaps = gaps_after_gold(found, known, votes=votes, n_gold=n_gold, n_draws=n_draws if n_gold else 1)
        if gaps:
            row |= {str(n_gold): float(np.mean(gaps)), f"{n_gold} sd": float(np.std(gaps))}
    return row


def gap(posterior: Floats, labels: Int32s, known: Int32s) -> float:
    """The expected calibration error over ten bins."""
    found = reliability_of(posterior, labels, known, rng=np.random.default_rng(0), n_resamples=0)
    return found.ece.value or 0.0


def gaps_after_gold(found: Consensus, known: Int32s, *, votes: Votes, n_gold: int, n_draws: int) -> list[float]:
    """The calibration error on the rest after so many known labels, for each draw; none where there are too few."""
    posterior, labels = found.posterior_, found.labels_
    with_truth = np.flatnonzero(known != UNKNOWN)
    if len(with_truth) < n_gold + 20:
        return []
    gaps: list[float] = []
    for draw in range(n_draws):
        drawn = np.random.default_rng(draw).permutation(with_truth)[:n_gold]
        gold = np.full_like(known, UNKNOWN)
        gold[drawn] = known[drawn]
        rest = np.where(gold == UNKNOWN, known, np.int32(UNKNOWN)).astype(np.int32)
        calibrated = fit_calibration(posterior, votes.n_answers, gold).apply(posterior, votes.n_answers)
        gaps.append(gap(calibrated, labels, rest))
    return gaps


def report(found: dict[str, dict[str, Row]], names: Sequence[str]) -> None:
    """Print accuracy by set, then the means of the rest."""
    print(f"{'accuracy, %':26}" + "".join(f"{name[:7]:>8}" for name in names) + f"{'mean':>8}{'n':>4}")
    for method, rows in found.items():
        percents = [rows.get(name, {}).get("accuracy") for name in names]
        known = [one for one in percents if one is not None]
        cells = "".join(f"{'-' if one is None else f'{one:.2f}':>8}" for one in percents)
        print(f"{method:26}{cells}{np.mean(known) if known else float('nan'):8.2f}{len(known):4}")
    heads = f"{'ECE raw':>9}{'none':>8}{'20':>8}{'sd':>7}{'50':>8}{'sd':>7}"
    print(f"\n{'means of its sets':26}{heads}{'CPU s':>9}{'peak MB':>9}{'n':>4}")
    for method, rows in found.items():
        done = list(rows.values())
        cells = [mean_of(done, name) for name in ("ece", "0", "20", "20 sd", "50", "50 sd")]
        total = sum(row["cpu_s"] for row in done)
        print(f"{method:26}{''.join(cells)}{total:9.2f}{max((row['mb'] for row in done), default=0):9.0f}{len(done):4}")


def mean_of(rows: Sequence[Row], name: str) -> str:
    """The mean of a figure over the sets that have it, as a cell."""
    values = [row[name] for row in rows if row.get(name) is not None]
    width = 9 if name == "ece" else 7 if name.endswith("sd") else 8
    return f"{np.mean(values) if values else float('nan'):{width}.4f}"


if __name__ == "__main__":
    main()
