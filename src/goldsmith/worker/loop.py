"""The job loop: one thread that runs the waiting jobs of all vaults, and infers anew where answers have come in."""

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from goldsmith.errors import Cancelled, GoldsmithError, StorageError
from goldsmith.kit.clock import SECOND
from goldsmith.labeling.workbench import Workbench
from goldsmith.store import jobs
from goldsmith.store.homes import Home, Vault
from goldsmith.store.jobs import Job, JobFault, JobState
from goldsmith.store.units import UnitOfWork
from goldsmith.worker.assistants import Assistants
from goldsmith.worker.contexts import JobContext, Throttle, Watch
from goldsmith.worker.due import due_projects
from goldsmith.worker.kinds import work_of

T = TypeVar("T")

_log = logging.getLogger("goldsmith.worker")

_POLL_S = 2.0
_QUIET_MICROS = 2 * SECOND  # after this long without an answer a project is inferred anew
_FIRST_LOOK_S = 20.0  # while answers keep coming, the first inference waits this long
_REST_S = 60.0  # after an inference that failed
_BUSY_COST = 30  # while answers keep coming, inferring takes no more than a thirtieth of the time


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt(Generic[T]):
    """What came of some work: its value, or its fault."""

    value: T | None = None
    fault: JobFault | None = None


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
        self._rests_until: dict[tuple[str, str], float] = {}
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
            ran = self._attempt("looking for jobs", self._run_one)
            if ran.value:
                continue
            if ran.fault is None:
                self._attempt("looking for answers", self._infer_what_is_due)
            self._bell.wait(_POLL_S)
            self._bell.clear()

    def _attempt(self, what: str, work: Callable[[], T]) -> "_Attempt[T]":
        """What `work` gives, or why it failed: whatever it was, the loop goes on."""
        try:
            return _Attempt(value=work())
        except GoldsmithError as error:
            if not isinstance(error, Cancelled):
                _log.warning("%s failed: %s", what, error)
            return _Attempt(fault=JobFault(code=error.code, detail=str(error)))
        except Exception as error:  # noqa: BLE001 - the job loop has to go on; one of the two places that may
            _log.exception("%s failed", what)
            return _Attempt(fault=JobFault(code="internal", detail=f"{type(error).__name__}: see the server's log."))

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
        watch = Throttle(self._progress_of(bench, job))
        tried = self._attempt(f"job {job.kind}", lambda: self.run_now(bench, job.kind, parameters, watch=watch))
        if tried.fault is None:
            ended = partial(jobs.finish_job, state=JobState.DONE, message="done", result=tried.value)
        elif tried.fault.code != Cancelled.code:
            ended = partial(jobs.finish_job, state=JobState.FAILED, message=tried.fault.detail, error=tried.fault)
        elif self._is_closing.is_set():
            ended = jobs.requeue_job
        else:
            ended = partial(jobs.finish_job, state=JobState.CANCELLED, message="cancelled")
        self._settle(bench, partial(ended, job_id=job.id))

    def _settle(self, bench: Workbench, ended: Callable[[UnitOfWork], None]) -> None:
        """Write down how a job ended, as soon as the disk takes it; else the next start puts the job back."""
        while True:
            try:
                bench.vault.database.write(ended)
            except StorageError as error:
                _log.warning("the end of a job cannot be written down: %s", error)
                if self._is_closing.wait(_POLL_S):
                    return
            else:
                return

    def run_now(
        self, bench: Workbench, kind: str, parameters: dict[str, Any], *, watch: Watch, actor: str = "worker"
    ) -> dict[str, Any]:
        """The result of a job run in this thread, in a scratch folder of its own.

        Raises:
            GoldsmithError: what the job raised.
        """
        try:
            scratch = new_scratch(bench.vault)
        except OSError as error:
            raise _refused(error) from error
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
        except OSError as error:
            raise _refused(error) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _progress_of(self, bench: Workbench, job: Job) -> Watch:
        def store(done: int, total: int | None, message: str) -> bool:
            wants_stop = bench.vault.database.write(
                lambda unit: jobs.report_progress(unit, job.id, done=done, total=total, message=message)
            )
            return wants_stop or self._is_closing.is_set()

        return store

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
                if started < self._rests_until.get(key, 0.0):
                    continue
                tried = self._attempt("inference", partial(self._infer_quietly, bench, due.project_id))
                took = time.monotonic() - started
                self._next_look[key] = time.monotonic() + max(_POLL_S, _BUSY_COST * took)
                if tried.fault is not None and tried.fault.code != Cancelled.code:
                    self._rests_until[key] = time.monotonic() + _REST_S

    def _infer_quietly(self, bench: Workbench, project_id: str) -> None:
        def should_stop(_done: int, _total: int | None, _message: str) -> bool:
            return self._is_closing.is_set() or self._bell.is_set()

        lesson = self._assistants.lesson(bench, project_id)
        if lesson is not None:
            self.run_now(bench, "annotate", {"project": project_id, "models": lesson.models}, watch=should_stop)
            self._assistants.learnt(project_id, lesson)
        self.run_now(bench, "infer", {"project": project_id}, watch=should_stop)


def new_scratch(vault: Vault) -> Path:
    """A new folder for what is only needed for a while; what is left after a crash goes when the vault is opened."""
    parent = vault.folder / "scratch"
    parent.mkdir(exist_ok=True, mode=0o700)
    return Path(tempfile.mkdtemp(dir=parent))


def _refused(error: OSError) -> StorageError:
    return StorageError(f"The disk refused: {error.strerror or error}.", hint="Make room and run it again.")
