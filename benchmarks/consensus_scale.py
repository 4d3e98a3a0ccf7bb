"""Dawid-Skene on many votes that are made up, with crowd-kit's beside it: same start, same iterations, same stop.

    python -m benchmarks.consensus --scale 1000000 --peer-python PYTHON

Ten classes, five votes a task, an annotator per hundred tasks, as in `benchmarks.quality`. Each round runs every cell
in turn, each in a process of its own after a small warm-up that compiles and imports, so that what else the machine
does weighs on all. Time is that of the least round; memory is the highest use above what there was with the votes
loaded.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np

from benchmarks.quality import N_CLASSES, peak_mb, planted, reset_peak_mb
from goldsmith.quality.aggregators.dawid_skene_ml import DawidSkeneML
from goldsmith.quality.votes import Votes

PEER_SCRIPT = Path(__file__).parent / "peers" / "consensus_scale.py"
PEER = "crowd-kit"

Row = dict[str, Any]
# Any: figures, as JSON has them


def report_scale(n_votes: int, *, peer_python: str | None, rounds: int) -> None:
    """Print time and memory of each cell, how they compare, and how far the posteriors lie apart."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        make_votes(folder / "votes.npz", n_votes)
        cells = ["1", "2", *([PEER] if peer_python else [])]
        rows: dict[str, list[Row]] = {cell: [] for cell in cells}
        for cell, row in runs(folder, cells, peer_python=peer_python, rounds=rounds):
            rows[cell].append(row)
            print(f"  {cell}: {row['cpu_s']:.2f} CPU s", file=sys.stderr, flush=True)
        print(f"{n_votes} votes, least of {rounds} rounds\n{'':12}{'CPU s':>9}{'wall s':>9}{'MB':>8}{'passes':>8}")
        for cell, found in rows.items():
            title = cell if cell == PEER else f"{cell} thread{'s' * (cell != '1')}"
            cpu_s, wall_s = (min(row[name] for row in found) for name in ("cpu_s", "wall_s"))
            print(
                f"{title:12}{cpu_s:9.2f}{wall_s:9.2f}{max(row['mb'] for row in found):8.0f}{found[0]['n_iterations']:8}"
            )
        print_ratios(rows)
        if peer_python:
            gap = np.abs(np.load(folder / "1.npy") - np.load(folder / f"{PEER}.npy")).max()
            print(f"posteriors differ by at most {gap:.1e}")


def print_ratios(rows: dict[str, list[Row]]) -> None:
    """How many times as fast as the others one thread and two are, round by round."""
    pairs = [("1", "2", "wall_s", "two threads to one, wall clock")]
    if PEER in rows:
        pairs.append((PEER, "1", "cpu_s", "one thread to crowd-kit, CPU time"))
    for slow, fast, unit, title in pairs:
        ratios = [one[unit] / other[unit] for one, other in zip(rows[slow], rows[fast], strict=True)]
        print(f"{title}: {', '.join(f'{ratio:.2f}' for ratio in ratios)} times as fast")


def make_votes(path: Path, n_votes: int) -> None:
    """Keep votes with a known truth as the arrays of `Votes`."""
    made = planted(n_votes)
    votes = Votes.from_columns(made.task, made.annotator, made.label)
    np.savez(path, task=votes.task, annotator=votes.annotator, label=votes.label, starts=votes.starts)


def runs(folder: Path, cells: list[str], *, peer_python: str | None, rounds: int) -> Iterator[tuple[str, Row]]:
    """What each cell gives in each round, each from a process of its own."""
    for _ in range(rounds):
        for cell in cells:
            posterior = str(folder / f"{cell}.npy")
            script = ["-m", "benchmarks.consensus_scale", cell] if cell != PEER else [str(PEER_SCRIPT)]
            python = (peer_python if cell == PEER else None) or sys.executable
            command = [python, "-W", "ignore", *script, str(folder / "votes.npz"), posterior]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            yield cell, json.loads(done.stdout.splitlines()[-1])


def measure(n_threads: int, source: Path, posterior: Path) -> Row:
    """CPU and wall seconds, MB above the votes and passes of ours, in this process."""
    method = msgspec.structs.replace(DawidSkeneML(), n_threads=n_threads)
    small = planted(1000)
    method.fit(Votes.from_columns(small.task, small.annotator, small.label))
    arrays = dict(np.load(source))
    names = (tuple(map(str, range(arrays[column].max() + 1))) for column in ("task", "annotator"))
    task_names, annotator_names = names
    votes = Votes(
        **arrays,
        task_names=task_names,
        annotator_names=annotator_names,
        classes=tuple("0123456789")[:N_CLASSES],
        n_repeats=0,
    )
    before, start, began = reset_peak_mb(), time.process_time(), time.perf_counter()
    found = method.fit(votes)
    row = {"cpu_s": time.process_time() - start, "wall_s": time.perf_counter() - began}
    row |= {"mb": peak_mb() - before, "n_iterations": found.n_iterations_}
    np.save(posterior, found.posterior_)
    return row


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))))
