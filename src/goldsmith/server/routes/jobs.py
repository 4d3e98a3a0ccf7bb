"""Jobs: slow work that can be watched and cancelled."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from goldsmith.errors import Forbidden, InputError
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project, request_key
from goldsmith.server.callers import Access
from goldsmith.server.state import AppRequest, services_of
from goldsmith.store import jobs
from goldsmith.store.homes import Vault
from goldsmith.store.idempotency import once
from goldsmith.store.jobs import Job, JobPage, JobState
from goldsmith.store.units import UnitOfWork
from goldsmith.trust.authorize import Action, Role


class NewJob(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A job that a recipe describes: all of it (`run`), or its refining alone (`refine`).

    Attributes:
        recipe: the recipe's YAML text.
        origin: what errors call it, such as its file's name.
        base: the folder that relative paths of its sources start from, on the server's machine; else the home.
    """

    kind: str
    recipe: str
    origin: str = "recipe"
    base: str | None = None


class NewAnnotate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which model annotators shall answer, each with its parameters."""

    models: list[dict[str, dict[str, Any]]]  # Any: each model has its own parameters, checked by the job


@get("/api/vaults/{vault:str}/jobs")
async def list_jobs(
    request: AppRequest,
    vault: FromPath[str],
    *,
    in_state: Annotated[JobState | None, QueryParameter(name="state")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> JobPage:
    """The client's jobs, the newest first."""
    access = await enter(request, vault, Action.VIEW_JOBS)
    return await asyncio.to_thread(_page, access.vault, in_state, cursor, limit)


@get("/api/vaults/{vault:str}/jobs/{job_id:str}")
async def get_job(request: AppRequest, vault: FromPath[str], job_id: FromPath[str]) -> Job:
    """A job with its progress, and its result or its error."""
    access = await enter(request, vault, Action.VIEW_JOBS)
    return await asyncio.to_thread(_one, access.vault, job_id)


@post("/api/vaults/{vault:str}/jobs", status_code=202)
async def create_job(request: AppRequest, vault: FromPath[str], data: JSONBody[NewJob]) -> Job:
    """Run a recipe. It reads files of the server's machine, so only the owner may."""
    access = await enter(request, vault, Action.RUN_JOBS)
    if access.role is not Role.OWNER:
        raise Forbidden("A recipe reads files of the server's machine; only the owner may run one.")
    if data.kind not in {"run", "refine"}:
        raise InputError(f"kind must be run or refine, not {data.kind[:40]!r}.")
    base = data.base or str(services_of(request).home.path)
    parameters = {"recipe": data.recipe, "origin": data.origin, "base": base}
    return await _create(request, access, kind=data.kind, title=f"{data.kind} {data.origin}", parameters=parameters)


@post("/api/vaults/{vault:str}/projects/{project:str}/infer", status_code=202)
async def infer_project(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> Job:
    """Infer the consensus of a project anew."""
    access = await enter(request, vault, Action.RUN_JOBS)
    loaded = await load_project(bench_of(request, access), project)
    return await _create(
        request,
        access,
        kind="infer",
        title=f"infer {loaded.name}",
        parameters={"project": loaded.id},
        project=loaded.id,
    )


@post("/api/vaults/{vault:str}/projects/{project:str}/annotate", status_code=202)
async def annotate_project(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], data: JSONBody[NewAnnotate]
) -> Job:
    """Let model annotators answer the project's items."""
    access = await enter(request, vault, Action.RUN_JOBS)
    loaded = await load_project(bench_of(request, access), project)
    parameters = {"project": loaded.id, "models": data.models}
    title = f"models answer {loaded.name}"
    return await _create(request, access, kind="annotate", title=title, parameters=parameters, project=loaded.id)


@post("/api/vaults/{vault:str}/projects/{project:str}/releases", status_code=202)
async def make_release(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> Job:
    """Freeze the project into a signed release."""
    access = await enter(request, vault, Action.MAKE_RELEASE)
    loaded = await load_project(bench_of(request, access), project)
    title = f"release {loaded.name}"
    return await _create(
        request, access, kind="release", title=title, parameters={"project": loaded.id}, project=loaded.id
    )


@post("/api/vaults/{vault:str}/jobs/{job_id:str}/cancel", status_code=200)
async def cancel_job(request: AppRequest, vault: FromPath[str], job_id: FromPath[str]) -> Job:
    """Stop a job: a waiting one at once, a running one at its next step."""
    access = await enter(request, vault, Action.CANCEL_JOBS)
    cancelled = await access.vault.database.write_async(lambda unit: jobs.cancel_job(unit, job_id, actor=access.actor))
    services_of(request).jobs.notify()
    return cancelled


async def _create(
    request: AppRequest,
    access: Access,
    *,
    kind: str,
    title: str,
    parameters: dict[str, Any],
    project: str | None = None,
) -> Job:
    services = services_of(request)
    key = await request_key(request, access)

    def make(unit: UnitOfWork) -> str:
        made = jobs.create_job(
            unit,
            services.new_id,
            kind=kind,
            title=title,
            parameters=parameters,
            created_by=access.actor,
            project_id=project,
        )
        return made.id

    job_id = await access.vault.database.write_async(lambda unit: once(unit, key, make))
    services.jobs.notify()
    return await asyncio.to_thread(_one, access.vault, job_id)


def _page(vault: Vault, state: JobState | None, cursor: str | None, limit: int) -> JobPage:
    with vault.database.read() as connection:
        return jobs.job_page(connection, state=state, cursor=cursor, limit=limit)


def _one(vault: Vault, job_id: str) -> Job:
    with vault.database.read() as connection:
        return jobs.job(connection, job_id)
