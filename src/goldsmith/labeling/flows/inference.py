"""Infer the consensus of a project: collect the answers, compute in a child process, store what came out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

import msgspec
from sqlalchemy import RowMapping

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows.projects import requeue
from goldsmith.labeling.handover import Answer, Inferred, Measured
from goldsmith.labeling.model import LoadedProject, certainty, has_certainty
from goldsmith.labeling.store import annotations, inferences, items
from goldsmith.labeling.wire import AnnotatorRow
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork

_READ_CHUNK = 2_000
_WRITE_CHUNK = 500
_NOTHING_INFERRED = {"confidence": None, "consensus": None, "is_certain": 0, "is_contested": 0}
CONTESTED_BELOW = 0.5
"""An item with at least three answers whose consensus is less certain than this is contested."""


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
    """The current answers of a project, by the external id of the item and then by annotator."""
    after = ""
    while True:
        with bench.vault.database.read() as connection:
            chunk = items.ids_after(connection, project.id, after, _READ_CHUNK)
            rows = annotations.answers_to(connection, list(chunk), purpose)
        if not chunk:
            return
        by_item: dict[str, list[Answer]] = {}
        for row in rows:
            answer = Answer(row["item_id"], chunk[row["item_id"]], row["annotator_id"], row["answers"])
            by_item.setdefault(answer.item_id, []).append(answer)
        for item_id in chunk:
            yield from by_item.get(item_id, ())
        after = next(reversed(chunk.values()))


def store_inference(bench: Workbench, taken: Snapshot, inferred: Iterator[list[Inferred]], measured: Measured) -> int:
    """Store the consensus of each item and the measures; how many items. What was inferred before goes.

    Args:
        bench: the vault.
        taken: what the inference rests on.
        inferred: for each item all of its questions, sorted by item.
        measured: what was measured about the project as a whole.
    """
    n_items, after = 0, ""
    for chunk in _chunks(inferred):
        until = chunk[-1][0].item_id
        bench.vault.database.write(partial(_write_chunk, taken=taken, chunk=chunk, after=after, until=until))
        n_items, after = n_items + len(chunk), until
    bench.vault.database.write(partial(_write_chunk, taken=taken, chunk=[], after=after, until=None))
    bench.vault.database.write(partial(_store_measures, taken=taken, measured=measured))
    requeue(bench, taken.project.id)
    return n_items


def annotator_rows(rows: list[AnnotatorRow], measured: Measured | None) -> list[AnnotatorRow]:
    """Annotators with how often each agrees with the consensus, where that was measured."""
    if measured is None:
        return rows
    return [msgspec.structs.replace(row, agreement=measured.agreement_of.get(row.id)) for row in rows]


def _chunks(inferred: Iterator[list[Inferred]]) -> Iterator[list[list[Inferred]]]:
    while chunk := list(islice(inferred, _WRITE_CHUNK)):
        yield chunk


def _write_chunk(
    unit: UnitOfWork, *, taken: Snapshot, chunk: list[list[Inferred]], after: str, until: str | None
) -> None:
    """Write what has changed of a chunk; the items between `after` and `until` that are not in it have no consensus."""
    ids = [of_item[0].item_id for of_item in chunk]
    said: dict[str, list[dict[str, object]]] = {}
    for row in inferences.consensus_of(unit.connection, ids):
        said.setdefault(row["item_id"], []).append(dict(row))
    stands = items.standings(unit.connection, ids)
    rows: list[dict[str, object]] = []
    updates: list[dict[str, object]] = []
    for of_item in chunk:
        item_id = of_item[0].item_id
        says = [msgspec.structs.asdict(one) for one in sorted(of_item, key=lambda one: one.question)]
        values = _item_values(taken.project, of_item, stands[item_id])
        if says != said.get(item_id) or any(stands[item_id][name] != value for name, value in values.items()):
            rows.extend({**one, "created_at": unit.now} for one in says)
            updates.append({"item_id": item_id, **values})
    gone = items.inferred_between(unit.connection, taken.project.id, after=after, until=until, besides=ids)
    updates.extend({"item_id": item_id, **_NOTHING_INFERRED} for item_id in gone)
    inferences.replace_consensus(unit.connection, [str(row["item_id"]) for row in updates], rows)
    items.update_items(unit.connection, tuple(_NOTHING_INFERRED), updates)


def _item_values(project: LoadedProject, of_item: list[Inferred], stands: RowMapping) -> dict[str, object]:
    """What an item's row says of its consensus."""
    confidence = certainty(project.schema, {one.question: one.confidence for one in of_item})
    n_answers = max(one.n_answers for one in of_item)
    short = {one.question: msgspec.Raw(one.value.encode()) for one in of_item if len(one.value) <= 400}
    is_certain = has_certainty(
        confidence, project.policy.target_confidence, n_people=stands["n_people"], n_models=stands["n_models"]
    )
    return {
        "confidence": confidence,
        "consensus": canonical_json(short).decode(),
        "is_certain": int(is_certain),
        "is_contested": int(n_answers >= 3 and confidence is not None and confidence < CONTESTED_BELOW),
    }


def _store_measures(unit: UnitOfWork, *, taken: Snapshot, measured: Measured) -> None:
    inferences.replace_inference(
        unit.connection,
        {
            "project_id": taken.project.id,
            "created_at": unit.now,
            "up_to_seq": taken.up_to_seq,
            "measures": canonical_json(measured).decode(),
        },
    )
