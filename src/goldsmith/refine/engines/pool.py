"""Runs stages over a stream of batches in several processes; what comes out keeps the order of what goes in."""

import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from goldsmith.errors import ComputeError
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import Annotate, Outcome, annotated_by, run_stages


def mapped(
    stages: Sequence[DocumentStage], batches: Iterator[Batch], *, jobs: int, annotate: Annotate = annotated_by
) -> Iterator[Outcome]:
    """What becomes of each batch, in order; with one job, nothing leaves this process.

    Raises:
        ComputeError: a process died, such as of memory that it could not get.
    """
    if jobs == 1:
        for batch in batches:
            yield run_stages(stages, batch, annotate)
        return
    spawn = multiprocessing.get_context("spawn")  # forking is not safe once a library has started threads
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        waiting: deque[Future[Outcome]] = deque()
        try:
            for batch in islice(batches, 2 * jobs):
                waiting.append(pool.submit(run_stages, stages, batch, annotate))
            while waiting:
                yield waiting.popleft().result()
                for batch in islice(batches, 1):
                    waiting.append(pool.submit(run_stages, stages, batch, annotate))
        except BrokenProcessPool as error:
            raise ComputeError("a process that refined documents died; try again with fewer jobs.") from error
        finally:
            pool.shutdown(cancel_futures=True)
