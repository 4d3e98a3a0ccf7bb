"""Takes the documents of a finished run up again, with the scores that it wrote, so that rules can decide anew."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from goldsmith.kit.arrow import join_rows, names_of, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.kit.parquet import read_parquet
from goldsmith.refine.model import ORDER, DocumentStage, Stage
from goldsmith.refine.outputs import DROPPED, FAILED, KEPT, parts_of, read_report
from goldsmith.refine.pipeline import HALTED, RAW_KINDS, RECORDED, STOPS, UNFINISHED, UNFINISHED_RULE
from goldsmith.refine.rules import Present, Stop


class StoredDocuments:
    """The kept, dropped and failed documents of a run in the order in which they were read."""

    __slots__ = ("_out", "n_by_source", "total")

    def __init__(self, out: Path) -> None:
        """Open the folder of a finished run.

        Raises:
            NotFound: `out` is not the folder of a finished run.
        """
        report = read_report(out)
        self._out = out
        self.total: int | None = report.n_read
        self.n_by_source: dict[str, int] = dict.fromkeys((each.source for each in report.sources), 0)

    def batches(self) -> Iterator[Batch]:
        """The documents, as many at a time as one row group of each folder holds at most."""
        for batch in _in_order([read_parquet(parts_of(self._out, kind)) for kind in (KEPT, DROPPED, FAILED)]):
            for source, n in Counter(batch.column("source").to_pylist()).items():
                self.n_by_source[source] = self.n_by_source.get(source, 0) + n
            yield _opened(batch)


def recorded(stage: DocumentStage, batch: Batch) -> Mapping[str, Sequence[object]]:
    """What of a stage's columns is not written: why documents failed in it, from what stopped them then."""
    known = _recorded_stops(batch)
    columns: dict[str, list[object]] = {UNFINISHED: _reasons(known, stage, UNFINISHED_RULE)}
    hidden = [rule for rule in stage.rules() if isinstance(rule, Present) and rule.column.startswith("_")]
    return columns | {rule.column: _reasons(known, stage, rule.name) for rule in hidden}


def _recorded_stops(batch: Batch) -> list[tuple[Stop, ...]]:
    raw: list[str | None] = batch.column(RECORDED).to_pylist()
    return [() if each is None else msgspec.json.decode(each, type=tuple[Stop, ...]) for each in raw]


def _reasons(known: Sequence[Sequence[Stop]], stage: Stage, rule: str) -> list[object]:
    """For each document why the rule stopped it, if it did."""
    return [
        next((stop.reason for stop in stops if (stop.stage, stop.rule) == (stage.name, rule)), None) for stops in known
    ]


def _opened(batch: Batch) -> Batch:
    """Nothing has stopped the documents yet; what stopped them before is kept aside."""
    none: list[object] = [None] * batch.num_rows
    recorded_stops = batch.column("stops").to_pylist() if "stops" in names_of(batch) else none
    state = {STOPS: none, HALTED: [False] * batch.num_rows, RECORDED: recorded_stops, UNFINISHED: none}
    return with_columns(batch, state, RAW_KINDS)


def _in_order(streams: Sequence[Iterator[Batch]]) -> Iterator[Batch]:
    """The rows of streams, each sorted by number, as one sorted stream."""
    waiting: list[Batch | None] = [next(stream, None) for stream in streams]
    while any(waiting_one is not None for waiting_one in waiting):
        ends = [_numbers(batch)[-1] for batch in waiting if batch is not None]
        cut, ready = min(ends), list[Batch]()
        for place, batch in enumerate(waiting):
            if batch is None:
                continue
            n = sum(number <= cut for number in _numbers(batch))
            if n:
                ready.append(batch.slice(0, n))
            rest = batch.slice(n)
            waiting[place] = rest if rest.num_rows else next(streams[place], None)
        yield _joined(ready)


def _joined(batches: Sequence[Batch]) -> Batch:
    """All rows, with the columns of the batch that has most: those of documents that did not go on."""
    widest = max(batches, key=lambda batch: len(names_of(batch)))
    others = [batch for batch in batches if batch is not widest]
    return join_rows([widest, *others], by=ORDER)


def _numbers(batch: Batch) -> list[int]:
    return batch.column(ORDER).to_pylist()
