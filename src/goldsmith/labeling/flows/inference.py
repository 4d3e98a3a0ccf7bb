"""Infer the consensus of a project: collect the answers, compute in a child process, store what came out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows.projects import PLACE, current_policy, place_in_queue
from goldsmith.labeling.handover import Answer, Inferred, Measured
from goldsmith.labeling.model import LoadedProject, certainty
from goldsmith.labeling.store import annotations, inferences, items
from goldsmith.labeling.wire import AnnotatorRow
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork

_READ_CHUNK = 2_000
_WRITE_CHUNK = 500
_NOTHING_INFERRED: dict[str, Any] = {"confidence": None, "consensus": None, "is_contested": 0}
_SET = (*_NOTHING_INFERRED, *PLACE)
CONTESTED_BELOW = 0.5
"""An item with at least three answers whose consensus is less certain than this is contested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Which answers an inference rests on: everything up to a place in the log."""

    project: LoadedProject
    up_to_seq: int


def snapshot(bench: Workbench, reference: str) -> Snapshot:
    """The project as it stands now, and the newest annotation it has."""
    bench.vault.database.learn()
    with bench.vault.database.read() as connection:
        project = bench.project(connection, reference)
        return Snapshot(project=project, up_to_seq=annotations.last_seq(connection, project.id))


def read_answers(bench: Workbench, project_id: str) -> Iterator[Answer]:
    """The current answers of a project in the order they came; one that is replaced meanwhile may come twice."""
    after = -1
    while True:
        with bench.vault.database.read() as connection:
            rows = annotations.window_after(connection, project_id, after, _READ_CHUNK)
        if not rows:
            return
        for row in rows:
            if not row["counts"]:
                continue
            yield Answer(row["item_id"], row["external_id"], row["annotator_id"], row["answers"])
        after = rows[-1]["leaf_seq"]


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
        _store_chunk(bench, taken, chunk, after=after, until=until)
        n_items, after = n_items + len(chunk), until
    _store_chunk(bench, taken, [], after=after, until=None)
    bench.vault.database.write(partial(_store_measures, taken=taken, measured=measured))
    bench.restart_queue(taken.project.id)
    return n_items


def annotator_rows(rows: list[AnnotatorRow], measured: Measured | None) -> list[AnnotatorRow]:
    """Annotators with how often each agrees with the consensus, where that was measured."""
    if measured is None:
        return rows
    return [msgspec.structs.replace(row, agreement=measured.agreement_of.get(row.id)) for row in rows]


def _chunks(inferred: Iterator[list[Inferred]]) -> Iterator[list[list[Inferred]]]:
    while chunk := list(islice(inferred, _WRITE_CHUNK)):
        yield chunk


def _store_chunk(
    bench: Workbench, taken: Snapshot, chunk: list[list[Inferred]], *, after: str, until: str | None
) -> None:
    """Store a chunk; the items between `after` and `until` that are not in it have no consensus."""
    project_id = taken.project.id
    if chunk:
        bench.vault.database.write(partial(_write_inferred, taken=taken, chunk=chunk))
    kept = {of_item[0].item_id for of_item in chunk}
    while True:
        with bench.vault.database.read() as connection:
            known = inferences.items_between(connection, project_id, after=after, until=until, limit=_WRITE_CHUNK)
        if not known:
            return
        gone = [item_id for item_id in known if item_id not in kept]
        if gone:
            bench.vault.database.write(partial(_write_forgotten, project_id=project_id, item_ids=gone))
        after = known[-1]


def _write_inferred(unit: UnitOfWork, *, taken: Snapshot, chunk: list[list[Inferred]]) -> None:
    """Write what has changed of a chunk, and where that puts its items in the queue."""
    ids = [of_item[0].item_id for of_item in chunk]
    said: dict[str, list[dict[str, object]]] = {}
    for row in inferences.consensus_of(unit.connection, ids):
        said.setdefault(row["item_id"], []).append(dict(row))
    stands = items.standings(unit.connection, ids)
    policy = current_policy(unit.connection, taken.project.id)
    rows: list[dict[str, object]] = []
    updates: list[dict[str, object]] = []
    for of_item in chunk:
        item_id = of_item[0].item_id
        says = [msgspec.structs.asdict(one) for one in sorted(of_item, key=lambda one: one.question)]
        values = _item_values(taken.project, of_item)
        values |= place_in_queue(policy, stands[item_id], values["confidence"])
        if says != said.get(item_id) or any(stands[item_id][name] != value for name, value in values.items()):
            rows.extend({**one, "created_at": unit.now} for one in says)
            updates.append({"item_id": item_id, **values})
    inferences.replace_consensus(unit.connection, [str(row["item_id"]) for row in updates], rows)
    items.update_items(unit.connection, _SET, updates)


def _write_forgotten(unit: UnitOfWork, *, project_id: str, item_ids: list[str]) -> None:
    """Take the consensus from items that nobody answers any more."""
    stands = items.standings(unit.connection, item_ids)
    policy = current_policy(unit.connection, project_id)
    updates = [
        {"item_id": item_id, **_NOTHING_INFERRED, **place_in_queue(policy, row, None)}
        for item_id, row in stands.items()
    ]
    inferences.replace_consensus(unit.connection, item_ids, [])
    items.update_items(unit.connection, _SET, updates)


def _item_values(project: LoadedProject, of_item: list[Inferred]) -> dict[str, Any]:
    """What an item's row says of its consensus."""
    confidence = certainty(project.schema, {one.question: one.confidence for one in of_item})
    n_answers = max(one.n_answers for one in of_item)
    short = {one.question: msgspec.Raw(one.value.encode()) for one in of_item if len(one.value) <= 400}
    return {
        "confidence": confidence,
        "consensus": canonical_json(short).decode(),
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
