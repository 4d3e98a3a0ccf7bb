"""Review answers: accept, fix or return them; adjudicate what is contested. Every decision is kept and receipted.

The newest decision that applies is the label of its item. One that comes after somebody else's is stored all the same;
where it says otherwise, an adjudicator decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.errors import Conflict, Forbidden, InputError, NotFound
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.kit.ids import is_uuid
from goldsmith.labeling.flows import contests, gold, threads
from goldsmith.labeling.flows.annotations import Author
from goldsmith.labeling.lease_wire import StandingAnswers
from goldsmith.labeling.model import DAY_MS, MAX_COMMENT_LENGTH, MAX_VERSION, LoadedProject, answers_key
from goldsmith.labeling.policies import Policy, ReviewBy
from goldsmith.labeling.review_wire import NewReview, ReviewEvent
from goldsmith.labeling.store import items, reviews
from goldsmith.labeling.wire import AnnotatorName
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.prepared import Row
from goldsmith.store.units import UnitOfWork
from goldsmith.tasks.schemas import check_answers
from goldsmith.trust.authorize import Action, Role, authorize
from goldsmith.trust.receipts import ReviewReceipt, StoredReview, sign_review_receipt

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KNOWN_BEFORE = "known"
"""Stands for the id of an annotation where contested gold is one of the answers to adjudicate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A decision that is to be stored, and all that it depends on."""

    unit: UnitOfWork
    bench: Workbench
    project: LoadedProject
    author: Author
    new: NewReview
    target: Row
    subject: RowMapping | None
    answers: dict[str, object]
    history: Sequence[RowMapping]


def may_review(role: Role, policy: Policy) -> bool:
    """Whether somebody with this role reviews the answers of others in a project with this policy."""
    if authorize(role, Action.REVIEW):
        return True
    return policy.review_by is ReviewBy.EVERYBODY and authorize(role, Action.ANSWER)


def check_reviewer(role: Role, policy: Policy) -> None:
    """Refuse those who do not review here.

    Raises:
        Forbidden: the role does not review, and the policy does not let everybody.
    """
    if not may_review(role, policy):
        raise Forbidden(f"Your role here is {role}, which does not review answers in this project.")


def check_form(new: NewReview) -> None:
    """Refuse what no project could store.

    Raises:
        InputError: an id is no UUID, the decision does not fit its purpose, or something that it needs is missing.
    """
    if not is_uuid(new.id):
        raise InputError(f"id must be a lower-case UUID that the client makes, not {new.id[:80]!r}.")
    if (new.decision == "adjudicated") is not (new.purpose == "adjudicate"):
        raise InputError(f"The decision {new.decision!r} does not fit the purpose {new.purpose!r}.")
    if new.purpose == "review" and not new.annotation:
        raise InputError("Name the answers that you decide about by their key: `annotation`.")
    if new.decision == "returned" and not new.comment.strip():
        raise InputError("Answers that are returned need a comment: what shall be done otherwise?")
    if new.decision in {"accepted", "returned"} and new.answers:
        raise InputError("Only a fix or an adjudication has answers of its own; leave them out.")
    if not 0 <= new.active_ms <= DAY_MS:
        raise InputError(f"active_ms must be 0 to {DAY_MS} (a day), not {new.active_ms}.")
    if len(new.comment) > MAX_COMMENT_LENGTH or "\x00" in new.comment:
        raise InputError(f"A comment has at most {MAX_COMMENT_LENGTH:,} characters, and no NUL among them.")
    for kind in ("schema", "guideline", "policy"):
        version: int = getattr(new, f"{kind}_version")
        if not 1 <= version <= MAX_VERSION:
            raise InputError(f"{kind}_version must be 1 or more, as the lease said, not {version}.")


def standing(
    connection: Connection, project: LoadedProject, *, reviewer_id: str, item_ids: Sequence[str], purpose: str
) -> dict[str, list[StandingAnswers]]:
    """The answers to review or to adjudicate, by item, in an order drawn for each item and this reviewer."""
    is_review = purpose == "review"
    shows_names = is_review and project.policy.review_shows_names
    found: dict[str, list[tuple[str, RowMapping]]] = {}
    for row in reviews.standing(connection, list(item_ids), only_people=is_review):
        key = answers_key(reviewer_id, row["item_id"], row["id"])
        found.setdefault(row["item_id"], []).append((key, row))
    if not is_review:
        for item_id, answers in contests.contested_gold(connection, list(item_ids)).items():
            row = cast("RowMapping", {"answers": answers, "schema_version": project.schema_version})
            found.setdefault(item_id, []).append((answers_key(reviewer_id, item_id, KNOWN_BEFORE), row))
    return {
        item_id: [
            StandingAnswers(
                key=key,
                label=_letter(place),
                answers=msgspec.json.decode(row["answers"], type=dict[str, Any]),
                schema_version=row["schema_version"],
                annotator=_name(row) if shows_names else None,
            )
            for place, (key, row) in enumerate(sorted(of_item, key=lambda one: one[0]))
        ]
        for item_id, of_item in found.items()
    }


def receipt(bench: Workbench, stored: StoredReview) -> ReviewReceipt:
    """The signed receipt for what is durable now."""
    return sign_review_receipt(stored, bench.vault.key)


def submit(
    unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, author: Author, new: NewReview
) -> StoredReview:
    """What was stored of a decision; the same id sent again gives what was stored the first time.

    Raises:
        NotFound: the project has no such item, or nobody gave such answers to it.
        AnswerError: an answer does not fit the schema it was made under.
        Conflict: the id was stored before with other content, or the work decided about is the reviewer's own.
    """
    target = _target(unit, project, author, new)
    digest = _digest(new)
    before = reviews.stored(unit.connection, new.id)
    if before is not None:
        return _repeated(bench, author, new, digest=digest, before=before)
    given = {
        answers_key(author.annotator_id, new.item_id, row["id"]): row
        for row in reviews.answers_ever(unit.connection, new.item_id)
    }
    subject = _subject(new, given)
    case = _Case(
        unit=unit,
        bench=bench,
        project=project,
        author=author,
        new=new,
        target=target,
        subject=subject,
        answers=_answers(unit, bench, project, new=new, target=target, subject=subject),
        history=reviews.of_item(unit.connection, new.item_id),
    )
    applies = _applies(case)
    is_late = target["leased_until"] is None or target["leased_until"] < unit.now
    leaf = unit.record(actor=author.actor, action=f"review.{new.decision}", object_id=new.id, content=digest.encode())
    values = _row(project, author, new) | {
        "created_at": unit.now,
        "annotation_id": None if subject is None else subject["id"],
        "answers": canonical_json(case.answers).decode(),
        "taken": canonical_json(_taken(author, new, given)).decode(),
        "content_sha256": digest,
        "is_late": int(is_late),
        "applies": int(applies),
        "is_drawn": int(_is_drawn(case)),
        "leaf_seq": leaf.seq,
    }
    if not reviews.add(unit.connection, values):
        raise Conflict(
            "You have answered, reviewed or contested this item yourself.", hint="Somebody else has to decide about it."
        )
    if applies:
        _apply(case)
    elif new.purpose == "review" and _contradicts(case):
        reviews.set_stage(unit.connection, new.item_id, "adjudicate")
    reviews.end_lease(unit.connection, item_id=new.item_id, reviewer_id=author.annotator_id, purpose=new.purpose)
    row = {**values, "leaf_hash": leaf.leaf_hash}
    return _stored(bench, new, row, is_duplicate=False)


def event_row(row: RowMapping) -> ReviewEvent:
    """A decision as it goes over the wire."""
    return ReviewEvent(
        id=row["id"],
        item_id=row["item_id"],
        reviewer=AnnotatorName(
            id=row["reviewer_id"], kind=row["kind"], name=row["name"], version=row["version"] or None
        ),
        purpose=row["purpose"],
        decision=row["decision"],
        annotation_id=row["annotation_id"],
        answers=msgspec.json.decode(row["answers"], type=dict[str, Any]),
        taken=msgspec.json.decode(row["taken"] or "{}", type=dict[str, str]),
        comment=row["comment"],
        created_at=row["created_at"],
        schema_version=row["schema_version"],
        guideline_version=row["guideline_version"],
        policy_version=row["policy_version"],
        is_late=bool(row["is_late"]),
        applies=bool(row["applies"]),
        leaf_seq=row["leaf_seq"],
    )


def _letter(place: int) -> str:
    """A to Z, then A2, B2 …"""
    turn, letter = divmod(place, len(_LETTERS))
    return _LETTERS[letter] + (str(turn + 1) if turn else "")


def _name(row: RowMapping) -> AnnotatorName:
    return AnnotatorName(id=row["annotator_id"], kind=row["kind"], name=row["name"], version=row["version"] or None)


def _target(unit: UnitOfWork, project: LoadedProject, author: Author, new: NewReview) -> Row:
    found = None
    if is_uuid(new.item_id):
        items.lock(unit.connection, new.item_id)
        found = reviews.target(
            unit.connection,
            project_id=project.id,
            item_id=new.item_id,
            reviewer_id=author.annotator_id,
            purpose=new.purpose,
        )
    if found is None:
        raise NotFound(f"There is no item {new.item_id[:80]!r} in this project.")
    return found


def _digest(new: NewReview) -> str:
    """SHA-256 of what a decision says, so that a repeat can be told from a conflict."""
    said = msgspec.structs.asdict(new)
    return sha256_hex(canonical_json({name: said[name] for name in said if name not in {"lease_id", "active_ms"}}))


def _repeated(bench: Workbench, author: Author, new: NewReview, *, digest: str, before: Row) -> StoredReview:
    if before["reviewer_id"] != author.annotator_id or before["content_sha256"] != digest:
        raise Conflict(
            f"Decision {new.id} was stored before with other content, which stays as it is.",
            hint="Send this one under a new id; then both are kept.",
        )
    return _stored(bench, new, before, is_duplicate=True)


def _stored(bench: Workbench, new: NewReview, row: Mapping[str, Any], *, is_duplicate: bool) -> StoredReview:
    return StoredReview(
        annotation_id=new.id,
        item_id=row["item_id"],
        content_sha256=row["content_sha256"],
        leaf_seq=row["leaf_seq"],
        leaf_hash=row["leaf_hash"].hex(),
        stored_at=row["created_at"],
        is_late=bool(row["is_late"]),
        is_duplicate=is_duplicate,
        applies=bool(row["applies"]),
        log_origin=bench.vault.origin,
    )


def _subject(new: NewReview, given: Mapping[str, RowMapping]) -> RowMapping | None:
    """The annotation that a reviewer decides about."""
    if new.annotation is None:
        return None
    found = given.get(new.annotation)
    if found is None:
        raise NotFound(f"Nobody gave the answers {new.annotation[:40]!r} to this item.")
    return found


def _answers(
    unit: UnitOfWork,
    bench: Workbench,
    project: LoadedProject,
    *,
    new: NewReview,
    target: Row,
    subject: RowMapping | None,
) -> dict[str, object]:
    """What a decision makes of the item's questions, in normal form."""
    match new.decision:
        case "returned":
            return {}
        case "accepted":
            return {} if subject is None else msgspec.json.decode(subject["answers"], type=dict[str, object])
        case _:
            schema = bench.schema(unit.connection, project, new.schema_version)
            payload = msgspec.json.decode(target["payload"], type=dict[str, object])
            return check_answers(schema, new.answers, payload)


def _taken(author: Author, new: NewReview, given: Mapping[str, RowMapping]) -> dict[str, str]:
    """From which annotation each value was taken, by question."""
    known = answers_key(author.annotator_id, new.item_id, KNOWN_BEFORE)
    found: dict[str, str] = {}
    for question, key in new.taken.items():
        if key not in given and key != known:
            raise NotFound(f"Nobody gave the answers {key[:40]!r} to this item; see `taken` of {question[:80]!r}.")
        found[question] = KNOWN_BEFORE if key == known else given[key]["id"]
    return found


def _last(case: _Case) -> RowMapping | None:
    """The decision about the item that applies."""
    return next((row for row in reversed(case.history) if row["applies"]), None)


def _is_drawn(case: _Case) -> bool:
    """Whether the item is adjudicated once more, so that its reviewer is measured."""
    is_label = case.new.decision in {"accepted", "fixed"}
    return is_label and case.project.policy.is_rechecked(case.target["external_id"])


def _applies(case: _Case) -> bool:
    """Whether a decision takes effect: the item waits for one, or its last one was the reviewer's own."""
    new, stage, last = case.new, case.target["review_stage"], _last(case)
    if new.decision == "returned" and (case.subject is None or not case.subject["stands"]):
        return False  # the annotator has changed the answers meanwhile; a reviewer looks at the new ones
    changes_mind = (
        last is not None
        and last["reviewer_id"] == case.author.annotator_id
        and last["purpose"] == new.purpose
        and stage in {"settled", "rework"}
    )
    if new.purpose == "review":
        return stage == "review" or changes_mind
    return stage == "adjudicate" or bool(case.target["is_contested"]) or changes_mind


def _contradicts(case: _Case) -> bool:
    """Whether a decision that came too late says otherwise than the one that applies; adjudications are final."""
    last = _last(case)
    if last is None or last["purpose"] == "adjudicate":
        return False
    is_return = case.new.decision == "returned"
    if is_return is not (last["decision"] == "returned"):
        return True
    return not is_return and canonical_json(case.answers).decode() != last["answers"]


def _apply(case: _Case) -> None:
    unit, new = case.unit, case.new
    reviews.drop_rework(unit.connection, item_id=new.item_id)
    if new.decision == "returned" and case.subject is not None:
        _return(case, case.subject)
        return
    reviews.set_stage(unit.connection, new.item_id, "adjudicate" if _is_drawn(case) else "settled")
    if new.purpose == "adjudicate":
        contests.resolve(unit, new.item_id, case.answers, author=case.author, review_id=new.id)
    gold.decide_by_review(unit, case.project, new.item_id, case.answers, note=new.comment, actor=case.author.actor)


def _return(case: _Case, subject: RowMapping) -> None:
    """Give answers back to whoever gave them, or to an adjudicator where that did not help often enough."""
    unit, new = case.unit, case.new
    n_returns = sum(row["decision"] == "returned" and bool(row["applies"]) for row in case.history)
    is_too_often = n_returns >= case.project.policy.review_rounds
    reviews.set_stage(unit.connection, new.item_id, "adjudicate" if is_too_often else "rework")
    last = _last(case)
    if last is not None and last["decision"] != "returned":
        gold.undecide(unit, case.project, new.item_id)
    if not is_too_often:
        reviews.add_rework(
            unit.connection,
            {
                "item_id": new.item_id,
                "annotator_id": subject["annotator_id"],
                "created_at": unit.now,
                "project_id": case.project.id,
                "review_id": new.id,
            },
        )
    threads.say_why_returned(
        unit, case.bench, case.project, author=case.author, new=new, about_id=subject["annotator_id"]
    )


def _row(project: LoadedProject, author: Author, new: NewReview) -> dict[str, object]:
    return {
        "id": new.id,
        "project_id": project.id,
        "item_id": new.item_id,
        "reviewer_id": author.annotator_id,
        "actor": author.actor,
        "purpose": new.purpose,
        "decision": new.decision,
        "comment": new.comment,
        "active_ms": new.active_ms,
        "schema_version": new.schema_version,
        "guideline_version": new.guideline_version,
        "policy_version": new.policy_version,
    }
