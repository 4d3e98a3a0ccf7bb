"""Reviews: decide about answers and get the receipt; look at what was decided."""

import asyncio

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from goldsmith.labeling.flows import annotations, reading, reviews
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.review_wire import NewReview, ReviewPage, ReviewReceipt
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import annotator_of, bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action


@post("/api/vaults/{vault:str}/projects/{project:str}/reviews")
async def submit_review(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewReview]
) -> Response[ReviewReceipt]:
    """Accept, fix, return or adjudicate answers of others; the receipt is signed once that is durable.

    The same id again gives the same receipt. A decision that comes after somebody else's is kept, and where it says
    otherwise the item goes to an adjudicator; its receipt says that it does not apply.
    """
    access = await enter(request, vault, Action.ANSWER)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    reviews.check_reviewer(access.role, loaded.policy)
    reviews.check_form(data)
    author = annotations.Author(actor=access.actor, annotator_id=await annotator_of(bench, access))
    stored = await access.vault.database.write_async(
        lambda unit: reviews.submit(unit, bench, loaded, author=author, new=data)
    )
    return Response(reviews.receipt(bench, stored), status_code=200 if stored.is_duplicate else 201)


@get("/api/vaults/{vault:str}/projects/{project:str}/reviews")
async def list_reviews(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> ReviewPage:
    """What was decided about the project's answers, the newest first."""
    access = await enter(request, vault, Action.VIEW_ALL_ANNOTATIONS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    return await asyncio.to_thread(_page, bench, loaded, cursor=cursor, limit=limit)


@get("/api/vaults/{vault:str}/projects/{project:str}/my-reviews")
async def list_my_reviews(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> ReviewPage:
    """Your own decisions, the newest first."""
    access = await enter(request, vault, Action.VIEW_OWN_WORK)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    reviewer_id = await annotator_of(bench, access)
    return await asyncio.to_thread(_page, bench, loaded, cursor=cursor, limit=limit, reviewer_id=reviewer_id)


def _page(
    bench: Workbench, project: LoadedProject, *, cursor: str | None, limit: int, reviewer_id: str | None = None
) -> ReviewPage:
    with bench.vault.database.read() as connection:
        return reading.review_page(connection, project, cursor=cursor, limit=limit, reviewer_id=reviewer_id)
