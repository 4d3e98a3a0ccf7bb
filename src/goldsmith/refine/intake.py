"""Turns the documents of all sources into numbered batches, and catches ids that stand twice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from goldsmith.kit.arrow import make_batch
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import ORDER, RawDocument, Reading, Source
from goldsmith.refine.pipeline import HALTED, RAW_KINDS, RECORDED, STOPS, UNFINISHED
from goldsmith.refine.seen_ids import SeenIds

MAX_ROWS = 256
MAX_BYTES = 4 << 20


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
        """The documents, at most 256 or about 4 MiB of them at a time."""
        rows: list[Mapping[str, object]] = []
        n_bytes = 0
        with SeenIds() as seen:
            for number, (source, document) in enumerate(self._documents()):
                rows.append(_row(number, source, document, seen))
                n_bytes += len(document.raw or b"") + 4 * len(document.text or "")
                if len(rows) == MAX_ROWS or n_bytes >= MAX_BYTES:
                    yield _as_batch(rows)
                    rows, n_bytes = [], 0
        if rows:
            yield _as_batch(rows)

    def _documents(self) -> Iterator[tuple[str, RawDocument]]:
        for source, reading in self._readings:
            for document in reading.documents:
                self.n_by_source[source.label] += 1
                yield source.label, document


def _row(number: int, source: str, document: RawDocument, seen: SeenIds) -> Mapping[str, object]:
    return {
        ORDER: number,
        "id": document.id,
        "text": document.text,
        "source": source,
        "language": None,
        "meta": msgspec.json.encode(document.meta, order="sorted").decode(),
        "_media": document.media,
        "_raw": document.raw,
        "_unreadable": document.failure,
        "_used_id": None if document.failure else _used(document, seen),
        STOPS: None,
        HALTED: False,
        RECORDED: None,
        UNFINISHED: None,
    }


def _used(document: RawDocument, seen: SeenIds) -> str | None:
    first = seen.add(document.id, document.origin)
    if first is None:
        return None
    return f"the id {document.id!r} of {document.origin} was used before by {first}; give one of them another id"


def _as_batch(rows: Sequence[Mapping[str, object]]) -> Batch:
    return make_batch({name: [row[name] for row in rows] for name in RAW_KINDS}, RAW_KINDS)
