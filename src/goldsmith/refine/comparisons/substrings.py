"""Finds passages that stand more than once in a corpus: words and hashes lie on the disk, 8 bytes a document do not."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import msgspec
import numpy as np

from goldsmith.errors import Cancelled
from goldsmith.kit.arrow import TextList, utf8
from goldsmith.kit.columns import Batch
from goldsmith.refine.comparisons.cuts import Repeat, joined
from goldsmith.refine.comparisons.lookups import Lookup
from goldsmith.refine.comparisons.minhash import word_bounds
from goldsmith.refine.comparisons.passages import Words, first_equals, packed, window_hashes
from goldsmith.refine.comparisons.spills import I64, N_PARTS, U64, Places, Spill
from goldsmith.refine.model import Compared, CorpusStage
from goldsmith.refine.stages.substring_duplicates import SubstringDuplicates

_SHIFT = np.uint64(64 - (N_PARTS - 1).bit_length())


class RepeatedPassage(NamedTuple):
    """The words `[start, end)` of a document stand in another place, whose document keeps them."""

    start: int
    end: int
    kept: str


class SubstringComparison:
    """Finds windows of words that stand more than once, by their hashes, and compares the words of those.

    Of equal windows the one in the document with the smallest id is the first, in a document the one furthest to the
    left. The result depends on the documents alone, not on the order in which they are added.
    """

    __slots__ = ("_begins", "_folder", "_hashes", "_ids", "_n_bytes", "_stage", "_starts", "_stream")

    def __init__(self, stage: CorpusStage, folder: Path) -> None:
        self._stage = cast("SubstringDuplicates", stage)
        self._folder = folder
        self._hashes = Spill(folder, width=2)
        self._ids = TextList()
        self._starts: list[I64] = [np.zeros(1, np.int64)]
        self._stream = (folder / "words.bin").open("wb")
        self._begins = (folder / "begins.bin").open("wb")
        self._n_bytes = 0

    def add(self, batch: Batch) -> None:
        """See the next documents, in reading order."""
        texts = utf8(batch, "text")
        starts, ends, firsts = word_bounds(texts.content, texts.offsets)
        stream, begins = packed(texts.content, starts, ends)
        hashes, places = window_hashes(stream, firsts, self._stage.words)
        base = int(self._starts[-1][-1])
        self._hashes.write((hashes >> _SHIFT).astype(np.int64), hashes, places + base)
        self._stream.write(stream.tobytes())
        self._begins.write((begins + self._n_bytes).tobytes())
        self._n_bytes += len(stream)
        self._ids.add(batch, "id")
        if batch.num_rows:
            self._starts.append(firsts[1:] + base)

    def decide(self, should_stop: Callable[[], bool]) -> Compared:
        """For each document added: the passages that are to go, as JSON.

        Raises:
            Cancelled: `should_stop` said so.
        """
        self._begins.write(np.int64(self._n_bytes).tobytes())
        for file in (self._begins, self._stream):
            file.flush()
        starts = np.concatenate(self._starts)
        ranks = self._ids.ranks()
        found = Places(self._folder, n_places=int(starts[-1]), width=1)
        for part in range(N_PARTS):
            if should_stop():
                raise Cancelled("refining was stopped while it looked for repeated passages.")
            self._find(self._hashes.read(part), starts, ranks, found)
        repeated = _Repeated(found, starts, self._ids, self._stage.words)
        return Compared(columns={"_repeated_passages": Lookup(len(starts) - 1, repeated.within)}, clusters=())

    def close(self) -> None:
        """Remove words and hashes from the disk."""
        self._hashes.close()
        for file in (self._begins, self._stream):
            file.close()
            Path(file.name).unlink(missing_ok=True)

    def _find(self, rows: Sequence[U64], starts: I64, ranks: I64, found: Places) -> None:
        """Write the windows of a part that repeat another one, each with that one."""
        order = np.argsort(rows[0])
        hashes = rows[0][order]
        is_same = hashes[1:] == hashes[:-1]
        several = np.append(False, is_same) | np.append(is_same, False)
        if len(hashes) == 0 or not several.any():
            return
        hashes, places = hashes[several], rows[1][order][several].astype(np.int64)
        documents = np.searchsorted(starts, places, side="right") - 1
        order = np.lexsort((places, ranks[documents], hashes))
        hashes, places = hashes[order], places[order]
        bounds = np.append(np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])), len(hashes))
        words = Words(
            np.memmap(self._stream.name, np.uint8, mode="r").view(np.ndarray),
            np.memmap(self._begins.name, np.int64, mode="r").view(np.ndarray),
        )
        firsts = first_equals(words, places, bounds, self._stage.words)
        goes = firsts != places
        found.write(places[goes], firsts[goes])


class _Repeated(NamedTuple):
    """Every window that repeats another one, and what it takes to say so."""

    found: Places
    starts: I64
    ids: TextList
    length: int

    def within(self, document: int) -> str:
        return msgspec.json.encode(list(self._passages(document))).decode()

    def _passages(self, document: int) -> Iterator[RepeatedPassage]:
        base, stop = int(self.starts[document]), int(self.starts[document + 1])
        windows, firsts = (column.astype(np.int64) for column in self.found.between(base, stop))
        if len(windows) == 0:
            return
        # a window that overlaps the one it repeats leaves that one whole
        begins = np.where((firsts >= base) & (firsts < windows), np.maximum(windows, firsts + self.length), windows)
        ends = windows + self.length
        order = np.argsort(begins, kind="stable")
        begins, ends, firsts = begins[order], np.maximum.accumulate(ends[order]), firsts[order]
        cuts = np.flatnonzero(np.append(True, begins[1:] > ends[:-1]))
        keepers = np.searchsorted(self.starts, firsts[cuts], side="right") - 1
        last = np.append(cuts[1:], len(ends)) - 1
        for start, end, keeper in zip(begins[cuts].tolist(), ends[last].tolist(), keepers.tolist(), strict=True):
            yield RepeatedPassage(start - base, end - base, self.ids[keeper])


def repeats_of(text: str, repeated: str) -> list[Repeat]:
    """The spans of `text` with the passages that `repeated` names, as JSON; marks and spaces after them go too."""
    passages = msgspec.json.decode(repeated, type=list[RepeatedPassage])
    if not passages:
        return []
    content = text.encode()
    starts, ends, _ = word_bounds(np.frombuffer(content, np.uint8), np.array([0, len(content)], np.int64))
    found: list[Repeat] = []
    done_bytes = done = 0
    for each in passages:
        begin, end = int(starts[each.start]), int(ends[each.end - 1])
        next_word = int(starts[each.end]) if each.end < len(starts) else len(content)
        start = done + len(content[done_bytes:begin].decode())
        stop = start + len(content[begin:end].decode())
        limit = stop + len(content[end:next_word].decode())
        found.append(Repeat(start, _with_marks(text, start, stop, limit), (each.kept,)))
        done_bytes, done = end, stop
    return joined(found)


def _with_marks(text: str, start: int, stop: int, limit: int) -> int:
    """Where a passage ends with the marks and spaces after it, and with its line feed, if it is a whole line."""
    while stop < limit and not text[stop].isspace():
        stop += 1
    while stop < limit and text[stop].isspace() and text[stop] != "\n":
        stop += 1
    is_line = start == 0 or text[start - 1] == "\n"
    return stop + 1 if is_line and stop < limit and text[stop] == "\n" else stop
