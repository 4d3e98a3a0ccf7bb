"""Give an annotator the next items, and say why when there are none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.kit.ids import is_uuid
from goldsmith.labeling.flows import refits, reviews, steering, suggestions
from goldsmith.labeling.flows.counting import queue_counts
from goldsmith.labeling.lease_wire import (
    AskedAgain,
    EmptyReason,
    Lease,
    LeaseRequest,
    Leases,
    Rework,
    StandingAnswers,
    Why,
)
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.policies import Review, drawn
from goldsmith.labeling.store import contests, items, queue, queue_reasons, threads
from goldsmith.labeling.store import reviews as reviews_store
from goldsmith.labeling.store.queue import Asked
from goldsmith.labeling.workbench import START, Workbench
from goldsmith.store.prepared import Row
from goldsmith.store.units import UnitOfWork

MAX_LEASES = 10
_FAIR_PART = 20  # nobody holds more than a twentieth of what is open, so the end of a queue is shared
_ATTEMPTS = 3  # how often somebody who found only items that others were just taking looks again
_MOST_REWORKS = 50
_HIDDEN = Why(text="It is next in the queue.", n_answers=0, confidence=None)
"""Where gold is hidden, no item says how many answers it has."""
_AGAIN = Why(text="The questions have changed since you answered it.", n_answers=0, confidence=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One annotator's turn at the queue of a project.

    Attributes:
        returned: the annotator's answers that came back, by item.
    """

    unit: UnitOfWork
    bench: Workbench
    project: LoadedProject
    asked: Asked
    returned: Mapping[str, Row]


class _Taken(NamedTuple):
    """An item that is held, and the lease."""

    lease_id: str
    until: int
    row: Row


def lease(
    unit: UnitOfWork,
    bench: Workbench,
    project: LoadedProject,
    *,
    annotator_id: str,
    request: LeaseRequest,
    skills: Collection[str] = (),
) -> Leases:
    """What the annotator holds after asking for `request.n` items: first those already held, then the next ones.

    Answers that came back stand before all other items, and items that are kept for the annotator before the queue.
    Where there is nothing, `why_empty` says why.

    Raises:
        InputError: `n` is not 1 to 10, or an item is named to be answered.
        NotFound: the project has no such item as the one named.
        Conflict: the item that is named is not for the annotator.
    """
    if not 1 <= request.n <= MAX_LEASES:
        raise InputError(f"n must be 1 to {MAX_LEASES}, not {request.n}.")
    if project.state != "active":
        return Leases(leases=[], empty=EmptyReason(text="This project is archived.", counts={}))
    asked = asked_by(project, annotator_id=annotator_id, purpose=request.purpose, now=unit.now, skills=skills)
    came_back = queue.returned(unit.connection, asked, _MOST_REWORKS) if asked.purpose == "label" else []
    returned = {row["item_id"]: row for row in came_back}
    turn = _Turn(unit=unit, bench=bench, project=project, asked=asked, returned=returned)
    if request.item is not None:
        _take_named(turn, request.item)
    held = queue.held(unit.connection, asked, MAX_LEASES + (request.item is not None))
    held.sort(key=lambda row: row["item_id"] != request.item)
    taken = [_Taken(row["id"], row["leased_until"], row) for row in held]
    n = 0 if project.is_paused else _fair_share(turn, request, len(taken))
    if n > 0:
        taken += _next(turn, n, must_find=not taken)
    return Leases(leases=_leases(turn, taken), empty=None)


def why_empty(
    bench: Workbench,
    project: LoadedProject,
    *,
    annotator_id: str,
    purpose: str,
    now: int,
    skills: Collection[str] = (),
) -> EmptyReason:
    """Why `lease` gave nothing. It counts, so it stands outside the transaction that others wait for."""
    asked = asked_by(project, annotator_id=annotator_id, purpose=purpose, now=now, skills=skills)
    whole = queue_counts(bench, project.id, asked.skills)
    with bench.vault.database.read() as connection:
        if purpose in {"review", "adjudicate"}:
            return _why_nothing_to_review(project, asked, queue_reasons.empty_review_counts(connection, asked, whole))
        return _why_empty(project, asked, queue_reasons.empty_counts(connection, asked, whole))


def asked_by(project: LoadedProject, *, annotator_id: str, purpose: str, now: int, skills: Collection[str]) -> Asked:
    """Who asks, in the words of the queue."""
    return Asked(
        project_id=project.id,
        annotator_id=annotator_id,
        purpose=purpose,
        now=now,
        skills="|" + "".join(f"{skill}|" for skill in skills),
        gold_room=_gold_room(project),
    )


def extend(unit: UnitOfWork, bench: Workbench, *, lease_id: str, annotator_id: str) -> int:
    """The new end of a lease after a sign of life; one that has run out is held again while the item has room.

    Raises:
        NotFound: the annotator has no such lease, or others took the item after it ran out, or the project is paused.
    """
    found = queue.lease(unit.connection, lease_id=lease_id, annotator_id=annotator_id)
    if found is None:
        raise NotFound("There is no such lease; your answer can be sent all the same.")
    project = bench.peek_project(unit.connection, found["project_id"])
    until = unit.now + project.policy.lease_micros
    if found["leased_until"] >= unit.now:
        queue.extend(unit.connection, lease_id=lease_id, until=until)
        return until
    if project.is_paused:
        raise NotFound("The lease ran out and the project is paused; your answer can be sent all the same.")
    items.lock(unit.connection, found["item_id"])
    again = {
        "lease_id": lease_id,
        "now": unit.now,
        "annotator_id": annotator_id,
        "purpose": found["purpose"],
        "leased_until": until,
        "item_id": found["item_id"],
        "gold_room": _gold_room(project),
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
    bench.look_again(found["project_id"])


def _take_named(turn: _Turn, item_id: str) -> None:
    """Hold an item that somebody wants to decide about, or say why that is not theirs to do."""
    if turn.asked.purpose not in {"review", "adjudicate"}:
        raise InputError("item names what is reviewed or adjudicated next; what is answered next, the queue decides.")
    connection = turn.unit.connection
    if is_uuid(item_id):
        items.lock(connection, item_id)
    found = steering.why(connection, turn.project, item_id, turn.asked)
    if not found.gets:
        raise Conflict(f"This item is not yours to {turn.asked.purpose}. {found.text}")
    is_held = any(row["item_id"] == item_id for row in queue.held(connection, turn.asked, MAX_LEASES + 1))
    if not is_held and not _take(turn, [{"item_id": item_id}]):
        raise Conflict("Somebody else has just taken this item.")


def _gold_room(project: LoadedProject) -> int:
    return project.policy.gold_exposures if project.policy.gold_share else 0


def _fair_share(turn: _Turn, request: LeaseRequest, n_held: int) -> int:
    """How many more items the annotator may take: what was asked for, but no more than a part of what is open."""
    if request.purpose == "audit" or request.n == 1:
        return request.n - n_held
    most = MAX_LEASES * _FAIR_PART
    n_open = queue.n_open_up_to(turn.unit.connection, turn.project.id, most, purpose=request.purpose)
    return min(request.n, max(1, n_open // _FAIR_PART)) - n_held


def _next(turn: _Turn, n: int, *, must_find: bool) -> list[_Taken]:
    """Up to `n` new leases: what came back, what is kept for the annotator, then the queue with gold among it.

    Items that others have locked at this moment are passed over at first. When nothing else is left and `must_find`
    is set, they are waited for, since they may have room for one more.
    """
    taken: list[_Taken] = []
    if turn.asked.purpose == "label":
        held = {row["item_id"] for row in queue.held(turn.unit.connection, turn.asked, MAX_LEASES)}
        taken += _take(turn, [row for row in turn.returned.values() if row["item_id"] not in held][:n])
        if len(taken) < n:
            taken += _take(turn, _special(turn, n - len(taken), kind="assigned"))
    if len(taken) < n:
        taken += _from_queue(turn, n - len(taken))
    if taken or not must_find or not items.has_row_locks(turn.unit.connection):
        return taken
    for _ in range(_ATTEMPTS):
        found = _candidates(turn, n, waits=True)
        taken = _take(turn, found)
        if taken or not found:
            break
    return taken


def _from_queue(turn: _Turn, n: int) -> list[_Taken]:
    """The next items, some of them gold: each new lease draws its lot, so that no pattern gives gold away."""
    ids = [turn.bench.new_id() for _ in range(n)]
    share = turn.project.policy.gold_share if turn.asked.purpose == "label" else 0.0
    drawn_ids = [one for one in ids if share and drawn("gold", one) < share]
    gold = _gold(turn, len(drawn_ids)) if drawn_ids else []
    hidden = _take(turn, gold, drawn_ids)
    left = [one for one in ids if one not in {taken.lease_id for taken in hidden}]
    plain = _take(turn, _candidates(turn, len(left), waits=False), left) if left else []
    return sorted(hidden + plain)


def _gold(turn: _Turn, n: int) -> list[Row]:
    """Up to `n` gold items for the annotator, while there is other work for them too."""
    connection, asked = turn.unit.connection, turn.asked
    most = turn.project.policy.gold_per_annotator
    if most is not None:
        n = min(n, most - queue.n_gold_answered(connection, asked))
    if n <= 0 or not queue.candidates(connection, asked, 1, after=START, waits=False):
        return []
    return _special(turn, n, kind="gold")


def _special(turn: _Turn, n: int, *, kind: str) -> list[Row]:
    return queue.special_candidates(turn.unit.connection, turn.asked, n, kind=kind, waits=False)


def _take(turn: _Turn, found: Sequence[Row], ids: Sequence[str] = ()) -> list[_Taken]:
    taken: list[_Taken] = []
    until = turn.unit.now + turn.project.policy.lease_micros
    for place, row in enumerate(found):
        lease_id = ids[place] if ids else turn.bench.new_id()
        values = {
            "lease_id": lease_id,
            "now": turn.unit.now,
            "annotator_id": turn.asked.annotator_id,
            "purpose": turn.asked.purpose,
            "leased_until": until,
            "item_id": row["item_id"],
            "gold_room": turn.asked.gold_room,
        }
        if queue.take(turn.unit.connection, values):
            taken.append(_Taken(lease_id, until, row))
    return taken


def _candidates(turn: _Turn, n: int, *, waits: bool) -> list[Row]:
    """The next items after the annotator's place in the queue, or from its front when nothing follows."""
    connection, bench, asked = turn.unit.connection, turn.bench, turn.asked
    if asked.purpose != "label":
        return queue.special_candidates(connection, asked, n, kind=asked.purpose, waits=waits)
    place = START if waits else bench.place(asked.project_id, asked.annotator_id, asked.now)
    found = queue.candidates(connection, asked, n, after=place, waits=waits)
    if not found and place != START:
        found = queue.candidates(connection, asked, n, after=START, waits=waits)
        bench.move_place(asked.project_id, asked.annotator_id, None, asked.now)
    if found:
        last = (found[-1]["queue_rank"], found[-1]["item_id"])
        bench.move_place(asked.project_id, asked.annotator_id, last, asked.now)
    return found


def _leases(turn: _Turn, taken: Sequence[_Taken]) -> list[Lease]:
    """The leases with all that is needed to answer, review or adjudicate."""
    ids = [one.row["item_id"] for one in taken]
    looks = turn.asked.purpose in {"review", "adjudicate"}
    standing: Mapping[str, list[StandingAnswers]] = {}
    if looks and ids:
        standing = reviews.standing(
            turn.unit.connection,
            turn.project,
            reviewer_id=turn.asked.annotator_id,
            item_ids=ids,
            purpose=turn.asked.purpose,
        )
    contested = contests.open_among(turn.unit.connection, ids) if turn.asked.purpose == "adjudicate" else {}
    suggested = suggestions.for_leases(
        turn.unit.connection, turn.project, asked=turn.asked, rows=[one.row for one in taken]
    )
    again: Mapping[str, AskedAgain] = _asked_again(turn, taken) if taken and turn.asked.purpose == "label" else {}
    talked: Mapping[str, int] = _talked(turn) if taken and not looks else {}
    return [
        Lease(
            id=one.lease_id,
            item_id=one.row["item_id"],
            external_id=one.row["external_id"],
            leased_until=one.until,
            payload=msgspec.Raw(one.row["payload"].encode()),
            schema_version=turn.project.schema_version,
            guideline_version=turn.project.guideline_version,
            policy_version=turn.project.policy_version,
            why=_AGAIN if one.row["item_id"] in again else _why(turn, one.row),
            suggestions=suggested.get(one.row["item_id"], []),
            rework=_rework(turn, one.row["item_id"]),
            answers=standing.get(one.row["item_id"], []),
            contested=contested.get(one.row["item_id"], []),
            asked_again=again.get(one.row["item_id"]),
            n_open_threads=talked.get(one.row["item_id"], 0),
        )
        for one in taken
    ]


def _asked_again(turn: _Turn, taken: Sequence[_Taken]) -> dict[str, AskedAgain]:
    return refits.asked_again(
        turn.unit.connection,
        turn.bench,
        turn.project,
        asked=turn.asked,
        rows=[one.row for one in taken],
    )


def _talked(turn: _Turn) -> Mapping[str, int]:
    """How many open threads concern the annotator, by item that they hold; asked once for all of them."""
    asked = turn.asked
    return threads.n_open_of_held(
        turn.unit.connection,
        project_id=asked.project_id,
        annotator_id=asked.annotator_id,
        purpose=asked.purpose,
        now=asked.now,
    )


def _rework(turn: _Turn, item_id: str) -> Rework | None:
    row = turn.returned.get(item_id)
    if row is None:
        return None
    history = reviews_store.of_item(turn.unit.connection, item_id)
    return Rework(
        review_id=row["review_id"],
        comment=row["comment"],
        n_returns=sum(one["decision"] == "returned" and bool(one["applies"]) for one in history),
        annotation_id=row["annotation_id"],
        answers=msgspec.json.decode(row["answers"], type=dict[str, Any]),
        thread_id=threads.about_return(turn.unit.connection, item_id, turn.asked.annotator_id) or "",
    )


def _why(turn: _Turn, row: Row) -> Why:
    n_answers, confidence = row["n_people"] + row["n_models"], row["confidence"]
    answers = "1 answer" if n_answers == 1 else f"{n_answers} answers"
    purpose = turn.asked.purpose
    if row["item_id"] in turn.returned:
        return Why(text="A reviewer has returned your answer.", n_answers=0, confidence=None)
    if purpose == "label" and turn.project.policy.gold_share:
        return _HIDDEN
    if purpose == "review":
        text = f"It has {answers} and waits for a review."
    elif purpose == "adjudicate":
        text = "Its answers are contested, or a review was; you have decided nothing about it so far."
    elif n_answers == 0:
        text = "Nobody has answered it yet."
    elif confidence is None:
        text = f"It has {answers}; a person is wanted."
    else:
        text = f"It has {answers}, and its consensus is {confidence:.0%} certain."
    return Why(text=text, n_answers=n_answers, confidence=confidence)


def _why_empty(project: LoadedProject, asked: Asked, counts: dict[str, int]) -> EmptyReason:
    if project.is_paused:
        text = "This project is paused: answers under way are kept, and nobody gets new items until it goes on."
    elif asked.purpose == "audit":
        text = "No item of the audit sample waits for an answer."
    elif counts["n_items"] == 0:
        text = "This project has no items yet. Import some first."
    elif counts["open"] == 0:
        text = "Every item has all the answers it needs."
    elif counts["needs_skill"] >= counts["open"]:
        text = "The items that are left ask for a skill that you are not known to have."
    elif counts["kept_for_others"] >= counts["open"]:
        text = "The items that are left are kept for others."
    elif counts["in_flight"] >= counts["open"]:
        text = "The items that are left are being answered by others just now."
    else:
        text = "You have answered every item that still needs answers; the rest is for others."
    return EmptyReason(text=text, counts=counts)


def _why_nothing_to_review(project: LoadedProject, asked: Asked, counts: dict[str, int]) -> EmptyReason:
    what = "review" if asked.purpose == "review" else "adjudication"
    if project.is_paused:
        text = "This project is paused: decisions under way are kept, and nobody gets new items until it goes on."
    elif what == "review" and project.policy.review is Review.NONE:
        text = "The policy of this project asks for no reviews."
    elif counts["waiting"] == 0:
        text = f"No item waits for {'a review' if what == 'review' else 'an adjudication'}."
    elif counts["your_own_work"] >= counts["waiting"]:
        text = f"What waits for {what} is your own work, or you have decided about it; somebody else has to."
    else:
        text = "Others look at what is left just now."
    return EmptyReason(text=text, counts=counts)
