"""Finds documents with the same address by 128-bit hashes: 16 bytes, a number and the id of each are kept in memory."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from xxhash import xxh3_128_digest

from goldsmith.errors import Cancelled
from goldsmith.kit.columns import Batch
from goldsmith.refine.addresses import address_of, known_of
from goldsmith.refine.comparisons.exact import clusters_of_copies
from goldsmith.refine.model import Compared, CorpusStage
from goldsmith.refine.stages.url_duplicates import UrlDuplicates

DATES = ("date", "timestamp", "crawl_date", "fetch_time", "WARC-Date")
"""What a source may call the time when a document was fetched, in the order in which they are looked at."""

_NO_ADDRESS = b""


class UrlComparison:
    """Groups documents by the hash of what the addresses of a page have in common; the best of a group stands for it.

    The best has the highest number (length or time), then the longest text, and of equals the smallest id.
    """

    __slots__ = ("_digests", "_ids", "_ranks", "_stage")

    def __init__(self, stage: CorpusStage, folder: Path) -> None:
        del folder
        self._stage = cast("UrlDuplicates", stage)
        self._ids: list[str] = []
        self._digests: list[bytes] = []
        self._ranks: list[tuple[int, int]] = []

    def add(self, batch: Batch) -> None:
        """See the next documents, in reading order."""
        columns = (batch.column(name).to_pylist() for name in ("id", "meta", "text"))
        for name, meta, text in zip(*columns, strict=True):
            known = known_of(meta)
            address = address_of(name, known)
            form = None if address is None else self._stage.form_of(address)
            self._ids.append(name)
            self._digests.append(_NO_ADDRESS if form is None else xxh3_128_digest(form.encode()))
            first = _time_of(known) if self._stage.keep == "latest" else 0
            self._ranks.append((-first, 0 if self._stage.keep == "first" else -len(text)))

    def decide(self, should_stop: Callable[[], bool]) -> Compared:
        """For each document added: the id of the document with its address, and how many others have it.

        Raises:
            Cancelled: `should_stop` said so.
        """
        if should_stop():
            raise Cancelled("refining was stopped while it looked for addresses that occur again.")
        best: dict[bytes, tuple[tuple[int, int], str]] = {}
        for digest, rank, name in zip(self._digests, self._ranks, self._ids, strict=True):
            known = best.get(digest)
            if known is None or (rank, name) < known:
                best[digest] = (rank, name)
        copies = Counter(self._digests)
        pairs = [
            (name, name if digest == _NO_ADDRESS else best[digest][1])
            for name, digest in zip(self._ids, self._digests, strict=True)
        ]
        counts = (
            0 if name != kept or digest == _NO_ADDRESS else copies[digest] - 1
            for (name, kept), digest in zip(pairs, self._digests, strict=True)
        )
        columns = {
            "n_url_copies": list(counts),
            "_same_url_as": [None if name == kept else kept for name, kept in pairs],
        }
        return Compared(columns=columns, clusters=clusters_of_copies(pairs))

    def close(self) -> None:
        """Nothing lies on the disk."""


def _time_of(known: Mapping[str, str]) -> int:
    """When a document was fetched, in seconds since 1970; 0 where that is not known."""
    for text in filter(None, map(known.get, DATES)):
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            continue
        aware = time if time.tzinfo else time.replace(tzinfo=UTC)
        return int((aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    return 0
