"""Has several processes look at a stream of batches; what comes out keeps the order of what goes in.

A process that dies takes no more than one document with it: the pool knows which stage it was in, has the next process
look at each document of that batch alone, and fails the one with which it dies again.
"""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryFile
from typing import NamedTuple, TypeVar, cast

from goldsmith.errors import ComputeError
from goldsmith.kit.columns import Batch
from goldsmith.refine.engines.messages import Peer, Whereabouts
from goldsmith.refine.engines.watching import BETWEEN, Known, Step, too_long
from goldsmith.refine.engines.worker import WALL_FACTOR, Compiling, Fault, Parting, Task, Work
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import Outcome, Parts
from goldsmith.refine.rules import as_words

_START = "import sys; from goldsmith.refine.engines.worker import main; main(int(sys.argv[1]), int(sys.argv[2]))"

MAX_STRAY_DEATHS = 3
"""How often a process may die with a batch while no stage is looking at it."""


def _ignore() -> None:
    """Compiling that nobody is told about."""


Answer = TypeVar("Answer")


def in_order(
    submit: "Callable[[Batch], Future[Answer]]", batches: Iterator[Batch], *, n_ahead: int
) -> Iterator[Answer]:
    """What is answered to each batch, in order.

    Args:
        submit: asks about a batch.
        batches: the documents.
        n_ahead: batches that are asked about before the first answer is waited for.
    """
    waiting: deque[Future[Answer]] = deque()
    for batch in islice(batches, n_ahead):
        waiting.append(submit(batch))
    while waiting:
        yield waiting.popleft().result()
        for batch in islice(batches, 1):
            waiting.append(submit(batch))


class _Death(NamedTuple):
    """How a process ended, and where it was."""

    step: Step
    exit_code: int


class Pool:
    """Some processes, and a thread for each that waits for its answer."""

    __slots__ = ("_idle", "_tell", "_threads", "_work", "_workers", "jobs")

    def __init__(self, jobs: int, on_compiling: Callable[[], None] = _ignore) -> None:
        """Make a pool, whose processes are started once there is work.

        Args:
            jobs: processes.
            on_compiling: called, from another thread, when the first answer has to wait for the processes to compile.
        """
        self.jobs = jobs
        self._work: Work | None = None
        self._tell = on_compiling
        self._workers = [_Worker(self._tell_of_compiling) for _ in range(jobs)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="goldsmith-refine")

    @property
    def is_started(self) -> bool:
        """Whether there was work already."""
        return self._work is not None

    def begin(self, work: Work) -> None:
        """Have all processes know what the next batches are about, once all answers about others were taken."""
        if work == self._work:
            return
        self._work = work
        for worker in self._workers:
            worker.start()
        for worker in self._workers:
            worker.begin(work)

    def look(self, batch: Batch) -> "Future[Outcome]":
        """Have a process pass a batch through the stages.

        Its answer raises `ComputeError` when processes die for no reason that lies in a document.
        """
        return self._threads.submit(self._outcome, batch)

    def part(self, batch: Batch) -> "Future[Parts]":
        """Have a process part a batch that went through the stages by what became of its documents."""
        return self._threads.submit(self._parts, batch)

    def close(self) -> None:
        """End all processes; what they were about to say is lost."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown()
        for worker in self._workers:  # a thread may have started one more meanwhile
            worker.end()

    def _outcome(self, batch: Batch) -> Outcome:
        known = Known(set(), {})
        return cast("Outcome", self._answer(Task(batch, known), partial(self._learn, known)))

    def _parts(self, batch: Batch) -> Parts:
        return cast("Parts", self._answer(Parting(batch), lambda _: None))

    def _answer(self, message: Task | Parting, learn: "Callable[[_Death], None]") -> Outcome | Parts:
        """The answer of a process, or of the next one, when something can be learnt of how one died."""
        n_stray = 0
        worker = self._idle.get()
        try:
            while True:
                answer = worker.ask(message)
                if isinstance(answer, Fault):
                    raise answer.error
                if not isinstance(answer, _Death):
                    self._tell = _ignore  # what is compiled from now on is little, and stands between documents
                    return answer
                if answer.step == BETWEEN:
                    n_stray += 1
                    self._check_stray(n_stray, answer)
                else:
                    learn(answer)
        finally:
            self._idle.put(worker)

    def _tell_of_compiling(self) -> None:
        tell, self._tell = self._tell, _ignore
        tell()

    def _learn(self, known: Known, death: _Death) -> None:
        """Look closer at a stage in which a process died, or leave out the document with which it died."""
        step = death.step
        if step.number is None:
            known.careful.add(step.place)
        else:
            stages = cast("Work", self._work).stages
            why = _why(cast("DocumentStage", stages[step.place]), death.exit_code)
            known.unfinished.setdefault(step.place, {})[step.number] = why

    def _check_stray(self, n_stray: int, death: _Death) -> None:
        if n_stray == MAX_STRAY_DEATHS:
            problem = f"processes that refine documents die outside of all stages ({_how(death.exit_code)})."
            raise ComputeError(problem, hint="Try again with fewer jobs.")


class _Worker:
    """One process, started when it is needed and again after it died."""

    __slots__ = ("_is_closed", "_on_compiling", "_peer", "_process", "_whereabouts", "_work")

    def __init__(self, on_compiling: Callable[[], None]) -> None:
        self._work: Work | None = None
        self._on_compiling = on_compiling
        self._process: subprocess.Popen[bytes] | None = None
        self._peer: Peer | None = None
        self._whereabouts: Whereabouts | None = None
        self._is_closed = False

    def start(self) -> None:
        """Start the process, unless there is one."""
        if self._peer is None:
            ours, theirs = socket.socketpair()
            with ours, theirs, TemporaryFile(buffering=0) as file:
                self._whereabouts = Whereabouts(file.fileno())
                self._process = _started(theirs.fileno(), file.fileno())
                self._peer = Peer(ours.detach())

    def begin(self, work: Work) -> None:
        """Have the process, and those after it, know what the next batches are about."""
        self._work = work
        with suppress(OSError):  # that it died is seen when it is asked
            cast("Peer", self._peer).send(work)

    def ask(self, message: Task | Parting) -> Outcome | Parts | Fault | _Death:
        """What becomes of a batch, or how the process died."""
        if self._is_closed:
            raise ComputeError("the pool of processes was closed.")
        try:
            peer = self._connected()
            peer.send(message)
            while isinstance(answer := peer.receive(), Compiling):
                self._on_compiling()
        except (EOFError, OSError):
            step = BETWEEN if self._whereabouts is None else self._whereabouts.get()
            return _Death(step, self.end())
        return answer

    def close(self) -> None:
        """Kill the process; whoever waits for it learns that it died."""
        self._is_closed = True
        if self._process is not None:
            self._process.kill()

    def end(self) -> int:
        """Kill the process if it lives, and let go of it; returns its exit code."""
        process, peer = self._process, self._peer
        self._process = self._peer = self._whereabouts = None
        if peer is not None:
            peer.close()
        if process is None:
            return 0
        with suppress(subprocess.TimeoutExpired):  # a dying one says more by its own code
            return process.wait(1)
        process.kill()
        return process.wait()

    def _connected(self) -> Peer:
        if self._peer is None:
            self.start()
            cast("Peer", self._peer).send(self._work)
        return cast("Peer", self._peer)


def _started(*descriptors: int) -> "subprocess.Popen[bytes]":
    folders = [folder or str(Path.cwd()) for folder in sys.path]
    return subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
        [sys.executable, "-P", "-c", _START, *map(str, descriptors)],
        stdin=subprocess.DEVNULL,
        pass_fds=descriptors,
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
