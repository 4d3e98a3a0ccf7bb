"""Annotations: store an answer and get its receipt; look at one's own work."""

import asyncio

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from goldsmith.labeling.flows import annotations, reading
from goldsmith.labeling.lease_wire import NewAnnotation
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.wire import OwnAnnotationPage, Receipt
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import annotator_of, bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action


@post("/api/vaults/{vault:str}/projects/{project:str}/annotations")
async def submit_annotation(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewAnnotation]
) -> Response[Receipt]:
    """Store an annotation; the receipt is signed once it is durable. The same id again gives the same receipt."""
    purpose = Action.ANSWER if data.purpose == "label" else Action.EDIT_PROJECT
    access = await enter(request, vault, purpose)
    annotations.check_form(data)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    author = annotations.Author(actor=access.actor, annotator_id=await annotator_of(bench, access))
    stored = await access.vault.database.write_async(
        lambda unit: annotations.submit(unit, bench, loaded, author=author, new=data)
    )
    return Response(annotations.receipt(bench, stored), status_code=200 if stored.is_duplicate else 201)


@get("/api/vaults/{vault:str}/projects/{project:str}/my-annotations")
async def list_my_annotations(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> OwnAnnotationPage:
    """Your own answers, the newest first."""
    access = await enter(request, vault, Action.VIEW_OWN_WORK)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    annotator_id = await annotator_of(bench, access)
    return await asyncio.to_thread(_own_work, bench, loaded, annotator_id, cursor=cursor, limit=limit)


def _own_work(
    bench: Workbench, project: LoadedProject, annotator_id: str, *, cursor: str | None, limit: int
) -> OwnAnnotationPage:
    with bench.vault.database.read() as connection:
        return reading.own_work(connection, project, annotator_id, cursor=cursor, limit=limit)
