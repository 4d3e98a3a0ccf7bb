"""Picks the documents that a report shows while they are written: for each reason those nearest to its threshold, and
some drawn by a hash of their id. The same documents are picked however they are batched, and few are held.
"""

from bisect import insort
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace
from xxhash import xxh3_64_intdigest

from goldsmith.kit.columns import Batch
from goldsmith.refine.evidence.documents import Row, passing, rows_of, shown, stopping, weight_of
from goldsmith.refine.model import ORDER, Stage
from goldsmith.refine.reports import Fate, ShownDocument
from goldsmith.refine.rules import NumberRule, Stop

MAX_WEIGHT = 3_500_000
"""About how many bytes all documents of a page take together."""

Why = Literal["nearest", "drawn", "passed", "changed"]
"""Why a document is shown: it was stopped nearest to the threshold, stopped and drawn, passed nearest, or changed."""

_MOST: dict[Why, int] = {"nearest": 13, "drawn": 12, "passed": 5, "changed": 8}


class Place(NamedTuple):
    """Where documents are shown: a stage, one of its rules (none for what the stage changed), and why."""

    stage: str
    rule: str
    why: Why


MAX_HELD = 50_000
"""Characters of a text that is held until the end of a run, when it is known whether it will be shown."""

Make = Callable[[Row], ShownDocument]
"""Makes what is shown of a document."""


class _InBatch(NamedTuple):
    """A row of the batch at hand, and how it is shown."""

    row: int
    make: Make


class _Hung(NamedTuple):
    """A document in its place, with what it is sorted by.

    It is what will be shown, or how that is made: of a row of the batch at hand, or of what was read of one.
    """

    rank: float
    draw: int
    number: int
    document: ShownDocument | Callable[[], ShownDocument] | _InBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The documents of a report.

    Attributes:
        documents: the documents, in the order of reading.
        places: the numbers of those that are shown at each place, nearest first.
        n_stopped: how many documents each rule of a stage stops, whether another one stopped them before or not.
    """

    documents: tuple[ShownDocument, ...]
    places: dict[Place, tuple[int, ...]]
    n_stopped: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])


class Gallery:
    """The documents to show of a run, picked while documents come to their end."""

    __slots__ = ("_hung", "_n_stopped", "_stages")

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = stages
        self._hung: dict[Place, list[_Hung]] = {}
        self._n_stopped: Counter[tuple[str, str]] = Counter()

    def see_kept(self, batch: Batch) -> None:
        """Look at kept documents."""
        self._see_passed(batch)
        self._see_changed(batch, "kept")
        self._read(batch)

    def see_stopped(self, batch: Batch, fate: Fate) -> None:
        """Look at documents that were dropped or failed, with their columns of verdicts."""
        draws, numbers = _draws(batch), _numbers(batch)
        for row, raw in enumerate(batch.column("stops").to_pylist()):
            stops = msgspec.json.decode(raw, type=list[Stop])
            self._n_stopped.update({(stop.stage, stop.rule) for stop in stops})
            first = stops[0]

            def make(found: Row, stops: list[Stop] = stops) -> ShownDocument:
                return shown(found, fate, self._stages, stopping(stops))

            place = Place(first.stage, first.rule, "drawn")
            self._hang(place, (float(draws[row]), draws[row], numbers[row]), _InBatch(row, make))
            if first.margin is not None:
                nearest = place._replace(why="nearest")
                self._hang(nearest, (first.margin, draws[row], numbers[row]), _InBatch(row, make))
        self._see_changed(batch, fate)
        self._read(batch)

    def chosen(self) -> Shown:
        """The documents to show, as many as a page has room for; every reason has some before another has many."""
        room = MAX_WEIGHT
        documents: dict[int, ShownDocument] = {}
        places: dict[Place, list[_Hung]] = {place: [] for place in self._hung}
        waiting = deque((place, deque(hung)) for place, hung in sorted(self._hung.items()))
        while waiting:
            place, hung = waiting.popleft()
            one = hung.popleft()
            known, found = documents.get(one.number), _made(one)
            document = found if known is None else _together(known, found)
            room -= weight_of(document) - (0 if known is None else weight_of(known))
            if room < 0:
                break
            documents[one.number] = document
            places[place].append(one)
            if hung:
                waiting.append((place, hung))
        return Shown(
            documents=tuple(document for _, document in sorted(documents.items())),
            places={place: tuple(one.number for one in hung) for place, hung in places.items()},
            n_stopped=self._n_stopped,
        )

    def _see_passed(self, batch: Batch) -> None:
        if not batch.num_rows:
            return
        draws, numbers = _draws(batch), _numbers(batch)
        order = np.argsort(np.array(draws, np.uint64), kind="stable")
        for stage, rule in self._number_rules():
            values = np.array(batch.column(rule.number).to_pylist(), np.float64)
            distances = np.abs(values - rule.threshold)
            nearest = order[np.argsort(distances[order], kind="stable")][: _MOST["passed"]]
            rows: list[int] = nearest[~np.isnan(distances[nearest])].tolist()
            for row in rows:

                def make(found: Row, stage: Stage = stage, rule: NumberRule = rule) -> ShownDocument:
                    return shown(found, "kept", self._stages, [passing(found, stage, rule)])

                rank = (float(distances[row]), draws[row], numbers[row])
                self._hang(Place(stage.name, rule.name, "passed"), rank, _InBatch(row, make))

    def _number_rules(self) -> Iterator[tuple[Stage, NumberRule]]:
        for stage in self._stages:
            yield from ((stage, rule) for rule in stage.rules() if isinstance(rule, NumberRule))

    def _see_changed(self, batch: Batch, fate: Fate) -> None:
        changing = [stage for stage in self._stages if stage.changes]
        if not batch.num_rows or not changing:
            return
        draws, numbers = _draws(batch), _numbers(batch)

        def make(found: Row) -> ShownDocument:
            stops = [] if fate == "kept" else msgspec.json.decode(found["stops"], type=list[Stop])
            return shown(found, fate, self._stages, stopping(stops))

        for stage in changing:
            counts = (batch.column(name).to_pylist() for name in stage.changes)
            changed = [row for row, found in enumerate(zip(*counts, strict=True)) if any(found)]
            for row in sorted(changed, key=draws.__getitem__)[: _MOST["changed"]]:
                rank = (float(draws[row]), draws[row], numbers[row])
                self._hang(Place(stage.name, "", "changed"), rank, _InBatch(row, make))

    def _read(self, batch: Batch) -> None:
        """Read the documents of a batch that are left hanging, and let the batch go.

        What is shown of them is made at the end, as most give way to others; of long ones it is made now.
        """
        find = cache(rows_of(batch))
        for hung in self._hung.values():
            for place, one in enumerate(hung):
                if isinstance(one.document, _InBatch):
                    row, make = one.document
                    found = find(row)
                    is_long = len(found["text"] or "") > MAX_HELD
                    hung[place] = one._replace(document=make(found) if is_long else partial(make, found))

    def _hang(self, place: Place, rank: tuple[float, int, int], found: _InBatch) -> None:
        """Take a document in if it ranks before one of those that hang there already."""
        hung = self._hung.setdefault(place, [])
        if len(hung) == _MOST[place.why]:
            if rank >= hung[-1][:3]:
                return
            hung.pop()
        insort(hung, _Hung(*rank, found), key=_rank)


def _made(one: _Hung) -> ShownDocument:
    found = one.document
    if isinstance(found, _InBatch):
        raise TypeError("a document is shown of which nothing was read")
    return found if isinstance(found, ShownDocument) else found()


def _rank(one: _Hung) -> tuple[float, int, int]:
    return one[:3]


def _draws(batch: Batch) -> list[int]:
    """Numbers that look random but belong to the ids, so that examples are spread and repeat."""
    return [xxh3_64_intdigest(name.encode()) for name in batch.column("id").to_pylist()]


def _numbers(batch: Batch) -> list[int]:
    return batch.column(ORDER).to_pylist()


def _together(one: ShownDocument, other: ShownDocument) -> ShownDocument:
    """A document that is shown at two places: with all rules that they name."""
    known = {(rule.stage, rule.rule) for rule in one.rules}
    return replace(one, rules=(*one.rules, *(rule for rule in other.rules if (rule.stage, rule.rule) not in known)))
