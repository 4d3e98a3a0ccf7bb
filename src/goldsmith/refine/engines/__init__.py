"""Engines run a recipe: on this machine, or on many. One is loaded when it is asked for, so that recipes read fast."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Protocol, cast

from goldsmith.errors import InputError, PluginError
from goldsmith.kit.nearest import nearest
from goldsmith.refine.model import Places, Progress
from goldsmith.refine.recipe import Recipe
from goldsmith.refine.reports import RefineReport

ENGINES: Mapping[str, str] = {
    "local": "goldsmith.refine.engines.local:LocalEngine",
    "ray": "goldsmith.refine.engines.ray:RayEngine",
}
"""The engines by name, as `module:Class`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that an engine needs.

    Attributes:
        recipe: what to do.
        pins: for each stage of the recipe the hashes of the files that it reads.
        places: where sources look.
        folder: a folder that is empty but for the journal of a killed run; what is in it at the end is the result.
        before: where the journal of the run lies whose result this one replaces; None to take nothing from it.
        jobs: processes to use; None for this one alone.
        progress: told now and then how far the run is.
        should_stop: asked now and then whether to stop.
    """

    recipe: Recipe
    pins: Sequence[Mapping[str, str]]
    places: Places
    folder: Path
    before: Path | None
    jobs: int | None
    progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]


class Engine(Protocol):
    """Runs a recipe. All engines decide the same about every document."""

    def run(self, run: Run) -> RefineReport:
        """Write `kept`, `dropped` and `failed` documents into the folder; returns what happened.

        Raises:
            Cancelled: `should_stop` said so.
            ComputeError: a process of the engine died.
            InputError: a source cannot be read, or there are no documents.
        """
        ...

    def decide_again(self, run: Run, stored: Path) -> RefineReport:
        """Write what the rules of the run's recipe make of the documents in the folder `stored`; returns what happened.

        Raises:
            Cancelled: `should_stop` said so.
            NotFound: `stored` is not the folder of a finished run.
        """
        ...


def engine_named(name: str) -> Engine:
    """The engine of that name, loaded.

    Raises:
        InputError: there is none.
    """
    if name not in ENGINES:
        raise InputError(f"unknown engine {name!r}; {nearest(name, ENGINES)}")
    return cast("Engine", load_named(ENGINES[name])())


def load_named(reference: str) -> type:
    """The class that `module:Class` names.

    Raises:
        PluginError: it does not import.
    """
    try:
        return cast("type", EntryPoint(name=reference, value=reference, group="goldsmith").load())
    except (ImportError, AttributeError) as error:
        raise PluginError(f"{reference} does not load: {error}") from error
