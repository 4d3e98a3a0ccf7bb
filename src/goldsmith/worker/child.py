"""What runs inside a computing child: reads its parameters, computes, writes updates and one result as JSON lines."""

import importlib
import os
import sys
import threading
import time
from typing import Any

import msgspec

from goldsmith.errors import GoldsmithError, InputError, StorageError
from goldsmith.worker.children import Update
from goldsmith.worker.computing.reports import Reporter

TASKS = frozenset({"annotate", "infer", "refine", "release"})
"""The modules of `goldsmith.worker.computing`; a child imports its own alone, since each brings heavy libraries."""

_INTERVAL_S = 0.2
_NICENESS = 10  # whoever labels goes before what is computed


class LineReporter:
    """Writes updates as JSON lines, a few a second."""

    def __init__(self) -> None:
        self._next = 0.0

    def report(self, done: int, total: int | None, message: str) -> None:
        """Tell how far the work is."""
        now = time.monotonic()
        if now >= self._next or done == total:
            self._next = now + _INTERVAL_S
            _say(Update(done=done, total=total, message=message))


def main(task: str, parameters: dict[str, Any], reporter: Reporter) -> int:
    """Run `task` and say its result or its error; the exit code."""
    if task not in TASKS:
        raise InputError(f"There is no task {task!r}.")
    run = importlib.import_module(f"goldsmith.worker.computing.{task}").run
    try:
        result = run(parameters, reporter)
    except GoldsmithError as error:
        return _fail(error)
    except OSError as error:
        return _fail(StorageError(f"The disk refused: {error.strerror or error}.", hint="Make room and run it again."))
    _say(Update(result=result))
    return 0


def _fail(error: GoldsmithError) -> int:
    _say(Update(error={"type": type(error).__name__, "message": error.message, "hint": error.hint}))
    return 1


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone: nobody would read what it computes."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _say(update: Update) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(update) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    os.nice(_NICENESS)
    given = msgspec.json.decode(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    raise SystemExit(main(sys.argv[1], given, LineReporter()))
