"""Runs stages over batches of documents: pure, so that any engine can do it anywhere, in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from goldsmith.kit.arrow import names_of, take_rows, with_columns, without_columns
from goldsmith.kit.columns import Batch, Kind, Kinds
from goldsmith.refine.model import BASE_KINDS, READ, DocumentStage, Stage
from goldsmith.refine.rules import Present, Rule, Verdict
from goldsmith.refine.tallies import StageTally, observe

ORDER = "_order"
"""The column with the number of each document in the order of reading."""

RAW_KINDS: Kinds = {
    ORDER: "int",
    **BASE_KINDS,
    "_media": "text",
    "_raw": "bytes",
    "_unreadable": "text",
    "_used_id": "text",
}
"""The columns of documents as they were read."""

VERDICT_KINDS: Kinds = {
    "stage": "text",
    "rule": "text",
    "value": "float",
    "threshold": "float",
    "reason": "text",
    "evidence": "text",
}
"""What is written beside every document that was dropped."""


class Read(DocumentStage, frozen=True, kw_only=True):
    """What happens before the first stage: files that cannot be read fail, and so do ids that stand twice."""

    name: ClassVar[str] = READ
    title: ClassVar[str] = "Read"

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """Nothing: readers said what there is to say."""
        del batch
        return {}

    def rules(self) -> tuple[Rule, ...]:
        """Fails what cannot be read, and the second document with an id."""
        return (
            Present(name="unreadable", column="_unreadable", action="fail"),
            Present(name="id-used-twice", column="_used_id", action="fail"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one batch.

    Attributes:
        kept: the documents that go on.
        dropped: the documents that were dropped, with the columns of `VERDICT_KINDS`; one batch for each stage.
        failed: the documents that failed, likewise.
        tallies: what each stage did, in their order.
    """

    kept: Batch
    dropped: tuple[Batch, ...]
    failed: tuple[Batch, ...]
    tallies: tuple[StageTally, ...]


def run_stages(stages: Sequence[DocumentStage], batch: Batch) -> Outcome:
    """Pass one batch through stages that look at each document by itself; its bytes are let go at the end."""
    dropped: list[Batch] = []
    failed: list[Batch] = []
    tallies: list[StageTally] = []
    for stage in stages:
        done = decide(stage, with_columns(batch, stage.annotate(batch), stage.columns))
        batch = done.kept
        dropped.extend(done.dropped)
        failed.extend(done.failed)
        tallies.extend(done.tallies)
    kept = without_columns(batch, ["_raw"])
    return Outcome(kept=kept, dropped=tuple(dropped), failed=tuple(failed), tallies=tuple(tallies))


def decide(stage: Stage, annotated: Batch) -> Outcome:
    """Let the rules of `stage` decide about documents that have its columns."""
    decided: list[tuple[str, Verdict] | None] = [None] * annotated.num_rows
    for rule in stage.rules():
        for row, verdict in enumerate(rule.verdicts(annotated)):
            if decided[row] is None and verdict is not None:
                decided[row] = (rule.name, verdict)
    return Outcome(
        kept=take_rows(annotated, [row for row, stopped in enumerate(decided) if stopped is None]),
        dropped=_stopped(stage, annotated, decided, "drop"),
        failed=_stopped(stage, annotated, decided, "fail"),
        tallies=(observe(stage, annotated, decided),),
    )


def working_kinds(stages: Sequence[Stage]) -> dict[str, Kind]:
    """The columns of documents that passed `stages`."""
    kinds: dict[str, Kind] = {name: kind for name, kind in RAW_KINDS.items() if name != "_raw"}
    for stage in stages:
        kinds |= stage.columns
    return kinds


def kept_kinds(stages: Sequence[Stage]) -> dict[str, Kind]:
    """The columns that are written of kept documents: the base, then what each stage found out."""
    known: dict[str, Kind] = {**BASE_KINDS, **working_kinds(stages)}
    return {name: kind for name, kind in known.items() if not name.startswith("_")}


def dropped_kinds(stages: Sequence[Stage]) -> dict[str, Kind]:
    """The columns that are written of dropped documents: the base, the verdict, then what is known of them."""
    return {**BASE_KINDS, **VERDICT_KINDS, **kept_kinds(stages)}


FAILED_KINDS: Kinds = {
    "id": "text",
    "source": "text",
    "stage": "text",
    "rule": "text",
    "reason": "text",
    "meta": "text",
}
"""The columns that are written of failed documents."""


def _stopped(
    stage: Stage, batch: Batch, decided: Sequence[tuple[str, Verdict] | None], action: str
) -> tuple[Batch, ...]:
    rows = [row for row, stopped in enumerate(decided) if stopped is not None and stopped[1].action == action]
    if not rows:
        return ()
    found = [stopped for stopped in (decided[row] for row in rows) if stopped is not None]
    columns: dict[str, list[object]] = {
        "stage": [stage.name for _ in found],
        "rule": [rule for rule, _ in found],
        "value": [verdict.value for _, verdict in found],
        "threshold": [verdict.threshold for _, verdict in found],
        "reason": [verdict.reason for _, verdict in found],
        "evidence": [msgspec.json.encode(verdict.evidence).decode() for _, verdict in found],
    }
    stopped = without_columns(take_rows(batch, rows), ["_raw", *(set(names_of(batch)) & set(columns))])
    return (with_columns(stopped, columns, VERDICT_KINDS),)
