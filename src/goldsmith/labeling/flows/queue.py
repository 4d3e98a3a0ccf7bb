"""Give an annotator the next items, and say why when there are none."""

import msgspec
from sqlalchemy import RowMapping

from goldsmith.errors import InputError, NotFound
from goldsmith.kit.clock import Micros
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import queue
from goldsmith.labeling.wire import EmptyReason, Lease, LeaseRequest, Leases, Why
from goldsmith.labeling.workbench import START, Workbench
from goldsmith.store.units import UnitOfWork

MAX_LEASES = 10
_FAIR_PART = 20  # nobody holds more than a twentieth of what is open, so the end of a queue is shared


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
    held = queue.held(unit.connection, project_id=project.id, annotator_id=annotator_id, now=unit.now, n=MAX_LEASES)
    leases = [_lease(project, row, row["id"], row["leased_until"]) for row in held]
    if len(leases) < request.n:
        found = _next_items(unit, bench, project, annotator_id=annotator_id, request=request, n_held=len(leases))
        leases += _take(unit, bench, project, annotator_id=annotator_id, found=found, purpose=request.purpose)
    if leases:
        return Leases(leases=leases, empty=None)
    return Leases(leases=[], empty=_why_empty(unit, project, annotator_id, request.purpose))


def extend(unit: UnitOfWork, bench: Workbench, *, lease_id: str, annotator_id: str) -> int:
    """The new end of a lease after a sign of life. A lease that has run out is the annotator's again if nobody else's.

    Raises:
        NotFound: the annotator has no such lease.
    """
    project_id = queue.project_of_lease(unit.connection, lease_id=lease_id, annotator_id=annotator_id)
    if project_id is None:
        raise NotFound("There is no such lease; your answer can be sent all the same.")
    until = unit.now + bench.project(unit.connection, project_id).policy.lease_micros
    queue.extend(unit.connection, lease_id=lease_id, annotator_id=annotator_id, until=until)
    return until


def release(unit: UnitOfWork, bench: Workbench, *, lease_id: str, annotator_id: str) -> None:
    """Give a lease back, so that the item is free at once.

    Raises:
        NotFound: the annotator has no such lease.
    """
    project_id = queue.project_of_lease(unit.connection, lease_id=lease_id, annotator_id=annotator_id)
    if project_id is None or not queue.release(unit.connection, lease_id=lease_id, annotator_id=annotator_id):
        raise NotFound("There is no such lease.")
    bench.restart_queue(project_id)


def _next_items(
    unit: UnitOfWork,
    bench: Workbench,
    project: LoadedProject,
    *,
    annotator_id: str,
    request: LeaseRequest,
    n_held: int,
) -> list[RowMapping]:
    n = request.n - n_held
    if request.purpose == "audit":
        return queue.audit_candidates(
            unit.connection, project_id=project.id, annotator_id=annotator_id, now=unit.now, n=n
        )
    if request.n > 1:
        n_open = queue.n_open_up_to(unit.connection, project.id, MAX_LEASES * _FAIR_PART)
        n = min(n, max(1, n_open // _FAIR_PART) - n_held)
    return _candidates(unit, bench, project, annotator_id=annotator_id, n=n) if n > 0 else []


def _take(
    unit: UnitOfWork,
    bench: Workbench,
    project: LoadedProject,
    *,
    annotator_id: str,
    found: list[RowMapping],
    purpose: str,
) -> list[Lease]:
    taken: list[Lease] = []
    until = unit.now + project.policy.lease_micros
    for row in found:
        lease_id = bench.new_id()
        values = {
            "lease_id": lease_id,
            "now": unit.now,
            "annotator_id": annotator_id,
            "leased_until": until,
            "item_id": row["item_id"],
            "is_audit": int(purpose == "audit"),
        }
        if queue.take(unit.connection, values):
            taken.append(_lease(project, row, lease_id, until))
    return taken


def _candidates(
    unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, annotator_id: str, n: int
) -> list[RowMapping]:
    """The next items after the annotator's place in the queue, or from its front when nothing follows."""

    def after(place: tuple[int, str]) -> list[RowMapping]:
        return queue.candidates(
            unit.connection, project_id=project.id, annotator_id=annotator_id, now=unit.now, n=n, after=place
        )

    place = bench.place(project.id, annotator_id, unit.now)
    found = after(place)
    if not found and place != START:
        found = after(START)
        bench.move_place(project.id, annotator_id, None, unit.now)
    if found:
        bench.move_place(project.id, annotator_id, (found[-1]["queue_rank"], found[-1]["item_id"]), unit.now)
    return found


def _lease(project: LoadedProject, row: RowMapping, lease_id: str, until: int) -> Lease:
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


def _why_empty(unit: UnitOfWork, project: LoadedProject, annotator_id: str, purpose: str) -> EmptyReason:
    counts = queue.empty_counts(unit.connection, project_id=project.id, annotator_id=annotator_id, now=Micros(unit.now))
    if purpose == "audit":
        return EmptyReason(text="No item of the audit sample waits for an answer.", counts=counts)
    if counts["n_items"] == 0:
        text = "This project has no items yet. Import some first."
    elif counts["open"] == 0:
        text = "Every item has all the answers it needs."
    elif counts["in_flight"] >= counts["open"]:
        text = "The items that are left are being answered by others just now."
    else:
        text = "You have answered every item that still needs answers; the rest is for others."
    return EmptyReason(text=text, counts=counts)
