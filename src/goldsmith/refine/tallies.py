"""Counts what stages did, batch by batch, in room that does not grow with the documents."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from goldsmith.kit.columns import Batch, Column
from goldsmith.refine.model import Stage
from goldsmith.refine.rules import NumberRule, Verdict

PER_DECADE = 24
"""Bins of a power of ten in which numbers are counted that are no shares."""

SHARE_BINS = 48
"""Bins in which shares are counted."""

ZERO = -(1 << 30)
"""The bin of zero, and of what is smaller than any threshold."""

MAX_NAMED = 10
"""Documents shown for a name."""

_SMALLEST = 1e-9


@dataclass(slots=True)
class RuleTally:
    """What one rule did: how many documents it stopped, and the numbers that it saw, counted in bins."""

    n_stopped: int = 0
    bins: Counter[int] = field(default_factory=Counter[int])

    def merge(self, other: "RuleTally") -> None:
        """Add what `other` saw."""
        self.n_stopped += other.n_stopped
        self.bins.update(other.bins)


@dataclass(slots=True)
class NamesTally:
    """How many documents have a name at all, and how many each of them, with the ids of a few."""

    n_named: int = 0
    documents: Counter[str] = field(default_factory=Counter[str])
    ids: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def see(self, column: Column, ids: Sequence[str]) -> None:
        """Add the documents `ids`, with a column of JSON lists of names."""
        for names, document in zip(column.to_pylist(), ids, strict=True):
            if names is not None:
                found = set(msgspec.json.decode(names, type=list[str]))
                self.n_named += 1
                self.documents.update(found)
                for name in found:
                    self._show(name, [document])

    def merge(self, other: "NamesTally") -> None:
        """Add what `other` saw."""
        self.n_named += other.n_named
        self.documents.update(other.documents)
        for name, ids in other.ids.items():
            self._show(name, ids)

    def _show(self, name: str, ids: Sequence[str]) -> None:
        self.ids[name] = sorted([*self.ids.get(name, ()), *ids])[:MAX_NAMED]


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

    def merge(self, other: "StageTally") -> None:
        """Add what `other` saw."""
        self.n_in += other.n_in
        self.n_dropped += other.n_dropped
        self.n_failed += other.n_failed
        self.n_changed += other.n_changed
        self.spans.update(other.spans)
        for column, found in other.names.items():
            self.names.setdefault(column, NamesTally()).merge(found)
        for name, rule in other.rules.items():
            self.rules.setdefault(name, RuleTally()).merge(rule)


def observe(stage: Stage, batch: Batch, decided: Sequence[tuple[str, Verdict] | None]) -> StageTally:
    """What `stage` did to one batch.

    Args:
        stage: the stage.
        batch: the documents that reached it, with the columns of `observed_columns`.
        decided: for each of them the rule that stopped it and its verdict, or None.
    """
    tally = StageTally(n_in=batch.num_rows, rules={rule.name: RuleTally() for rule in stage.rules()})
    for stopped in decided:
        if stopped is not None:
            rule, verdict = stopped
            tally.n_dropped += verdict.action == "drop"
            tally.n_failed += verdict.action == "fail"
            known = tally.rules.setdefault(rule, RuleTally())  # no rule of the stage, when it came to no end
            known.n_stopped += 1
    for rule in stage.rules():
        if isinstance(rule, NumberRule):
            tally.rules[rule.name].bins.update(_bins(rule, batch.column(rule.number)))
    _note_changes(tally, stage, batch)
    tally.names = names_in(stage, batch)
    return tally


def observed_columns(stage: Stage) -> list[str]:
    """The columns of documents that are counted."""
    numbers = [rule.number for rule in stage.rules() if isinstance(rule, NumberRule)]
    return list(dict.fromkeys([*numbers, *stage.changes, *stage.named, "id"]))


def names_in(stage: Stage, batch: Batch) -> dict[str, NamesTally]:
    """The names that the documents of a batch have in the columns of a stage, by column."""
    found = {column: NamesTally() for column in stage.named}
    for column, tally in found.items():
        tally.see(batch.column(column), batch.column("id").to_pylist())
    return found


def bin_of(value: float) -> int:
    """The bin of a number that is no share: it begins at `10 ** (bin / PER_DECADE)`."""
    return ZERO if value < _SMALLEST else math.floor(math.log10(value) * PER_DECADE + 1e-9)


def _bins(rule: NumberRule, column: Column) -> dict[int, int]:
    """How many of the numbers lie in each bin."""
    import numpy as np  # noqa: PLC0415 - recipes are read without it

    from goldsmith.kit.arrow import floats  # noqa: PLC0415 - as above

    values = floats(column)
    known = values[~np.isnan(values)]
    if rule.is_share:
        bins = np.clip((known * SHARE_BINS).astype(np.int64), 0, SHARE_BINS - 1)
    else:
        bins = np.full(len(known), ZERO)
        sized = known >= _SMALLEST
        bins[sized] = np.floor(np.log10(known[sized]) * PER_DECADE + 1e-9)
    found, counts = np.unique(bins, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _note_changes(tally: StageTally, stage: Stage, batch: Batch) -> None:
    if not stage.changes:
        return
    import numpy as np  # noqa: PLC0415 - recipes are read without it

    from goldsmith.kit.arrow import floats  # noqa: PLC0415 - as above

    is_changed = np.zeros(batch.num_rows, np.bool_)
    for name in stage.changes:
        counts = floats(batch.column(name))
        counts[np.isnan(counts)] = 0
        is_changed |= counts != 0
        tally.spans[name] = int(counts.sum())
    tally.n_changed = int(is_changed.sum())


def merged(tallies: Iterable[StageTally]) -> StageTally:
    """All of them together."""
    total = StageTally()
    for tally in tallies:
        total.merge(tally)
    return total
