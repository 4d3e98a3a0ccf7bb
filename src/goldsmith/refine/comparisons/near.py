"""Finds documents with nearly the same word sequences: 16 keys a document stay in memory, sequences lie on the disk."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.comparisons.clusters import Forest, buckets_of, connect, connect_to_leaders, cover, roots_of
from goldsmith.refine.comparisons.minhash import F64, I64, U64, Sets, as_sets, band_keys, hashers, sequences
from goldsmith.refine.model import Cluster, Compared, CorpusStage, Member
from goldsmith.refine.stages.near_duplicates import NearDuplicates

Flags = NDArray[np.bool_]

MAX_BUCKET = 2000
"""Texts in a bucket that are all compared with each other; in a larger one, only with the first of each group."""

MISSING = -1.0
"""A likeness that was never computed."""


class NearComparison:
    """Compares documents by the Jaccard index of their word sequences, where MinHash says that it may be high.

    The result depends on the documents alone, not on the order in which they are added.
    """

    __slots__ = ("_file", "_forgotten", "_ids", "_keys", "_lengths", "_path", "_sizes", "_stage")

    def __init__(self, stage: CorpusStage, folder: Path) -> None:
        self._stage = cast("NearDuplicates", stage)
        self._path = folder / "sequences.bin"
        self._file = self._path.open("wb")
        self._ids: list[str] = []
        self._lengths: list[I64] = []
        self._sizes: list[I64] = []
        self._keys: list[U64] = []
        self._forgotten: Sequence[int] = ()

    def add(self, batch: Batch) -> None:
        """See the next documents, in reading order."""
        stage = self._stage
        texts = utf8(batch, "text", is_lower=True)
        sets = as_sets(*sequences(texts.content, texts.offsets, stage.words))
        self._keys.append(band_keys(sets, hashers(n_bands=stage.bands, n_rows=stage.rows)))
        self._file.write(sets.hashes.tobytes())
        self._sizes.append(np.diff(sets.starts))
        self._lengths.append(np.diff(texts.offsets))
        self._ids.extend(batch.column("id").to_pylist())

    def forget(self, places: Sequence[int]) -> None:
        """Leave out documents, by their places in the order in which they were added: nothing is decided about them."""
        self._forgotten = places

    def decide(self, should_stop: Callable[[], bool]) -> Compared:
        """For each document left: the kept document that it is like, how much, and how many are like it.

        Raises:
            Cancelled: `should_stop` said so.
        """
        if not self._ids:
            return Compared(columns={"n_near_copies": [], "near_duplicate_jaccard": [], "_like": []}, clusters=())
        sets = self._sets()
        ranks = np.empty(len(self._ids), np.int64)
        ranks[sorted(range(len(self._ids)), key=self._ids.__getitem__)] = np.arange(len(self._ids))
        is_left = np.ones(len(self._ids), np.bool_)
        is_left[list(self._forgotten)] = False
        forest = self._connected(sets, ranks, is_left, should_stop)
        kept: list[str | None] = [None] * len(self._ids)
        n_copies = [0] * len(self._ids)
        clusters: list[Cluster] = []
        for members in _trees(forest.parents, ranks, np.concatenate(self._lengths)):
            keeper, likeness = cover(sets, members, self._stage.threshold)
            forest.likest[members] = likeness
            for text, place in zip(members.tolist(), keeper.tolist(), strict=True):
                if members[place] != text:
                    kept[text] = self._ids[members[place]]
                    n_copies[members[place]] += 1
            clusters.append(self._cluster(members, keeper, likeness))
        likest = [None if value == MISSING else value for value in forest.likest.tolist()]
        columns = {
            name: list(compress(values, is_left))
            for name, values in (("n_near_copies", n_copies), ("near_duplicate_jaccard", likest), ("_like", kept))
        }
        return Compared(
            columns=columns, clusters=tuple(sorted(clusters, key=lambda each: (-len(each.members), each.kept)))
        )

    def close(self) -> None:
        """Remove the sequences from the disk."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _sets(self) -> Sets:
        self._file.flush()
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(self._sizes))])
        if starts[-1] == 0:
            return Sets(np.zeros(0, np.uint64), starts)
        return Sets(np.memmap(self._path, np.uint64, mode="r").view(np.ndarray), starts)

    def _connected(self, sets: Sets, ranks: I64, is_left: Flags, should_stop: Callable[[], bool]) -> Forest:
        keys = np.concatenate(self._keys)
        forest = Forest(np.arange(len(ranks)), np.full(len(ranks), MISSING))
        wordy = np.flatnonzero((np.diff(sets.starts) > 0) & is_left)
        for band in range(self._stage.bands):
            for members in _buckets(keys[wordy, band], ranks[wordy]):
                if should_stop():
                    raise Cancelled("refining was stopped while it looked for near duplicates.")
                kernel = connect if len(members) <= MAX_BUCKET else connect_to_leaders
                kernel(sets, wordy[members], forest, self._stage.threshold)
        return forest

    def _cluster(self, members: I64, keeper: I64, likeness: F64) -> Cluster:
        names = [self._ids[int(text)] for text in members]
        rows = [(place, int(by), float(value)) for place, (by, value) in enumerate(zip(keeper, likeness, strict=True))]
        return Cluster(
            kept=tuple(names[place] for place, by, _ in rows if place == by),
            members=tuple(
                Member(id=names[place], kept=names[by], likeness=value) for place, by, value in rows if place != by
            ),
        )


def _buckets(keys: U64, ranks: I64) -> Iterator[I64]:
    """The places of keys that occur more than once, each group in the order of `ranks`."""
    order = np.lexsort((ranks, keys))
    bounds = buckets_of(keys, order)
    for bucket in np.flatnonzero(np.diff(bounds) > 1).tolist():
        yield order[bounds[bucket] : bounds[bucket + 1]]


def _trees(parents: I64, ranks: I64, lengths: I64) -> Iterator[I64]:
    """The texts of each tree with more than one, the longest first, of equals the one with the smallest id."""
    roots = roots_of(parents)
    order = np.lexsort((ranks, -lengths, roots))
    bounds = buckets_of(roots.astype(np.uint64), order)
    for tree in np.flatnonzero(np.diff(bounds) > 1).tolist():
        yield order[bounds[tree] : bounds[tree + 1]]
