"""Counts what stages did, batch by batch, and picks the documents that explain it: the same ones in any order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

import msgspec
import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from goldsmith.kit.columns import Batch, Column
from goldsmith.refine.model import Stage
from goldsmith.refine.reports import Sample
from goldsmith.refine.rules import NumberRule, Verdict, as_words

MAX_EXAMPLES = 5
"""Documents shown for a reason."""

MAX_NEIGHBOURS = 3
"""Documents shown on each side of a threshold."""

EXCERPT = 420


Ranked = tuple[float, str, Sample]
"""A sample with what it is sorted by; the id makes the order whole."""


@dataclass(slots=True)
class RuleTally:
    """What one rule did: how many it stopped, the numbers it saw, and documents to show."""

    n_stopped: int = 0
    numbers: list[NDArray[np.float64]] = field(default_factory=list[NDArray[np.float64]])
    examples: list[Ranked] = field(default_factory=list[Ranked])
    just_dropped: list[Ranked] = field(default_factory=list[Ranked])
    just_passed: list[Ranked] = field(default_factory=list[Ranked])

    def merge(self, other: "RuleTally") -> None:
        """Add what `other` saw."""
        self.n_stopped += other.n_stopped
        self.numbers.extend(other.numbers)
        self.examples = nsmallest(MAX_EXAMPLES, self.examples + other.examples, key=_order)
        self.just_dropped = nsmallest(MAX_NEIGHBOURS, self.just_dropped + other.just_dropped, key=_order)
        self.just_passed = nsmallest(MAX_NEIGHBOURS, self.just_passed + other.just_passed, key=_order)


@dataclass(slots=True)
class NamesTally:
    """How many documents have a name at all, and how many each of them."""

    n_named: int = 0
    documents: Counter[str] = field(default_factory=Counter[str])

    def see(self, column: Column) -> None:
        """Add the documents of a column with JSON lists of names."""
        for names in column.to_pylist():
            if names is not None:
                self.n_named += 1
                self.documents.update(set(msgspec.json.decode(names, type=list[str])))

    def merge(self, other: "NamesTally") -> None:
        """Add what `other` saw."""
        self.n_named += other.n_named
        self.documents.update(other.documents)


@dataclass(slots=True)
class StageTally:
    """What one stage did to the documents that reached it."""

    n_in: int = 0
    n_dropped: int = 0
    n_failed: int = 0
    n_changed: int = 0
    spans: Counter[str] = field(default_factory=Counter[str])
    names: dict[str, NamesTally] = field(default_factory=dict[str, NamesTally])
    rules: dict[str, RuleTally] = field(default_factory=dict[str, RuleTally])
    changes: list[Ranked] = field(default_factory=list[Ranked])

    def merge(self, other: "StageTally") -> None:
        """Add what `other` saw."""
        self.n_in += other.n_in
        self.n_dropped += other.n_dropped
        self.n_failed += other.n_failed
        self.n_changed += other.n_changed
        self.spans.update(other.spans)
        for column, found in other.names.items():
            self.names.setdefault(column, NamesTally()).merge(found)
        self.changes = nsmallest(MAX_EXAMPLES, self.changes + other.changes, key=_order)
        for name, rule in other.rules.items():
            self.rules.setdefault(name, RuleTally()).merge(rule)


def observe(stage: Stage, batch: Batch, decided: Sequence[tuple[str, Verdict] | None]) -> StageTally:
    """What `stage` did to one batch.

    Args:
        stage: the stage.
        batch: the documents that reached it, with its columns.
        decided: for each of them the rule that stopped it and its verdict, or None.
    """
    ids: list[str] = batch.column("id").to_pylist()
    texts: list[str | None] = batch.column("text").to_pylist()
    tally = StageTally(n_in=len(ids), rules={rule.name: RuleTally() for rule in stage.rules()})
    for name, text, stopped in zip(ids, texts, decided, strict=True):
        if stopped is not None:
            rule, verdict = stopped
            tally.n_dropped += verdict.action == "drop"
            tally.n_failed += verdict.action == "fail"
            known = tally.rules.setdefault(rule, RuleTally())  # no rule of the stage, when it came to no end
            known.n_stopped += 1
            known.examples.append((_draw(name), name, _sample(name, text, verdict)))
    for each in tally.rules.values():
        each.examples = nsmallest(MAX_EXAMPLES, each.examples, key=_order)
    for rule in stage.rules():
        if isinstance(rule, NumberRule):
            reasons = [None if stopped is None else stopped[1].reason for stopped in decided]
            _note_numbers(tally.rules[rule.name], rule, batch, reasons)
    _note_changes(tally, stage, batch)
    tally.names = names_in(stage, batch)
    return tally


def names_in(stage: Stage, batch: Batch) -> dict[str, NamesTally]:
    """The names that the documents of a batch have in the columns of a stage, by column."""
    found = {column: NamesTally() for column in stage.named}
    for column, tally in found.items():
        tally.see(batch.column(column))
    return found


def excerpt_of(text: str | None) -> str:
    """The beginning of a text."""
    return "" if text is None else text[:EXCERPT].strip()


def _note_numbers(tally: RuleTally, rule: NumberRule, batch: Batch, reasons: Sequence[str | None]) -> None:
    ids: list[str] = batch.column("id").to_pylist()
    texts: list[str | None] = batch.column("text").to_pylist()
    values: list[float | None] = batch.column(rule.number).to_pylist()
    known = [(value, place) for place, value in enumerate(values) if value is not None]
    tally.numbers.append(np.array([value for value, _ in known], np.float64))
    sides: dict[bool, list[tuple[float, str, int]]] = {True: [], False: []}
    for value, place in known:
        sides[rule.is_dropped(value)].append((abs(value - rule.threshold), ids[place], place))
    for is_dropped, side in sides.items():
        nearest: list[Ranked] = []
        for distance, name, place in nsmallest(MAX_NEIGHBOURS, side):
            reason = (reasons[place] or "") if is_dropped else f"{as_words(values[place] or 0.0)} {rule.unit}"
            sample = Sample(id=name, excerpt=excerpt_of(texts[place]), reason=reason, value=float(values[place] or 0))
            nearest.append((distance, name, sample))
        if is_dropped:
            tally.just_dropped = nearest
        else:
            tally.just_passed = nearest


def _note_changes(tally: StageTally, stage: Stage, batch: Batch) -> None:
    if not stage.changes:
        return
    counts = {name: batch.column(name).to_pylist() for name in stage.changes}
    changed = [any(row) for row in zip(*counts.values(), strict=True)]
    tally.n_changed = sum(changed)
    tally.spans.update({name: sum(n or 0 for n in column) for name, column in counts.items()})
    if "repairs" in stage.columns:
        rows = zip(batch.column("id").to_pylist(), batch.column("repairs").to_pylist(), strict=True)
        shown = [(name, msgspec.json.decode(repairs)) for name, repairs in rows if repairs is not None]
        ranked = ((_draw(name), name, Sample(id=name, excerpt="", evidence={"repairs": each})) for name, each in shown)
        tally.changes = nsmallest(MAX_EXAMPLES, ranked, key=_order)


def _sample(name: str, text: str | None, verdict: Verdict) -> Sample:
    return Sample(
        id=name,
        excerpt=excerpt_of(text),
        reason=verdict.reason,
        value=None if verdict.value is None else float(verdict.value),
        evidence=verdict.evidence,
    )


def _draw(name: str) -> float:
    """A number that looks random but belongs to the id, so that examples are spread and repeat."""
    return float(xxh3_64_intdigest(name.encode()))


def _order(ranked: Ranked) -> tuple[float, str]:
    return ranked[0], ranked[1]


def merged(tallies: Iterable[StageTally]) -> StageTally:
    """All of them together."""
    total = StageTally()
    for tally in tallies:
        total.merge(tally)
    return total
