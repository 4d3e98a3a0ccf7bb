"""The local engine: stages run in this process, or in several on this machine."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from goldsmith.kit.columns import Batch
from goldsmith.refine.engines import Run
from goldsmith.refine.engines.passes import Annotating, pass_documents, pass_stored
from goldsmith.refine.engines.pool import mapped
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import Annotate, Outcome
from goldsmith.refine.reports import RefineReport


class LocalEngine:
    """Runs a recipe on this machine."""

    def run(self, run: Run) -> RefineReport:
        """Write the documents into the run's folder; returns what happened."""
        return pass_documents(run, _with(run.jobs))

    def decide_again(self, run: Run, stored: Path) -> RefineReport:
        """Write what the rules of the run's recipe make of the documents in the folder `stored`, scores as they are."""
        return pass_stored(run, stored, _with(run.jobs))


def _with(jobs: int | None) -> Annotating:
    """Annotates in that many processes."""

    def annotating(stages: Sequence[DocumentStage], batches: Iterator[Batch], annotate: Annotate) -> Iterator[Outcome]:
        return mapped(stages, batches, jobs=jobs, annotate=annotate)

    return annotating
