"""Projects: make them, look at them, change their schema, guideline and policy."""

import asyncio
from functools import partial

import msgspec
from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from goldsmith.labeling.flows import audits, counting, projects, refits
from goldsmith.labeling.flows.progress import progress
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.progress_wire import Progress
from goldsmith.labeling.project_wire import (
    NewGuideline,
    NewPolicy,
    NewProject,
    NewSchema,
    ProjectFull,
    ProjectRows,
    SchemaChanged,
    SchemaEffects,
)
from goldsmith.labeling.store import projects as store
from goldsmith.labeling.wire import AuditDrawn, NewAudit
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project, request_key
from goldsmith.server.state import AppRequest
from goldsmith.store.idempotency import once
from goldsmith.tasks.schema_changes import changes_between
from goldsmith.tasks.schemas import QuestionTypeRow, question_type_rows
from goldsmith.trust.authorize import Action


@get("/api/question-types")
async def list_question_types() -> dict[str, list[QuestionTypeRow]]:
    """The question types there are, each with the JSON schema of its parameters."""
    return {"rows": question_type_rows()}


@get("/api/vaults/{vault:str}/projects")
async def list_projects(request: AppRequest, vault: FromPath[str]) -> ProjectRows:
    """The client's projects, the newest first, with the numbers of their cards."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    return await asyncio.to_thread(_cards, bench_of(request, access))


@post("/api/vaults/{vault:str}/projects")
async def create_project(request: AppRequest, vault: FromPath[str], data: JSONBody[NewProject]) -> ProjectFull:
    """Make a project with the first version of its schema, guideline and policy."""
    access = await enter(request, vault, Action.CREATE_PROJECT)
    bench = bench_of(request, access)
    make = partial(projects.create_project, bench=bench, new=data, actor=access.actor)
    work = partial(once, request=await request_key(request, access), make=make)
    project_id = await access.vault.database.write_async(work)
    return projects.full(await load_project(bench, project_id))


@get("/api/vaults/{vault:str}/projects/{project:str}")
async def get_project(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> ProjectFull:
    """A project with its schema, guideline and policy."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    return projects.full(await load_project(bench_of(request, access), project))


@put("/api/vaults/{vault:str}/projects/{project:str}/schema")
async def put_schema(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewSchema]
) -> SchemaChanged:
    """Give the project a new version of its schema; items of which an answer no longer fits are asked again."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(projects.change_schema, project=loaded, raw=data.schema, actor=access.actor)
    await access.vault.database.write_async(work)
    bench.forget_project(loaded)
    n_items, n_annotations = await asyncio.to_thread(refits.refit, bench, loaded.id)
    now = await load_project(bench, loaded.id)
    effects = SchemaEffects(
        questions=changes_between(loaded.schema, now.schema),
        n_items_asked_again=n_items,
        n_annotations_retired=n_annotations,
    )
    return SchemaChanged(**msgspec.structs.asdict(projects.full(now)), effects=effects)


@post("/api/vaults/{vault:str}/projects/{project:str}/schema/preview", status_code=200)
async def preview_schema(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewSchema]
) -> SchemaEffects:
    """What a new version of the schema would change, and how many items would be asked again; nothing is stored."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    return await asyncio.to_thread(refits.preview, bench, await load_project(bench, project), data.schema)


@put("/api/vaults/{vault:str}/projects/{project:str}/guideline")
async def put_guideline(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewGuideline]
) -> ProjectFull:
    """Give the project a new version of its guideline."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(projects.change_guideline, project=loaded, text=data.guideline, actor=access.actor)
    await access.vault.database.write_async(work)
    bench.forget_project(loaded)
    return projects.full(await load_project(bench, loaded.id))


@put("/api/vaults/{vault:str}/projects/{project:str}/policy")
async def put_policy(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewPolicy]
) -> ProjectFull:
    """Give the project a new version of its policy, and bring its queue in line with it."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(projects.change_policy, project=loaded, raw=data.policy, actor=access.actor)
    await access.vault.database.write_async(work)
    bench.forget_project(loaded)
    await asyncio.to_thread(projects.requeue, bench, loaded.id)
    return projects.full(await load_project(bench, loaded.id))


@get("/api/vaults/{vault:str}/projects/{project:str}/progress")
async def get_progress(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> Progress:
    """How far the project is, what is left and why, and how good it is."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    bench = bench_of(request, access)
    return await asyncio.to_thread(_progress, bench, await load_project(bench, project))


@post("/api/vaults/{vault:str}/projects/{project:str}/audit")
async def draw_audit_sample(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewAudit]
) -> AuditDrawn:
    """Draw items at random for the audit sample, from which the accuracy of a release is estimated."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    loaded = await load_project(bench_of(request, access), project)
    work = partial(audits.draw, project=loaded, new=data, actor=access.actor)
    return await access.vault.database.write_async(work)


def _cards(bench: Workbench) -> ProjectRows:
    with bench.vault.database.read() as connection:
        found = [bench.peek_project(connection, row["id"]) for row in store.list_projects(connection)]
    counts = [counting.item_counts(bench, one.id).value for one in found]
    with bench.vault.database.read() as connection:
        return ProjectRows(rows=[projects.card(connection, *one) for one in zip(found, counts, strict=True)])


def _progress(bench: Workbench, project: LoadedProject) -> Progress:
    counted = counting.overview_counts(bench, project.id)
    with bench.vault.database.read() as connection:
        return progress(connection, project, audits.accuracy(connection, project), counted)
