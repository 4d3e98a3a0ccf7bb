"""Waits for jobs."""

from collections.abc import Callable

from goldsmith.errors import Cancelled, ServerError
from goldsmith.sdk.problems import error_of_job
from goldsmith.sdk.transport import Transport
from goldsmith.store.jobs import Job, JobState

OnProgress = Callable[[Job], None]
"""Hears of a job each time it was looked at."""

_FIRST_S = 0.1
_LONGEST_S = 1.0


def wait_for(transport: Transport, path: str, job: Job, on_progress: OnProgress | None) -> Job:
    """The job once it is done; it is looked at ten times a second at first, later once a second.

    Raises:
        Cancelled: somebody stopped it.
        GoldsmithError: the error with which it failed.
    """
    pause = _FIRST_S
    while True:
        if on_progress is not None:
            on_progress(job)
        match job.state:
            case JobState.QUEUED | JobState.RUNNING:
                transport.sleep(pause)
                pause = min(_LONGEST_S, pause * 1.2)
                job = transport.get(path, Job)
            case JobState.DONE:
                return job
            case JobState.FAILED:
                raise ServerError(f"{job.title} failed.") if job.error is None else error_of_job(job.error)
            case JobState.CANCELLED:
                raise Cancelled(f"{job.title} was cancelled.")
