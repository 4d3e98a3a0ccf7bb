"""Do one thing to many items, and undo it: each item keeps what it was before, so undoing restores exactly that."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.errors import Conflict, InputError
from goldsmith.kit.digest import canonical_json
from goldsmith.kit.ids import is_uuid
from goldsmith.labeling.filters import filter_text, parse_filter
from goldsmith.labeling.flows import gold
from goldsmith.labeling.flows.finding import index_tags
from goldsmith.labeling.flows.projects import current_policy, disputed_of, place_in_queue
from goldsmith.labeling.items_wire import Bulk, BulkPage, NewBulk
from goldsmith.labeling.model import KNOWN, LoadedProject, is_known
from goldsmith.labeling.policies import MAX_PRIORITY
from goldsmith.labeling.store import bulk, inferences, known_answers
from goldsmith.labeling.store.items import positions
from goldsmith.labeling.store.pages import ItemQuery, rows_after
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork

CHUNK = 500
AT_ONCE = 2_000
"""So many items are changed while the caller waits; more are a job."""
MOST_ITEMS = 10_000
MOST_TAGS = 20
LONGEST_TAG = 60
_MOST_KEPT_SHOWN = 100
_ASIDE = {"set-aside": "set_aside", "remove": "removed", "restore": None}
_MOST_ASKED = 100

# Any: what is kept of an item before and after is columns, known answers or leases, as JSON.
_State = dict[str, Any]


def begin(unit: UnitOfWork, bench: Workbench, project: LoadedProject, new: NewBulk, *, actor: str) -> str:
    """The id of a new bulk action, which has changed nothing yet.

    Raises:
        InputError: nothing or too much is selected, or a value is not possible.
    """
    _check(new)
    bulk_id = bench.new_id()
    parameters = _parameters(new)
    selection = _selection(new)
    bulk.insert_bulk(
        unit.connection,
        {
            "id": bulk_id,
            "created_at": unit.now,
            "project_id": project.id,
            "kind": new.kind,
            "parameters": canonical_json(parameters).decode(),
            "selection": selection,
            "created_by": actor,
            "n_changed": 0,
            "n_unchanged": 0,
        },
    )
    content = canonical_json({"kind": new.kind, "parameters": parameters, "selection": selection})
    unit.record(actor=actor, action="items.bulk", object_id=bulk_id, content=content)
    return bulk_id


class Selected(NamedTuple):
    """Some of the selected items, by position, and where the last of them stands."""

    item_ids: list[str]
    last_position: int


def selected(connection: Connection, project: LoadedProject, new: NewBulk, *, after: int, limit: int) -> Selected:
    """The next selected items after a position."""
    if new.selection.items is not None:
        places = positions(connection, new.selection.items)
        chosen = sorted((place, item) for item, place in places.items() if place > after)[:limit]
        return Selected([item for _, item in chosen], chosen[-1][0] if chosen else after)
    query = ItemQuery(where=parse_filter(new.selection.where or ""), questions=_names(project))
    rows = rows_after(connection, project.id, query, position=after, limit=limit)
    return Selected([row["id"] for row in rows], rows[-1]["position"] if rows else after)


def change(
    unit: UnitOfWork,
    project: LoadedProject,
    new: NewBulk,
    *,
    bulk_id: str,
    item_ids: Sequence[str],
    actor: str,
) -> None:
    """Carry out a bulk action on some items; those that it has changed before are left alone."""
    connection = unit.connection
    done = bulk.changed_of(connection, bulk_id, item_ids)
    rows = [row for row in bulk.standings(connection, project.id, item_ids) if row["id"] not in done]
    match new.kind:
        case "known":
            states = _make_known(unit, project, rows, actor=actor)
        case "release-leases":
            states = _end_leases(unit, rows)
        case _:
            states = {row["id"]: (_columns(row), _changed(new, row)) for row in rows}
            states = {item: (was, now) for item, (was, now) in states.items() if was != now}
            _write(unit, project, rows, {item: now for item, (_, now) in states.items()})
    bulk.insert_changes(
        connection,
        [
            {
                "bulk_id": bulk_id,
                "item_id": item,
                "created_at": unit.now,
                "before": canonical_json(was).decode(),
                "after": canonical_json(now).decode(),
            }
            for item, (was, now) in states.items()
        ],
    )
    bulk.count_changes(connection, bulk_id, n_changed=len(states), n_unchanged=len(rows) - len(states))


def undo(unit: UnitOfWork, project: LoadedProject, bulk_id: str, *, actor: str) -> list[str]:
    """Restore what items were before a bulk action; the external ids of those that have changed since.

    Raises:
        NotFound: there is no such bulk action.
        Conflict: it was undone before.
    """
    row = bulk.bulk(unit.connection, project.id, bulk_id, locks=True)
    if row["undone_at"] is not None:
        raise Conflict("This was undone before.")
    kept: list[str] = []
    n_restored, after = 0, ""
    while chunk := bulk.changes_after(unit.connection, bulk_id, after, CHUNK):
        left = _restore(unit, project, row["kind"], chunk, actor=actor)
        kept += left
        n_restored += len(chunk) - len(left)
        after = chunk[-1]["item_id"]
    values = {"undone_at": unit.now, "undone_by": actor, "n_restored": n_restored, "n_kept": len(kept)}
    bulk.end_undo(unit.connection, bulk_id, values)
    content = canonical_json({"n_restored": n_restored, "n_kept": len(kept)})
    unit.record(actor=actor, action="items.bulk-undone", object_id=bulk_id, content=content)
    return kept[:_MOST_KEPT_SHOWN]


def bulk_row(row: Mapping[Any, Any], *, kept: Sequence[str] = (), job_id: str | None = None) -> Bulk:
    """A bulk action as it goes over the wire."""
    return Bulk(
        id=row["id"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        kind=row["kind"],
        parameters=msgspec.json.decode(row["parameters"], type=dict[str, Any]),
        selection=row["selection"],
        n_changed=row["n_changed"],
        n_unchanged=row["n_unchanged"],
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
        n_restored=row["n_restored"],
        n_kept=row["n_kept"],
        kept=list(kept),
        job_id=job_id,
    )


def history(connection: Connection, project: LoadedProject, *, cursor: str | None, limit: int) -> BulkPage:
    """A page of the project's bulk actions, the newest first.

    Raises:
        InputError: the limit or the cursor is not a possible one.
    """
    if not 1 <= limit <= CHUNK:
        raise InputError(f"limit must be 1 to {CHUNK}, not {limit}.")
    if cursor is not None and not is_uuid(cursor):
        raise InputError("The cursor is not one that this server gave; start again without it.")
    rows = bulk.bulk_page(connection, project.id, before=cursor, limit=limit + 1)
    return BulkPage(
        rows=[bulk_row(row) for row in rows[:limit]], next=rows[limit - 1]["id"] if len(rows) > limit else None
    )


def parameters_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What a stored bulk action was asked to do, without its selection."""
    return msgspec.json.decode(row["parameters"], type=dict[str, Any])


def _check(new: NewBulk) -> None:
    chosen, where = new.selection.items, new.selection.where
    if (chosen is None) == (where is None):
        raise InputError("Select items by their ids (items) or by a filter (where), one of the two.")
    if chosen is not None and not 1 <= len(chosen) <= MOST_ITEMS:
        raise InputError(f"Select 1 to {MOST_ITEMS:,} items by id, not {len(chosen):,}; for more use a filter.")
    if where is not None:
        parse_filter(where)
    if abs(new.priority) > MAX_PRIORITY:
        raise InputError(f"priority must be -{MAX_PRIORITY:,} to {MAX_PRIORITY:,}, not {new.priority}.")
    if new.kind in {"tag", "untag"} and not 1 <= len(new.tags) <= MOST_TAGS:
        raise InputError(f"Name 1 to {MOST_TAGS} tags, not {len(new.tags)}.")
    for word in (*new.tags, *([new.skill] if new.skill is not None else [])):
        if not word.strip() or word != word.strip() or len(word) > LONGEST_TAG or "\x00" in word:
            raise InputError(
                f"A tag or skill has 1 to {LONGEST_TAG} characters, no space around it: not {word[:60]!r}."
            )
    if not 1 <= new.n <= _MOST_ASKED:
        raise InputError(f"n must be 1 to {_MOST_ASKED}, not {new.n}.")


def _parameters(new: NewBulk) -> dict[str, Any]:
    match new.kind:
        case "priority":
            return {"priority": new.priority}
        case "skill":
            return {"skill": new.skill}
        case "tag" | "untag":
            return {"tags": new.tags}
        case "ask":
            return {"n": new.n}
        case _:
            return {}


def _selection(new: NewBulk) -> str:
    if new.selection.where is not None:
        return filter_text(parse_filter(new.selection.where))
    n = len(new.selection.items or ())
    return f"{n:,} items chosen" if n != 1 else "1 item chosen"


def _names(project: LoadedProject) -> list[str]:
    return [question.name for question in project.schema.questions]


def _columns(row: RowMapping) -> _State:
    return {name: row[name] for name in bulk.COLUMNS}


def _changed(new: NewBulk, row: RowMapping) -> _State:
    """What the columns of an item become."""
    was = _columns(row)
    match new.kind:
        case "priority":
            return was | {"priority": new.priority}
        case "skill":
            return was | {"skill": new.skill}
        case "tag" | "untag":
            tags = set(msgspec.json.decode(row["tags"] or "[]", type=list[str]))
            tags = tags | set(new.tags) if new.kind == "tag" else tags - set(new.tags)
            if len(tags) > MOST_TAGS:
                raise InputError(f"Item {row['external_id'][:80]!r} would have more than {MOST_TAGS} tags.")
            return was | {"tags": canonical_json(sorted(tags)).decode() if tags else None}
        case "ask":
            return was | {"asked": min(_MOST_ASKED, max(row["wanted"], row["n_people"]) + new.n)}
        case "return":
            return was | {"asked": max(row["asked"], min(_MOST_ASKED, row["n_people"] + 1))}
        case _:
            return was | {"aside": _ASIDE[new.kind]}


def _write(unit: UnitOfWork, project: LoadedProject, rows: Sequence[RowMapping], states: Mapping[str, _State]) -> None:
    """Write columns, and bring the place in the queue and what finds the items in line."""
    connection = unit.connection
    policy = current_policy(connection, project.id)
    known = known_answers.decided(connection, list(states))
    disputed = disputed_of(connection, policy, list(states))
    written: list[dict[str, Any]] = []
    tagged: list[dict[str, Any]] = []
    for row in rows:
        state = states.get(row["id"])
        if state is None:
            continue
        place = place_in_queue(
            policy,
            {**row, **state},
            row["confidence"],
            is_contested=bool(row["is_contested"]),
            is_decided=is_known(project.schema, known.get(row["id"], {})),
            is_disputed=row["id"] in disputed,
        )
        written.append({"item_id": row["id"], **state, **place})
        if (row["tags"], row["skill"]) != (state["tags"], state["skill"]):
            tagged.append({"position": row["position"], "tags": state["tags"], "skill": state["skill"]})
    bulk.set_columns(connection, written, unit.now)
    index_tags(connection, project, tagged, now=unit.now)


def _make_known(
    unit: UnitOfWork, project: LoadedProject, rows: Sequence[RowMapping], *, actor: str
) -> dict[str, tuple[_State, _State]]:
    """Make the consensus of items their known answer, for the questions that are not known yet."""
    ids = [row["id"] for row in rows]
    already = {(row["item_id"], row["question"]) for row in known_answers.of_items(unit.connection, ids)}
    found: dict[str, dict[str, object]] = {}
    for row in inferences.consensus_of(unit.connection, ids):
        if row["method"] != KNOWN and (row["item_id"], row["question"]) not in already:
            found.setdefault(row["item_id"], {})[row["question"]] = msgspec.json.decode(row["value"])
    gold.store_given(unit, project, found, note="from the consensus", actor=actor)
    return {item: ({"known": dict.fromkeys(answers)}, {"known": answers}) for item, answers in found.items()}


def _end_leases(unit: UnitOfWork, rows: Sequence[RowMapping]) -> dict[str, tuple[_State, _State]]:
    held: dict[str, list[dict[str, Any]]] = {}
    for lease in bulk.leases_of(unit.connection, [row["id"] for row in rows], unit.now):
        held.setdefault(lease["item_id"], []).append(dict(lease))
    bulk.end_leases(unit.connection, [one["id"] for found in held.values() for one in found])
    return {item: ({"leases": found}, {"leases": []}) for item, found in held.items()}


def _restore(
    unit: UnitOfWork, project: LoadedProject, kind: str, chunk: Sequence[RowMapping], *, actor: str
) -> list[str]:
    """Bring items back to what they were; the external ids of those that have changed since."""
    rows = bulk.standings(unit.connection, project.id, [one["item_id"] for one in chunk])
    was = {one["item_id"]: msgspec.json.decode(one["before"], type=_State) for one in chunk}
    became = {one["item_id"]: msgspec.json.decode(one["after"], type=_State) for one in chunk}
    match kind:
        case "known":
            kept = _forget_known(unit, project, became, actor=actor)
        case "release-leases":
            kept = _give_leases_back(unit, was)
        case _:
            own = {one: _differing(was[one], became[one]) for one in was}
            kept = {row["id"] for row in rows if any(row[name] != became[row["id"]][name] for name in own[row["id"]])}
            back = {
                row["id"]: _columns(row) | {name: was[row["id"]][name] for name in own[row["id"]]}
                for row in rows
                if row["id"] not in kept
            }
            _write(unit, project, rows, back)
    return [row["external_id"] for row in rows if row["id"] in kept]


def _differing(was: _State, became: _State) -> list[str]:
    return [name for name in was if was[name] != became[name]]


def _forget_known(unit: UnitOfWork, project: LoadedProject, became: Mapping[str, _State], *, actor: str) -> set[str]:
    """Take known answers back that are as the bulk action made them; the items where they are not."""
    now: dict[str, dict[str, tuple[object, str]]] = {}
    for row in known_answers.of_items(unit.connection, list(became)):
        said = msgspec.json.decode(row["value"])
        now.setdefault(row["item_id"], {})[row["question"]] = (said, row["origin"])
    kept = {
        item
        for item, state in became.items()
        if any(now.get(item, {}).get(name) != (value, "given") for name, value in state["known"].items())
    }
    gone = {item: list(state["known"]) for item, state in became.items() if item not in kept}
    gold.forget_given(unit, project, gone, actor=actor)
    return kept


def _give_leases_back(unit: UnitOfWork, was: Mapping[str, _State]) -> set[str]:
    """Give leases back that still run, where nobody has taken the item since; the items where that cannot be."""
    taken = {lease["item_id"] for lease in bulk.leases_of(unit.connection, list(was), unit.now)}
    back = {
        item: [one for one in state["leases"] if one["leased_until"] >= unit.now]
        for item, state in was.items()
        if item not in taken
    }
    stale = {item for item, found in back.items() if len(found) < len(was[item]["leases"])}
    bulk.restore_leases(unit.connection, [one for item, found in back.items() if item not in stale for one in found])
    return taken | stale
