"""What a measurement of a step gives, and how it is taken."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    """CPU time of one implementation of a step.

    Attributes:
        step: what is done.
        who: whose implementation it is.
        n_documents: documents it was done to.
        n_bytes: their size in UTF-8.
        cpu_s: CPU seconds of this process; of several runs the median.
        note: what is to be known about it.
    """

    step: str
    who: str
    n_documents: int
    n_bytes: int
    cpu_s: float
    note: str = ""

    @property
    def mb_per_s(self) -> float:
        return self.n_bytes / 1e6 / self.cpu_s


def cpu_seconds(call: Callable[[], object], n_runs: int = 1) -> float:
    """The CPU seconds that `call` takes; of several runs the median."""
    return statistics.median(cpu_runs(call, n_runs))


def cpu_runs(call: Callable[[], object], n_runs: int) -> list[float]:
    """The CPU seconds of each run of `call`, those of all its threads together."""
    taken: list[float] = []
    for _ in range(n_runs):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return taken


def spread_of(runs: Sequence[float]) -> str:
    """How far runs lie apart."""
    return f"n = {len(runs)}, {min(runs):.3f} to {max(runs):.3f} s"


def table(figures: Iterable[Figure], baseline: str) -> str:
    """The figures as lines; `baseline` is whose figures of the same step are 1 in the column of ratios."""
    shown = list(figures)
    base = {each.step: each.mb_per_s for each in shown if each.who == baseline}
    rows = [("step", "who", "documents", "MB", "CPU s", "MB/s", "ratio", "")]
    for each in shown:
        ratio = f"{each.mb_per_s / base[each.step]:.1f}" if each.step in base else ""
        sizes = (f"{each.n_documents:,}", f"{each.n_bytes / 1e6:.2f}", f"{each.cpu_s:.3f}", f"{each.mb_per_s:.2f}")
        rows.append((each.step, each.who, *sizes, ratio, each.note))
    widths = [max(len(row[place]) for row in rows) for place in range(7)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        + f"  {row[7]}".rstrip()
        for row in rows
    )
