"""What a measurement of a step gives, how it is taken, and how figures are laid side by side."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple


class Size(NamedTuple):
    """Documents, and their bytes in UTF-8."""

    n_documents: int
    n_bytes: int


class Contestant(NamedTuple):
    """One implementation of a step.

    Attributes:
        who: whose it is.
        size: the documents it is run on.
        run: does the step once; returns the CPU seconds that it took.
        is_ours: whether it is Goldsmith's.
        note: what is to be known about it.
    """

    who: str
    size: Size
    run: Callable[[], float]
    is_ours: bool = False
    note: str = ""


class Step(NamedTuple):
    """What is done, by whom, and what is to be reached.

    Attributes:
        title: what is done.
        contestants: those who do it.
        missing: peers that are not installed.
        goals: how many times as fast as a peer ours has to be, by the name of the peer.
        n_rounds: rounds at most, for steps that take long.
        is_warm: whether a first run would be as fast as any other.
    """

    title: str
    contestants: Sequence[Contestant]
    missing: Sequence[str] = ()
    goals: Mapping[str, str] = {}
    n_rounds: int = 99
    is_warm: bool = False


class Figure(NamedTuple):
    """The CPU seconds of each run of one implementation."""

    contestant: Contestant
    runs: tuple[float, ...]

    @property
    def cpu_s(self) -> float:
        """The median."""
        return statistics.median(self.runs)

    @property
    def mb_per_s(self) -> float:
        return self.contestant.size.n_bytes / 1e6 / self.cpu_s


def size_of(texts: Sequence[str]) -> Size:
    """How many texts there are, and how large they are."""
    return Size(len(texts), sum(len(text.encode()) for text in texts))


def cpu_seconds(call: Callable[[], object]) -> float:
    """The CPU seconds that `call` takes, those of all threads of this process together."""
    start = time.process_time()
    call()
    return time.process_time() - start


def measured(step: Step, n_rounds: int) -> list[Figure]:
    """Runs of all contestants in turns, so that what else the machine does meets all alike; a first one compiles."""
    for each in () if step.is_warm else step.contestants:
        _ = each.run()
    rounds = [[each.run() for each in step.contestants] for _ in range(min(n_rounds, step.n_rounds))]
    return [Figure(each, runs) for each, runs in zip(step.contestants, zip(*rounds, strict=True), strict=True)]


def rows_of(step: Step, figures: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    """The cells of the table: of each contestant a row, and of each peer that is missing."""
    ours = [each for each in figures if each.contestant.is_ours]
    for each in figures:
        who, size = each.contestant.who, each.contestant.size
        ratios = [f"{mine.mb_per_s / each.mb_per_s:.{1 if mine.mb_per_s > 9 * each.mb_per_s else 2}f}" for mine in ours]
        yield (
            step.title,
            who,
            f"{size.n_documents:,}",
            f"{size.n_bytes / 1e6:.2f}",
            f"{each.cpu_s:.3f} ({min(each.runs):.3f} to {max(each.runs):.3f}, n = {len(each.runs)})",
            f"{each.mb_per_s:.2f}",
            f"{size.n_documents / each.cpu_s:,.0f}",
            "" if each.contestant.is_ours else " / ".join(ratios),
            step.goals.get(who, ""),
            each.contestant.note,
        )
    for who in step.missing:
        yield step.title, who, *[""] * 6, step.goals.get(who, ""), "not installed: no figure"


HEAD = (
    "step",
    "who",
    "documents",
    "MB",
    "CPU s, median (spread)",
    "MB/s",
    "documents/s",
    "ours, times as fast",
    "goal",
    "",
)


WIDTHS = (23, 26, 9, 6, 37, 7, 11, 19, 4, 0)


def line(row: Sequence[str]) -> str:
    """A row as a line of Markdown that can also be read as it is; known before the rows that follow."""
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True)) + " |"


def head() -> str:
    """The names of the columns."""
    return f"{line(HEAD)}\n|{'|'.join('-' * (width + 2) for width in WIDTHS)}|"
