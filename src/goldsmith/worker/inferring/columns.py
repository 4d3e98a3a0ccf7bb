"""The answers to a question and what is known of its items, as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from goldsmith.labeling.handover import Answer, KnownAnswer
from goldsmith.worker.frames import read_frames


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerColumns:
    """The answers to one question: columns of equal length, sorted by item and annotator.

    Attributes:
        items: the id of each answer's item.
        externals: the item's external id.
        annotators: the id of who answered.
        values: what they answered.
        times: when, in microseconds.
        active_ms: how long they were at it; 0 where that is unknown.
    """

    items: list[str] = field(default_factory=list[str])
    externals: list[str] = field(default_factory=list[str])
    annotators: list[str] = field(default_factory=list[str])
    values: list[object] = field(default_factory=list[object])
    times: list[int] = field(default_factory=list[int])
    active_ms: list[int] = field(default_factory=list[int])

    @property
    def item_of(self) -> dict[str, str]:
        """The id of each item by its external id."""
        return dict(zip(self.externals, self.items, strict=True))

    def by_item(self) -> Iterator[tuple[str, slice]]:
        """Each item's id and where its answers stand."""
        start = 0
        for i in range(1, len(self.items) + 1):
            if i == len(self.items) or self.items[i] != self.items[start]:
                yield self.items[start], slice(start, i)
                start = i


def answer_columns(path: Path, questions: Sequence[str]) -> dict[str, AnswerColumns]:
    """The answers to each question; of an annotator's two answers to an item, the later one."""
    found = {name: AnswerColumns() for name in questions}
    last = {(row.external_id, row.annotator_id): row for row in read_frames(path, Answer)}
    for _, row in sorted(last.items()):
        for name, value in msgspec.json.decode(row.answers, type=dict[str, object]).items():
            if name in found:
                column = found[name]
                column.items.append(row.item_id)
                column.externals.append(row.external_id)
                column.annotators.append(row.annotator_id)
                column.values.append(value)
                column.times.append(row.at)
                column.active_ms.append(row.active_ms)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Known answers to one question by external id.

    Attributes:
        gold: those that were given.
        audit: those of the auditors.
    """

    gold: dict[str, object] = field(default_factory=dict[str, object])
    audit: dict[str, object] = field(default_factory=dict[str, object])


def known_answers(path: Path, questions: Sequence[str]) -> dict[str, Known]:
    """What is known of the items, by question. What reviewers decided is left out: they look at doubtful labels."""
    found = {name: Known() for name in questions}
    for row in read_frames(path, KnownAnswer):
        for name, value in msgspec.json.decode(row.answers, type=dict[str, object]).items():
            if name in found:
                known = found[name]
                (known.gold if row.origin == "given" else known.audit)[row.external_id] = value
    return found
