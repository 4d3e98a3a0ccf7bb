"""The Ray engine: stages that look at each document run on all nodes of a cluster; documents keep their order.

Documents are read, compared and written where the command runs, and so one machine sees all of them. What costs most,
extraction and scores, is spread. Each processor of the cluster has an actor with a process of its own, so that a
document with which a stage comes to no end fails alone, as on one machine.
"""

# Ray's types are partial; what leaves this file has them.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import logging
import os
import platform
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, cast

from goldsmith import __version__
from goldsmith.errors import ComputeError, InputError
from goldsmith.kit.columns import Batch
from goldsmith.refine.engines import Run
from goldsmith.refine.engines.hands import OwnHands
from goldsmith.refine.engines.passes import pass_documents, pass_stored
from goldsmith.refine.engines.pool import Pool
from goldsmith.refine.engines.worker import Work
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.pipeline import Annotate, Outcome
from goldsmith.refine.reports import RefineReport

AHEAD = 2
"""Batches that each actor has: the one that it looks at, and the next."""


class RayEngine:
    """Runs a recipe on the cluster that `RAY_ADDRESS` names, on the one that runs on this machine, or on a new one."""

    def run(self, run: Run) -> RefineReport:
        """Write the documents into the run's folder; returns what happened."""
        with _connected() as ray:
            return pass_documents(run, _FarHands(ray))

    def decide_again(self, run: Run, stored: Path) -> RefineReport:
        """Write what the rules of the run's recipe make of stored documents: too little work to spread it."""
        return pass_stored(run, stored, OwnHands())


class _FarHands(OwnHands):
    """Has the nodes of a cluster look at documents."""

    def __init__(self, ray: Any) -> None:  # the module of a library without full types
        self._ray = ray

    def annotated(
        self, stages: Sequence[DocumentStage], batches: Iterator[Batch], annotate: Annotate
    ) -> Iterator[Outcome]:
        """What stages make of each batch."""
        return _spread(self._ray, Work(tuple(stages), annotate), batches)


class Looker:
    """What runs on a processor of a node: one process that looks at batches, started anew when it dies."""

    def __init__(self, work: Work) -> None:
        self._pool = Pool(1)
        self._pool.begin(work)

    def versions(self, libraries: Sequence[str]) -> Mapping[str, str]:
        """What is installed on this node."""
        return _versions(libraries)

    def outcome(self, batch: Batch) -> Outcome:
        """What becomes of a batch."""
        return self._pool.look(batch).result()


@contextmanager
def _connected() -> Generator[Any]:  # Any: the module of a library without full types
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody, unless somebody asks for it
    try:
        ray: Any = import_module("ray")
    except ImportError as error:
        raise InputError("the engine 'ray' needs Ray.", hint="Run `pip install 'goldsmith[ray]'`.") from error
    is_mine = not ray.is_initialized()
    if is_mine:
        try:
            ray.init(log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError) as error:
            problem = f"no connection to the Ray cluster: {str(error).splitlines()[0]}"
            raise ComputeError(problem, hint="Look at RAY_ADDRESS and the cluster's token.") from error
    try:
        yield ray
    finally:
        if is_mine:
            ray.shutdown()


def _spread(ray: Any, work: Work, batches: Iterator[Batch]) -> Iterator[Outcome]:
    """What becomes of each batch, in order.

    Raises:
        ComputeError: a node has other versions, or nodes are lost faster than others take over.
    """
    errors: Any = ray.exceptions
    options = {"num_cpus": 1, "max_restarts": -1, "max_task_retries": -1}
    n_actors = max(1, int(ray.cluster_resources().get("CPU", 1)))
    actors = [ray.remote(**options)(Looker).remote(work) for _ in range(n_actors)]
    try:
        _check_versions(ray, actors, work)
        waiting: deque[tuple[Any, Any]] = deque()
        for actor, batch in zip(actors * AHEAD, batches, strict=False):
            waiting.append((actor, actor.outcome.remote(batch)))
        while waiting:
            actor, reference = waiting.popleft()
            yield cast("Outcome", ray.get(reference))
            for batch in islice(batches, 1):
                waiting.append((actor, actor.outcome.remote(batch)))
    except errors.RayTaskError as error:
        cause = error.cause
        raise cause if isinstance(cause, ComputeError | InputError) else ComputeError(str(cause)) from error
    except errors.RayError as error:
        raise ComputeError(f"the Ray cluster gave up: {str(error).splitlines()[0]}") from error
    finally:
        for actor in actors:
            ray.kill(actor)


def _check_versions(ray: Any, actors: Sequence[Any], work: Work) -> None:
    libraries = sorted({name for stage in work.stages for name in stage.libraries})
    here = _versions(libraries)
    for found in cast("list[Mapping[str, str]]", ray.get([actor.versions.remote(libraries) for actor in actors])):
        for name, wanted in here.items():
            if found[name] != wanted:
                problem = f"a node of the Ray cluster has {name} {found[name]}, and here it is {wanted}."
                raise ComputeError(problem, hint="Install the same versions on all nodes, so that all decide the same.")


def _versions(libraries: Sequence[str]) -> Mapping[str, str]:
    return {"goldsmith": __version__, "python": platform.python_version()} | {name: version(name) for name in libraries}
