"""Steer the queue: pause, rank and route items, keep one for somebody, end leases; and why somebody gets an item."""

import asyncio
from functools import partial

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from goldsmith.errors import Forbidden, InputError
from goldsmith.labeling.flows import projects, steering
from goldsmith.labeling.project_wire import ProjectFull
from goldsmith.labeling.steering_wire import (
    LeaseRows,
    NewAssignment,
    NewPause,
    NewRelease,
    NewRouting,
    Released,
    Routed,
    WhyItem,
)
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.state import AppRequest, services_of
from goldsmith.trust.authorize import Action, authorize


@put("/api/vaults/{vault:str}/projects/{project:str}/pause")
async def pause_project(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewPause]
) -> ProjectFull:
    """Pause the project, or let it go on: nobody gets new items meanwhile, and answers under way are kept."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(steering.pause, project=loaded, new=data, actor=access.actor)
    await access.vault.database.write_async(work)
    bench.forget_project(loaded)
    return projects.full(await load_project(bench, loaded.id))


@put("/api/vaults/{vault:str}/projects/{project:str}/routing")
async def route_items(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewRouting]
) -> Routed:
    """Give up to 5,000 items a priority, or the skill that they ask for."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(steering.route, bench=bench, project=loaded, new=data, actor=access.actor)
    found = await access.vault.database.write_async(work)
    bench.restart_queue(loaded.id)
    return found


@put("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/assignment")
async def assign_item(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    data: JSONBody[NewAssignment],
) -> None:
    """Keep an item for one annotator, who gets it next; others who hold it may still send their answer."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(steering.assign, project=loaded, item_id=item_id, new=data, actor=access.actor)
    await access.vault.database.write_async(work)
    bench.restart_queue(loaded.id)


@post("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/release", status_code=200)
async def release_item(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    data: JSONBody[NewRelease],
) -> Released:
    """End the leases of an item that others hold, with a reason; answers that come all the same are kept."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(steering.release, project=loaded, item_id=item_id, new=data, actor=access.actor)
    found = await access.vault.database.write_async(work)
    bench.restart_queue(loaded.id)
    return found


@get("/api/vaults/{vault:str}/projects/{project:str}/leases")
async def list_leases(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> LeaseRows:
    """Who holds which items just now, up to 1,000 of them."""
    access = await enter(request, vault, Action.VIEW_ALL_ANNOTATIONS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    now = services_of(request).home.clock.now()

    def read() -> LeaseRows:
        with bench.vault.database.read() as connection:
            return steering.lease_rows(connection, loaded, now)

    return await asyncio.to_thread(read)


@get("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/why")
async def why_item(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    purpose: FromQuery[str] = "label",
    annotator: FromQuery[str | None] = None,
) -> WhyItem:
    """Why you get this item or do not; those who see all annotations may ask for an `annotator` by their pseudonym."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    if purpose not in {"label", "audit", "review", "adjudicate"}:
        raise InputError(f"purpose must be label, audit, review or adjudicate, not {purpose[:40]!r}.")
    if annotator is not None and not authorize(access.role, Action.VIEW_ALL_ANNOTATIONS):
        raise Forbidden("You can ask for yourself only.")
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    now = services_of(request).home.clock.now()
    skills = access.skills if annotator is None else ()

    def read() -> WhyItem:
        with bench.vault.database.read() as connection:
            asked = steering.asked_about(
                connection, loaded, pseudonym=annotator or access.actor, purpose=purpose, skills=skills, now=now
            )
            return steering.why(connection, loaded, item_id, asked)

    return await asyncio.to_thread(read)
