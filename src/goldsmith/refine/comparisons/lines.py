"""Finds lines that many documents have, by 128-bit hashes that lie on the disk: 8 bytes a document stay in memory."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, cast

import msgspec
import numpy as np
from xxhash import xxh3_128_digest

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import TextList
from goldsmith.kit.columns import Batch
from goldsmith.refine.comparisons.cuts import UNSPACED, Repeat, joined
from goldsmith.refine.comparisons.lookups import Lookup
from goldsmith.refine.comparisons.spills import I64, N_PARTS, U64, Places, Spill
from goldsmith.refine.model import Compared, CorpusStage
from goldsmith.refine.stages.line_duplicates import LineDuplicates

_NOBODY = (1 << 64) - 1
_SHIFT = np.uint64(64 - (N_PARTS - 1).bit_length())


class RepeatedLine(NamedTuple):
    """A line that too many documents have: its number in its document, how many have it, and the one that keeps it."""

    number: int
    n_documents: int
    kept: str | None


class LineComparison:
    """Counts in how many documents each line stands, and finds those that are to go.

    The result depends on the documents alone, not on the order in which they are added.
    """

    __slots__ = ("_folder", "_hashes", "_ids", "_sizes", "_stage")

    def __init__(self, stage: CorpusStage, folder: Path) -> None:
        self._stage = cast("LineDuplicates", stage)
        self._folder = folder
        self._hashes = Spill(folder, width=3)
        self._ids = TextList()
        self._sizes: list[I64] = [np.zeros(1, np.int64)]

    def add(self, batch: Batch) -> None:
        """See the next documents, in reading order."""
        texts: list[str] = batch.column("text").to_pylist()
        sizes = np.array([text.count("\n") + 1 for text in texts], np.int64)
        base = int(self._sizes[-1][-1])
        ends = base + np.cumsum(sizes)
        digests, places = bytearray(), list[int]()
        for text, end, size in zip(texts, ends.tolist(), sizes.tolist(), strict=True):
            for number, words in comparable(text, self._stage.min_characters):
                digests += xxh3_128_digest(words.encode())
                places.append(end - size + number)
        hashes = np.frombuffer(digests, np.uint64).reshape(-1, 2)
        parts = (hashes[:, 0] >> _SHIFT).astype(np.int64)
        self._hashes.write(parts, hashes[:, 0], hashes[:, 1], np.array(places, np.int64))
        self._ids.add(batch, "id")
        if texts:
            self._sizes.append(ends)

    def decide(self, should_stop: Callable[[], bool]) -> Compared:
        """For each document added: the lines that are to go, as JSON.

        Raises:
            Cancelled: `should_stop` said so.
        """
        starts = np.concatenate(self._sizes)
        ranks = self._ids.ranks()
        found = Places(self._folder, n_places=int(starts[-1]), width=2)
        for part in range(N_PARTS):
            if should_stop():
                raise Cancelled("refining was stopped while it looked for lines that many documents have.")
            self._find(self._hashes.read(part), starts, ranks, found)
        repeated = partial(_repeated_in, found=found, starts=starts, ids=self._ids)
        return Compared(columns={"_shared_lines": Lookup(len(starts) - 1, repeated)}, clusters=())

    def close(self) -> None:
        """Remove the hashes from the disk."""
        self._hashes.close()

    def _find(self, rows: Sequence[U64], starts: I64, ranks: I64, found: Places) -> None:
        """Write the lines of a part that are to go: place, documents that have it, and the document that keeps it."""
        stage = self._stage
        order = np.lexsort((rows[1], rows[0]))  # stable: equal lines stay in the order of their places
        high, low = rows[0][order], rows[1][order]
        is_first = np.concatenate([[True], (high[1:] != high[:-1]) | (low[1:] != low[:-1])])[: len(order)]
        group = np.cumsum(is_first) - 1
        often = np.bincount(group)[group] > stage.max_documents if len(group) else np.zeros(0, np.bool_)
        if not often.any():
            return
        places, groups = rows[2][order][often].astype(np.int64), group[often]
        documents = np.searchsorted(starts, places, side="right") - 1
        begins = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
        is_new = np.concatenate([[True], documents[1:] != documents[:-1]])
        is_new[begins] = True
        sizes = np.diff(np.append(begins, len(groups)))
        n_documents = np.repeat(np.add.reduceat(is_new.astype(np.int64), begins), sizes)
        lowest = np.repeat(np.minimum.reduceat(ranks[documents], begins), sizes)
        is_original = (ranks[documents] == lowest) & is_new
        kept = np.repeat(documents[is_original], sizes) if stage.keep == "first" else np.full(len(places), -1)
        goes = n_documents > stage.max_documents
        if stage.keep == "first":
            goes &= ~is_original
        found.write(places[goes], n_documents[goes], kept[goes])


def _repeated_in(document: int, found: Places, starts: I64, ids: TextList) -> str:
    start, stop = int(starts[document]), int(starts[document + 1])
    lines, n_documents, kept = (column.tolist() for column in found.between(start, stop))
    rows = [
        RepeatedLine(line - start, n, None if by == _NOBODY else ids[by])
        for line, n, by in zip(lines, n_documents, kept, strict=True)
    ]
    return msgspec.json.encode(rows).decode()


def comparable(text: str, min_characters: int) -> Iterator[tuple[int, str]]:
    """The numbers of the lines that are long enough, each with what is compared of it: lower case, single spaces."""
    for number, line in enumerate(text.lower().split("\n")):
        if 2 * len(line) < min_characters:
            continue
        words = " ".join(line.split())
        n_characters = len(words)
        if n_characters < min_characters and not words.isascii():
            n_characters += len(UNSPACED.findall(words))
        if n_characters >= min_characters:
            yield number, words


def repeats_of(text: str, repeated: str) -> list[Repeat]:
    """The spans of `text` with the lines that `repeated` names, as JSON; each goes with its line feed."""
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    named = msgspec.json.decode(repeated, type=list[RepeatedLine])
    found = joined(
        Repeat(starts[each.number], starts[each.number + 1], (each.kept,), (each.n_documents,)) for each in named
    )
    if found and found[-1].end > len(text):  # the last line has no line feed: the one before it goes
        start, _, kept, n_documents = found.pop()
        found.append(Repeat(max(0, start - 1), len(text), kept, n_documents))
    return joined(found)
