"""Give an annotator the next items, and say why when there are none."""

from dataclasses import dataclass

import msgspec

from goldsmith.errors import InputError, NotFound
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import items, queue
from goldsmith.labeling.store.queue import Asked
from goldsmith.labeling.wire import EmptyReason, Lease, LeaseRequest, Leases, Why
from goldsmith.labeling.workbench import START, Workbench
from goldsmith.store.prepared import Row
from goldsmith.store.units import UnitOfWork

MAX_LEASES = 10
_FAIR_PART = 20  # nobody holds more than a twentieth of what is open, so the end of a queue is shared
_ATTEMPTS = 3  # how often somebody who found only items that others were just taking looks again


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One annotator's turn at the queue of a project."""

    unit: UnitOfWork
    bench: Workbench
    project: LoadedProject
    asked: Asked


def lease(
    unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, annotator_id: str, request: LeaseRequest
) -> Leases:
    """What the annotator holds after asking for `request.n` items: first those already held, then the next ones.

    Raises:
        InputError: `n` is not 1 to 10.
    """
    if not 1 <= request.n <= MAX_LEASES:
        raise InputError(f"n must be 1 to {MAX_LEASES}, not {request.n}.")
    if project.state != "active":
        return Leases(leases=[], empty=EmptyReason(text="This project is archived.", counts={}))
    asked = Asked(project_id=project.id, annotator_id=annotator_id, purpose=request.purpose, now=unit.now)
    held = queue.held(unit.connection, asked, MAX_LEASES)
    leases = [_lease(project, row, row["id"], row["leased_until"]) for row in held]
    turn = _Turn(unit=unit, bench=bench, project=project, asked=asked)
    n = _fair_share(turn, request, len(leases))
    if n > 0:
        leases += _next_leases(turn, n, must_find=not leases)
    return Leases(leases=leases, empty=None if leases else _why_empty(turn))


def extend(unit: UnitOfWork, bench: Workbench, *, lease_id: str, annotator_id: str) -> int:
    """The new end of a lease after a sign of life; one that has run out is held again while the item has room.

    Raises:
        NotFound: the annotator has no such lease, or others took the item after it ran out.
    """
    found = queue.lease(unit.connection, lease_id=lease_id, annotator_id=annotator_id)
    if found is None:
        raise NotFound("There is no such lease; your answer can be sent all the same.")
    until = unit.now + bench.peek_project(unit.connection, found["project_id"]).policy.lease_micros
    if found["leased_until"] >= unit.now:
        queue.extend(unit.connection, lease_id=lease_id, until=until)
        return until
    items.lock(unit.connection, found["item_id"])
    again = {
        "lease_id": lease_id,
        "now": unit.now,
        "annotator_id": annotator_id,
        "purpose": found["purpose"],
        "leased_until": until,
        "item_id": found["item_id"],
    }
    if not queue.take(unit.connection, again):
        raise NotFound("The lease ran out and others answer the item now; your answer can be sent all the same.")
    return until


def release(unit: UnitOfWork, bench: Workbench, *, lease_id: str, annotator_id: str) -> None:
    """Give a lease back, so that the item is free at once.

    Raises:
        NotFound: the annotator has no such lease.
    """
    found = queue.lease(unit.connection, lease_id=lease_id, annotator_id=annotator_id)
    if found is None:
        raise NotFound("There is no such lease.")
    queue.release(unit.connection, lease_id=lease_id, annotator_id=annotator_id)
    bench.restart_queue(found["project_id"])


def _fair_share(turn: _Turn, request: LeaseRequest, n_held: int) -> int:
    """How many more items the annotator may take: what was asked for, but no more than a part of what is open."""
    if request.purpose == "audit" or request.n == 1:
        return request.n - n_held
    n_open = queue.n_open_up_to(turn.unit.connection, turn.project.id, MAX_LEASES * _FAIR_PART)
    return min(request.n, max(1, n_open // _FAIR_PART)) - n_held


def _next_leases(turn: _Turn, n: int, *, must_find: bool) -> list[Lease]:
    """Up to `n` new leases.

    Items that others have locked at this moment are passed over at first. When nothing else is left and `must_find`
    is set, they are waited for, since they may have room for one more.
    """
    taken = _take(turn, _candidates(turn, n, waits=False))
    if taken or not must_find or not items.has_row_locks(turn.unit.connection):
        return taken
    for _ in range(_ATTEMPTS):
        found = _candidates(turn, n, waits=True)
        taken = _take(turn, found)
        if taken or not found:
            break
    return taken


def _take(turn: _Turn, found: list[Row]) -> list[Lease]:
    taken: list[Lease] = []
    until = turn.unit.now + turn.project.policy.lease_micros
    for row in found:
        lease_id = turn.bench.new_id()
        values = {
            "lease_id": lease_id,
            "now": turn.unit.now,
            "annotator_id": turn.asked.annotator_id,
            "purpose": turn.asked.purpose,
            "leased_until": until,
            "item_id": row["item_id"],
        }
        if queue.take(turn.unit.connection, values):
            taken.append(_lease(turn.project, row, lease_id, until))
    return taken


def _candidates(turn: _Turn, n: int, *, waits: bool) -> list[Row]:
    """The next items after the annotator's place in the queue, or from its front when nothing follows."""
    connection, bench, asked = turn.unit.connection, turn.bench, turn.asked
    if asked.purpose == "audit":
        return queue.audit_candidates(connection, asked, n, waits=waits)
    place = START if waits else bench.place(asked.project_id, asked.annotator_id, asked.now)
    found = queue.candidates(connection, asked, n, after=place, waits=waits)
    if not found and place != START:
        found = queue.candidates(connection, asked, n, after=START, waits=waits)
        bench.move_place(asked.project_id, asked.annotator_id, None, asked.now)
    if found:
        last = (found[-1]["queue_rank"], found[-1]["item_id"])
        bench.move_place(asked.project_id, asked.annotator_id, last, asked.now)
    return found


def _lease(project: LoadedProject, row: Row, lease_id: str, until: int) -> Lease:
    n_answers = row["n_people"] + row["n_models"]
    return Lease(
        id=lease_id,
        item_id=row["item_id"],
        external_id=row["external_id"],
        leased_until=until,
        payload=msgspec.Raw(row["payload"].encode()),
        schema_version=project.schema_version,
        guideline_version=project.guideline_version,
        policy_version=project.policy_version,
        why=Why(text=_why(n_answers, row["confidence"]), n_answers=n_answers, confidence=row["confidence"]),
        suggestions=[],
    )


def _why(n_answers: int, confidence: float | None) -> str:
    if n_answers == 0:
        return "Nobody has answered it yet."
    answers = "1 answer" if n_answers == 1 else f"{n_answers} answers"
    if confidence is None:
        return f"It has {answers}; a person is wanted."
    return f"It has {answers}, and its consensus is {confidence:.0%} certain."


def _why_empty(turn: _Turn) -> EmptyReason:
    counts = queue.empty_counts(turn.unit.connection, turn.asked)
    if turn.asked.purpose == "audit":
        text = "No item of the audit sample waits for an answer."
    elif counts["n_items"] == 0:
        text = "This project has no items yet. Import some first."
    elif counts["open"] == 0:
        text = "Every item has all the answers it needs."
    elif counts["in_flight"] >= counts["open"]:
        text = "The items that are left are being answered by others just now."
    else:
        text = "You have answered every item that still needs answers; the rest is for others."
    return EmptyReason(text=text, counts=counts)
