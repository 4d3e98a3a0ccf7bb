"""The local engine: stages run in this process, or in several on this machine."""

from contextlib import closing
from pathlib import Path

from goldsmith.refine.engines import Run
from goldsmith.refine.engines.hands import ManyHands, OwnHands
from goldsmith.refine.engines.passes import pass_documents, pass_stored
from goldsmith.refine.engines.pool import Pool
from goldsmith.refine.model import Progress
from goldsmith.refine.reports import RefineReport

COMPILING = "Compiling the stages, once on this machine"


class LocalEngine:
    """Runs a recipe on this machine."""

    def run(self, run: Run) -> RefineReport:
        """Write the documents into the run's folder, with as many processes as it may have; returns what happened."""

        def tell_of_compiling() -> None:
            run.progress(Progress(phase=COMPILING, done=0, total=None))

        if run.jobs is None:
            return pass_documents(run, OwnHands())
        with closing(Pool(run.jobs, tell_of_compiling)) as pool:
            return pass_documents(run, ManyHands(pool))

    def decide_again(self, run: Run, stored: Path) -> RefineReport:
        """Write what the rules of the run's recipe make of the documents in the folder `stored`, scores as they are."""
        return pass_stored(run, stored, OwnHands())
