"""Finds documents with the same words by 128-bit hashes: 16 bytes and the id of each document are kept in memory."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from xxhash import xxh3_128_digest

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import TextList
from goldsmith.kit.columns import Batch
from goldsmith.refine.comparisons.lookups import Lookup
from goldsmith.refine.comparisons.spills import U64
from goldsmith.refine.model import Cluster, Compared, CorpusStage, Member


class ExactComparison:
    """Groups documents by the hash of their words; the smallest id of a group stands for it."""

    __slots__ = ("_hashes", "_ids")

    def __init__(self, stage: CorpusStage, folder: Path) -> None:
        del stage, folder
        self._ids = TextList()
        self._hashes: list[U64] = [np.zeros((0, 2), np.uint64)]

    def add(self, batch: Batch) -> None:
        """See the next documents, in reading order."""
        digests = [xxh3_128_digest(" ".join(text.split()).encode()) for text in batch.column("text").to_pylist()]
        self._ids.add(batch, "id")
        self._hashes.append(np.frombuffer(b"".join(digests), np.uint64).reshape(-1, 2))

    def decide(self, should_stop: Callable[[], bool]) -> Compared:
        """For each document added: the id of the document that it repeats, and how many repeat it."""
        if should_stop():
            raise Cancelled("refining was stopped while it looked for exact duplicates.")
        hashes = np.concatenate(self._hashes)
        order = np.lexsort((self._ids.ranks(), hashes[:, 1], hashes[:, 0]))
        is_first = np.append(True, np.any(hashes[order[1:]] != hashes[order[:-1]], axis=1))[: len(order)]
        groups = np.cumsum(is_first) - 1
        firsts = order[is_first]
        originals, n_copies = np.empty(len(order), np.int64), np.zeros(len(order), np.int64)
        originals[order] = firsts[groups]
        n_copies[firsts] = np.bincount(groups) - 1

        def original_of(place: int) -> str | None:
            return None if originals[place] == place else self._ids[int(originals[place])]

        columns = {"n_copies": n_copies.tolist(), "_same_as": Lookup(len(order), original_of)}
        copies = np.flatnonzero(originals != np.arange(len(order))).tolist()
        pairs = ((self._ids[copy], self._ids[int(originals[copy])]) for copy in copies)
        return Compared(columns=columns, clusters=clusters_of_copies(pairs))

    def close(self) -> None:
        """Nothing lies on the disk."""


def clusters_of_copies(pairs: Iterable[tuple[str, str]]) -> tuple[Cluster, ...]:
    """The clusters of documents and what is kept for each, the largest first; a document kept for itself is in none."""
    members: dict[str, list[Member]] = {}
    for name, kept in pairs:
        if name != kept:
            members.setdefault(kept, []).append(Member(id=name, kept=kept, likeness=1.0))
    return tuple(
        Cluster(kept=(kept,), members=tuple(sorted(copied, key=lambda member: member.id)))
        for kept, copied in sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    )
