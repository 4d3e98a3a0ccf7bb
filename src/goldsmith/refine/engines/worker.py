"""A process that looks at documents for the pool; the kernel ends it when a document takes too long."""

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Sequence
from functools import partial
from time import process_time
from types import TracebackType
from typing import NamedTuple, cast

from goldsmith.errors import ComputeError, GoldsmithError
from goldsmith.kit.collecting import NEW_OBJECTS
from goldsmith.kit.columns import Batch
from goldsmith.kit.jit import when_compiling
from goldsmith.refine.engines.messages import Peer, Whereabouts
from goldsmith.refine.engines.watching import BETWEEN, Known, Step, Watched
from goldsmith.refine.model import DocumentStage, Stage
from goldsmith.refine.pipeline import Annotate, Outcome, Parts, parts_by_fate, run_stages

WALL_FACTOR = 60
"""How many times its seconds of a processor a call may last, on a machine that does other things too."""


class Work(NamedTuple):
    """What a worker knows of the documents that come.

    Attributes:
        stages: those that look at each document; or all those that documents to be parted went through.
        annotate: gives the columns of a stage.
    """

    stages: tuple[Stage, ...]
    annotate: Annotate


class Task(NamedTuple):
    """One batch, and what is known about it."""

    batch: Batch
    known: Known


class Parting(NamedTuple):
    """One batch that went through all stages, to be parted by what became of its documents."""

    batch: Batch


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

    __slots__ = ("_excused", "_left", "_paused_at", "_pool", "_start", "_whereabouts")

    def __init__(self, pool: Peer, whereabouts: Whereabouts) -> None:
        self._pool, self._whereabouts = pool, whereabouts
        self._start = self._excused = self._paused_at = 0.0
        self._left = (0.0, 0.0)

    def begin(self, step: Step, seconds: float) -> None:
        """Let the pool know where this process is, and set the alarms."""
        self._whereabouts.set(step)
        self._excused, self._start = 0.0, process_time()
        _ = _set_alarms(seconds, WALL_FACTOR * seconds)

    def end(self) -> float:
        """Take the alarms back."""
        _ = _set_alarms(0, 0)
        self._whereabouts.set(BETWEEN)
        return process_time() - self._start - self._excused

    def pause(self) -> None:
        """Let the alarms wait, and tell the pool why."""
        self._pool.send(Compiling())
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


def main(descriptor: int, whereabouts: int) -> None:
    """Answer every batch with what became of it, and learn of other work in between, until the pool hangs up.

    Args:
        descriptor: a socket whose other end the pool has.
        whereabouts: an open file through which the pool sees where this process is.
    """
    _end_quietly()
    _ = os.dup2(2, 1)  # what a library prints is no answer of a command
    pool = Peer(descriptor)
    worker = _Worker(KernelMeter(pool, Whereabouts(whereabouts)))
    gc.set_threshold(NEW_OBJECTS)
    sys.excepthook = partial(_tell, pool)
    while (message := _next(pool)) is not None:
        if isinstance(message, Work):
            worker.begin(message)
        else:
            pool.send(worker.answer(message))


class _Worker:
    """Does what the pool says."""

    __slots__ = ("_is_listening", "_meter", "_watched", "_work")

    def __init__(self, meter: KernelMeter) -> None:
        self._meter = meter
        self._is_listening = False

    def begin(self, work: Work) -> None:
        """From now on documents are those of this work."""
        self._work, self._watched = work, Watched(self._meter, work.annotate)
        if not self._is_listening and any("numba" in stage.libraries for stage in work.stages):
            when_compiling(self._meter.pause, self._meter.go_on)
            self._is_listening = True

    def answer(self, message: Task | Parting) -> Outcome | Parts:
        """What became of a batch."""
        if isinstance(message, Parting):
            return parts_by_fate(message.batch, self._work.stages)
        self._watched.begin(message.known)
        return run_stages(cast("Sequence[DocumentStage]", self._work.stages), message.batch, self._watched)


def _next(pool: Peer) -> Work | Task | Parting | None:
    try:
        return cast("Work | Task | Parting", pool.receive())
    except (EOFError, OSError):
        return None


def _tell(pool: Peer, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say with which error this process ends."""
    sys.__excepthook__(kind, error, trace)
    known = error if isinstance(error, GoldsmithError) else ComputeError(f"refining raised {kind.__name__}: {error}")
    pool.send(Fault(known))


def _end_quietly() -> None:
    """Die of the alarms, without a core file, and leave Ctrl+C to the pool's process."""
    for alarm in (signal.SIGPROF, signal.SIGALRM):
        _ = signal.signal(alarm, signal.SIG_DFL)
    _ = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
