"""How right near duplicates are on planted copies of real texts, and how much memory the comparisons take.

    python -m benchmarks.duplicates FOLDER --documents 2000
    python -m benchmarks.duplicates --memory 10000 40000

The truth is the exact Jaccard index of all pairs by plain Python. *Candidates* are the pairs of .8 and more that share
a band; *together*, those that end in one cluster; *wrong*, dropped documents that are not like the one that is kept.
Memory is the most that a process of its own took beyond what it had after a first small run, without the pages of files
that the system can take back, for made documents of 300 words, of which every tenth repeats another one and all have a
line in common.
"""

import argparse
import multiprocessing
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self, cast

import numpy as np

from benchmarks.refining.corpora import texts_of
from benchmarks.refining.duplicates import BATCH, STAGES, batches_of, compare
from benchmarks.refining.planting import jaccard, pairs_alike, planted, sequences_of
from goldsmith.kit.arrow import make_batch, utf8, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.comparisons.minhash import as_sets, band_keys, hashers, sequences
from goldsmith.refine.comparisons.near import NearComparison
from goldsmith.refine.engines import load_named
from goldsmith.refine.model import Compared, Comparison, CorpusStage
from goldsmith.refine.stages.near_duplicates import NearDuplicates

SEED = 7
CUTS = ((14, 8), (16, 7), (20, 7))
EDGES = (0.8, 0.82, 0.85, 0.9, 1.01)
SHORTEST, LONGEST = 400, 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Accuracy and memory of duplicates.")
    parser.add_argument("folder", type=Path, nargs="?", help="take the texts and HTML pages of this folder")
    parser.add_argument("--documents", type=int, default=2000, help="texts to plant copies of")
    parser.add_argument("--memory", type=int, nargs="+", default=[], help="measure memory with so many documents")
    options = parser.parse_args()
    for n_documents in options.memory:
        for stage in STAGES:
            print(_memory(stage, n_documents))
    if not options.memory:
        texts = [text for text in texts_of(options.folder, options.documents) if SHORTEST < len(text) < LONGEST]
        for line in _accuracy(planted(texts, np.random.default_rng(SEED))):
            print(line, flush=True)


def _accuracy(texts: dict[str, str]) -> Iterator[str]:
    names = list(texts)
    sets = {name: sequences_of(text) for name, text in texts.items()}
    truth = pairs_alike(sets, EDGES[0])
    yield f"{len(texts):,} documents, {len(truth):,} pairs of {EDGES[0]} and more"
    batch = make_batch({"id": names, "text": list(texts.values())}, {"id": "text", "text": "text"})
    lowered = utf8(batch, "text", is_lower=True)
    ours = as_sets(*sequences(lowered.content, lowered.offsets, NearDuplicates().words))
    place = {name: number for number, name in enumerate(names)}
    pairs = np.array([(place[a], place[b]) for a, b in truth])
    likeness = np.array(list(truth.values()))
    for bands, rows in CUTS:
        keys = band_keys(ours, hashers(n_bands=bands, n_rows=rows))
        shared = (keys[pairs[:, 0]] == keys[pairs[:, 1]]).any(axis=1)
        found = _clusters(NearDuplicates(bands=bands, rows=rows), batch)
        cluster = {
            name: number
            for number, each in enumerate(found.clusters)
            for name in (*each.kept, *(member.id for member in each.members))
        }
        together = np.mean([cluster.get(a, -1) == cluster.get(b, -2) for a, b in truth])
        members = [member for each in found.clusters for member in each.members]
        wrong = sum(jaccard(sets[each.id], sets[each.kept]) < EDGES[0] for each in members)
        parts = [(likeness >= low) & (likeness < high) for low, high in pairwise(EDGES)]
        by_part = ", ".join(f"{shared[part].mean():.3f} (n = {part.sum()})" for part in parts)
        yield (
            f"{bands} x {rows}: candidates from .80, .82, .85, .90: {by_part}; together {together:.3f}; "
            f"dropped {len(members)}, wrong {wrong}"
        )


def _clusters(stage: NearDuplicates, batch: Batch) -> Compared:
    with tempfile.TemporaryDirectory() as folder:
        comparison = NearComparison(stage, Path(folder))
        comparison.add(batch)
        found = comparison.decide(lambda: False)
        comparison.close()
    return found


class _Taken(NamedTuple):
    stage: str
    n_documents: int
    n_lines: int
    n_bytes: int
    peak_bytes: int

    def __str__(self) -> str:
        taken = f"{self.peak_bytes / 1e6:,.0f} MB, {self.peak_bytes / self.n_documents:,.0f} bytes a document"
        corpus = f"{self.n_documents:,} documents, {self.n_lines:,} lines, {self.n_bytes / 1e6:,.0f} MB"
        return f"{self.stage}: {corpus}: {taken}, {self.peak_bytes / self.n_lines:.1f} a line"


def _memory(stage: CorpusStage, n_documents: int) -> _Taken:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as pool:
        return pool.apply(_measure, (stage, n_documents))


def _measure(stage: CorpusStage, n_documents: int) -> _Taken:
    compare(stage, batches_of([text for part in _made(BATCH) for text in part]))
    n_lines = n_bytes = n_seen = 0
    with _Watch() as watch, tempfile.TemporaryDirectory() as folder:
        comparison = cast("Comparison", load_named(stage.comparison)(stage, Path(folder)))
        for texts in _made(n_documents):
            comparison.add(_named(texts, n_seen))
            n_seen += len(texts)
            n_lines += sum(text.count("\n") + 1 for text in texts)
            n_bytes += sum(len(text.encode()) for text in texts)
        columns = comparison.decide(lambda: False).columns
        comparison.close()
        start = 0
        for texts in _made(n_documents):
            part = {name: values[start : start + len(texts)] for name, values in columns.items()}
            _ = stage.concluded(with_columns(_named(texts, start), part, stage.columns))
            start += len(texts)
    return _Taken(stage.title, n_documents, n_lines, n_bytes, watch.peak - watch.before)


class _Watch:
    """Looks every few milliseconds at how much memory of its own the process has."""

    def __init__(self) -> None:
        self.before = self.peak = _own_bytes()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.005):
            self.peak = max(self.peak, _own_bytes())


def _named(texts: Sequence[str], start: int) -> Batch:
    kinds: Any = {"id": "text", "text": "text"}
    return make_batch({"id": [f"{start + number:012}" for number in range(len(texts))], "text": texts}, kinds)


def _made(n_documents: int) -> Iterator[list[str]]:
    """Documents of 30 lines with 10 words each; every tenth is the one before it, all have one line in common."""
    rng = np.random.default_rng(SEED)
    vocabulary = np.array([f"word{number}" for number in range(20_000)])
    for start in range(0, n_documents, BATCH):
        texts: list[str] = []
        for number in range(min(BATCH, n_documents - start)):
            words = vocabulary[rng.integers(0, len(vocabulary), (30, 10))]
            made = "\n".join(" ".join(line) for line in words) + "\nThis line stands in all of the documents."
            texts.append(texts[-1] if texts and number % 10 == 9 else made)
        yield texts


def _own_bytes() -> int:
    found = re.search(r"RssAnon:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found is not None else 0


if __name__ == "__main__":
    main()
