"""Known answers: gold that measures, hidden among other items, and what reviewers decide about doubtful labels.

Gold does not change how its item is labelled: an item that was asked less or shown as settled would measure nothing.
What leaves the project (releases, exports) has the known answer all the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from goldsmith.errors import AnswerError, Conflict, GoldsmithError, InputError, NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows import contests
from goldsmith.labeling.flows.finding import index_consensus, index_known
from goldsmith.labeling.flows.projects import PLACE, current_policy, disputed_of, place_in_queue
from goldsmith.labeling.model import KNOWN, LoadedProject, is_known
from goldsmith.labeling.quality_wire import (
    GoldLine,
    GoldRejected,
    GoldReport,
    GoldRow,
    GoldRows,
    NewGold,
    NewGoldRows,
)
from goldsmith.labeling.store import inferences, items, known_answers, reviews
from goldsmith.store.units import UnitOfWork

MAX_NOTE_LENGTH = 2_000
MAX_ROWS = 5_000
_CHUNK = 500


def decide(unit: UnitOfWork, project: LoadedProject, item_id: str, new: NewGold, *, actor: str) -> None:
    """Store the known answers of an item, as gold or as a reviewer's decision.

    Gold that a reviewer keeps or corrects goes on measuring: its item was chosen before anybody answered it.

    Raises:
        NotFound: the project has no such item.
        AnswerError: an answer does not fit its question.
        InputError: there is no answer, or the note is too long.
    """
    if not new.answers:
        raise InputError("Name at least one question whose answer is known.")
    note = _checked_note(new.note)
    items.lock(unit.connection, item_id)
    payload = msgspec.json.decode(items.item(unit.connection, project.id, item_id)["payload"], type=dict[str, Any])
    answers = _checked(project, new.answers, payload)
    contests.check_uncontested(unit.connection, item_id, answers)
    for origin, part in _origins(unit.connection, item_id, answers, new.origin).items():
        _store(unit, project, {item_id: part}, origin=origin, note=note, actor=actor)


def forget(unit: UnitOfWork, project: LoadedProject, item_id: str, *, question: str | None, actor: str) -> None:
    """Take the known answers of an item away, or the one to `question`; the next inference decides again.

    Raises:
        NotFound: the project has no such item, or nothing is known of it.
    """
    items.lock(unit.connection, item_id)
    items.item(unit.connection, project.id, item_id)
    if not known_answers.forget(unit.connection, item_id, question):
        raise NotFound("The item has no known answers." if question is None else "The answer is not known.")
    contests.end_changed(unit, [item_id], actor=actor)
    unit.record(actor=actor, action="known-answers.forgotten", object_id=item_id, content=(question or "").encode())
    reviews.unsettle(unit.connection, item_id)
    inferences.outdate(unit.connection, project.id)
    _settle(unit, project, [item_id])


def import_gold(unit: UnitOfWork, project: LoadedProject, new: NewGoldRows, *, actor: str) -> GoldReport:
    """Store the known answers of many items; what cannot be stored is named with the reason, and the rest is stored.

    Raises:
        InputError: there are no rows or too many of them, or the note is too long.
    """
    if not 1 <= len(new.rows) <= MAX_ROWS:
        raise InputError(f"Send 1 to {MAX_ROWS:,} rows at a time, not {len(new.rows):,}.")
    note = _checked_note(new.note)
    rejected: list[GoldRejected] = []
    found: dict[str, dict[str, object]] = {}
    for start in range(0, len(new.rows), _CHUNK):
        part = new.rows[start : start + _CHUNK]
        ids = known_answers.items_by_external_id(unit.connection, project.id, [row.id for row in part])
        payloads = {
            row["item_id"]: row["payload"] for row in items.payloads(unit.connection, project.id, [*ids.values()])
        }
        decided = known_answers.decided(unit.connection, [*ids.values()])
        for place, row in enumerate(part, start + 1):
            try:
                answers = _line(project, row, ids, payloads)
                _check_undecided(answers, decided.get(ids[row.id], {}))
                found.setdefault(ids[row.id], {}).update(answers)
            except GoldsmithError as error:
                rejected.append(GoldRejected(row=place, id=row.id[:80], reason=str(error)))
    n_stored = n_unchanged = 0
    everything = list(found.items())
    for start in range(0, len(everything), _CHUNK):
        part = dict(everything[start : start + _CHUNK])
        changed = _changed(unit.connection, part)
        n_stored, n_unchanged = n_stored + len(changed), n_unchanged + len(part) - len(changed)
        _store(unit, project, changed, origin="given", note=note, actor=actor)
    n_twice = len(new.rows) - len(rejected) - len(found)  # of two rows about one item the later one counts
    return GoldReport(
        n_read=len(new.rows),
        n_stored=n_stored,
        n_unchanged=n_unchanged + n_twice,
        n_rejected=len(rejected),
        rejected=rejected[:100],
    )


def store_given(
    unit: UnitOfWork, project: LoadedProject, found: Mapping[str, Mapping[str, object]], *, note: str, actor: str
) -> None:
    """Store gold whose answers are known to fit, by item and question."""
    if found:
        _store(unit, project, found, origin="given", note=note, actor=actor)


def forget_given(unit: UnitOfWork, project: LoadedProject, found: Mapping[str, Sequence[str]], *, actor: str) -> None:
    """Take known answers away, by item the questions; the next inference decides again."""
    if not found:
        return
    for item_id, names in found.items():
        for name in names:
            known_answers.forget(unit.connection, item_id, name)
        content = canonical_json(list(names))
        unit.record(actor=actor, action="known-answers.forgotten", object_id=item_id, content=content)
    contests.end_changed(unit, [*found], actor=actor)
    inferences.outdate(unit.connection, project.id)
    _settle(unit, project, [*found])


def gold_page(
    connection: Connection, project: LoadedProject, *, cursor: str | None, limit: int, item_id: str | None = None
) -> GoldRows:
    """A page of the known answers of the project, or of one item, by item.

    Raises:
        InputError: the limit or the cursor is not a possible one.
    """
    if not 1 <= limit <= _CHUNK:
        raise InputError(f"limit must be 1 to {_CHUNK}, not {limit}.")
    place, found, question = (cursor or ":").partition(":")
    if not found:
        raise InputError("The cursor is not one that this server gave; start again without it.")
    rows = known_answers.page_after(connection, project.id, (place, question), limit + 1, item_id=item_id)
    shown = [
        GoldRow(
            item_id=row["item_id"],
            external_id=row["external_id"],
            question=row["question"],
            value=msgspec.Raw(row["value"].encode()),
            origin=row["origin"],
            note=row["note"],
            created_at=row["created_at"],
            created_by=row["created_by"],
        )
        for row in rows[:limit]
    ]
    has_more = len(rows) > limit
    return GoldRows(rows=shown, next=f"{shown[-1].item_id}:{shown[-1].question}" if has_more else None)


def final_consensus(connection: Connection, item_ids: list[str]) -> list[dict[str, Any]]:
    """The consensus of some items as it leaves the project: with the known answers in the place of inferred ones."""
    rows = {(row["item_id"], row["question"]): dict(row) for row in inferences.consensus_of(connection, item_ids)}
    for known in known_answers.of_items(connection, item_ids):
        key = (known["item_id"], known["question"])
        inferred = rows.get(key, {"item_id": key[0], "question": key[1], "agreement": None, "n_answers": 0})
        rows[key] = {**inferred, "value": known["value"], "confidence": None, "method": KNOWN}
    return [rows[key] for key in sorted(rows)]


def _line(
    project: LoadedProject, row: GoldLine, ids: Mapping[str, str], payloads: Mapping[str, str]
) -> dict[str, object]:
    if row.id not in ids:
        raise NotFound(f"There is no item {row.id[:80]!r} in this project.")
    if not row.answers:
        raise InputError("The row names no question.")
    return _checked(project, row.answers, msgspec.json.decode(payloads[ids[row.id]], type=dict[str, Any]))


def _checked(project: LoadedProject, answers: Mapping[str, object], payload: Mapping[str, object]) -> dict[str, object]:
    names = {question.name for question in project.schema.questions}
    for name in answers:
        if name not in names:
            raise AnswerError(f"The project has no question {name[:80]!r}; it asks {', '.join(sorted(names))}.")
    return {name: project.schema.question(name).check(answer, payload) for name, answer in answers.items()}


def _checked_note(note: str) -> str:
    if len(note) > MAX_NOTE_LENGTH:
        raise InputError(f"A note has at most {MAX_NOTE_LENGTH:,} characters; this one has {len(note):,}.")
    return note.replace("\x00", "")


def _check_undecided(answers: Mapping[str, object], decided: Mapping[str, str]) -> None:
    """Refuse gold that contradicts what a reviewer has decided with the answers in sight."""
    for name, value in answers.items():
        if decided.get(name, canonical_json(value).decode()) != canonical_json(value).decode():
            raise Conflict(f"A reviewer has decided {name!r} otherwise: {decided[name][:80]}.", hint="Undo that first.")


def _changed(connection: Connection, found: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    """Those items of which something else is known than before; what was decided likewise stays a decision."""
    before: dict[str, dict[str, str]] = {}
    for row in known_answers.of_items(connection, [*found]):
        before.setdefault(row["item_id"], {})[row["question"]] = row["value"]
    return {
        item_id: dict(answers)
        for item_id, answers in found.items()
        if any(before.get(item_id, {}).get(name) != canonical_json(value).decode() for name, value in answers.items())
    }


def _origins(
    connection: Connection, item_id: str, answers: Mapping[str, object], origin: str
) -> dict[str, dict[str, object]]:
    """The answers by the origin under which they are stored."""
    rows = known_answers.of_items(connection, [item_id])
    gold = {row["question"] for row in rows if row["origin"] in known_answers.MEASURING}
    found: dict[str, dict[str, object]] = {}
    for name, value in answers.items():
        is_confirmed = origin == "review" and name in gold
        found.setdefault("confirmed" if is_confirmed else origin, {})[name] = value
    return found


def decide_by_review(
    unit: UnitOfWork, project: LoadedProject, item_id: str, answers: Mapping[str, object], *, note: str, actor: str
) -> None:
    """Make a review's answers the label of an item; what was decided of it before goes, gold is kept as confirmed."""
    known_answers.forget_decided(unit.connection, item_id, [*answers])
    parts = _origins(unit.connection, item_id, answers, "review") or {"review": {}}
    for origin, part in parts.items():
        _store(unit, project, {item_id: part}, origin=origin, note=note, actor=actor)


def undecide(unit: UnitOfWork, project: LoadedProject, item_id: str) -> None:
    """Take back what a review had decided, since the reviewer has changed their mind."""
    known_answers.forget_decided(unit.connection, item_id, [])
    inferences.outdate(unit.connection, project.id)
    _settle(unit, project, [item_id])


def _store(
    unit: UnitOfWork,
    project: LoadedProject,
    found: Mapping[str, Mapping[str, object]],
    *,
    origin: str,
    note: str,
    actor: str,
) -> None:
    rows: list[dict[str, Any]] = []
    for item_id, answers in found.items():
        content = canonical_json({"answers": dict(answers), "origin": origin, "note": note})
        unit.record(actor=actor, action="known-answers.stored", object_id=item_id, content=content)
        rows += [
            {
                "item_id": item_id,
                "question": name,
                "created_at": unit.now,
                "project_id": project.id,
                "value": canonical_json(value).decode(),
                "origin": origin,
                "note": note,
                "created_by": actor,
            }
            for name, value in answers.items()
        ]
    known_answers.replace(unit.connection, rows)
    contests.end_changed(unit, [*found], actor=actor)
    inferences.outdate(unit.connection, project.id)
    _settle(unit, project, [*found])


def _settle(unit: UnitOfWork, project: LoadedProject, item_ids: Sequence[str]) -> None:
    """Bring the consensus of items and the place in the queue in line with what was decided."""
    if not item_ids:
        return
    ids = list(item_ids)
    known = known_answers.decided(unit.connection, ids)
    stands = items.standings(unit.connection, ids)
    policy = current_policy(unit.connection, project.id)
    said = inferences.consensus_of(unit.connection, ids)
    rows = [
        dict(row) | {"created_at": unit.now}
        for row in said
        if stands[row["item_id"]]["review_stage"] != "settled" or row["question"] in known.get(row["item_id"], {})
    ]
    for row in rows:
        value = known.get(str(row["item_id"]), {}).get(str(row["question"]))
        if value is not None:
            row.update({"value": value, "confidence": None, "method": KNOWN})
    inferences.replace_consensus(unit.connection, ids, rows)
    of_items: dict[str, list[dict[str, Any]]] = {item_id: [] for item_id in stands}
    for row in rows:
        of_items[str(row["item_id"])].append(row)
    found = [(stands[item_id]["position"], of_item) for item_id, of_item in of_items.items()]
    index_consensus(unit.connection, project, found, now=unit.now)
    index_known(unit.connection, project, ids, now=unit.now)
    disputed = disputed_of(unit.connection, policy, ids)
    updates: list[dict[str, object]] = []
    for item_id, row in stands.items():
        of_item = known.get(item_id, {})
        is_decided = row["review_stage"] == "settled" or is_known(project.schema, of_item)
        confidence = None if is_decided else row["confidence"]
        short = msgspec.json.decode(row["consensus"] or "{}", type=dict[str, msgspec.Raw])
        short.update({name: msgspec.Raw(value.encode()) for name, value in of_item.items() if name in short})
        values = {
            "confidence": confidence,
            "consensus": canonical_json(short).decode() if row["consensus"] else None,
            "is_contested": 0 if is_decided else row["is_contested"],
            **place_in_queue(policy, row, confidence, is_decided=is_decided, is_disputed=item_id in disputed),
        }
        updates.append({"item_id": item_id, **values})
    items.update_items(unit.connection, ("confidence", "consensus", "is_contested", *PLACE), updates)
