"""Threads of comments, and contests of gold."""

import asyncio
from typing import Annotated, NamedTuple

from litestar import get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from goldsmith.labeling.flows import contests, threads
from goldsmith.labeling.flows.annotations import Author
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.talk_wire import (
    Contest,
    ContestRows,
    GoldFeedbackRows,
    NewComment,
    NewContest,
    NewThread,
    Thread,
    ThreadChange,
    ThreadPage,
    ThreadRows,
)
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import annotator_if_known, annotator_of, bench_of, load_project
from goldsmith.server.callers import Access
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action, authorize


@get("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/threads")
async def list_item_threads(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    only_own: FromQuery[bool] = False,
) -> ThreadRows:
    """The threads of an item: annotators see those they began and those about their answers, reviewers all.

    With `only_own` a reviewer sees what an annotator would see, as is right while they label.
    """
    access = await enter(request, vault, Action.VIEW_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    reader = await _reader(bench, access)

    def read() -> ThreadRows:
        with bench.vault.database.read() as connection:
            return threads.of_item(connection, loaded, item_id, reader, only_own=only_own)

    return await asyncio.to_thread(read)


@post("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/threads", status_code=200)
async def start_thread(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    data: JSONBody[NewThread],
) -> Thread:
    """Begin a thread on an item, on answers to it or on a region; the same id again gives the thread as it is."""
    access, loaded, author, reader = await _writing(request, vault, project)
    return await access.vault.database.write_async(
        lambda unit: threads.start(unit, loaded, item_id, data, author=author, reader=reader)
    )


@get("/api/vaults/{vault:str}/projects/{project:str}/threads")
async def list_threads(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    in_state: Annotated[str, QueryParameter(name="state")] = "open",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> ThreadPage:
    """The threads of the project that you may see, the one that changed last first."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    reader = await _reader(bench, access)

    def read() -> ThreadPage:
        with bench.vault.database.read() as connection:
            return threads.page(connection, loaded, reader, state=in_state, cursor=cursor, limit=limit)

    return await asyncio.to_thread(read)


@post("/api/vaults/{vault:str}/projects/{project:str}/threads/{thread_id:str}/comments", status_code=200)
async def add_comment(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    thread_id: FromPath[str],
    data: JSONBody[NewComment],
) -> Thread:
    """Add a comment to a thread, which is open again if it was resolved; the same id again adds nothing."""
    access, loaded, author, reader = await _writing(request, vault, project)
    return await access.vault.database.write_async(
        lambda unit: threads.reply(unit, loaded, thread_id, data, author=author, reader=reader)
    )


@put("/api/vaults/{vault:str}/projects/{project:str}/threads/{thread_id:str}")
async def change_thread(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    thread_id: FromPath[str],
    data: JSONBody[ThreadChange],
) -> Thread:
    """Resolve a thread, or open it again."""
    access, loaded, author, reader = await _writing(request, vault, project)
    return await access.vault.database.write_async(
        lambda unit: threads.change(unit, loaded, thread_id, data.state, author=author, reader=reader)
    )


@post("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/contests", status_code=200)
async def contest_gold(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    data: JSONBody[NewContest],
) -> Contest:
    """Say that what is known of an item is wrong: it measures nothing until somebody else has decided about it."""
    access = await enter(request, vault, Action.COMMENT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    author = Author(actor=access.actor, annotator_id=await annotator_of(bench, access))
    sees_gold = authorize(access.role, Action.VIEW_ALL_ANNOTATIONS)
    found = await access.vault.database.write_async(
        lambda unit: contests.contest(unit, loaded, item_id, data, author=author, sees_gold=sees_gold)
    )
    bench.restart_queue(loaded.id)
    return found


@get("/api/vaults/{vault:str}/projects/{project:str}/contests")
async def list_contests(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    in_state: Annotated[str | None, QueryParameter(name="state")] = None,
) -> ContestRows:
    """The contests of gold, newest first: your own, or all of them for those who see all annotations."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    reader_id = await annotator_if_known(bench, access)
    only_of = None if authorize(access.role, Action.VIEW_ALL_ANNOTATIONS) else reader_id

    def read() -> ContestRows:
        with bench.vault.database.read() as connection:
            return contests.contest_page(connection, loaded, state=in_state, only_of=only_of, reader_id=reader_id)

    return await asyncio.to_thread(read)


@get("/api/vaults/{vault:str}/projects/{project:str}/my-gold")
async def list_my_gold(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> GoldFeedbackRows:
    """The gold that you answered otherwise than it is known, where the policy shows it; contest what is wrong."""
    access = await enter(request, vault, Action.VIEW_OWN_WORK)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    annotator_id = await annotator_if_known(bench, access)

    def read() -> GoldFeedbackRows:
        with bench.vault.database.read() as connection:
            return contests.feedback(connection, loaded, annotator_id)

    return await asyncio.to_thread(read)


async def _reader(bench: Workbench, access: Access) -> threads.Reader:
    """Who reads, without leaving a trace of it."""
    return _as_reader(access, await annotator_if_known(bench, access))


class _Writing(NamedTuple):
    access: Access
    project: LoadedProject
    author: Author
    reader: threads.Reader


async def _writing(request: AppRequest, vault: str, project: str) -> _Writing:
    """Who writes in a project; from then on the vault knows them."""
    access = await enter(request, vault, Action.COMMENT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    reader = _as_reader(access, await annotator_of(bench, access))
    author = Author(actor=access.actor, annotator_id=reader.annotator_id)
    return _Writing(access=access, project=loaded, author=author, reader=reader)


def _as_reader(access: Access, annotator_id: str) -> threads.Reader:
    sees_all = authorize(access.role, Action.VIEW_ALL_ANNOTATIONS)
    is_reviewer = sees_all or authorize(access.role, Action.REVIEW)
    return threads.Reader(annotator_id=annotator_id, is_reviewer=is_reviewer, sees_names=sees_all)
