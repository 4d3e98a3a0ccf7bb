"""The job loop: one thread that runs the waiting jobs of all vaults, and infers anew where answers have come in."""

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from goldsmith.errors import Cancelled, GoldsmithError
from goldsmith.kit.clock import SECOND
from goldsmith.labeling.workbench import Workbench
from goldsmith.store import jobs
from goldsmith.store.homes import Home
from goldsmith.store.jobs import Job, JobFault, JobState
from goldsmith.worker.assistants import Assistants
from goldsmith.worker.contexts import JobContext, Throttle, Watch
from goldsmith.worker.due import due_projects
from goldsmith.worker.kinds import work_of

_log = logging.getLogger("goldsmith.worker")

_POLL_S = 2.0
_QUIET_MICROS = 2 * SECOND  # after this long without an answer a project is inferred anew
_FIRST_LOOK_S = 20.0  # while answers keep coming, the first inference waits this long
_BUSY_COST = 30  # while answers keep coming, inferring takes no more than a thirtieth of the time


class JobLoop:
    """Runs jobs, one at a time, until it is closed. `notify` makes it look at once."""

    def __init__(
        self, home: Home, bench_of: Callable[[str], Workbench], client_names: Callable[[], Mapping[str, str]]
    ) -> None:
        """Prepare a loop over the vaults of `home`; `start` sets it going."""
        self._home = home
        self._bench_of = bench_of
        self._client_names = client_names
        self._bell = threading.Event()
        self._is_closing = threading.Event()
        self._assistants = Assistants()
        self._next_look: dict[tuple[str, str], float] = {}
        self._thread = threading.Thread(target=self._loop, name="goldsmith-jobs", daemon=True)

    def start(self) -> None:
        """Put back what a killed process left running, and begin."""
        for slug in self._home.vault_slugs():
            self._home.vault(slug).database.write(jobs.requeue_running)
        self._thread.start()

    def notify(self) -> None:
        """There is a new job, or one should stop: look now."""
        self._bell.set()

    def close(self) -> None:
        """Stop the running job (it will be run again) and end the thread."""
        self._is_closing.set()
        self._bell.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self._is_closing.is_set():
            if not self._run_one():
                self._infer_what_is_due()
                self._bell.wait(_POLL_S)
                self._bell.clear()

    def _run_one(self) -> bool:
        """Run the oldest waiting job of the first vault that has one; whether there was one."""
        for slug in self._home.vault_slugs():
            claimed = self._home.vault(slug).database.write(jobs.claim_next)
            if claimed is not None:
                job, parameters = claimed
                self._run(self._bench_of(slug), job, parameters)
                return True
        return False

    def _run(self, bench: Workbench, job: Job, parameters: dict[str, Any]) -> None:
        database = bench.vault.database
        watch = Throttle(self._progress_of(bench, job))
        try:
            result = self.run_now(bench, job.kind, parameters, watch=watch)
        except Cancelled:
            if self._is_closing.is_set():
                database.write(jobs.requeue_running)
                return
            database.write(lambda unit: jobs.finish_job(unit, job.id, state=JobState.CANCELLED, message="cancelled"))
        except GoldsmithError as error:
            self._fail(bench, job, JobFault(code=error.code, detail=str(error)))
        except Exception as error:  # noqa: BLE001 - the job loop has to go on; one of the two places that may
            _log.exception("job failed", extra={"job": job.id, "kind": job.kind})
            self._fail(bench, job, JobFault(code="internal", detail=f"{type(error).__name__}: see the server's log."))
        else:
            database.write(
                lambda unit: jobs.finish_job(unit, job.id, state=JobState.DONE, message="done", result=result)
            )

    def run_now(
        self, bench: Workbench, kind: str, parameters: dict[str, Any], *, watch: Watch, actor: str = "worker"
    ) -> dict[str, Any]:
        """The result of a job run in this thread, in a scratch folder of its own.

        Raises:
            GoldsmithError: what the job raised.
        """
        parent = bench.vault.folder / "scratch"
        parent.mkdir(exist_ok=True, mode=0o700)
        scratch = Path(tempfile.mkdtemp(dir=parent))
        try:
            context = JobContext(
                bench=bench,
                client_name=self._client_names().get(bench.vault.slug, bench.vault.slug),
                scratch=scratch,
                actor=actor,
                clock=self._home.clock,
                watch=watch,
            )
            return work_of(kind)(context, parameters)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _progress_of(self, bench: Workbench, job: Job) -> Watch:
        def store(done: int, total: int | None, message: str) -> bool:
            wants_stop = bench.vault.database.write(
                lambda unit: jobs.report_progress(unit, job.id, done=done, total=total, message=message)
            )
            return wants_stop or self._is_closing.is_set()

        return store

    def _fail(self, bench: Workbench, job: Job, fault: JobFault) -> None:
        bench.vault.database.write(
            lambda unit: jobs.finish_job(unit, job.id, state=JobState.FAILED, message=fault.detail, error=fault)
        )

    def _infer_what_is_due(self) -> None:
        """Infer anew where answers have come in: soon after they stop coming, and now and then while they do."""
        now = self._home.clock.now()
        for slug in self._home.vault_slugs():
            bench = self._bench_of(slug)
            for due in due_projects(bench):
                key, started = (slug, due.project_id), time.monotonic()
                is_quiet = due.newest_at < now - _QUIET_MICROS
                if not is_quiet and started < self._next_look.setdefault(key, started + _FIRST_LOOK_S):
                    continue
                self._infer_quietly(bench, due.project_id)
                took = time.monotonic() - started
                self._next_look[key] = time.monotonic() + max(_POLL_S, _BUSY_COST * took)

    def _infer_quietly(self, bench: Workbench, project_id: str) -> None:
        def should_stop(_done: int, _total: int | None, _message: str) -> bool:
            return self._is_closing.is_set() or self._bell.is_set()

        try:
            models = self._assistants.models_due(bench, project_id)
            if models:
                self.run_now(bench, "annotate", {"project": project_id, "models": models}, watch=should_stop)
            self.run_now(bench, "infer", {"project": project_id}, watch=should_stop)
        except Cancelled:  # a job came in or the server stops; answers are inferred later
            return
        except GoldsmithError as error:
            _log.warning("inference failed", extra={"project": project_id, "reason": str(error)})
