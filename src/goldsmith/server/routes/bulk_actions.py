"""Bulk actions on items: done at once or as a job, listed, and undone."""

import asyncio
from functools import partial

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from goldsmith.labeling.filters import parse_filter
from goldsmith.labeling.flows import bulk
from goldsmith.labeling.items_wire import Bulk, BulkPage, NewBulk
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import bulk as store
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.callers import Access
from goldsmith.server.state import AppRequest, services_of
from goldsmith.store import jobs
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.authorize import Action


@post("/api/vaults/{vault:str}/projects/{project:str}/bulk-actions")
async def change_items(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewBulk]
) -> Bulk:
    """Do one thing to many items: those with these ids, or all that fit a filter. Many of them are a job's work."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    chosen = data.selection.items
    if chosen is None:
        parse_filter(data.selection.where or "")
        chosen = await asyncio.to_thread(_few, bench, loaded, data)
    if chosen is not None and len(chosen) <= bulk.AT_ONCE:
        work = partial(_at_once, bench=bench, project=loaded, new=data, chosen=chosen, actor=access.actor)
        bulk_id = await access.vault.database.write_async(work)
        bench.restart_queue(loaded.id)
        return await asyncio.to_thread(_one, bench, loaded, bulk_id)
    work = partial(_as_job, request=request, access=access, bench=bench, project=loaded, new=data)
    bulk_id, job_id = await access.vault.database.write_async(work)
    services_of(request).jobs.notify()
    return await asyncio.to_thread(_one, bench, loaded, bulk_id, job_id=job_id)


@get("/api/vaults/{vault:str}/projects/{project:str}/bulk-actions")
async def list_bulk_actions(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> BulkPage:
    """The bulk actions of a project, the newest first."""
    access = await enter(request, vault, Action.VIEW_ITEMS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    return await asyncio.to_thread(_page, bench, loaded, cursor, limit)


@post("/api/vaults/{vault:str}/projects/{project:str}/bulk-actions/{bulk_id:str}/undo", status_code=200)
async def undo_bulk_action(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], bulk_id: FromPath[str]
) -> Bulk:
    """Restore what items were before a bulk action; those that have changed since are named and stay as they are."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(bulk.undo, project=loaded, bulk_id=bulk_id, actor=access.actor)
    kept = await access.vault.database.write_async(work)
    bench.restart_queue(loaded.id)
    return await asyncio.to_thread(_one, bench, loaded, bulk_id, kept=kept)


def _few(bench: Workbench, project: LoadedProject, new: NewBulk) -> list[str] | None:
    """The ids of all items that fit, when they are few enough to change at once."""
    with bench.vault.database.read() as connection:
        found = bulk.selected(connection, project, new, after=-1, limit=bulk.AT_ONCE + 1)
    return found.item_ids if len(found.item_ids) <= bulk.AT_ONCE else None


def _at_once(
    unit: UnitOfWork, bench: Workbench, project: LoadedProject, *, new: NewBulk, chosen: list[str], actor: str
) -> str:
    bulk_id = bulk.begin(unit, bench, project, new, actor=actor)
    for start in range(0, len(chosen), bulk.CHUNK):
        part = chosen[start : start + bulk.CHUNK]
        bulk.change(unit, project, new, bulk_id=bulk_id, item_ids=part, actor=actor)
    return bulk_id


def _as_job(
    unit: UnitOfWork, request: AppRequest, *, access: Access, bench: Workbench, project: LoadedProject, new: NewBulk
) -> tuple[str, str]:
    bulk_id = bulk.begin(unit, bench, project, new, actor=access.actor)
    made = jobs.create_job(
        unit,
        services_of(request).new_id,
        kind="bulk",
        title=f"{new.kind} items of {project.name}",
        parameters={"project": project.id, "bulk": bulk_id, "selection": _plain(new)},
        created_by=access.actor,
        project_id=project.id,
    )
    return bulk_id, made.id


def _plain(new: NewBulk) -> dict[str, object]:
    return {"items": new.selection.items, "where": new.selection.where}


def _page(bench: Workbench, project: LoadedProject, cursor: str | None, limit: int) -> BulkPage:
    with bench.vault.database.read() as connection:
        return bulk.history(connection, project, cursor=cursor, limit=limit)


def _one(
    bench: Workbench, project: LoadedProject, bulk_id: str, *, job_id: str | None = None, kept: list[str] | None = None
) -> Bulk:
    with bench.vault.database.read() as connection:
        row = store.bulk(connection, project.id, bulk_id)
        return bulk.bulk_row(row, kept=kept or (), job_id=job_id)
