"""Items: pages of them, one with its history, and a stream of all of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream

from goldsmith.errors import InputError, NotFound
from goldsmith.labeling.filters import parse_filter
from goldsmith.labeling.flows import histories, reading
from goldsmith.labeling.flows.exports import export_lines
from goldsmith.labeling.items_wire import FilterNames, ItemHistory
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store.pages import ItemQuery
from goldsmith.labeling.wire import Item, ItemPage
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import annotator_of, bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action, authorize

_MAX_TEXT = 200


@get("/api/vaults/{vault:str}/projects/{project:str}/items")
async def list_items(  # noqa: PLR0913 - a list has as many filters as its page
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
    sort: FromQuery[str] = "position",
    direction: FromQuery[str] = "asc",
    in_state: Annotated[str, QueryParameter(name="state")] = "all",
    q: FromQuery[str] = "",
    label: FromQuery[str | None] = None,
    where: FromQuery[str] = "",
) -> ItemPage:
    """A page of items, sorted and filtered by the server.

    `where` is a filter such as `confidence < 0.8 and consensus.mood in (good, bad)` (docs/items.md), `q` searches the
    words of the texts, `label` is `question:value` of the consensus, and `sort` takes several names: `answers,-need`.
    """
    access = await enter(request, vault, Action.VIEW_ITEMS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    if direction not in {"asc", "desc"}:
        raise InputError(f"direction must be asc or desc, not {direction[:40]!r}.")
    query = ItemQuery(
        sort=sort,
        is_descending=direction == "desc",
        state=in_state,
        text=q[:_MAX_TEXT],
        label=_label(label),
        where=parse_filter(where),
        limit=limit,
        cursor=cursor,
    )
    return await asyncio.to_thread(_page, bench, loaded, query)


@get("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}")
async def get_item(request: AppRequest, vault: FromPath[str], project: FromPath[str], item_id: FromPath[str]) -> Item:
    """An item with its content, answers and consensus; annotators see items they answered, with their own answers."""
    access = await enter(request, vault, Action.VIEW_PROJECT)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    sees_all = authorize(access.role, Action.VIEW_ALL_ANNOTATIONS)
    only_of = None if sees_all else await annotator_of(bench, access)
    return await asyncio.to_thread(_detail, bench, loaded, item_id, only_of)


@get("/api/vaults/{vault:str}/projects/{project:str}/items/{item_id:str}/history")
async def get_item_history(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    item_id: FromPath[str],
    sort: FromQuery[str] = "position",
    where: FromQuery[str] = "",
) -> ItemHistory:
    """An item with all that happened to it, and the items before and after it in a filtered and sorted list."""
    access = await enter(request, vault, Action.VIEW_ALL_ANNOTATIONS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    query = ItemQuery(sort=sort, where=parse_filter(where))
    return await asyncio.to_thread(_history, bench, loaded, item_id, query)


@get("/api/vaults/{vault:str}/projects/{project:str}/filter-names")
async def list_filter_names(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> FilterNames:
    """What items can be filtered by besides the questions: columns, annotators, tags and reasons, with values."""
    access = await enter(request, vault, Action.VIEW_ITEMS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    return await asyncio.to_thread(_names, bench, loaded)


@get("/api/vaults/{vault:str}/projects/{project:str}/export.jsonl", media_type="application/x-ndjson")
async def export_items(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> Stream:
    """All items with their answers and consensus as they are now, one JSON object a line."""
    access = await enter(request, vault, Action.VIEW_ALL_ANNOTATIONS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    name = f"{loaded.slug}.jsonl"
    return Stream(
        _streamed(export_lines(bench, loaded)),
        media_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _streamed(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The parts of a blocking iterator, each made in a thread."""
    while part := await asyncio.to_thread(next, parts, b""):
        yield part


def _label(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    question, found, value = text.partition(":")
    if not found:
        raise InputError(f"label must be question:value, not {text[:80]!r}.")
    return question, value


def _page(bench: Workbench, project: LoadedProject, query: ItemQuery) -> ItemPage:
    with bench.vault.database.read() as connection:
        return reading.item_page(connection, project, query)


def _history(bench: Workbench, project: LoadedProject, item_id: str, query: ItemQuery) -> ItemHistory:
    with bench.vault.database.read() as connection:
        return histories.item_history(connection, project, item_id, query)


def _names(bench: Workbench, project: LoadedProject) -> FilterNames:
    with bench.vault.database.read() as connection:
        return histories.filter_names(connection, project)


def _detail(bench: Workbench, project: LoadedProject, item_id: str, only_of: str | None) -> Item:
    with bench.vault.database.read() as connection:
        found = reading.item_detail(connection, project, item_id, only_of=only_of)
    if only_of is not None and not found.annotations:
        raise NotFound(f"There is no item {item_id[:80]!r} in this project.")
    return found
