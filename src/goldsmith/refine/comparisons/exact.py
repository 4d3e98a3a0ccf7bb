"""Finds documents with the same words by 128-bit hashes: 16 bytes and the id of each document are kept in memory."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from xxhash import xxh3_128_digest

from goldsmith.errors import Cancelled
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import Cluster, Compared, CorpusStage, Member


class ExactComparison:
    """Groups documents by the hash of their words; the smallest id of a group stands for it."""

    __slots__ = ("_digests", "_ids")

    def __init__(self, stage: CorpusStage, folder: Path) -> None:
        del stage, folder
        self._ids: list[str] = []
        self._digests: list[bytes] = []

    def add(self, batch: Batch) -> None:
        """See the next documents, in reading order."""
        self._ids.extend(batch.column("id").to_pylist())
        self._digests.extend(
            xxh3_128_digest(" ".join(text.split()).encode()) for text in batch.column("text").to_pylist()
        )

    def decide(self, should_stop: Callable[[], bool]) -> Compared:
        """For each document added: the id of the document that it repeats, and how many repeat it."""
        if should_stop():
            raise Cancelled("refining was stopped while it looked for exact duplicates.")
        first: dict[bytes, str] = {}
        for digest, name in zip(self._digests, self._ids, strict=True):
            known = first.get(digest)
            if known is None or name < known:
                first[digest] = name
        copies = Counter(self._digests)
        originals = [first[digest] for digest in self._digests]
        pairs = list(zip(self._ids, originals, strict=True))
        columns = {
            "n_copies": [
                copies[digest] - 1 if name == kept else 0
                for (name, kept), digest in zip(pairs, self._digests, strict=True)
            ],
            "_same_as": [None if name == kept else kept for name, kept in pairs],
        }
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
