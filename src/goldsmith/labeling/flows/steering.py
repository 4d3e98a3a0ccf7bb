"""Steer the queue item by item: pause it, rank and route items, keep one for somebody, end leases, and say why."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, RowMapping

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows.finding import index_tags
from goldsmith.labeling.flows.projects import PLACE, current_policy, disputed_of, place_in_queue
from goldsmith.labeling.model import MAX_REASON_LENGTH, Annotator, LoadedProject, is_known
from goldsmith.labeling.policies import MAX_PRIORITY, Review
from goldsmith.labeling.steering_wire import (
    LeaseRow,
    LeaseRows,
    NewAssignment,
    NewPause,
    NewRelease,
    NewRouting,
    Reason,
    Released,
    Routed,
    WhyItem,
)
from goldsmith.labeling.store import (
    annotations,
    annotators,
    assignments,
    items,
    known_answers,
    projects,
    queue,
    queue_reasons,
    reviews,
)
from goldsmith.labeling.store.queue import Asked
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.prepared import Row
from goldsmith.store.units import UnitOfWork

MAX_ITEMS = 5_000
_MOST_LEASES = 1_000
_COUNTED_UP_TO = 10_000
_CHUNK = 500
_SKILL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def pause(unit: UnitOfWork, project: LoadedProject, new: NewPause, *, actor: str) -> None:
    """Hand out no new items of a project, or go on. Leases run on, and answers under way are kept."""
    content = canonical_json({"is_paused": new.is_paused, "reason": _reason(new.reason)})
    action = "project.paused" if new.is_paused else "project.resumed"
    unit.record(actor=actor, action=action, object_id=project.id, content=content)
    projects.update_project(unit.connection, project.id, {"is_paused": int(new.is_paused)})


def route(unit: UnitOfWork, bench: Workbench, project: LoadedProject, new: NewRouting, *, actor: str) -> Routed:
    """Give items a priority or the skill that they ask for, and bring the queue in line.

    Raises:
        InputError: there are no items or too many, nothing is said about them, or a value is impossible.
        NotFound: the project has no such item; then nothing is changed.
    """
    ids = _checked_routing(new)
    policy = current_policy(unit.connection, project.id)
    schema = bench.peek_project(unit.connection, project.id).schema
    n_changed = 0
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        rows = items.standings(unit.connection, part)
        of_project = items.of_project(unit.connection, project.id, part)
        missing = next((one for one in part if one not in of_project), None)
        if missing is not None:
            raise NotFound(f"There is no item {missing[:80]!r} in this project; no item was changed.")
        known = known_answers.decided(unit.connection, part)
        disputed = disputed_of(unit.connection, policy, part)
        updates: list[dict[str, object]] = []
        for item_id, before in rows.items():
            row = dict(before)
            row["priority"] = row["priority"] if new.priority is None else new.priority
            row["skill"] = row["skill"] if new.skill is None else new.skill or None
            place = place_in_queue(
                policy,
                row,
                row["confidence"],
                is_contested=bool(row["is_contested"]),
                is_decided=is_known(schema, known.get(item_id, {})),
                is_disputed=item_id in disputed,
            )
            if (row["priority"], row["skill"]) != (before["priority"], before["skill"]):
                updates.append({"item_id": item_id, "priority": row["priority"], "skill": row["skill"], **place})
        items.update_items(unit.connection, ("priority", "skill", *PLACE), updates)
        routed = [{**rows[str(one["item_id"])], "skill": one["skill"]} for one in updates]
        index_tags(unit.connection, project, routed, now=unit.now)
        n_changed += len(updates)
    content = canonical_json({"item_ids": ids, "priority": new.priority, "skill": new.skill})
    unit.record(actor=actor, action="items.routed", object_id=project.id, content=content)
    return Routed(n_items=len(ids), n_changed=n_changed)


def assign(unit: UnitOfWork, project: LoadedProject, item_id: str, new: NewAssignment, *, actor: str) -> None:
    """Keep an item for an annotator, who gets it before all others and alone; or let everybody have it again.

    An answer of somebody else that had come back to be done again no longer counts; the item is then free for whom it
    is kept.

    Raises:
        NotFound: the project has no such item, or nobody has worked here under such a pseudonym.
        Conflict: the item has all the answers it needs, or the annotator has answered it.
    """
    items.lock(unit.connection, item_id)
    items.item(unit.connection, project.id, item_id)
    content = canonical_json({"annotator": new.annotator, "reason": _reason(new.reason)})
    if new.annotator is None:
        if not assignments.end(unit.connection, item_id):
            raise NotFound("The item is kept for nobody.")
        unit.record(actor=actor, action="item.unassigned", object_id=item_id, content=content)
        return
    annotator_id = _person(unit.connection, new.annotator)
    _take_back_reworks(unit, project, item_id)
    asked = Asked(project_id=project.id, annotator_id=annotator_id, purpose="label", now=unit.now)
    facts = queue_reasons.facts(unit.connection, asked, item_id)
    if facts is not None and facts["has_answered"]:
        raise Conflict("This annotator has answered the item already.", hint="Nobody answers an item twice.")
    if facts is None or not facts["is_open"]:
        raise Conflict("The item has all the answers it needs.", hint="Raise the overlap to ask for more.")
    assignments.assign(
        unit.connection,
        {
            "item_id": item_id,
            "created_at": unit.now,
            "project_id": project.id,
            "annotator_id": annotator_id,
            "created_by": actor,
            "reason": _reason(new.reason),
        },
    )
    queue.release_item(unit.connection, item_id=item_id, purpose="label", besides=annotator_id)
    unit.record(actor=actor, action="item.assigned", object_id=item_id, content=content)


def release(unit: UnitOfWork, project: LoadedProject, item_id: str, new: NewRelease, *, actor: str) -> Released:
    """End the leases of an item that others hold. What they send all the same is kept, and marked as late.

    Raises:
        InputError: there is no reason.
        NotFound: the project has no such item, or nobody has worked here under such a pseudonym.
    """
    if not new.reason.strip():
        raise InputError("Say why the leases end: whoever held the item may ask.")
    items.lock(unit.connection, item_id)
    items.item(unit.connection, project.id, item_id)
    only = None if new.annotator is None else _person(unit.connection, new.annotator)
    n = queue.release_item(unit.connection, item_id=item_id, only=only)
    content = canonical_json({"annotator": new.annotator, "reason": _reason(new.reason), "n": n})
    unit.record(actor=actor, action="leases.ended", object_id=item_id, content=content)
    return Released(n_leases=n)


def lease_rows(connection: Connection, project: LoadedProject, now: int) -> LeaseRows:
    """Who holds which items just now."""
    rows = queue_reasons.live_leases(connection, project.id, now, _MOST_LEASES)
    return LeaseRows(
        rows=[
            LeaseRow(
                id=row["id"],
                item_id=row["item_id"],
                external_id=row["external_id"],
                title=row["title"],
                annotator=AnnotatorName(
                    id=row["annotator_id"], kind=row["kind"], name=row["name"], version=row["version"] or None
                ),
                purpose=row["purpose"],
                since=row["created_at"],
                leased_until=row["leased_until"],
            )
            for row in rows
        ]
    )


def why(connection: Connection, project: LoadedProject, item_id: str, asked: Asked) -> WhyItem:
    """Whether somebody gets an item, and all that speaks for and against it.

    Raises:
        NotFound: the project has no such item.
    """
    facts = queue_reasons.facts(connection, asked, item_id)
    if facts is None:
        raise NotFound(f"There is no item {item_id[:80]!r} in this project.")
    reasons = [*_general(project), *(_of_review(project, facts, asked) if _looks(asked) else _of_label(facts, asked))]
    obstacles = [reason for reason in reasons if reason.is_obstacle]
    is_held = facts["held_until"] is not None
    gets = is_held or not obstacles
    n_before = None
    if gets and not is_held and not _looks(asked):
        n_before = queue_reasons.n_before(
            connection, project.id, facts["queue_rank"], facts["id"], limit=_COUNTED_UP_TO
        )
    text = (obstacles or reasons)[0].text if reasons else "Nothing stands in the way."
    if n_before is not None:
        text = "It is the next one." if n_before == 0 else f"{n_before:,} items come before it."
    return WhyItem(gets=gets, text=text, reasons=reasons, n_before=n_before)


def asked_about(
    connection: Connection, project: LoadedProject, *, pseudonym: str, purpose: str, skills: Sequence[str], now: int
) -> Asked:
    """Who asks or is asked about; somebody who has never worked here has answered nothing."""
    known = annotators.find_annotator(connection, Annotator(kind="person", name=pseudonym))
    marked = "|" + "".join(f"{skill}|" for skill in skills)
    return Asked(project_id=project.id, annotator_id=known or "", purpose=purpose, now=now, skills=marked)


def _looks(asked: Asked) -> bool:
    return asked.purpose in {"review", "adjudicate"}


def _general(project: LoadedProject) -> Iterator[Reason]:
    if project.state != "active":
        yield Reason(code="archived", text="The project is archived.", is_obstacle=True)
    if project.is_paused:
        yield Reason(code="paused", text="The project is paused; nobody gets new items.", is_obstacle=True)


def _of_label(facts: RowMapping, asked: Asked) -> Iterator[Reason]:
    if facts["held_until"] is not None:
        yield Reason(code="held", text="You hold it now.", is_obstacle=False)
    if facts["has_rework"]:
        text = "Your answer was returned, so it comes before all others."
        yield Reason(code="returned", text=text, is_obstacle=False)
        return
    if facts["has_answered"]:
        yield Reason(code="answered", text="You have answered it, and nobody answers an item twice.", is_obstacle=True)
    if asked.purpose == "audit":
        return
    if not facts["is_open"]:
        yield Reason(code="complete", text="It has all the answers it needs.", is_obstacle=True)
    elif facts["n_people"] + facts["n_others"] >= facts["wanted"]:
        text = f"{facts['n_others']} of the {facts['wanted'] - facts['n_people']} answers it needs are under way."
        yield Reason(code="in-flight", text=text, is_obstacle=True)
    if not facts["is_able"]:
        yield Reason(code="skill", text=f"It asks for the skill {facts['skill']!r}.", is_obstacle=True)
    if facts["is_kept_for_others"]:
        yield Reason(code="kept", text="It is kept for somebody else.", is_obstacle=True)
    if facts["priority"]:
        yield Reason(code="priority", text=f"Its priority is {facts['priority']}.", is_obstacle=False)


def _of_review(project: LoadedProject, facts: RowMapping, asked: Asked) -> Iterator[Reason]:
    if facts["held_until"] is not None:
        yield Reason(code="held", text="You hold it now.", is_obstacle=False)
    if facts["concerns"]:
        text = "It is your own work, or you have decided about it, contested it or given what is contested."
        yield Reason(code="own-work", text=text, is_obstacle=True)
    is_contested, stage = bool(facts["is_contested"]), facts["review_stage"]
    if asked.purpose == "adjudicate":
        if stage != "adjudicate" and not is_contested:
            yield Reason(code="not-contested", text="Nothing about it is contested.", is_obstacle=True)
    elif stage == "settled":
        yield Reason(code="settled", text="A reviewer has decided it.", is_obstacle=True)
    elif stage == "rework":
        yield Reason(code="rework", text="It was returned; its annotator answers it again first.", is_obstacle=True)
    elif stage == "adjudicate" or is_contested:
        yield Reason(code="contested", text="It is contested, so an adjudicator decides it.", is_obstacle=True)
    elif stage != "review":
        yield Reason(code="not-chosen", text=_not_chosen(project, facts), is_obstacle=True)
    if facts["n_others"]:
        yield Reason(code="in-flight", text="Somebody else looks at it just now.", is_obstacle=True)


def _not_chosen(project: LoadedProject, facts: RowMapping) -> str:
    policy = project.policy
    n_wanted = policy.review_after or policy.overlap
    if policy.review is Review.NONE:
        return "The policy asks for no reviews."
    if facts["n_people"] < n_wanted:
        return f"It has {facts['n_people']} of the {n_wanted} answers that it is reviewed after."
    if policy.review is Review.SAMPLE:
        return f"It was not drawn for the sample of {policy.review_share:.0%}."
    if policy.review is Review.DISAGREEMENTS:
        return "Its answers agree, and only disagreements are reviewed."
    return "Its answers are known."


def _take_back_reworks(unit: UnitOfWork, project: LoadedProject, item_id: str) -> None:
    """Let answers that came back and were not done again count no longer; they stay in the history."""
    back = reviews.reworked_annotations(unit.connection, item_id)
    if not back:
        return
    annotations.retire(unit.connection, back)
    reviews.drop_rework(unit.connection, item_id=item_id)
    row: Row = dict(items.standings(unit.connection, [item_id])[item_id])
    n_people = row["n_people"] - len(back)
    changed = {**row, "n_people": n_people, "review_stage": "none"}
    place = place_in_queue(
        current_policy(unit.connection, project.id), changed, row["confidence"], is_contested=bool(row["is_contested"])
    )
    values = {"item_id": item_id, "n_people": n_people, **place}
    items.update_items(unit.connection, ("n_people", *PLACE), [values])


def _person(connection: Connection, pseudonym: str) -> str:
    found = annotators.find_annotator(connection, Annotator(kind="person", name=pseudonym))
    if found is None:
        raise NotFound(f"Nobody has worked here under the pseudonym {pseudonym[:80]!r} yet.")
    return found


def _reason(text: str) -> str:
    if len(text) > MAX_REASON_LENGTH:
        raise InputError(f"A reason has at most {MAX_REASON_LENGTH} characters; this one has {len(text)}.")
    return text.replace("\x00", "").strip()


def _checked_routing(new: NewRouting) -> list[str]:
    ids = list(dict.fromkeys(new.item_ids))
    if not 1 <= len(ids) <= MAX_ITEMS:
        raise InputError(f"Name 1 to {MAX_ITEMS:,} items at a time, not {len(ids):,}.")
    if new.priority is None and new.skill is None:
        raise InputError("Say what the items get: a priority, a skill, or both.")
    if new.priority is not None and abs(new.priority) > MAX_PRIORITY:
        raise InputError(f"priority must be {-MAX_PRIORITY:,} to {MAX_PRIORITY:,}, not {new.priority:,}.")
    if new.skill and _SKILL.fullmatch(new.skill) is None:
        raise InputError(f"A skill is a tag such as thai or contract-law, not {new.skill[:60]!r}.")
    return ids
