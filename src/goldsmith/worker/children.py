"""Runs heavy computing in a child process, which can be stopped at any time and gives its memory back."""

import logging
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from goldsmith import errors
from goldsmith.errors import Cancelled, ComputeError, GoldsmithError

_log = logging.getLogger("goldsmith.worker")


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """A line that a child writes while it works, and its last one."""

    done: int = 0
    total: int | None = None
    message: str = ""
    result: dict[str, Any] | None = None
    error: dict[str, str] | None = None


OnUpdate = Callable[[Update], bool]
"""Gets each update; whether the child should stop."""

_TAIL_CHARS = 4000
_LINE_CHARS = 200
_POLL_S = 0.5  # a child that says nothing is asked about this often
_READ_BYTES = 1 << 16


def run_child(task: str, parameters: dict[str, Any], on_update: OnUpdate) -> dict[str, Any]:
    """The result of `task` run in a child process of this Python.

    Args:
        task: a name of `goldsmith.worker.child`.
        parameters: what it gets, JSON values.
        on_update: called for each update and twice a second, in this thread.

    Raises:
        Cancelled: `on_update` asked to stop; the child is gone.
        GoldsmithError: the error that the child raised on purpose, the same class.
        ComputeError: the child died without one.
    """
    child = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
        [sys.executable, "-m", "goldsmith.worker.child", task],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "DO_NOT_TRACK": "1"},
        process_group=0,  # Ctrl+C in the terminal is for this process, which then stops the child in order
    )
    tail = _Tail(child)
    try:
        last = _follow(child, msgspec.json.encode(parameters), on_update)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        tail.join()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None and not pipe.closed:
                pipe.close()
    if last.error is not None:
        raise _error_of(last.error)
    if last.result is None:
        _log.error("the child that should %s ended with code %s: %s", task, child.returncode, tail.text)
        raise _died(task, child.returncode, tail.text)
    return last.result


class _Tail(threading.Thread):
    """Reads a child's error stream, so that it never blocks, and keeps its end."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        super().__init__(name="goldsmith-child-errors", daemon=True)
        self._stream = child.stderr
        self.text = ""
        self.start()

    def run(self) -> None:
        for line in self._stream or ():
            self.text = (self.text + line.decode(errors="replace"))[-_TAIL_CHARS:]


def _follow(child: "subprocess.Popen[bytes]", parameters: bytes, on_update: OnUpdate) -> Update:
    if child.stdin is None or child.stdout is None:
        raise ComputeError("the child has no pipes.")
    try:
        child.stdin.write(parameters + b"\n")
        child.stdin.flush()  # it stays open: when this process dies, the child learns it by the end of the pipe
    except BrokenPipeError:  # it died at once; its exit code tells
        return Update()
    last = Update()
    for line in _lines(child.stdout.fileno()):
        if line is not None:
            try:
                last = msgspec.json.decode(line, type=Update)
            except msgspec.DecodeError:  # a library printed something
                continue
            if last.result is not None or last.error is not None:
                return last
        if on_update(last):
            raise Cancelled("The job was cancelled.")
    return Update()


def _lines(descriptor: int) -> Iterator[bytes | None]:
    """The lines of a pipe as they come; None when none came for half a second."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            if not selector.select(_POLL_S):
                yield None
                continue
            part = os.read(descriptor, _READ_BYTES)
            if not part:
                return
            *whole, rest = (rest + part).split(b"\n")
            yield from whole


def _died(task: str, code: int, said: str) -> ComputeError:
    """The error for a child that ended without a result: its last words, on one line."""
    if code < 0:
        hint = "It may have wanted more memory than there is. Try it with less."
        return ComputeError(f"The process that should {task} was killed by signal {-code}.", hint=hint)
    last = (said.strip().splitlines() or ["It said nothing."])[-1]
    return ComputeError(f"The process that should {task} ended with code {code}: {last[:_LINE_CHARS]}")


def _error_of(raised: dict[str, str]) -> GoldsmithError:
    kind = getattr(errors, raised.get("type", ""), ComputeError)
    is_ours = isinstance(kind, type) and issubclass(kind, GoldsmithError)
    return (kind if is_ours else ComputeError)(raised.get("message", "it failed"), hint=raised.get("hint", ""))
