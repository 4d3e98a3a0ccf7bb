"""Bring the answers of a project in line with its newest schema; what fits no more stays stored, uncounted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from goldsmith.labeling.flows.finding import index_answers, index_consensus
from goldsmith.labeling.flows.projects import PLACE, current_policy, disputed_of, place_in_queue
from goldsmith.labeling.lease_wire import AskedAgain
from goldsmith.labeling.model import LoadedProject, is_known
from goldsmith.labeling.project_wire import SchemaEffects
from goldsmith.labeling.store import annotations, answer_lists, inferences, items, known_answers
from goldsmith.labeling.store.queue import Asked
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.prepared import Row
from goldsmith.store.units import UnitOfWork
from goldsmith.tasks.schema_changes import can_affect, changes_between, migrated
from goldsmith.tasks.schemas import Schema, parse_schema

_CHUNK = 500
_NOTHING_INFERRED: dict[str, Any] = {"confidence": None, "consensus": None, "is_contested": 0}
_SET = ("n_people", "n_models", *_NOTHING_INFERRED, *PLACE)


def preview(bench: Workbench, project: LoadedProject, raw: object) -> SchemaEffects:
    """What a new version of the schema would do to the answers of a project; nothing is changed.

    Raises:
        SchemaError: the schema is malformed.
    """
    new = parse_schema(raw)
    changes = changes_between(project.schema, new)
    n_items = n_annotations = 0
    if can_affect(changes):
        for unfit in _unfit_by_chunk(bench, project, new=new, version=project.schema_version + 1):
            n_annotations += len(unfit)
            n_items += len({row["item_id"] for row in unfit})
    return SchemaEffects(questions=changes, n_items_asked_again=n_items, n_annotations_retired=n_annotations)


def finish_refit(bench: Workbench, reference: str) -> tuple[int, int]:
    """Do what a refit that was cut off has left; how many items and answers. Locks nothing where nothing is left."""
    with bench.vault.database.read() as connection:
        project = bench.peek_project(connection, reference)
    if project.schema_version == 1:
        return 0, 0
    if any(_unfit_by_chunk(bench, project, new=project.schema, version=project.schema_version)):
        return refit(bench, project.id)
    return 0, 0


def refit(bench: Workbench, project_id: str) -> tuple[int, int]:
    """Retire the answers that do not fit the schema of now, and ask their items again; how many items and answers.

    Each chunk is a transaction of its own; run again, it goes on where it was cut off, and leaves what is done.
    """
    position, n_items, n_annotations = -1, 0, 0
    while True:
        done = bench.vault.database.write(lambda unit, at=position: _refit_chunk(unit, bench, project_id, at))
        if done is None:
            break
        position, in_chunk = done[0], done[1:]
        n_items, n_annotations = n_items + in_chunk[0], n_annotations + in_chunk[1]
    bench.restart_queue(project_id)
    return n_items, n_annotations


def asked_again(
    connection: Connection, bench: Workbench, project: LoadedProject, *, asked: Asked, rows: Iterable[Row]
) -> dict[str, AskedAgain]:
    """Why somebody gets items that they had answered, by item, for those of the leased `rows` where it is so."""
    if project.schema_version == 1:
        return {}
    retired = answer_lists.retired_of_held(
        connection, project_id=project.id, annotator_id=asked.annotator_id, now=asked.now
    )
    found: dict[str, AskedAgain] = {}
    for row in rows:
        past = retired.get(row["item_id"])
        if past is None:
            continue
        version: int = past["schema_version"]
        before = msgspec.json.decode(past["answers"], type=dict[str, Any])
        payload = msgspec.json.decode(row["payload"], type=dict[str, object])
        left = migrated(bench.schema(connection, project, version), project.schema, before, payload)
        found[row["item_id"]] = AskedAgain(
            schema_version=version, question=left.question, reason=left.reason, answers=left.answers, before=before
        )
    return found


def _unfit_by_chunk(
    bench: Workbench, project: LoadedProject, *, new: Schema, version: int
) -> Iterator[list[Mapping[Any, Any]]]:
    """Those answers made before a version of the schema that do not fit it, some items at a time."""
    with bench.vault.database.read() as connection:
        last = items.last_position(connection, project.id)
    for start in range(-1, last, _CHUNK):
        with bench.vault.database.read() as connection:
            rows = answer_lists.older_between(
                connection, project.id, version=version, after=start, until=start + _CHUNK
            )
            unfit = _unfit(connection, bench, project, new=new, rows=rows)
        yield unfit


def _refit_chunk(unit: UnitOfWork, bench: Workbench, project_id: str, position: int) -> tuple[int, int, int] | None:
    """The last position reached, how many items are asked again, and how many answers were retired.

    The schema is read after the items are locked: an answer that is stored later sees it too.
    """
    chunk = items.chunk_after(unit.connection, project_id, position, _CHUNK)
    if not chunk:
        return None
    project = bench.peek_project(unit.connection, project_id)
    until = chunk[-1]["position"]
    rows = answer_lists.older_between(
        unit.connection, project_id, version=project.schema_version, after=position, until=until
    )
    unfit = _unfit(unit.connection, bench, project, new=project.schema, rows=rows)
    if unfit:
        annotations.retire(unit.connection, [row["id"] for row in unfit])
        _ask_again(unit, project, {row["id"]: row for row in chunk}, unfit)
        inferences.outdate(unit.connection, project_id)
    return until, len({row["item_id"] for row in unfit}), len(unfit)


def _unfit(
    connection: Connection, bench: Workbench, project: LoadedProject, *, new: Schema, rows: Iterable[Mapping[Any, Any]]
) -> list[Mapping[Any, Any]]:
    """Those annotations that do not fit a schema."""
    affecting: dict[int, bool] = {}
    found: list[Mapping[Any, Any]] = []
    for row in rows:
        version: int = row["schema_version"]
        old = bench.schema(connection, project, version)
        if version not in affecting:
            affecting[version] = can_affect(changes_between(old, new))
        if not affecting[version]:
            continue
        answers = msgspec.json.decode(row["answers"], type=dict[str, object])
        payload = msgspec.json.decode(row["payload"], type=dict[str, object])
        if migrated(old, new, answers, payload, is_partial=row["kind"] == "model").question is not None:
            found.append(row)
    return found


def _ask_again(
    unit: UnitOfWork,
    project: LoadedProject,
    chunk: Mapping[str, Mapping[Any, Any]],
    unfit: Iterable[Mapping[Any, Any]],
) -> None:
    """Count what is left of the items of retired answers, forget their consensus, and place them in the queue."""
    counts: dict[str, dict[str, int]] = {}
    for row in unfit:
        of_item = counts.setdefault(row["item_id"], {"n_people": 0, "n_models": 0})
        of_item["n_models" if row["kind"] == "model" else "n_people"] += 1
    ids = list(counts)
    policy = current_policy(unit.connection, project.id)
    known = known_answers.decided(unit.connection, ids)
    disputed = disputed_of(unit.connection, policy, ids)
    updates: list[dict[str, object]] = []
    for item_id, retired in counts.items():
        row = chunk[item_id]
        left = {name: max(0, row[name] - n) for name, n in retired.items()}
        is_decided = is_known(project.schema, known.get(item_id, {}))
        is_disputed = item_id in disputed
        place = place_in_queue(policy, {**row, **left}, None, is_decided=is_decided, is_disputed=is_disputed)
        updates.append({"item_id": item_id, **left, **_NOTHING_INFERRED, **place})
    inferences.replace_consensus(unit.connection, ids, [])
    nothing: list[dict[str, object]] = []
    index_consensus(unit.connection, project, [(chunk[one]["position"], nothing) for one in ids], now=unit.now)
    index_answers(unit.connection, project, ids, now=unit.now)
    items.update_items(unit.connection, _SET, updates)
