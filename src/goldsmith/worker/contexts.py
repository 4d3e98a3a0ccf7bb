"""What a job gets to work with: its vault, a folder for the rows it hands to children, and how to tell its progress."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldsmith.errors import Cancelled
from goldsmith.kit.clock import Clock
from goldsmith.labeling.workbench import Workbench
from goldsmith.worker.children import Update, run_child

Watch = Callable[[int, int | None, str], bool]
"""Hears how far a job is (done, total, message); whether it should stop."""

_INTERVAL_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext:
    """The surroundings of one job.

    Attributes:
        bench: the vault's workbench.
        client_name: what the client is called in certificates.
        scratch: an empty folder that is removed after the job.
        actor: on whose behalf it runs, as the log names them.
        clock: tells the time.
        watch: hears about progress.
    """

    bench: Workbench
    client_name: str
    scratch: Path
    actor: str
    clock: Clock
    watch: Watch

    def report(self, done: int, total: int | None, message: str) -> None:
        """Tell how far the job is.

        Raises:
            Cancelled: somebody wants the job stopped.
        """
        if self.watch(done, total, message):
            raise Cancelled("The job was cancelled.")

    def compute(self, task: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The result of a task in a computing child; its progress is the job's.

        Raises:
            Cancelled: somebody wants the job stopped; the child is gone.
            GoldsmithError: what the child raised.
        """
        return run_child(task, parameters, self._on_update)

    def _on_update(self, update: Update) -> bool:
        return self.watch(update.done, update.total, update.message)


class Throttle:
    """Passes on at most two progress reports a second, so that progress does not cost more than the work."""

    def __init__(self, store: Watch) -> None:
        self._store = store
        self._next = 0.0
        self._message: str | None = None
        self._wants_stop = False

    def __call__(self, done: int, total: int | None, message: str) -> bool:
        """Pass on `done` of `total` if it is time to; whether the job should stop."""
        now = time.monotonic()
        if now >= self._next or message != self._message:
            self._next, self._message = now + _INTERVAL_S, message
            self._wants_stop = self._store(done, total, message)
        return self._wants_stop
