"""Jobs: slow work that is visible, has progress, can be cancelled, and survives the page that started it."""

from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select, update

from goldsmith.errors import Conflict, InputError, NotFound
from goldsmith.kit.digest import canonical_json
from goldsmith.kit.ids import NewId, is_uuid
from goldsmith.store.tables.vault import jobs
from goldsmith.store.units import UnitOfWork

MAX_PAGE = 500


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job failed: the stable code of the error, and what to do."""

    code: str
    detail: str


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as it goes over the wire."""

    id: str
    kind: str
    title: str
    project_id: str | None
    state: JobState
    done: int
    total: int | None
    message: str
    result: dict[str, Any] | None
    error: JobFault | None
    created_at: int
    started_at: int | None
    finished_at: int | None


class JobPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of jobs, newest first."""

    rows: list[Job]
    next: str | None


_COLUMNS = (
    jobs.c.id,
    jobs.c.kind,
    jobs.c.title,
    jobs.c.project_id,
    jobs.c.state,
    jobs.c.done,
    jobs.c.total,
    jobs.c.message,
    jobs.c.result,
    jobs.c.error,
    jobs.c.created_at,
    jobs.c.started_at,
    jobs.c.finished_at,
)


_WAITS_AGAIN = {"state": JobState.QUEUED, "message": "waiting: the server was restarted", "started_at": None, "done": 0}


def create_job(
    unit: UnitOfWork,
    new_id: NewId,
    *,
    kind: str,
    title: str,
    parameters: dict[str, Any],
    created_by: str,
    project_id: str | None = None,
) -> Job:
    """A new job that waits for the worker. Two waiting jobs with one purpose are one: the first is given back."""
    body = canonical_json(parameters).decode()
    same = select(*_COLUMNS).where(
        jobs.c.state == JobState.QUEUED,
        jobs.c.kind == kind,
        jobs.c.parameters == body,
        jobs.c.project_id.is_(None) if project_id is None else jobs.c.project_id == project_id,
    )
    waiting = unit.connection.execute(same).mappings().first()
    if waiting is not None:
        return _job(waiting)
    job_id = new_id()
    unit.connection.execute(
        insert(jobs).values(
            id=job_id,
            created_at=unit.now,
            kind=kind,
            title=title,
            project_id=project_id,
            state=JobState.QUEUED,
            parameters=body,
            done=0,
            total=None,
            message="waiting",
            wants_cancel=0,
            created_by=created_by,
        )
    )
    unit.record(actor=created_by, action=f"job.created:{kind}", object_id=job_id, content=body.encode())
    return job(unit.connection, job_id)


def job(connection: Connection, job_id: str) -> Job:
    """The job with this id.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(*_COLUMNS).where(jobs.c.id == job_id)).mappings().first()
    if row is None:
        raise NotFound(f"There is no job {job_id[:80]!r}.")
    return _job(row)


def job_page(connection: Connection, *, state: JobState | None, cursor: str | None, limit: int) -> JobPage:
    """A page of jobs, newest first.

    Raises:
        InputError: the limit or the cursor is not a possible one.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise InputError(f"limit must be 1 to {MAX_PAGE}, not {limit}.")
    statement = select(*_COLUMNS).order_by(jobs.c.id.desc()).limit(limit + 1)
    if state is not None:
        statement = statement.where(jobs.c.state == state)
    if cursor is not None:
        if not is_uuid(cursor):
            raise InputError("The cursor is not one that this server gave; start again without it.")
        statement = statement.where(jobs.c.id < cursor)
    rows = [_job(row) for row in connection.execute(statement).mappings()]
    return JobPage(rows=rows[:limit], next=rows[limit - 1].id if len(rows) > limit else None)


def claim_next(unit: UnitOfWork) -> tuple[Job, dict[str, Any]] | None:
    """The oldest waiting job, now running, with its parameters."""
    oldest = (
        select(jobs.c.id)
        .where(jobs.c.state == JobState.QUEUED)
        .order_by(jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job_id = unit.connection.execute(oldest).scalar()
    if job_id is None:
        return None
    started = {"state": JobState.RUNNING, "started_at": unit.now, "message": "starting"}
    unit.connection.execute(update(jobs).where(jobs.c.id == job_id).values(**started))
    parameters = unit.connection.execute(select(jobs.c.parameters).where(jobs.c.id == job_id)).scalar_one()
    return job(unit.connection, job_id), msgspec.json.decode(parameters, type=dict[str, Any])


def requeue_running(unit: UnitOfWork) -> int:
    """Put the jobs that a killed process left running back into the queue; how many. Every job can be run again."""
    return unit.connection.execute(update(jobs).where(jobs.c.state == JobState.RUNNING).values(**_WAITS_AGAIN)).rowcount


def requeue_job(unit: UnitOfWork, job_id: str) -> None:
    """Put a job that the server could not end into the queue again."""
    unit.connection.execute(update(jobs).where(jobs.c.id == job_id).values(**_WAITS_AGAIN))


def report_progress(unit: UnitOfWork, job_id: str, *, done: int, total: int | None, message: str) -> bool:
    """Write down how far a job is; whether somebody wants it stopped."""
    unit.connection.execute(update(jobs).where(jobs.c.id == job_id).values(done=done, total=total, message=message))
    return bool(unit.connection.execute(select(jobs.c.wants_cancel).where(jobs.c.id == job_id)).scalar_one())


def finish_job(
    unit: UnitOfWork,
    job_id: str,
    *,
    state: JobState,
    message: str,
    result: dict[str, Any] | None = None,
    error: JobFault | None = None,
) -> None:
    """Write down how a job ended."""
    unit.connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            state=state,
            finished_at=unit.now,
            message=message,
            result=None if result is None else canonical_json(result).decode(),
            error=None if error is None else canonical_json(error).decode(),
        )
    )
    unit.record(actor="worker", action=f"job.{state}", object_id=job_id, content=message.encode())


def cancel_job(unit: UnitOfWork, job_id: str, *, actor: str) -> Job:
    """Stop a job: a waiting one at once, a running one at its next step.

    Raises:
        NotFound: there is no such job.
        Conflict: it has ended already.
    """
    unit.connection.execute(select(jobs.c.id).where(jobs.c.id == job_id).with_for_update())
    found = job(unit.connection, job_id)
    match found.state:
        case JobState.QUEUED:
            finish_job(unit, job_id, state=JobState.CANCELLED, message="cancelled before it started")
        case JobState.RUNNING:
            unit.connection.execute(update(jobs).where(jobs.c.id == job_id).values(wants_cancel=1))
        case JobState.DONE | JobState.FAILED | JobState.CANCELLED:
            raise Conflict(f"This job is {found.state}; there is nothing to cancel.")
    unit.record(actor=actor, action="job.cancel-asked", object_id=job_id, content=b"")
    return job(unit.connection, job_id)


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        project_id=row["project_id"],
        state=JobState(row["state"]),
        done=row["done"],
        total=row["total"],
        message=row["message"],
        result=None if row["result"] is None else msgspec.json.decode(row["result"], type=dict[str, Any]),
        error=None if row["error"] is None else msgspec.json.decode(row["error"], type=JobFault),
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )
