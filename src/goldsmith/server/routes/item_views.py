"""Saved views of the list of items."""

import asyncio
from functools import partial

from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from goldsmith.labeling.flows import views
from goldsmith.labeling.items_wire import NewView, Views
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action


@get("/api/vaults/{vault:str}/projects/{project:str}/item-views")
async def list_item_views(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> Views:
    """The caller's saved views of the list of items, and those that others share."""
    access = await enter(request, vault, Action.VIEW_ITEMS)
    bench = bench_of(request, access)
    return await asyncio.to_thread(_views, bench, await load_project(bench, project), access.actor)


@post("/api/vaults/{vault:str}/projects/{project:str}/item-views")
async def save_item_view(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewView]
) -> Views:
    """Save a view: a filter, an order, columns and a layout under a name, for oneself or for everybody."""
    access = await enter(request, vault, Action.VIEW_ITEMS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(views.save_view, bench=bench, project=loaded, new=data, actor=access.actor)
    await access.vault.database.write_async(work)
    return await asyncio.to_thread(_views, bench, loaded, access.actor)


@put("/api/vaults/{vault:str}/projects/{project:str}/item-views/{view_id:str}")
async def change_item_view(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    view_id: FromPath[str],
    data: JSONBody[NewView],
) -> Views:
    """Change a saved view of the caller's own."""
    access = await enter(request, vault, Action.VIEW_ITEMS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(views.change_view, project=loaded, view_id=view_id, new=data, actor=access.actor)
    await access.vault.database.write_async(work)
    return await asyncio.to_thread(_views, bench, loaded, access.actor)


@delete("/api/vaults/{vault:str}/projects/{project:str}/item-views/{view_id:str}")
async def delete_item_view(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], view_id: FromPath[str]
) -> None:
    """Take a saved view of the caller's own away."""
    access = await enter(request, vault, Action.VIEW_ITEMS)
    loaded = await load_project(bench_of(request, access), project)
    work = partial(views.delete_view, project=loaded, view_id=view_id, actor=access.actor)
    await access.vault.database.write_async(work)


def _views(bench: Workbench, project: LoadedProject, actor: str) -> Views:
    with bench.vault.database.read() as connection:
        return views.views_of(connection, project, actor=actor)
