"""What works on documents in a run: this process, or others for which an engine stands."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

from goldsmith.kit.columns import Batch
from goldsmith.refine.engines.pool import Pool, in_order
from goldsmith.refine.engines.watching import Known, ThreadMeter, Watched
from goldsmith.refine.engines.worker import Work
from goldsmith.refine.model import DocumentStage, Stage
from goldsmith.refine.pipeline import Annotate, Outcome, Parts, annotated_by, parts_by_fate, run_stages

AHEAD = 4
"""Batches that wait for each process, about 1 MiB each: enough while the first outcome loads what compares them."""

AHEAD_PARTED = 2
"""Batches that wait for each process at the end, up to 8 MiB each."""


class Hands(Protocol):
    """Works on documents, batch by batch; it may take some ahead, and gives them back in their order."""

    def prepare(self, stages: Sequence[DocumentStage], annotate: Annotate) -> None:
        """Hear, before any document is read, which stages will be asked for first."""
        ...

    def annotated(
        self, stages: Sequence[DocumentStage], batches: Iterator[Batch], annotate: Annotate
    ) -> Iterator[Outcome]:
        """What stages, by columns that a function gives, make of each batch."""
        ...

    def parted(self, stages: Sequence[Stage], batches: Iterator[Batch]) -> Iterator[Parts]:
        """The documents of each batch, which went through all `stages`, by what became of them."""
        ...


class OwnHands:
    """Does everything in this process; a document that never ends never ends."""

    def prepare(self, stages: Sequence[DocumentStage], annotate: Annotate) -> None:
        """Nothing: there is nobody to tell."""

    def annotated(
        self, stages: Sequence[DocumentStage], batches: Iterator[Batch], annotate: Annotate
    ) -> Iterator[Outcome]:
        """What stages make of each batch."""
        watched = Watched(ThreadMeter(), annotate)
        for batch in batches:
            watched.begin(Known(set(), {}))
            yield run_stages(stages, batch, watched)

    def parted(self, stages: Sequence[Stage], batches: Iterator[Batch]) -> Iterator[Parts]:
        """The documents of each batch by what became of them."""
        return map(partial(parts_by_fate, stages=stages), batches)


class ManyHands(OwnHands):
    """Has the processes of a pool do what takes long."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def prepare(self, stages: Sequence[DocumentStage], annotate: Annotate) -> None:
        """Start the processes: they load what the stages need while this one looks for the documents."""
        self._pool.begin(Work(tuple(stages), annotate))

    def annotated(
        self, stages: Sequence[DocumentStage], batches: Iterator[Batch], annotate: Annotate
    ) -> Iterator[Outcome]:
        """What stages make of each batch."""
        self._pool.begin(Work(tuple(stages), annotate))
        return in_order(self._pool.look, batches, n_ahead=AHEAD * self._pool.jobs)

    def parted(self, stages: Sequence[Stage], batches: Iterator[Batch]) -> Iterator[Parts]:
        """The documents of each batch by what became of them; processes are not started for that alone."""
        if not self._pool.is_started:
            return super().parted(stages, batches)
        self._pool.begin(Work(tuple(stages), annotated_by))
        return in_order(self._pool.part, batches, n_ahead=AHEAD_PARTED * self._pool.jobs)
