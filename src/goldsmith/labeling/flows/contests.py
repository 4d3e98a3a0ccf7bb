"""Contests: somebody says that gold is wrong. It measures nothing until somebody else has decided about it."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.kit.ids import is_uuid
from goldsmith.labeling.flows.annotations import Author
from goldsmith.labeling.model import MAX_REASON_LENGTH, LoadedProject
from goldsmith.labeling.store import contests, inferences, items, known_answers, reviews, threads
from goldsmith.labeling.talk_wire import Contest, ContestCounts, ContestRows, GoldFeedback, GoldFeedbackRows, NewContest
from goldsmith.store.units import UnitOfWork

MAX_PAGE = 500
_NO_GOLD = "There is no known answer to contest for this item."


def contest(
    unit: UnitOfWork, project: LoadedProject, item_id: str, new: NewContest, *, author: Author, sees_gold: bool
) -> Contest:
    """Store that somebody holds the known answers of an item to be wrong; from now on they measure nothing.

    Args:
        unit: the transaction.
        project: the item's project.
        item_id: the item.
        new: the contest; the same id again gives what was stored the first time.
        author: who contests.
        sees_gold: whether they see known answers; else they contest what they answered and were shown.

    Raises:
        InputError: the id is no UUID, or there is no reason.
        NotFound: the project has no such item, or nothing of it is known to whoever contests.
        Conflict: the id was stored before with other content, or the answers are contested already.
    """
    reason = _checked(new)
    items.lock(unit.connection, item_id)
    digest = sha256_hex(canonical_json({"id": new.id, "item_id": item_id, "reason": reason}))
    before = contests.contest(unit.connection, new.id)
    if before is not None:
        if (before["author_id"], before["content_sha256"]) != (author.annotator_id, digest):
            raise Conflict(f"Contest {new.id} was stored before with other content.", hint="Send it under a new id.")
        return _view(before, author.annotator_id)
    _check_contestable(unit, project, item_id, author=author, sees_gold=sees_gold)
    content = canonical_json({"item_id": item_id, "reason": reason})
    leaf = unit.record(actor=author.actor, action="contest.opened", object_id=new.id, content=content)
    contests.add(
        unit.connection,
        {
            "id": new.id,
            "created_at": unit.now,
            "resolved_at": None,
            "project_id": project.id,
            "item_id": item_id,
            "author_id": author.annotator_id,
            "review_id": None,
            "reason": reason,
            "state": "open",
            "content_sha256": digest,
            "leaf_seq": leaf.seq,
        },
    )
    known_answers.suspend(unit.connection, item_id)
    reviews.set_stage(unit.connection, item_id, "adjudicate")
    inferences.outdate(unit.connection, project.id)
    found = contests.contest(unit.connection, new.id)
    if found is None:
        raise NotFound(_NO_GOLD)
    return _view(found, author.annotator_id)


def _check_contestable(
    unit: UnitOfWork, project: LoadedProject, item_id: str, *, author: Author, sees_gold: bool
) -> None:
    """Refuse a contest of what is not known, is not for the caller's eyes, or is contested already."""
    items.item(unit.connection, project.id, item_id)
    may_know = sees_gold or (
        project.policy.gold_feedback
        and threads.knows_item(unit.connection, item_id=item_id, annotator_id=author.annotator_id)
    )
    gold = [row for row in known_answers.of_items(unit.connection, [item_id]) if row["origin"] != "review"]
    if not gold or not may_know:
        raise NotFound(_NO_GOLD)
    if contests.is_open(unit.connection, item_id):
        raise Conflict("These answers are contested already; an adjudicator decides about them.")


def contested_gold(connection: Connection, item_ids: list[str]) -> dict[str, str]:
    """The suspended known answers of some items, as one canonical JSON object for each."""
    found: dict[str, dict[str, msgspec.Raw]] = {}
    for row in known_answers.of_items(connection, item_ids):
        if row["is_suspended"]:
            found.setdefault(row["item_id"], {})[row["question"]] = msgspec.Raw(row["value"].encode())
    return {item_id: canonical_json(answers).decode() for item_id, answers in found.items()}


def resolve(unit: UnitOfWork, item_id: str, answers: Mapping[str, object], *, author: Author, review_id: str) -> None:
    """End the contests of an item by what an adjudicator decided, before that takes the place of what was known."""
    suspended = [row for row in known_answers.of_items(unit.connection, [item_id]) if row["is_suspended"]]
    is_changed = any(
        row["question"] not in answers or canonical_json(answers[row["question"]]).decode() != row["value"]
        for row in suspended
    )
    for row in suspended:
        if row["question"] not in answers:
            known_answers.forget(unit.connection, item_id, row["question"])
    state = "changed" if is_changed else "upheld"
    for contest_id in contests.open_of(unit.connection, item_id):
        content = canonical_json({"state": state, "review_id": review_id})
        unit.record(actor=author.actor, action=f"contest.{state}", object_id=contest_id, content=content)
        contests.resolve(unit.connection, contest_id, state=state, review_id=review_id, now=unit.now)


def check_uncontested(connection: Connection, item_id: str, answers: Mapping[str, object]) -> None:
    """Refuse to store contested answers once more as they are: that would decide the contest by the back door.

    Raises:
        Conflict: the answers are contested, and these say the same.
    """
    suspended = {row["question"]: row["value"] for row in known_answers.of_items(connection, [item_id])}
    is_same = all(suspended.get(name) == canonical_json(value).decode() for name, value in answers.items())
    if is_same and contests.is_open(connection, item_id):
        raise Conflict(
            "These known answers are contested, and say the same as before.",
            hint="An adjudicator who neither gave nor contested them decides whether they stand.",
        )


def end_changed(unit: UnitOfWork, item_ids: Sequence[str], *, actor: str) -> None:
    """End the contests of items whose known answers were corrected or withdrawn by those who keep them."""
    for item_id in contests.open_among(unit.connection, [*item_ids]):
        for contest_id in contests.open_of(unit.connection, item_id):
            content = canonical_json({"state": "changed", "review_id": None})
            unit.record(actor=actor, action="contest.changed", object_id=contest_id, content=content)
            contests.resolve(unit.connection, contest_id, state="changed", review_id=None, now=unit.now)
        known_answers.trust(unit.connection, item_id)
        reviews.leave_adjudication(unit.connection, item_id)


def contest_page(
    connection: Connection, project: LoadedProject, *, state: str | None, only_of: str | None, reader_id: str
) -> ContestRows:
    """The newest contests of a project, in a state or in any; only one annotator's when one is named."""
    if state not in {None, "open", "changed", "upheld"}:
        raise InputError(f"state must be open, changed or upheld, not {state!r}.")
    rows = contests.newest(connection, project.id, state=state, author_id=only_of, limit=MAX_PAGE)
    n = contests.counts(connection, project.id, author_id=only_of)
    counts = ContestCounts(open=n.get("open", 0), changed=n.get("changed", 0), upheld=n.get("upheld", 0))
    return ContestRows(rows=[_view(row, reader_id) for row in rows], counts=counts)


def feedback(connection: Connection, project: LoadedProject, annotator_id: str) -> GoldFeedbackRows:
    """The gold that an annotator answered otherwise, newest first, where the policy shows it."""
    if not project.policy.gold_feedback:
        return GoldFeedbackRows(rows=[], is_shown=False)
    rows: list[GoldFeedback] = []
    for row in contests.answered_gold(connection, project.id, annotator_id, MAX_PAGE):
        said = msgspec.json.decode(row["answers"], type=dict[str, object])
        known = msgspec.json.decode(row["value"])
        question = next((one for one in project.schema.questions if one.name == row["question"]), None)
        own = said.get(row["question"])
        if question is None or (own is not None and question.distance(own, known) == 0):
            continue
        rows.append(
            GoldFeedback(
                item_id=row["item_id"],
                title=row["title"],
                question=row["question"],
                yours=own,
                known=known,
                note=row["note"],
                is_contested=bool(row["is_suspended"]),
                answered_at=row["created_at"],
            )
        )
    return GoldFeedbackRows(rows=rows, is_shown=True)


def _checked(new: NewContest) -> str:
    if not is_uuid(new.id):
        raise InputError(f"id must be a lower-case UUID that the client makes, not {new.id[:80]!r}.")
    reason = new.reason.replace("\x00", "").strip()
    if not reason:
        raise InputError("Say why the known answers are wrong: whoever decides reads it.")
    if len(reason) > MAX_REASON_LENGTH:
        raise InputError(f"A reason has at most {MAX_REASON_LENGTH} characters; this one has {len(reason)}.")
    return reason


def _view(row: RowMapping, reader_id: str) -> Contest:
    return Contest(
        id=row["id"],
        item_id=row["item_id"],
        external_id=row["external_id"],
        title=row["title"],
        reason=row["reason"],
        state=row["state"],
        created_at=row["created_at"],
        resolved_at=row["resolved_at"],
        resolution=row["resolution"],
        is_yours=row["author_id"] == reader_id,
    )
