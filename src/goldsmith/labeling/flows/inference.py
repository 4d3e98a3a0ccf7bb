"""Infer the consensus of a project: collect the answers, compute in a child process, store what came out."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows.projects import requeue
from goldsmith.labeling.model import LoadedProject, certainty
from goldsmith.labeling.store import annotations, inferences, items
from goldsmith.labeling.wire import AnnotatorRow, MeasureRow
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork
from goldsmith.tasks.schemas import Schema

_READ_CHUNK = 5_000
_WRITE_CHUNK = 500
CONTESTED_BELOW = 0.5
"""An item with at least three answers whose consensus is less certain than this is contested."""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """One annotator's answers to one item, as the computing process gets them."""

    item_id: str
    external_id: str
    annotator_id: str
    answers: str


class Inferred(msgspec.Struct, frozen=True, array_like=True):
    """The consensus on one question of one item, as the computing process gives it; `value` is canonical JSON."""

    item_id: str
    question: str
    value: str
    confidence: float | None
    agreement: float | None
    n_answers: int
    method: str


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What an inference measured about a project as a whole."""

    measures: list[MeasureRow]
    agreement_of: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Which answers an inference rests on: everything up to a place in the log."""

    project: LoadedProject
    up_to_seq: int


def snapshot(bench: Workbench, reference: str) -> Snapshot:
    """The project as it stands now, and the newest annotation it has."""
    with bench.vault.database.read() as connection:
        project = bench.project(connection, reference)
        return Snapshot(project=project, up_to_seq=annotations.last_seq(connection, project.id))


def read_answers(bench: Workbench, project: LoadedProject, purpose: str = "label") -> Iterator[Answer]:
    """The current answers of a project by item and annotator, some thousand at a time."""
    after = ("", "")
    while True:
        with bench.vault.database.read() as connection:
            rows = annotations.current_after(
                connection, project_id=project.id, purpose=purpose, after=after, limit=_READ_CHUNK
            )
        if not rows:
            return
        for row in rows:
            yield Answer(row["item_id"], row["external_id"], row["annotator_id"], row["answers"])
        after = (rows[-1]["item_id"], rows[-1]["annotator_id"])


def store_inference(bench: Workbench, taken: Snapshot, inferred: Iterator[list[Inferred]], measured: Measured) -> int:
    """Store the consensus of each item (all of an item's questions in one list) and the measures; how many items."""
    n_items = 0
    chunk: list[list[Inferred]] = []
    for of_item in inferred:
        chunk.append(of_item)
        if len(chunk) == _WRITE_CHUNK:
            n_items += _store_chunk(bench, taken.project, chunk)
            chunk = []
    if chunk:
        n_items += _store_chunk(bench, taken.project, chunk)
    bench.vault.database.write(lambda unit: _store_measures(unit, taken, measured))
    requeue(bench, taken.project.id, taken.project.policy)
    return n_items


def annotator_rows(rows: list[AnnotatorRow], measured: Measured | None) -> list[AnnotatorRow]:
    """Annotators with how often each agrees with the consensus, where that was measured."""
    if measured is None:
        return rows
    return [msgspec.structs.replace(row, agreement=measured.agreement_of.get(row.id)) for row in rows]


def _store_chunk(bench: Workbench, project: LoadedProject, chunk: list[list[Inferred]]) -> int:
    return bench.vault.database.write(lambda unit: _write_chunk(unit, project, chunk))


def _write_chunk(unit: UnitOfWork, project: LoadedProject, chunk: list[list[Inferred]]) -> int:
    rows: list[dict[str, object]] = []
    updates: list[dict[str, object]] = []
    before = {
        (row["item_id"], row["question"]): (row["value"], row["confidence"], row["n_answers"])
        for row in inferences.consensus_of(unit.connection, [of_item[0].item_id for of_item in chunk])
    }
    people = items.people_counts(unit.connection, [of_item[0].item_id for of_item in chunk])
    for of_item in chunk:
        now_said = {(one.item_id, one.question): (one.value, one.confidence, one.n_answers) for one in of_item}
        if all(before.get(key) == said for key, said in now_said.items()):
            continue
        rows += [_consensus_values(one, unit.now) for one in of_item]
        n_people = people.get(of_item[0].item_id, 0)
        updates.append(_item_values(project.schema, project.policy.target_confidence, of_item, n_people=n_people))
    if updates:
        inferences.replace_consensus(unit.connection, [str(row["item_id"]) for row in updates], rows)
        items.update_items(unit.connection, ("confidence", "consensus", "is_certain", "is_contested"), updates)
    return len(chunk)


def _consensus_values(one: Inferred, now: int) -> dict[str, object]:
    return {
        "item_id": one.item_id,
        "question": one.question,
        "created_at": now,
        "value": one.value,
        "confidence": one.confidence,
        "agreement": one.agreement,
        "n_answers": one.n_answers,
        "method": one.method,
    }


def _item_values(schema: Schema, target: float, of_item: list[Inferred], *, n_people: int) -> dict[str, object]:
    """What an item's row says of its consensus. One program alone makes nothing certain, however sure it is."""
    confidence = certainty(schema, {one.question: one.confidence for one in of_item})
    n_answers = max(one.n_answers for one in of_item)
    has_second_opinion = n_people > 0 or n_answers > 1
    short = {one.question: msgspec.Raw(one.value.encode()) for one in of_item if len(one.value) <= 400}
    return {
        "item_id": of_item[0].item_id,
        "confidence": confidence,
        "consensus": canonical_json(short).decode(),
        "is_certain": int(confidence is not None and confidence >= target and has_second_opinion),
        "is_contested": int(n_answers >= 3 and confidence is not None and confidence < CONTESTED_BELOW),
    }


def _store_measures(unit: UnitOfWork, taken: Snapshot, measured: Measured) -> None:
    inferences.replace_inference(
        unit.connection,
        {
            "project_id": taken.project.id,
            "created_at": unit.now,
            "up_to_seq": taken.up_to_seq,
            "measures": canonical_json(measured).decode(),
        },
    )
