"""Follows a job to its end: a bar on a terminal, a line for each step elsewhere, nothing where JSON is asked for."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from goldsmith.cli.doors import Door
from goldsmith.cli.messages import note, one_line
from goldsmith.errors import Cancelled, GoldsmithError
from goldsmith.sdk.waiting import OnProgress
from goldsmith.store.jobs import Job, JobState

_SILENT = frozenset({"waiting", "starting", "done", ""})


def follow(door: Door, job: Job, *, is_quiet: bool) -> Job:
    """The job once it is done, shown on the way.

    Raises:
        Cancelled: somebody stopped it, such as with Ctrl+C in a home that nobody serves.
        GoldsmithError: the error with which it failed.
    """
    with showing_progress(is_quiet=is_quiet) as show:
        try:
            return door.vault.wait(job, show)
        except (KeyboardInterrupt, SystemExit):
            if door.served_at is None:
                _cancel(door, job)
                raise Cancelled("Stopped; what was complete is kept.", hint="Run the command again to go on.") from None
            note(f"The server goes on with it: `goldsmith job watch {job.id}` or `goldsmith job cancel {job.id}`.")
            raise


@contextmanager
def showing_progress(*, is_quiet: bool) -> Generator[OnProgress]:
    """What to call with a job each time it was looked at."""
    if is_quiet:
        yield _ignore
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield Bar(bars).show
    else:
        yield Steps().show


class Steps:
    """Writes a line when a new step begins."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, job: Job) -> None:
        """Write what the job is at, if that is new."""
        if job.state is JobState.RUNNING and job.message != self._last and job.message not in _SILENT:
            self._last = job.message
            note(f"  {_step(job.message)}")


class Bar:
    """One bar for the step that is going on; those that are over stay as lines above it."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("", total=None, visible=False)
        self._last: Job | None = None

    def show(self, job: Job) -> None:
        """Draw how far the job is."""
        if job.message in _SILENT or job.state is not JobState.RUNNING:
            self._finish_step(None)
            return
        self._finish_step(job.message)
        self._bars.update(
            self._task, description=_step(job.message), completed=job.done, total=job.total, visible=True
        )
        self._last = job

    def _finish_step(self, message: str | None) -> None:
        last = self._last
        if last is None or last.message == message:
            return
        count = f"  {last.total:,}" if last.total else ""
        self._bars.console.print(f"  [green]✓[/green] {_step(last.message)}{count}", highlight=False)
        self._bars.reset(self._task, visible=False)
        self._last = None


def _step(message: str) -> str:
    return one_line(message[:1].upper() + message[1:], 48)


def _bars() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<48}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _ignore(job: Job) -> None:
    """Progress that nobody watches."""
    del job


def _cancel(door: Door, job: Job) -> None:
    """Stop a job of this very process, and wait until it has stopped."""
    try:
        door.vault.wait(door.vault.cancel(job.id))
    except GoldsmithError:  # it is cancelled, or came to its end just before
        return
