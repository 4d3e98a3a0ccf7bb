"""A process that looks at documents for the pool; the kernel ends it when a document takes too long."""

import contextlib
import gc
import os
import resource
import signal
import sys
from functools import partial
from multiprocessing.connection import Connection
from time import process_time
from types import TracebackType
from typing import Any, NamedTuple, cast

from goldsmith.errors import ComputeError, GoldsmithError
from goldsmith.kit.columns import Batch
from goldsmith.kit.jit import when_compiling
from goldsmith.refine.engines.watching import BETWEEN, Known, Step, Watched
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import Annotate, run_stages

_NEW_OBJECTS = 100_000
"""After how many the search for cycles begins: stages make many and no cycles, and it took 2 % of the time."""

WALL_FACTOR = 60
"""How many times its seconds of a processor a call may last, on a machine that does other things too."""


class Work(NamedTuple):
    """What a worker does until it ends."""

    stages: tuple[DocumentStage, ...]
    annotate: Annotate


class Task(NamedTuple):
    """One batch, and what is known about it."""

    batch: Batch
    known: Known


class Fault(NamedTuple):
    """An error that a stage raised, with which this process ends."""

    error: GoldsmithError


class Compiling(NamedTuple):
    """Said to the pool by a process that is about to compile something."""


class KernelMeter:
    """Measures what this process takes, and has the kernel end it when a call takes more than a document may.

    `SIGPROF` then says that it was the processor's time, `SIGALRM` that it was the clock's. Both end a process also in
    the middle of native code, for whose return a handler in Python would wait. Compiling counts against no document.
    """

    __slots__ = ("_connection", "_excused", "_left", "_paused_at", "_start")

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._start = self._excused = self._paused_at = 0.0
        self._left = (0.0, 0.0)

    def begin(self, step: Step, seconds: float) -> None:
        """Tell the pool where this process is, and set the alarms."""
        self._connection.send(step)
        self._excused, self._start = 0.0, process_time()
        _ = _set_alarms(seconds, WALL_FACTOR * seconds)

    def end(self) -> float:
        """Take the alarms back."""
        _ = _set_alarms(0, 0)
        self._connection.send(BETWEEN)
        return process_time() - self._start - self._excused

    def pause(self) -> None:
        """Let the alarms wait, and tell the pool why."""
        self._connection.send(Compiling())
        self._paused_at, self._left = process_time(), _set_alarms(0, 0)

    def go_on(self) -> None:
        """Set the alarms again, where they were."""
        self._excused += process_time() - self._paused_at
        _ = _set_alarms(*self._left)


def _set_alarms(cpu_seconds: float, wall_seconds: float) -> tuple[float, float]:
    """Set or take back both; returns what was left of them."""
    cpu, _ = signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    wall, _ = signal.setitimer(signal.ITIMER_REAL, wall_seconds)
    return cpu, wall


def main(descriptor: int) -> None:
    """Answer every batch with what became of it, until the pool hangs up.

    Args:
        descriptor: a socket whose other end the pool has.
    """
    _end_quietly()
    _ = os.dup2(2, 1)  # what a library prints is no answer of a command
    connection: Connection[Any, Any] = Connection(descriptor)
    work = cast("Work", connection.recv())
    meter = KernelMeter(connection)
    if any("numba" in stage.libraries for stage in work.stages):
        when_compiling(meter.pause, meter.go_on)
    gc.set_threshold(_NEW_OBJECTS)
    watched = Watched(meter, work.annotate)
    sys.excepthook = partial(_tell, connection)
    while (task := _next(connection)) is not None:
        watched.begin(task.known)
        connection.send(run_stages(work.stages, task.batch, watched))


def _next(connection: "Connection[Any, Any]") -> Task | None:
    try:
        return cast("Task", connection.recv())
    except EOFError:
        return None


def _tell(
    connection: "Connection[Any, Any]", kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say with which error this process ends."""
    sys.__excepthook__(kind, error, trace)
    known = error if isinstance(error, GoldsmithError) else ComputeError(f"refining raised {kind.__name__}: {error}")
    connection.send(Fault(known))


def _end_quietly() -> None:
    """Die of the alarms, without a core file, and leave Ctrl+C to the pool's process."""
    for alarm in (signal.SIGPROF, signal.SIGALRM):
        _ = signal.signal(alarm, signal.SIG_DFL)
    _ = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
