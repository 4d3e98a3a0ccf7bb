"""The local engine: stages run in this process, or in several on this machine."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from goldsmith.kit.columns import Batch
from goldsmith.refine.engines import Run
from goldsmith.refine.engines.passes import Annotating, pass_documents, pass_stored
from goldsmith.refine.engines.pool import mapped
from goldsmith.refine.model import DocumentStage, Progress
from goldsmith.refine.pipeline import Annotate, Outcome
from goldsmith.refine.reports import RefineReport

COMPILING = "Compiling the stages, once on this machine"


class LocalEngine:
    """Runs a recipe on this machine."""

    def run(self, run: Run) -> RefineReport:
        """Write the documents into the run's folder; returns what happened."""
        return pass_documents(run, _with(run))

    def decide_again(self, run: Run, stored: Path) -> RefineReport:
        """Write what the rules of the run's recipe make of the documents in the folder `stored`, scores as they are."""
        return pass_stored(run, stored, _with(run))


def _with(run: Run) -> Annotating:
    """Annotates in as many processes as the run may have."""

    def tell_of_compiling() -> None:
        run.progress(Progress(phase=COMPILING, done=0, total=None))

    def annotating(stages: Sequence[DocumentStage], batches: Iterator[Batch], annotate: Annotate) -> Iterator[Outcome]:
        return mapped(stages, batches, jobs=run.jobs, annotate=annotate, on_compiling=tell_of_compiling)

    return annotating
