"""Asks limited processes to read media files: one file at a time each, and a process that fails is replaced."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec

from goldsmith import errors
from goldsmith.errors import GoldsmithError, MediaError
from goldsmith.media.blobs import Sealed
from goldsmith.media.decoding.wire import PART, REFUSED, Frame, GivePart, Question, read_frame

# Any: parameters and results of tasks are JSON values.

CPU_S = 120
WALL_S = 300.0
MEMORY_BYTES = 3 << 30
_MOST_PROCESSES = 2
_IDLE_S = 60.0
_FILES_EACH = 500  # a process is replaced after so many: what libraries leak goes with it


class Task(NamedTuple):
    """What shall be done with a file."""

    name: str
    media_type: str
    parameters: dict[str, Any]


class Decoders:
    """The processes that read the files of one vault; those of another vault never meet them."""

    def __init__(self, n_processes: int = _MOST_PROCESSES) -> None:
        self._free: list[_Process] = []
        self._all: set[_Process] = set()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(n_processes)
        self._is_closed = False
        self._timer: threading.Timer | None = None

    def ask(self, sealed: Sealed, task: Task, give: GivePart) -> dict[str, Any]:
        """The result of a task; parts of it go to `give` as they come.

        Raises:
            MediaError: the file cannot be read, or takes too much memory or time.
            BlobDamaged: the stored file is not what was stored.
        """
        question = Question(
            task=task.name,
            path=os.fsencode(sealed.path.absolute()).hex(),
            key=sealed.opened.key.hex(),
            size_bytes=sealed.opened.size_bytes,
            media_type=task.media_type,
            parameters=task.parameters,
            cpu_s=CPU_S,
            memory_bytes=MEMORY_BYTES,
        )
        with self._process() as process:
            return process.ask(question, give)

    def close_idle(self) -> None:
        """End the processes that wait: each holds some 60 MiB, and another starts in a fifth of a second."""
        with self._lock:
            waiting, self._free = self._free, []
        for process in waiting:
            self._end(process)

    def close(self) -> None:
        """End all processes; what they are at fails."""
        with self._lock:
            self._is_closed = True
            if self._timer is not None:
                self._timer.cancel()
            waiting, self._free = self._free, []
            busy = self._all.difference(waiting)
        for process in busy:
            process.kill()
        for process in waiting:
            self._end(process)

    @contextmanager
    def _process(self) -> Generator["_Process"]:
        with self._places:
            process = self._taken()
            try:
                yield process
            finally:
                with self._lock:
                    is_kept = process.is_usable and not self._is_closed
                    if is_kept:
                        self._free.append(process)
                        self._wait_idle()
                if not is_kept:
                    self._end(process)

    def _wait_idle(self) -> None:
        """End waiting processes when nobody has asked for a while; the lock is held."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(_IDLE_S, self.close_idle)
        self._timer.daemon = True
        self._timer.start()

    def _taken(self) -> "_Process":
        with self._lock:
            if self._is_closed:
                raise MediaError("The server is stopping.", hint="Try again when it runs.")
            if self._free:
                return self._free.pop()
            process = _Process()
            self._all.add(process)
            return process

    def _end(self, process: "_Process") -> None:
        process.close()
        with self._lock:
            self._all.discard(process)


class _Process:
    """One limited process."""

    def __init__(self) -> None:
        # -P: what lies in the working folder must not stand in for libraries.
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "goldsmith.media.decoding.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._n_asked = 0
        self._is_sound = True

    @property
    def is_usable(self) -> bool:
        """Whether it can take another file."""
        return self._is_sound and self._n_asked < _FILES_EACH

    def ask(self, question: Question, give: GivePart) -> dict[str, Any]:
        """The result of a task.

        Raises:
            MediaError: it was refused, or the process did not survive it.
        """
        self._n_asked += 1
        self._is_sound = False  # until the answer has come whole
        timer = threading.Timer(WALL_S, self._child.kill)
        timer.start()
        try:
            last = self._exchange(msgspec.json.encode(question) + b"\n", give)
        finally:
            timer.cancel()
        if last is None:
            raise MediaError(
                "It took too long or too much memory to read, or broke the program that reads it.",
                hint="Make it smaller, or save it anew from its source.",
            )
        self._is_sound = True
        if last.kind == REFUSED:
            raise _refusal(last.content)
        return msgspec.json.decode(last.content)

    def kill(self) -> None:
        """End it from another thread than the one that asks it."""
        self._child.kill()

    def close(self) -> None:
        """End it and let go of it."""
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what was still to be written, nobody reads
                    continue

    def _exchange(self, line: bytes, give: GivePart) -> Frame | None:
        asked, answers = self._child.stdin, self._child.stdout
        if asked is None or answers is None:
            return None
        try:
            _ = asked.write(line)
            asked.flush()
        except OSError:
            return None
        while (frame := read_frame(answers)) is not None and frame.kind == PART:
            give(frame.content)
        return frame


def _refusal(content: bytes) -> GoldsmithError:
    refusal = msgspec.json.decode(content, type=dict[str, str])
    kind = getattr(errors, refusal["kind"], MediaError)
    is_ours = isinstance(kind, type) and issubclass(kind, GoldsmithError)
    return (kind if is_ours else MediaError)(refusal["message"], hint=refusal["hint"])
