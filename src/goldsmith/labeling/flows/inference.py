"""Infer the consensus of a project: collect the answers, compute in a child process, store what came out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows.finding import index_consensus
from goldsmith.labeling.flows.projects import PLACE, current_policy, disputed_of, place_in_queue
from goldsmith.labeling.handover import Answer, Inferred, KnownAnswer, Measured
from goldsmith.labeling.model import KNOWN, SHORT, LoadedProject, certainty, is_known
from goldsmith.labeling.progress_wire import AnnotatorRow
from goldsmith.labeling.quality_wire import Plan
from goldsmith.labeling.store import answer_lists, audits, inferences, items, known_answers, qualities
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork

_READ_CHUNK = 2_000
_WRITE_CHUNK = 500
_MORE_ANSWERS = 1.1
_LARGEST_LIVE_MODELS = 4_000_000
"""In bytes; what is larger would hold up the answer that loads it. Then an answer counts at the next inference."""
_NOTHING_INFERRED: dict[str, Any] = {"confidence": None, "consensus": None, "is_contested": 0}
_SET = (*_NOTHING_INFERRED, *PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Which answers an inference rests on: everything up to a place in the log.

    Attributes:
        mark: tells whether something else that it rests on changes while it runs; see `inferences.outdate`.
    """

    project: LoadedProject
    up_to_seq: int
    mark: int


def snapshot(bench: Workbench, reference: str) -> Snapshot:
    """The project as it stands now, and the newest annotation it has."""
    bench.vault.database.learn()
    with bench.vault.database.read() as connection:
        project = bench.project(connection, reference)
        mark = inferences.mark_of(connection, project.id)
        return Snapshot(project=project, up_to_seq=answer_lists.last_seq(connection, project.id), mark=mark)


def read_answers(bench: Workbench, project_id: str) -> Iterator[Answer]:
    """The current answers of a project in the order they came; one that is replaced meanwhile may come twice."""
    after = -1
    while True:
        with bench.vault.database.read() as connection:
            rows = answer_lists.window_after(connection, project_id, after, _READ_CHUNK)
        if not rows:
            return
        for row in rows:
            if not row["counts"]:
                continue
            yield Answer(
                row["item_id"],
                row["external_id"],
                row["annotator_id"],
                row["answers"],
                at=row["created_at"],
                active_ms=row["active_ms"],
            )
        after = rows[-1]["leaf_seq"]


def read_known(bench: Workbench, project_id: str) -> Iterator[KnownAnswer]:
    """What is known of the items of a project: gold, and what auditors answered."""
    after = ("", "")
    while True:
        with bench.vault.database.read() as connection:
            rows = known_answers.page_after(connection, project_id, after, _READ_CHUNK)
        for row in rows:
            if row["origin"] in known_answers.MEASURING and not row["is_suspended"]:
                answers = canonical_json({row["question"]: msgspec.Raw(row["value"].encode())}).decode()
                yield KnownAnswer(row["external_id"], "given", answers)
        if len(rows) < _READ_CHUNK:
            break
        after = (rows[-1]["item_id"], rows[-1]["question"])
    with bench.vault.database.read() as connection:
        audited = audits.judged(connection, project_id)
    for row in audited:
        yield KnownAnswer(row["external_id"], "audit", row["answers"])


def annotator_names(bench: Workbench, project_id: str) -> list[AnnotatorName]:
    """Who answers the items of a project."""
    with bench.vault.database.read() as connection:
        rows = answer_lists.answer_counts(connection, project_id)
    return [
        AnnotatorName(id=row["id"], kind=row["kind"], name=row["name"], version=row["version"] or None) for row in rows
    ]


class ProjectSize(NamedTuple):
    """How large a project is."""

    n_items: int
    n_people_answers: int


def project_size(bench: Workbench, project_id: str) -> ProjectSize:
    """How many items a project has, and how many answers of people they have."""
    with bench.vault.database.read() as connection:
        n_items = items.last_position(connection, project_id) + 1
        return ProjectSize(n_items, qualities.n_people_answers(connection, project_id))


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
    bench.forget_judges(taken.project.id)
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
            bench.vault.database.write(partial(_write_forgotten, project=taken.project, item_ids=gone))
        after = known[-1]


def _write_inferred(unit: UnitOfWork, *, taken: Snapshot, chunk: list[list[Inferred]]) -> None:
    """Write what has changed of a chunk, and where that puts its items in the queue."""
    ids = [of_item[0].item_id for of_item in chunk]
    said: dict[str, list[dict[str, object]]] = {}
    for row in inferences.consensus_of(unit.connection, ids):
        said.setdefault(row["item_id"], []).append(dict(row))
    stands = items.standings(unit.connection, ids)
    policy = current_policy(unit.connection, taken.project.id)
    known = known_answers.decided(unit.connection, ids)
    disputed = disputed_of(unit.connection, policy, ids)
    rows: list[dict[str, object]] = []
    updates: list[dict[str, object]] = []
    for inferred in chunk:
        item_id = inferred[0].item_id
        of_item = [_decided(one, known.get(item_id, {})) for one in inferred]
        if stands[item_id]["review_stage"] == "settled":  # what a reviewer left unanswered has no answer
            of_item = [one for one in of_item if one.method == KNOWN]
        says = [_consensus_row(one) for one in sorted(of_item, key=lambda one: one.question)]
        values = _item_values(taken.project, of_item)
        values |= place_in_queue(
            policy,
            stands[item_id],
            values["confidence"],
            is_contested=bool(values["is_contested"]),
            is_decided=is_known(taken.project.schema, known.get(item_id, {})),
            is_disputed=item_id in disputed,
        )
        if says != said.get(item_id) or any(stands[item_id][name] != value for name, value in values.items()):
            rows.extend({**one, "created_at": unit.now} for one in says)
            updates.append({"item_id": item_id, **values})
    inferences.replace_consensus(unit.connection, [str(row["item_id"]) for row in updates], rows)
    of_items: dict[object, list[dict[str, object]]] = {row["item_id"]: [] for row in updates}
    for one in rows:
        of_items[one["item_id"]].append(one)
    found = [(stands[str(item_id)]["position"], said_of_item) for item_id, said_of_item in of_items.items()]
    index_consensus(unit.connection, taken.project, found, now=unit.now)
    items.update_items(unit.connection, _SET, updates)


def _write_forgotten(unit: UnitOfWork, *, project: LoadedProject, item_ids: list[str]) -> None:
    """Take the consensus from items that nobody answers any more."""
    stands = items.standings(unit.connection, item_ids)
    policy = current_policy(unit.connection, project.id)
    known = known_answers.decided(unit.connection, item_ids)
    updates: list[dict[str, object]] = []
    for item_id, row in stands.items():
        is_decided = is_known(project.schema, known.get(item_id, {}))
        updates.append(
            {"item_id": item_id, **_NOTHING_INFERRED, **place_in_queue(policy, row, None, is_decided=is_decided)}
        )
    inferences.replace_consensus(unit.connection, item_ids, [])
    nothing: list[dict[str, object]] = []
    index_consensus(unit.connection, project, [(row["position"], nothing) for row in stands.values()], now=unit.now)
    items.update_items(unit.connection, _SET, updates)


def _decided(one: Inferred, known: Mapping[str, str]) -> Inferred:
    """What was inferred, or what is known: a known answer has no confidence that could be calibrated."""
    value = known.get(one.question)
    if value is None:
        return one
    return msgspec.structs.replace(one, value=value, confidence=None, method=KNOWN, is_contested=False)


def _consensus_row(one: Inferred) -> dict[str, object]:
    row = msgspec.structs.asdict(one)
    del row["is_contested"]
    return row


def _item_values(project: LoadedProject, of_item: list[Inferred]) -> dict[str, Any]:
    """What an item's row says of its consensus."""
    inferred = {one.question: one.confidence for one in of_item if one.method != KNOWN}
    known = [one.question for one in of_item if one.method == KNOWN]
    confidence = certainty(project.schema, inferred, known=known)
    short = {one.question: msgspec.Raw(one.value.encode()) for one in of_item if len(one.value) <= SHORT}
    return {
        "confidence": confidence,
        "consensus": canonical_json(short).decode(),
        "is_contested": int(any(one.is_contested for one in of_item)),
    }


def _store_measures(unit: UnitOfWork, *, taken: Snapshot, measured: Measured) -> None:
    connection, project_id = unit.connection, taken.project.id
    mark = inferences.mark_of(connection, project_id)
    short = {"measures": measured.measures, "agreement_of": measured.agreement_of}
    inferences.replace_inference(
        connection,
        {
            "project_id": project_id,
            "created_at": unit.now,
            "up_to_seq": taken.up_to_seq if mark in (0, taken.mark) else mark,
            "measures": canonical_json(short).decode(),
        },
    )
    n_answers = qualities.n_people_answers(connection, project_id)
    plan = Plan(at=unit.now, n_answers=n_answers, points=measured.plan, note=measured.plan_note)
    models = canonical_json(measured.live_models).decode()
    qualities.replace_quality(
        connection,
        {
            "project_id": project_id,
            "created_at": unit.now,
            "questions": canonical_json(measured.quality).decode(),
            "live_models": models if measured.live_models and len(models) <= _LARGEST_LIVE_MODELS else None,
            "plan": canonical_json(plan).decode(),
        },
    )
    _note_point(unit, taken, measured, plan)


def _note_point(unit: UnitOfWork, taken: Snapshot, measured: Measured, plan: Plan) -> None:
    """Note how far the project is, and what more answers would bring once there are a tenth more than at the last."""
    connection, project_id = unit.connection, taken.project.id
    counts = items.counts(connection, project_id)
    last = qualities.newest_plan(connection, project_id)
    is_worth_keeping = last is None or plan.n_answers >= _MORE_ANSWERS * last["n_answers"]
    expected = [one.expected_accuracy for one in measured.quality if one.expected_accuracy is not None]
    qualities.replace_point(
        connection,
        {
            "project_id": project_id,
            "up_to_seq": taken.up_to_seq,
            "created_at": unit.now,
            "n_answers": plan.n_answers,
            "n_certain": counts["n_certain"],
            "n_items": counts["n_items"],
            "expected_accuracy": min(expected) if expected else None,
            "plan": canonical_json(plan).decode() if plan.points and is_worth_keeping else None,
        },
    )
