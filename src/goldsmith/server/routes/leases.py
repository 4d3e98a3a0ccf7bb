"""Leases: get the next items, keep them, give them back."""

import asyncio
from functools import partial

from litestar import delete, post
from litestar.params import FromPath, JSONBody

from goldsmith.labeling.flows import queue
from goldsmith.labeling.flows.reviews import check_reviewer
from goldsmith.labeling.lease_wire import LeaseExtended, LeaseRequest, Leases
from goldsmith.server.access import enter
from goldsmith.server.benches import annotator_of, bench_of, load_project
from goldsmith.server.state import AppRequest, services_of
from goldsmith.trust.authorize import Action


@post("/api/vaults/{vault:str}/projects/{project:str}/leases", status_code=200)
async def lease_items(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[LeaseRequest]
) -> Leases:
    """What you hold after asking for `n` items, or why there is nothing for you."""
    purpose = Action.EDIT_PROJECT if data.purpose == "audit" else Action.ANSWER
    access = await enter(request, vault, purpose)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    if data.purpose in {"review", "adjudicate"}:
        check_reviewer(access.role, loaded.policy)
    annotator_id = await annotator_of(bench, access)
    found = await access.vault.database.write_async(
        lambda unit: queue.lease(unit, bench, loaded, annotator_id=annotator_id, request=data, skills=access.skills)
    )
    if found.leases or found.empty is not None:
        return found
    why = partial(
        queue.why_empty,
        bench,
        loaded,
        annotator_id=annotator_id,
        purpose=data.purpose,
        now=services_of(request).home.clock.now(),
        skills=access.skills,
    )
    return Leases(leases=[], empty=await asyncio.to_thread(why))


@post("/api/vaults/{vault:str}/leases/{lease_id:str}/heartbeat", status_code=200)
async def extend_lease(request: AppRequest, vault: FromPath[str], lease_id: FromPath[str]) -> LeaseExtended:
    """A sign of life: the lease runs from now on for its full time again."""
    access = await enter(request, vault, Action.ANSWER)
    bench = bench_of(request, access)
    annotator_id = await annotator_of(bench, access)
    until = await access.vault.database.write_async(
        lambda unit: queue.extend(unit, bench, lease_id=lease_id, annotator_id=annotator_id)
    )
    return LeaseExtended(leased_until=until)


@delete("/api/vaults/{vault:str}/leases/{lease_id:str}")
async def release_lease(request: AppRequest, vault: FromPath[str], lease_id: FromPath[str]) -> None:
    """Give an item back; somebody else gets it at once."""
    access = await enter(request, vault, Action.ANSWER)
    bench = bench_of(request, access)
    annotator_id = await annotator_of(bench, access)
    await access.vault.database.write_async(
        lambda unit: queue.release(unit, bench, lease_id=lease_id, annotator_id=annotator_id)
    )
