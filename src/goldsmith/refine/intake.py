"""Turns the documents of all sources into numbered batches, and catches ids that stand twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, cast

import msgspec
from xxhash import xxh3_128_digest

from goldsmith.kit.arrow import make_batch
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import ORDER, RawDocument, Reading, Source
from goldsmith.refine.pipeline import DIGEST, HALTED, RAW_KINDS, RECORDED, STOPS, UNFINISHED
from goldsmith.refine.seen_ids import SeenIds

MAX_ROWS = 512
MAX_BYTES = 4 << 20
USUAL_BYTES = 1 << 20
"""What a batch has on average: after each document it ends by a chance in proportion to the size of the document."""

LEAST_BYTES = 8 << 10
"""What a document counts at least, so that small ones make batches of some 128."""


class Documents(Protocol):
    """Documents on their way into a run.

    Attributes:
        total: how many there are, where it is known before.
        n_by_source: how many came so far, by source.
    """

    total: int | None
    n_by_source: dict[str, int]

    def batches(self) -> Iterator[Batch]:
        """The documents in the order of reading."""
        ...


class Intake:
    """The documents of several sources as one stream of batches, in which the second document with an id is marked."""

    __slots__ = ("_readings", "n_by_source", "total")

    def __init__(self, readings: Sequence[tuple[Source, Reading]]) -> None:
        self._readings = readings
        totals = [reading.total for _, reading in readings]
        self.total = None if any(total is None for total in totals) else sum(total or 0 for total in totals)
        self.n_by_source: dict[str, int] = {source.label: 0 for source, _ in readings}

    def batches(self) -> Iterator[Batch]:
        """The documents, at most 512 or about 4 MiB of them at a time.

        Where a batch ends is decided by the document there alone, so that a document more or less changes the batch
        that it is in, and hardly any other.
        """
        rows: list[Mapping[str, object]] = []
        n_bytes = 0
        with SeenIds() as seen:
            for number, (source, document) in enumerate(self._documents()):
                row = row_of(number, source, document, used=_used(document, seen))
                rows.append(row)
                size = len(document.raw or b"") + 4 * len(document.text or "")
                n_bytes += size
                if len(rows) == MAX_ROWS or n_bytes >= MAX_BYTES or _is_end(cast("bytes", row[DIGEST]), size):
                    yield _as_batch(rows)
                    rows, n_bytes = [], 0
        if rows:
            yield _as_batch(rows)

    def _documents(self) -> Iterator[tuple[str, RawDocument]]:
        for source, reading in self._readings:
            for document in reading.documents:
                self.n_by_source[source.label] += 1
                yield source.label, document


def row_of(number: int, source: str, document: RawDocument, *, used: str | None = None) -> Mapping[str, object]:
    """The values of `RAW_KINDS` for a document as it was read.

    Args:
        number: its place.
        source: the label of its source.
        document: the document.
        used: what used its id before, in words; None when nothing did.
    """
    known: dict[str, str | bytes | None] = {
        "id": document.id,
        "text": document.text,
        "source": source,
        "language": None,
        "meta": msgspec.json.encode(document.meta, order="sorted").decode(),
        "_media": document.media,
        "_raw": document.raw,
        "_unreadable": document.failure,
        "_used_id": used,
    }
    state = {STOPS: None, HALTED: False, RECORDED: None, UNFINISHED: None}
    return {ORDER: number, **known, DIGEST: _digest(known.values()), **state}


def _digest(values: Iterable[str | bytes | None]) -> bytes:
    """A hash of values that says where each of them ends."""
    pieces: list[bytes] = []
    for value in values:
        content = value.encode(errors="surrogatepass") if isinstance(value, str) else value
        pieces += (b"-",) if content is None else (b"%d:" % len(content), content)
    return xxh3_128_digest(b"".join(pieces))


def _is_end(digest: bytes, size: int) -> bool:
    """Whether a batch ends after a document: by a chance, which belongs to the document, in proportion to its size."""
    return int.from_bytes(digest[:8], "big") * USUAL_BYTES < max(size, LEAST_BYTES) << 64


def _used(document: RawDocument, seen: SeenIds) -> str | None:
    if document.failure:
        return None
    first = seen.add(document.id, document.origin)
    if first is None:
        return None
    return f"the id {document.id!r} of {document.origin} was used before by {first}; give one of them another id"


def _as_batch(rows: Sequence[Mapping[str, object]]) -> Batch:
    return make_batch({name: [row[name] for row in rows] for name in RAW_KINDS}, RAW_KINDS)
