"""Remembers what became of batches of documents, so that a run that was killed goes on, and a later one does less.

A journal is a folder of segments; a segment is a row of records that are only ever appended. A record holds what the
stages that look at each document made of one batch, under a key of what they saw and of what they are. What is torn,
damaged or outdated is not found, and so it is computed anew.
"""

import os
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from io import BufferedWriter
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import NamedTuple, Self, cast, get_origin

import msgspec
from xxhash import xxh3_64_intdigest, xxh3_128_digest

from goldsmith.errors import StorageError
from goldsmith.kit.arrow import packed, unpacked, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import ORDER
from goldsmith.refine.pipeline import DIGEST, RAW_KINDS, STOPS, UNFINISHED_RULE, Outcome
from goldsmith.refine.tallies import StageTally

SEGMENT_BYTES = 512 << 20
"""A segment that has grown to this is followed by another."""

_HEAD = Struct("<4s16sQQQ")
"""A mark, the key, the sizes of the batch and of the tallies, and the XXH3 hash of both."""

_MARK = b"gsj1"

_UNFINISHED = f'"rule":"{UNFINISHED_RULE}"'


class Record(NamedTuple):
    """Where a record lies: its segment, where its content begins, and the sizes of what it holds, in bytes."""

    segment: Path
    start: int
    n_batch: int
    n_tallies: int
    check: int

    @property
    def end(self) -> int:
        """Where the next record begins."""
        return self.start + self.n_batch + self.n_tallies


class Journal:
    """The journal of a run. It goes on with what a killed run left in its folder; older journals are only read."""

    __slots__ = ("_is_sound", "_known", "_own", "_stages", "_used", "_writer")

    def __init__(self, folder: Path, stages: bytes, *, older: Sequence[Path] = ()) -> None:
        """Open or make a journal.

        Args:
            folder: where it lies.
            stages: what the stages are whose work it remembers: a hash of all that decides about their results.
            older: folders of finished journals to look things up in; those that do not exist are passed over.
        """
        self._stages = stages
        self._own = dict(read_records(folder))
        self._known = {key: record for each in older for key, record in read_records(each)} | self._own
        self._used: dict[bytes, None] = {}
        self._is_sound = True
        self._writer = _Writer(folder, list(self._own.values()))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look up."""
        return not self._known

    def key_of(self, batch: Batch) -> bytes:
        """What a batch is remembered under: the documents in it and the stages, not the place of the documents."""
        digests: list[bytes] = batch.column(DIGEST).to_pylist()
        return xxh3_128_digest(self._stages + b"".join(digests))

    def knows(self, key: bytes) -> bool:
        """Whether a sound record of a batch is there."""
        record = self._known.get(key)
        if record is None:
            return False
        if _content(record) is None:
            del self._known[key]
            self._is_sound = self._own.pop(key, None) is None and self._is_sound
            return False
        return True

    def get(self, key: bytes, first: int) -> Outcome:
        """What became of a batch that it knows, whose documents stand in the order of reading from `first` on.

        Raises:
            StorageError: the record was damaged since, or is of a version that cannot be read.
        """
        record = self._known[key]
        content = _content(record)
        try:
            batch, tallies = _opened(content or b"", record.n_batch)
        except (ValueError, OSError, msgspec.DecodeError) as error:
            problem = f"the journal of an earlier run cannot be read: {record.segment}."
            raise StorageError(problem, hint="Remove its folder and run again.") from error
        self._note(key, content or b"", record.n_batch)
        numbers = list(range(first, first + batch.num_rows))
        return Outcome(batch=with_columns(batch, {ORDER: numbers}, RAW_KINDS), tallies=tallies)

    def put(self, key: bytes, outcome: Outcome) -> None:
        """Remember what became of a batch, unless a stage did not finish with a document: that may pass."""
        known: list[str | None] = outcome.batch.column(STOPS).to_pylist()
        if any(each is not None and _UNFINISHED in each for each in known):
            return
        batch = packed(with_columns(outcome.batch, {ORDER: [0] * outcome.batch.num_rows}, RAW_KINDS))
        tallies = msgspec.msgpack.encode(outcome.tallies)
        self._note(key, batch + tallies, len(batch))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        """Finish it, unless the run ended early: then the next one needs all that is there."""
        self._writer.close()
        if kind is None:
            self._finish()

    def _finish(self) -> None:
        """Keep what this run used, in the order of reading, whatever runs were killed before."""
        if not self._is_sound or list(self._own) != list(self._used)[: len(self._own)]:
            self._rewrite()

    def _note(self, key: bytes, content: bytes, n_batch: int) -> None:
        if key not in self._used and key not in self._own:
            self._writer.write(key, content, n_batch)
        self._used[key] = None

    def _rewrite(self) -> None:
        folder = self._writer.folder
        records, new = dict(read_records(folder)), folder.with_name(folder.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        writer = _Writer(new, [])
        for key in self._used:
            writer.write(key, _content(records[key]) or b"", records[key].n_batch)
        writer.close()
        shutil.rmtree(folder)
        _ = new.rename(folder)


class _Writer:
    """Appends records to the last segment of a folder, after cutting off what a kill left unfinished there."""

    __slots__ = ("_file", "_n_segments", "folder")

    def __init__(self, folder: Path, records: Sequence[Record]) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        segments = sorted(folder.glob("segment-*"))
        self._n_segments = len(segments)
        self._file: BufferedWriter | None = None
        if segments:
            ends = [record.end for record in records if record.segment == segments[-1]]
            os.truncate(segments[-1], max(ends, default=0))
            self._file = segments[-1].open("ab")

    def write(self, key: bytes, content: bytes, n_batch: int) -> None:
        """Append a record; a kill from now on does not lose it."""
        if self._file is not None and self._file.tell() >= SEGMENT_BYTES:
            self.close()
        file = self._file or self._next()
        head = _HEAD.pack(_MARK, key, n_batch, len(content) - n_batch, xxh3_64_intdigest(content))
        _ = file.write(head + content)
        file.flush()

    def close(self) -> None:
        """Finish the segment."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _next(self) -> BufferedWriter:
        self._file = (self.folder / f"segment-{self._n_segments:05d}").open("wb")
        self._n_segments += 1
        return self._file


def journaled(
    journal: Journal, batches: Iterator[Batch], compute: Callable[[Iterator[Batch]], Iterator[Outcome]]
) -> Iterator[Outcome]:
    """What becomes of each batch, in order: looked up where the journal knows it, else computed, and noted there.

    Args:
        journal: the journal.
        batches: documents as they were read.
        compute: gives what becomes of batches, in order; it may take some of them ahead.
    """
    for batch in batches:
        key = journal.key_of(batch)
        if not journal.knows(key):
            yield from _mixed(journal, chain([batch], batches), compute)
            return
        yield journal.get(key, _first(batch))


def _mixed(
    journal: Journal, batches: Iterator[Batch], compute: Callable[[Iterator[Batch]], Iterator[Outcome]]
) -> Iterator[Outcome]:
    waiting: deque[tuple[bytes, int, bool]] = deque()

    def unknown() -> Iterator[Batch]:
        for batch in batches:
            key = journal.key_of(batch)
            is_known = journal.knows(key)
            waiting.append((key, _first(batch), is_known))
            if not is_known:
                yield batch

    for outcome in compute(unknown()):
        while waiting[0][2]:
            key, first, _ = waiting.popleft()
            yield journal.get(key, first)
        key, *_ = waiting.popleft()
        journal.put(key, outcome)
        yield outcome
    for key, first, _ in waiting:
        yield journal.get(key, first)


def _first(batch: Batch) -> int:
    return batch.slice(0, 1).column(ORDER).to_pylist()[0]


def read_records(folder: Path) -> Iterator[tuple[bytes, Record]]:
    """The keys and places of the whole records in a folder, in order; none of a folder that does not exist."""
    for segment in sorted(folder.glob("segment-*")):
        size, start = segment.stat().st_size, 0
        with segment.open("rb") as file:
            while start + _HEAD.size <= size:
                _ = file.seek(start)
                mark, key, n_batch, n_tallies, check = _HEAD.unpack(file.read(_HEAD.size))
                record = Record(segment, start + _HEAD.size, n_batch, n_tallies, check)
                if mark != _MARK or record.end > size:
                    break
                yield key, record
                start = record.end


def _content(record: Record) -> bytes | None:
    """The content of a record; none when it was damaged or is gone."""
    try:
        with record.segment.open("rb") as file:
            _ = file.seek(record.start)
            content = file.read(record.n_batch + record.n_tallies)
    except OSError:
        return None
    return content if xxh3_64_intdigest(content) == record.check else None


def _opened(content: bytes, n_batch: int) -> tuple[Batch, tuple[StageTally, ...]]:
    tallies = msgspec.msgpack.decode(content[n_batch:], type=tuple[StageTally, ...], dec_hook=_from_plain)
    return unpacked(content[:n_batch]), tallies


def _from_plain(wanted: type, plain: object) -> object:
    return Counter(cast("dict[str, int]", plain)) if get_origin(wanted) is Counter else plain
