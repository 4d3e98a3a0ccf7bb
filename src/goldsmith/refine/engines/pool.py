"""Runs stages over a stream of batches in several processes; what comes out keeps the order of what goes in.

A process that dies takes no more than one document with it: the pool knows which stage it was in, has the next process
look at each document of that batch alone, and fails the one with which it dies again.
"""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from goldsmith.errors import ComputeError
from goldsmith.kit.columns import Batch
from goldsmith.refine.engines.watching import BETWEEN, Known, Step, ThreadMeter, Watched, too_long
from goldsmith.refine.engines.worker import WALL_FACTOR, Compiling, Fault, Task, Work
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import Annotate, Outcome, annotated_by, run_stages
from goldsmith.refine.rules import as_words

_START = "import sys; from goldsmith.refine.engines.worker import main; main(int(sys.argv[1]))"

MAX_STRAY_DEATHS = 3
"""How often a process may die with a batch while no stage is looking at it."""


def _ignore() -> None:
    """Compiling that nobody is told about."""


def mapped(
    stages: Sequence[DocumentStage],
    batches: Iterator[Batch],
    *,
    jobs: int | None,
    annotate: Annotate = annotated_by,
    on_compiling: Callable[[], None] = _ignore,
) -> Iterator[Outcome]:
    """What becomes of each batch, in order.

    Args:
        stages: what each batch goes through.
        batches: the documents.
        jobs: processes. Without them nothing leaves this one, and a document that never ends never ends.
        annotate: gives the columns of a stage.
        on_compiling: called, from another thread, when the first batch has to wait for the processes to compile.

    Raises:
        ComputeError: processes die for no reason that lies in a document.
    """
    if jobs is None:
        watched = Watched(ThreadMeter(), annotate)
        for batch in batches:
            watched.begin(Known(set(), {}))
            yield run_stages(stages, batch, watched)
        return
    pool = Pool(Work(tuple(stages), annotate), jobs, on_compiling)
    waiting: deque[Future[Outcome]] = deque()
    try:
        for batch in islice(batches, 2 * jobs):
            waiting.append(pool.submit(batch))
        while waiting:
            yield waiting.popleft().result()
            for batch in islice(batches, 1):
                waiting.append(pool.submit(batch))
    finally:
        pool.close()


class _Death(NamedTuple):
    """How a process ended, and where it was."""

    step: Step
    exit_code: int


class Pool:
    """Some processes, and a thread for each that waits for its answer."""

    __slots__ = ("_idle", "_tell", "_threads", "_work", "_workers")

    def __init__(self, work: Work, jobs: int, on_compiling: Callable[[], None] = _ignore) -> None:
        self._work = work
        self._tell = on_compiling
        self._workers = [_Worker(work, self._tell_of_compiling) for _ in range(jobs)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="goldsmith-refine")

    def submit(self, batch: Batch) -> "Future[Outcome]":
        """Have a process look at a batch."""
        return self._threads.submit(self._outcome, batch)

    def close(self) -> None:
        """End all processes; what they were about to say is lost."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown()
        for worker in self._workers:  # a thread may have started one more meanwhile
            worker.end()

    def _outcome(self, batch: Batch) -> Outcome:
        known, n_stray = Known(set(), {}), 0
        worker = self._idle.get()
        try:
            while True:
                answer = worker.ask(Task(batch, known))
                if isinstance(answer, Outcome):
                    self._tell = _ignore  # what is compiled from now on is little, and stands between documents
                    return answer
                if isinstance(answer, Fault):
                    raise answer.error
                if answer.step == BETWEEN:
                    n_stray += 1
                    self._check_stray(n_stray, answer)
                else:
                    self._learn(known, answer.step, answer.exit_code)
        finally:
            self._idle.put(worker)

    def _tell_of_compiling(self) -> None:
        tell, self._tell = self._tell, _ignore
        tell()

    def _learn(self, known: Known, step: Step, exit_code: int) -> None:
        """Look closer at a stage in which a process died, or leave out the document with which it died."""
        if step.number is None:
            known.careful.add(step.place)
        else:
            why = _why(self._work.stages[step.place], exit_code)
            known.unfinished.setdefault(step.place, {})[step.number] = why

    def _check_stray(self, n_stray: int, death: _Death) -> None:
        if n_stray == MAX_STRAY_DEATHS:
            problem = f"processes that refine documents die outside of all stages ({_how(death.exit_code)})."
            raise ComputeError(problem, hint="Try again with fewer jobs.")


class _Worker:
    """One process, started when it is needed and again after it died."""

    __slots__ = ("_connection", "_is_closed", "_on_compiling", "_process", "_work")

    def __init__(self, work: Work, on_compiling: Callable[[], None]) -> None:
        self._work = work
        self._on_compiling = on_compiling
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None
        self._is_closed = False

    def ask(self, task: Task) -> Outcome | Fault | _Death:
        """What becomes of a batch, or how the process died."""
        if self._is_closed:
            raise ComputeError("the pool of processes was closed.")
        step = BETWEEN
        try:
            connection = self._connected()
            connection.send(task)
            while isinstance(message := connection.recv(), Step | Compiling):
                if isinstance(message, Step):
                    step = message
                else:
                    self._on_compiling()
        except (EOFError, OSError):
            return _Death(step, self.end())
        return message

    def close(self) -> None:
        """Kill the process; whoever waits for it learns that it died."""
        self._is_closed = True
        if self._process is not None:
            self._process.kill()

    def end(self) -> int:
        """Kill the process if it lives, and let go of it; returns its exit code."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is None:
            return 0
        with suppress(subprocess.TimeoutExpired):  # a dying one says more by its own code
            return process.wait(1)
        process.kill()
        return process.wait()

    def _connected(self) -> "Connection[Any, Any]":
        if self._connection is None:
            ours, theirs = socket.socketpair()
            with ours, theirs:
                self._process = _started(theirs.fileno())
                self._connection = Connection(ours.detach())
            self._connection.send(self._work)
        return self._connection


def _started(descriptor: int) -> "subprocess.Popen[bytes]":
    folders = [folder or str(Path.cwd()) for folder in sys.path]
    return subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
        [sys.executable, "-P", "-c", _START, str(descriptor)],
        stdin=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(folders), "DO_NOT_TRACK": "1"},
        process_group=0,  # Ctrl+C in the terminal is for this process, which then ends its workers
    )


def _why(stage: DocumentStage, exit_code: int) -> str:
    match -exit_code:
        case signal.SIGPROF:
            return too_long(stage)
        case signal.SIGALRM:
            return f"did not end within {as_words(WALL_FACTOR * stage.cpu_seconds)} s"
        case _:
            return f"ended the process that looked at it ({_how(exit_code)})"


def _how(exit_code: int) -> str:
    if exit_code >= 0:
        return f"exit code {exit_code}"
    name = signal.Signals(-exit_code).name
    return f"{name}, as when memory runs out" if exit_code == -signal.SIGKILL else name
