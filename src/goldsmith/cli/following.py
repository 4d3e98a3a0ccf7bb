"""Follows slow work to its end: a bar on a terminal, a line for each step elsewhere, nothing where JSON is wanted."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from goldsmith.cli.doors import Door
from goldsmith.cli.messages import note, one_line
from goldsmith.errors import Cancelled, GoldsmithError
from goldsmith.sdk.waiting import OnProgress
from goldsmith.store.jobs import Job, JobState

Show = Callable[[str, int, int | None], None]
"""Hears what is going on, how much of it is done, and of how much."""

_BETWEEN_STEPS = frozenset({"", "starting"})
_WIDTH = 48


def follow(door: Door, job: Job, *, is_quiet: bool) -> Job:
    """The job once it is done, shown on the way.

    Raises:
        Cancelled: somebody stopped it, such as with Ctrl+C in a home that nobody serves.
        GoldsmithError: the error with which it failed.
    """
    with following(door, job, is_quiet=is_quiet) as show:
        return door.vault.wait(job, show)


@contextmanager
def following(door: Door, job: Job | None = None, *, is_quiet: bool) -> Generator[OnProgress]:
    """What to call with a job each time it was looked at; Ctrl+C inside stops the job if this process runs it."""
    seen = job

    def on_progress(now: Job) -> None:
        nonlocal seen
        seen = now
        if now.state is JobState.RUNNING:
            show(now.message, now.done, now.total)

    with showing_steps(is_quiet=is_quiet) as show:
        try:
            yield on_progress
        except (KeyboardInterrupt, SystemExit):
            if seen is None:
                raise
            if door.served_at is None:
                _cancel(door, seen)
                raise Cancelled("Stopped; what was complete is kept.", hint="Run the command again to go on.") from None
            note(f"The server goes on with it: `goldsmith job watch {seen.id}` or `goldsmith job cancel {seen.id}`.")
            raise


@contextmanager
def showing_steps(*, is_quiet: bool) -> Generator[Show]:
    """What to call with each step."""
    if is_quiet:
        yield _ignore
    elif sys.stderr.isatty():
        with _bars() as bars:
            shown = _Bar(bars)
            yield shown.show
            shown.finish()
    else:
        yield _Lines().show


class _Lines:
    """Writes a line when a new step begins."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, message: str, _done: int, _total: int | None) -> None:
        if message != self._last and message not in _BETWEEN_STEPS:
            self._last = message
            note(f"  {_step(message)}")


class _Bar:
    """One bar for the step that is going on; those that are over stay as lines above it."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("", total=None, visible=False)
        self._last = ""
        self._n = 0

    def show(self, message: str, done: int, total: int | None) -> None:
        if message in _BETWEEN_STEPS:
            return
        if message != self._last:
            self.finish()
            self._bars.reset(self._task, total=total, visible=True, description=_step(message))
        self._last, self._n = message, total or done
        self._bars.update(self._task, completed=done, total=total)

    def finish(self) -> None:
        """Leave a line for the step that is over."""
        if self._last:
            line = f"  ✓ {_step(self._last):<{_WIDTH}} {f'{self._n:,}' if self._n else ''}".rstrip()
            self._bars.console.print(line, highlight=False, markup=False)
            self._bars.update(self._task, visible=False)
        self._last, self._n = "", 0


def _step(message: str) -> str:
    return one_line(message[:1].upper() + message[1:], _WIDTH)


def _bars() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn(f"{{task.description:<{_WIDTH}}}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _ignore(_message: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


def _cancel(door: Door, job: Job) -> None:
    """Stop a job of this very process, and wait until it has stopped."""
    try:
        door.vault.wait(door.vault.cancel(job.id))
    except GoldsmithError:  # it is cancelled, or came to its end just before
        return
