"""`goldsmith job`."""

from itertools import islice
from typing import Annotated

import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.following import follow
from goldsmith.cli.messages import one_line, say, say_json, say_rows, say_table
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, VaultOption, new_app, where
from goldsmith.kit.clock import as_iso
from goldsmith.store.jobs import Job, JobState

app = new_app("Jobs: list, watch and cancel slow work.")

JobArgument = Annotated[str, typer.Argument(help="The job's id, as `job list` shows it.", metavar="ID")]


@app.command("list")
def list_jobs(
    *,
    state: Annotated[JobState | None, typer.Option(help="Only jobs in this state.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """List the jobs, the newest first."""
    with connected(where(home, vault)) as door:
        jobs = list(islice(door.vault.jobs(state=state), limit))
    if as_json:
        say_rows(jobs)
        return
    if not jobs:
        say("There is no job.")
        return
    rows = [(job.id, one_line(job.title, 40), job.state, _far(job), as_iso(job.created_at)[:19]) for job in jobs]
    say_table(("id", "what", "state", "how far", "asked for at (UTC)"), rows)


@app.command("show")
def show_job(
    job_id: JobArgument, *, home: HomeOption = None, vault: VaultOption = DEFAULT_VAULT, as_json: JsonOption = False
) -> None:
    """Show a job, and its result or its error."""
    with connected(where(home, vault)) as door:
        job = door.vault.job(job_id)
    _tell(job, as_json=as_json)


@app.command("watch")
def watch_job(
    job_id: JobArgument, *, home: HomeOption = None, vault: VaultOption = DEFAULT_VAULT, as_json: JsonOption = False
) -> None:
    """Follow a job to its end; runs it, when it waits in a home that nobody serves."""
    with connected(where(home, vault), runs_jobs=True) as door:
        job = follow(door, door.vault.job(job_id), is_quiet=as_json)
    _tell(job, as_json=as_json)


@app.command("cancel")
def cancel_job(
    job_id: JobArgument, *, home: HomeOption = None, vault: VaultOption = DEFAULT_VAULT, as_json: JsonOption = False
) -> None:
    """Stop a job: a waiting one at once, a running one at its next step."""
    with connected(where(home, vault)) as door:
        job = door.vault.cancel(job_id)
    _tell(job, as_json=as_json)


def _tell(job: Job, *, as_json: bool) -> None:
    if as_json:
        say_json(job)
        return
    say(": ".join(part for part in (one_line(job.title), job.state, _far(job)) if part))


def _far(job: Job) -> str:
    if job.state is JobState.DONE:
        return ""
    of = "" if job.total is None else f" {job.done:,} of {job.total:,}"
    return one_line(job.message, 60) + (of if job.state is JobState.RUNNING else "")
