"""How good the labels of a project are, and what is known of its items."""

import asyncio
from functools import partial

from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from goldsmith.labeling.flows import gold
from goldsmith.labeling.flows.quality import quality
from goldsmith.labeling.flows.reading import item_detail
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.quality_wire import GoldReport, GoldRows, NewGold, NewGoldRows, Quality
from goldsmith.labeling.wire import Item
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action


@get("/api/vaults/{vault:str}/projects/{project:str}/quality")
async def get_quality(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> Quality:
    """How good the project's labels are: reliability, annotators, agreement, suspects, the audit, and the planner."""
    access = await enter(request, vault, Action.VIEW_ALL_ANNOTATIONS)
    bench = bench_of(request, access)
    return await asyncio.to_thread(_quality, bench, await load_project(bench, project))


@get("/api/vaults/{vault:str}/projects/{project:str}/known-answers")
async def list_known_answers(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 100,
    item: FromQuery[str | None] = None,
) -> GoldRows:
    """A page of the known answers, or of those of one item: gold that was given, and what reviewers decided."""
    access = await enter(request, vault, Action.VIEW_ALL_ANNOTATIONS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    return await asyncio.to_thread(_gold_page, bench, loaded, cursor=cursor, limit=limit, item_id=item)


@post("/api/vaults/{vault:str}/projects/{project:str}/known-answers", status_code=200)
async def import_known_answers(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewGoldRows]
) -> GoldReport:
    """Store the known answers of many items as gold; rows that cannot be stored are named, the rest is stored."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(gold.import_gold, project=loaded, new=data, actor=access.actor)
    report = await access.vault.database.write_async(work)
    bench.restart_queue(loaded.id)
    return report


@put("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/known-answers")
async def put_known_answers(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    data: JSONBody[NewGold],
) -> Item:
    """Store the known answers of an item, as gold that measures, or as a reviewer's decision, which is its label."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(gold.decide, project=loaded, item_id=item_id, new=data, actor=access.actor)
    await access.vault.database.write_async(work)
    bench.restart_queue(loaded.id)
    return await asyncio.to_thread(_item, bench, loaded, item_id)


@delete("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/known-answers")
async def forget_known_answers(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    question: FromQuery[str | None] = None,
) -> None:
    """Take the known answers of an item, or to one question, away; the next inference decides its label again."""
    access = await enter(request, vault, Action.EDIT_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    work = partial(gold.forget, project=loaded, item_id=item_id, question=question, actor=access.actor)
    await access.vault.database.write_async(work)
    bench.restart_queue(loaded.id)


def _quality(bench: Workbench, project: LoadedProject) -> Quality:
    with bench.vault.database.read() as connection:
        return quality(connection, project)


def _gold_page(
    bench: Workbench, project: LoadedProject, *, cursor: str | None, limit: int, item_id: str | None
) -> GoldRows:
    with bench.vault.database.read() as connection:
        return gold.gold_page(connection, project, cursor=cursor, limit=limit, item_id=item_id)


def _item(bench: Workbench, project: LoadedProject, item_id: str) -> Item:
    with bench.vault.database.read() as connection:
        return item_detail(connection, project, item_id, only_of=None)
