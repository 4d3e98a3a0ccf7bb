"""Store annotations. Nothing that was sent in good form is ever refused for being late, double or in conflict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from goldsmith.errors import AnswerError, Conflict, InputError, NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.kit.ids import is_uuid
from goldsmith.labeling.flows import suggestions
from goldsmith.labeling.flows.finding import index_answers, index_judged
from goldsmith.labeling.flows.judging import judge_item
from goldsmith.labeling.flows.projects import disputed_of
from goldsmith.labeling.lease_wire import NewAnnotation
from goldsmith.labeling.model import (
    DAY_MS,
    MAX_REASON_LENGTH,
    MAX_VERSION,
    Annotator,
    LoadedProject,
    annotation_digest,
    is_known,
)
from goldsmith.labeling.policies import Review, Reviewable, Stage
from goldsmith.labeling.store import annotations, answer_lists, assignments, items, known_answers, projects, reviews
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.prepared import Row
from goldsmith.store.units import UnitOfWork
from goldsmith.tasks.schema_changes import migrated
from goldsmith.tasks.schemas import Schema, check_answers, check_some_answers
from goldsmith.trust.receipts import Receipt, Stored, sign_receipt

_LONGEST_ASSISTANCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who submits: the pseudonym that the log names, and the annotator's id in the vault."""

    actor: str
    annotator_id: str


def check_form(new: NewAnnotation) -> None:
    """Refuse what no project could store.

    Raises:
        InputError: the id is no UUID, the time is negative or above a day, a skip has no reason, a version is below 1.
    """
    if not is_uuid(new.id):
        raise InputError(f"id must be a lower-case UUID that the client makes, not {new.id[:80]!r}.")
    if not 0 <= new.active_ms <= DAY_MS:
        raise InputError(f"active_ms must be 0 to {DAY_MS} (a day), not {new.active_ms}.")
    if not 0 <= new.break_ms <= DAY_MS:
        raise InputError(f"break_ms must be 0 to {DAY_MS} (a day), not {new.break_ms}.")
    if new.assistance is not None and len(canonical_json(new.assistance)) > _LONGEST_ASSISTANCE:
        raise InputError(f"assistance has at most {_LONGEST_ASSISTANCE:,} characters of JSON.")
    if new.outcome == "skipped" and not (new.reason or "").strip():
        raise InputError("A skipped item needs a reason, so that somebody can help with it.")
    if new.reason is not None and len(new.reason) > MAX_REASON_LENGTH:
        raise InputError(f"A reason has at most {MAX_REASON_LENGTH} characters; this one has {len(new.reason)}.")
    if "\x00" in (new.reason or ""):
        raise InputError("A reason cannot hold a NUL character.")
    for kind in ("schema", "guideline", "policy"):
        version: int = getattr(new, f"{kind}_version")
        if not 1 <= version <= MAX_VERSION:
            raise InputError(f"{kind}_version must be 1 or more, as the lease said, not {version}.")


def submit(unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, author: Author, new: NewAnnotation) -> Stored:
    """What was stored of an annotation; the same id sent again gives what was stored the first time.

    Raises:
        NotFound: the project has no such item, or no such version of its schema, guideline or policy.
        AnswerError: an answer does not fit the schema it was made under.
        Conflict: the id was stored before with other content.
    """
    target = _target(unit, project, author, new)
    _check_versions(unit, project, new)
    schema = bench.schema(unit.connection, project, new.schema_version)
    answers = _checked(schema, new, target)
    digest = annotation_digest(new, answers)
    before = annotations.stored(unit.connection, new.id)
    if before is not None:
        return _repeated(bench, author, new, digest=digest, before=before)
    is_change = new.supersedes is not None and target["previous_id"] is not None
    is_late = not is_change and (target["leased_until"] is None or target["leased_until"] < unit.now)
    leaf = unit.record(
        actor=author.actor, action="annotation.submitted", object_id=new.id, content=bytes.fromhex(digest)
    )
    row = _row(project, new, answers, digest) | {
        "created_at": unit.now,
        "annotator_id": author.annotator_id,
        "supersedes": target["previous_id"],
        "assistance": suggestions.assistance_of(
            unit.connection, project, new=new, target=target, questions={one.name for one in schema.questions}
        ),
        "is_late": int(is_late),
        "leaf_seq": leaf.seq,
    }
    annotations.insert_annotations(unit.connection, [row])
    if _fits_now(unit, bench, project, new=new, answers=answers, payload=target["payload"]):
        _count(unit, bench, project, new=new, target=target)
    else:
        _leave_out(unit, new=new, target=target)
    if new.purpose == "label":
        index_answers(unit.connection, project, [new.item_id], now=unit.now)
    annotations.end_lease(unit.connection, item_id=new.item_id, annotator_id=author.annotator_id, purpose=new.purpose)
    return Stored(
        annotation_id=new.id,
        item_id=new.item_id,
        content_sha256=digest,
        leaf_seq=leaf.seq,
        leaf_hash=leaf.leaf_hash.hex(),
        stored_at=leaf.at,
        is_late=is_late,
        is_duplicate=False,
        log_origin=bench.vault.origin,
    )


def receipt(bench: Workbench, stored: Stored) -> Receipt:
    """The signed receipt for what is durable now."""
    return sign_receipt(stored, bench.vault.key)


class ModelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A model annotator's answers to one item."""

    item_id: str
    answers: dict[str, object]
    payload: Mapping[str, object]


def check_partial(schema: Schema, answers: Mapping[str, object], payload: Mapping[str, object]) -> dict[str, object]:
    """A model's answers in their normal form; it may leave questions open, required ones too.

    Raises:
        AnswerError: an answer does not fit its question.
    """
    return check_some_answers(schema, answers, payload)


def submit_models(
    unit: UnitOfWork,
    bench: Workbench,
    project: LoadedProject,
    *,
    author: Author,
    annotator: Annotator,
    given: Iterable[ModelAnswer],
) -> int:
    """Store a model annotator's answers to items that this version of it has not answered; how many were new.

    What another version of the same model said of an item is superseded, so that one model has one vote.
    """
    new = list(given)
    current = answer_lists.current_of_items(unit.connection, [one.item_id for one in new], "label")
    known = {row["item_id"] for row in current if row["annotator_id"] == author.annotator_id}
    older = {
        row["item_id"]: row["id"]
        for row in current
        if row["kind"] == annotator.kind and row["name"] == annotator.name and row["item_id"] not in known
    }
    rows = [
        _model_row(unit, bench, project, author=author, one=one) | {"supersedes": older.get(one.item_id)}
        for one in new
        if one.item_id not in known
    ]
    if rows:
        annotations.insert_annotations(unit.connection, rows)
        annotations.retire(unit.connection, list(older.values()))
        counts: list[dict[str, object]] = [
            {"item_id": row["item_id"], "delta": 1, "now": unit.now} for row in rows if row["supersedes"] is None
        ]
        annotations.count_models(unit.connection, counts)
        index_answers(unit.connection, project, [str(row["item_id"]) for row in rows], now=unit.now)
    return len(rows)


def retire_versions(unit: UnitOfWork, bench: Workbench, project: LoadedProject, annotator: Annotator) -> int:
    """Take the vote from what other versions of a model still say of items that this version abstains from."""
    mine = bench.annotator_id(unit.connection, annotator, unit.now)
    left = annotations.current_of_other_versions(
        unit.connection, project_id=project.id, name=annotator.name, annotator_id=mine
    )
    annotations.retire(unit.connection, [row["id"] for row in left])
    rows: list[dict[str, object]] = [{"item_id": row["item_id"], "delta": -1, "now": unit.now} for row in left]
    annotations.count_models(unit.connection, rows)
    index_answers(unit.connection, project, [row["item_id"] for row in left], now=unit.now)
    return len(left)


def _model_row(
    unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, author: Author, one: ModelAnswer
) -> dict[str, object]:
    answers = check_partial(project.schema, one.answers, one.payload)
    new = NewAnnotation(
        id=bench.new_id(),
        item_id=one.item_id,
        schema_version=project.schema_version,
        guideline_version=project.guideline_version,
        policy_version=project.policy_version,
    )
    digest = annotation_digest(new, answers)
    leaf = unit.record(
        actor=author.actor, action="annotation.submitted", object_id=new.id, content=bytes.fromhex(digest)
    )
    return _row(project, new, answers, digest) | {
        "created_at": unit.now,
        "annotator_id": author.annotator_id,
        "is_late": 0,
        "leaf_seq": leaf.seq,
    }


def _target(unit: UnitOfWork, project: LoadedProject, author: Author, new: NewAnnotation) -> Row:
    found = None
    if is_uuid(new.item_id):
        items.lock(unit.connection, new.item_id)
        found = annotations.target(
            unit.connection,
            project_id=project.id,
            item_id=new.item_id,
            annotator_id=author.annotator_id,
            purpose=new.purpose,
        )
    if found is None:
        raise NotFound(f"There is no item {new.item_id[:80]!r} in this project.")
    return {**found, "annotator_id": author.annotator_id}


def _check_versions(unit: UnitOfWork, project: LoadedProject, new: NewAnnotation) -> None:
    """Refuse versions that never were; one above the newest known here may have been made a moment ago."""
    for kind, version, known in (
        ("guideline", new.guideline_version, project.guideline_version),
        ("policy", new.policy_version, project.policy_version),
    ):
        if version > known:
            projects.document(unit.connection, project.id, kind, version)


def _checked(schema: Schema, new: NewAnnotation, target: Row) -> dict[str, object]:
    if new.outcome == "skipped":
        if new.answers:
            raise AnswerError("A skipped item has no answers; send them as answered, or leave them out.")
        return {}
    needs_payload = any(question.fields_used() for question in schema.questions)
    payload = cast("dict[str, object]", msgspec.json.decode(target["payload"])) if needs_payload else {}
    return check_answers(schema, new.answers, payload)


def _fits_now(
    unit: UnitOfWork,
    bench: Workbench,
    project: LoadedProject,
    *,
    new: NewAnnotation,
    answers: Mapping[str, object],
    payload: str,
) -> bool:
    """Whether an answer made under an older schema fits the newest, which is read after the item was locked."""
    now = bench.peek_project(unit.connection, project.id)
    if new.purpose != "label" or new.outcome != "answered" or new.schema_version >= now.schema_version:
        return True
    old = bench.schema(unit.connection, now, new.schema_version)
    item = msgspec.json.decode(payload, type=dict[str, object])
    return migrated(old, now.schema, answers, item).question is None


def _leave_out(unit: UnitOfWork, *, new: NewAnnotation, target: Row) -> None:
    """Keep what was stored from counting: it does not fit the newest schema, under which its item is asked again."""
    annotations.retire(unit.connection, [new.id])
    n_people = target["n_people"] - int(target["previous_outcome"] == "answered")
    values = {"item_id": new.item_id, "n_people": n_people, "is_open": int(n_people < target["wanted"])}
    annotations.count_person(unit.connection, values | {"review_stage": target["review_stage"]}, unit.now)


def _repeated(bench: Workbench, author: Author, new: NewAnnotation, *, digest: str, before: Row) -> Stored:
    if before["annotator_id"] != author.annotator_id or before["content_sha256"] != digest:
        raise Conflict(
            f"Annotation {new.id} was stored before with other content, which stays as it is.",
            hint="Send this one under a new id; then both are kept.",
        )
    return Stored(
        annotation_id=new.id,
        item_id=before["item_id"],
        content_sha256=digest,
        leaf_seq=before["leaf_seq"],
        leaf_hash=before["leaf_hash"].hex(),
        stored_at=before["created_at"],
        is_late=bool(before["is_late"]),
        is_duplicate=True,
        log_origin=bench.vault.origin,
    )


def _row(project: LoadedProject, new: NewAnnotation, answers: object, digest: str) -> dict[str, object]:
    return {
        "id": new.id,
        "project_id": project.id,
        "item_id": new.item_id,
        "purpose": new.purpose,
        "outcome": new.outcome,
        "reason": new.reason,
        "answers": canonical_json(answers).decode(),
        "content_sha256": digest,
        "active_ms": new.active_ms,
        "schema_version": new.schema_version,
        "guideline_version": new.guideline_version,
        "policy_version": new.policy_version,
        "supersedes": None,
        "break_ms": new.break_ms,
        "assistance": None,
    }


def _count(unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, new: NewAnnotation, target: Row) -> None:
    """Count a person's answer once per item, however often it is changed; an audit answer is not one for the item.

    Where annotators are known well enough, the answer also changes what the item's label is and how sure it may be, and
    with it whether the item wants another answer; and by it the item may be ready for a reviewer.
    """
    is_answer, was_answer = new.outcome == "answered", target["previous_outcome"] == "answered"
    n_people = target["n_people"] + (int(is_answer) - int(was_answer) if new.purpose == "label" else 0)
    stage = _stage(unit, project, new=new, target=target, n_people=n_people)
    judged = None
    if new.purpose == "label" and not target["is_decided"]:
        judged = judge_item(unit.connection, bench, project, item_id=new.item_id, row={**target, "n_people": n_people})
    values = {"item_id": new.item_id, "n_people": n_people, "is_open": int(n_people < target["wanted"])}
    if judged is not None:
        annotations.count_judged(unit.connection, values | judged | {"review_stage": stage}, unit.now)
        index_judged(unit.connection, project, target["position"], judged["judged"], now=unit.now)
        return
    annotations.count_person(unit.connection, values | {"review_stage": stage}, unit.now)


def _stage(unit: UnitOfWork, project: LoadedProject, *, new: NewAnnotation, target: Row, n_people: int) -> Stage:
    """Where the item stands in review after this answer; what was returned and is done goes back to a reviewer."""
    before: Stage = target["review_stage"]
    policy = project.policy
    if new.purpose != "label":
        return before
    if target["assigned_to"] is not None and target["assigned_to"] == target["annotator_id"]:
        assignments.end(unit.connection, new.item_id)
    if target["rework_id"] is not None:
        reviews.drop_rework(unit.connection, item_id=new.item_id, annotator_id=target["annotator_id"])
        if before == "rework" and reviews.n_reworks(unit.connection, new.item_id) == 0:
            before = "none"
            if new.outcome == "answered" and policy.review is not Review.NONE:
                return "review"
    known = known_answers.decided(unit.connection, [new.item_id]) if target["is_decided"] else {}
    is_decided = before == "settled" or is_known(project.schema, known.get(new.item_id, {}))
    is_disputed = bool(disputed_of(unit.connection, policy, [new.item_id]))
    return policy.stage(before, Reviewable(target["external_id"], n_people, is_disputed, is_decided))
