"""Make a project and change its documents; every change is a new version.

Whoever runs `change_…` in a unit of work tells the workbench to forget the project once that is committed.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping

from goldsmith.errors import InputError
from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.model import LoadedProject, check_project_name, has_certainty, is_known, slug_of
from goldsmith.labeling.policies import Policy, Review, Reviewable, parse_policy
from goldsmith.labeling.project_wire import NewProject, Project, ProjectCard, ProjectFull
from goldsmith.labeling.store import inferences, items, known_answers, projects, reviews
from goldsmith.labeling.workbench import Workbench
from goldsmith.store.units import UnitOfWork
from goldsmith.tasks.schemas import parse_schema, schema_json

MAX_GUIDELINE_LENGTH = 200_000
PLACE = ("wanted", "queue_rank", "is_open", "is_certain", "review_stage")
"""The columns of an item's place in the queue."""
_CHUNK = 2_000


def create_project(
    unit: UnitOfWork, bench: Workbench, new: NewProject, *, actor: str, recipe_lock: str | None = None
) -> str:
    """The id of a new project with the first version of its schema, guideline and policy.

    Raises:
        InputError: the name is empty or too long.
        SchemaError: the schema or the policy is malformed.
    """
    name = check_project_name(new.name)
    schema = parse_schema(new.schema)
    policy = parse_policy(new.policy)
    project_id = bench.new_id()
    values = {
        "id": project_id,
        "created_at": unit.now,
        "slug": _free_slug(unit.connection, slug_of(name)),
        "name": name,
        "state": "active",
        "schema_version": 1,
        "guideline_version": 1,
        "policy_version": 1,
        "recipe_lock": recipe_lock,
    }
    projects.insert_project(unit.connection, values)
    bodies = {
        "schema": canonical_json(schema_json(schema)).decode(),
        "guideline": _checked_guideline(new.guideline),
        "policy": canonical_json(policy).decode(),
    }
    for kind, body in bodies.items():
        _add_document(unit, project_id, kind=kind, version=1, body=body, actor=actor)
    unit.record(actor=actor, action="project.created", object_id=project_id, content=canonical_json(bodies))
    return project_id


def change_schema(unit: UnitOfWork, project: LoadedProject, raw: object, *, actor: str) -> None:
    """Give a project a new version of its schema; `refits.refit` then asks again what no longer fits it.

    Answers under way keep the version they were made under.
    """
    body = canonical_json(schema_json(parse_schema(raw))).decode()
    _change(unit, project, kind="schema", body=body, actor=actor)
    inferences.outdate(unit.connection, project.id)


def change_guideline(unit: UnitOfWork, project: LoadedProject, text: str, *, actor: str) -> None:
    """Give a project a new version of its guideline."""
    _change(unit, project, kind="guideline", body=_checked_guideline(text), actor=actor)


def change_policy(unit: UnitOfWork, project: LoadedProject, raw: object, *, actor: str) -> None:
    """Give a project a new version of its policy; `requeue` then brings its items in line.

    What was inferred is inferred anew: which items are contested, and what more answers would bring, depends on it.
    """
    body = canonical_json(parse_policy(raw)).decode()
    _change(unit, project, kind="policy", body=body, actor=actor)
    inferences.outdate(unit.connection, project.id)


def requeue(bench: Workbench, project_id: str) -> None:
    """Bring every item of a project in line with the policy of now, some thousand a transaction."""
    position = -1
    while True:
        reached = bench.vault.database.write(lambda unit, at=position: _requeue_chunk(unit, bench, project_id, at))
        if reached is None:
            break
        position = reached
    bench.restart_queue(project_id)


def place_in_queue(
    policy: Policy,
    row: RowMapping | Mapping[str, Any],
    confidence: float | None,
    *,
    is_contested: bool = False,
    is_decided: bool = False,
    is_disputed: bool = False,
) -> dict[str, object]:
    """What an item's row says of its place in the queue, for a row of `items.standings` or `items.chunk_after`.

    Args:
        policy: the project's.
        row: the counts of its answers, its position and its external id.
        confidence: of its consensus.
        is_contested: whether more answers do not settle it.
        is_decided: whether its answers are known, whatever annotators say.
        is_disputed: whether people's answers to it are not all the same.
    """
    is_decided = is_decided or row["review_stage"] == "settled"
    n_people, n_models = row["n_people"], row["n_models"]
    is_certain = is_decided or has_certainty(confidence, policy.target_confidence, n_people=n_people, n_models=n_models)
    wanted = policy.wanted(is_certain=is_certain, is_contested=is_contested, n_people=n_people)
    wanted = 0 if row["aside"] is not None else max(wanted, row["asked"])
    rank = policy.rank(
        position=row["position"],
        external_id=row["external_id"],
        confidence=confidence,
        n_answers=n_people + n_models,
        priority=row["priority"],
    )
    reviewable = Reviewable(row["external_id"], n_people, is_disputed, is_decided)
    return {
        "wanted": wanted,
        "queue_rank": rank,
        "is_open": int(n_people < wanted),
        "is_certain": int(is_certain),
        "review_stage": policy.stage(row["review_stage"], reviewable),
    }


def disputed_of(connection: Connection, policy: Policy, item_ids: list[str]) -> set[str]:
    """Those items whose answers of people differ, where the policy asks for it."""
    return reviews.disputed(connection, item_ids) if policy.review is Review.DISAGREEMENTS else set()


def current_policy(connection: Connection, project_id: str) -> Policy:
    """The policy of a project as this transaction sees it."""
    version = projects.policy_version(connection, project_id)
    return msgspec.json.decode(projects.document(connection, project_id, "policy", version), type=Policy)


def card(connection: Connection, project: LoadedProject, counts: Mapping[str, int]) -> ProjectCard:
    """A project with the few numbers of its card, the counts of its items among them."""
    release = projects.latest_release(connection, project.id)
    return ProjectCard(
        **msgspec.structs.asdict(summary(project)),
        n_items=counts["n_items"],
        n_certain=counts["n_certain"],
        n_answered=counts["n_answered"],
        n_need_people=counts["n_need_people"],
        latest_release=None if release is None else release["version"],
    )


def summary(project: LoadedProject) -> Project:
    """A project without its documents, as it goes over the wire."""
    state = "active" if project.state == "active" else "archived"
    return Project(
        id=project.id,
        slug=project.slug,
        name=project.name,
        state=state,
        created_at=project.created_at,
        schema_version=project.schema_version,
        guideline_version=project.guideline_version,
        policy_version=project.policy_version,
        is_paused=project.is_paused,
    )


def full(project: LoadedProject) -> ProjectFull:
    """A project with its documents, as it goes over the wire."""
    return ProjectFull(
        **msgspec.structs.asdict(summary(project)),
        schema=schema_json(project.schema),
        guideline=project.guideline,
        policy=project.policy,
    )


def _change(unit: UnitOfWork, project: LoadedProject, *, kind: str, body: str, actor: str) -> None:
    row = projects.find_project(unit.connection, project.id)
    version = row[f"{kind}_version"] + 1
    _add_document(unit, project.id, kind=kind, version=version, body=body, actor=actor)
    projects.update_project(unit.connection, project.id, {f"{kind}_version": version})
    unit.record(actor=actor, action=f"{kind}.changed", object_id=project.id, content=body.encode())


def _add_document(unit: UnitOfWork, project_id: str, *, kind: str, version: int, body: str, actor: str) -> None:
    values = {
        "project_id": project_id,
        "kind": kind,
        "version": version,
        "created_at": unit.now,
        "body": body,
        "created_by": actor,
    }
    projects.insert_document(unit.connection, values)


def _checked_guideline(text: str) -> str:
    if len(text) > MAX_GUIDELINE_LENGTH:
        raise InputError(f"A guideline has at most {MAX_GUIDELINE_LENGTH:,} characters; this one has {len(text):,}.")
    return text.replace("\x00", "")


def _free_slug(connection: Connection, wanted: str) -> str:
    slug, n = wanted, 1
    while projects.slug_exists(connection, slug):
        n += 1
        slug = f"{wanted}-{n}"
    return slug


def _requeue_chunk(unit: UnitOfWork, bench: Workbench, project_id: str, position: int) -> int | None:
    """Bring the items after a position in line; the last position reached.

    The policy is read after the items are locked: a change of it that comes later finds them, and goes over them again.
    """
    chunk = items.chunk_after(unit.connection, project_id, position, _CHUNK)
    policy = current_policy(unit.connection, project_id)
    schema = bench.peek_project(unit.connection, project_id).schema
    ids = [row["id"] for row in chunk]
    known = known_answers.decided(unit.connection, ids)
    disputed = disputed_of(unit.connection, policy, ids)
    rows: list[dict[str, object]] = []
    for row in chunk:
        is_contested, is_decided = bool(row["is_contested"]), is_known(schema, known.get(row["id"], {}))
        values = place_in_queue(
            policy,
            row,
            row["confidence"],
            is_contested=is_contested,
            is_decided=is_decided,
            is_disputed=row["id"] in disputed,
        )
        if any(row[name] != value for name, value in values.items()):
            rows.append({"item_id": row["id"], **values})
    items.update_items(unit.connection, PLACE, rows)
    return chunk[-1]["position"] if chunk else None
