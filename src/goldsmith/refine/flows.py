"""The use case of this package: raw documents in, refined documents out."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path

import msgspec

from goldsmith.errors import InputError
from goldsmith.kit.collecting import seldom_collected
from goldsmith.refine.engines import Run, engine_named
from goldsmith.refine.locks import lock
from goldsmith.refine.model import Places, Progress
from goldsmith.refine.outputs import JOURNAL, KEPT, LOCK_JSON, RECIPE, REPORT_HTML, REPORT_JSON, staged
from goldsmith.refine.recipe import Recipe
from goldsmith.refine.redeciding import check_scores, stored_pins
from goldsmith.refine.report.page import render_report
from goldsmith.refine.reports import RefineReport
from goldsmith.refine.sinks import write_sinks

DOC_FOLDERS = (
    "/usr/share/doc",
    "/usr/local/share/doc",
    "/opt/homebrew/share/doc",
    "/opt/homebrew/Cellar",
    "/usr/local/Cellar",
)
"""Where Debian, macOS and Homebrew keep the documents of their packages."""


def places_here(base: Path, *, may_fetch: bool = False) -> Places:
    """What this machine offers to sources.

    Args:
        base: where relative paths start.
        may_fetch: whether sources may read from object stores and web servers.
    """
    folders = tuple(Path(folder) for folder in DOC_FOLDERS)
    return Places(base=base, doc_folders=folders, packages=distributions, may_fetch=may_fetch)


def _ignore(_: Progress) -> None:
    """Progress that nobody watches."""


def _never() -> bool:
    """A run that nobody stops."""
    return False


def refine(
    recipe: Recipe,
    out: Path,
    *,
    places: Places,
    jobs: int | None = None,
    engine: str = "local",
    keep_journal: bool = True,
    progress: Callable[[Progress], None] = _ignore,
    should_stop: Callable[[], bool] = _never,
) -> RefineReport:
    """Refine the documents of a recipe into the folder `out`; returns what happened.

    `out` then holds the Parquet folders `kept`, `dropped` and `failed`, `report.json`, `report.html`, `recipe.yaml`,
    `recipe.lock.json`, and in `journal` what makes the next run short. It appears as a whole at the end; a folder of an
    earlier run is replaced. The same documents and the same recipe give the same files.

    What became of documents in an earlier run with the same stages is taken from its journal: of one that was killed on
    its way to `out`, and of the one whose result lies in `out`.

    Args:
        recipe: what to do.
        out: the folder to make.
        places: where sources look; `places_here(base)` is this machine.
        jobs: processes that look at documents. Without them this one does, and a document that never ends never ends.
        engine: where it runs.
        keep_journal: whether the journal stays; it takes about as much room as the documents.
        progress: told now and then how far the run is.
        should_stop: asked now and then; when it says so, the run ends and leaves nothing.

    Raises:
        Cancelled: `should_stop` said so.
        ComputeError: a process died.
        Conflict: `out` holds something else, or another run is writing it.
        InputError: a source does not exist or matches nothing.
        StorageError: the disk is full or refuses.
    """
    if jobs is not None and jobs < 1:
        raise InputError(f"{jobs} jobs cannot do anything; take at least 1.")
    runner = engine_named(engine)
    pins = [stage.pins(places) for stage in recipe.stages]
    with staged(out) as folder, seldom_collected():
        run = Run(
            recipe=recipe,
            pins=pins,
            places=places,
            folder=folder,
            before=out / JOURNAL,
            jobs=jobs,
            progress=progress,
            should_stop=should_stop,
        )
        report = runner.run(run)
        if not keep_journal:
            shutil.rmtree(folder / JOURNAL)
        _write_reports(folder, recipe, report, pins)
    return report


def redecide(
    stored: Path,
    recipe: Recipe,
    out: Path,
    *,
    progress: Callable[[Progress], None] = _ignore,
    should_stop: Callable[[], bool] = _never,
) -> RefineReport:
    """Decide anew about the documents of a finished run, with other thresholds and without computing scores again.

    What `out` then holds is what `refine` with this recipe would have written; only stages that compare documents with
    each other compare again.

    Args:
        stored: the folder of a finished run.
        recipe: the recipe of that run, with other thresholds.
        out: the folder to make; it may be `stored` itself.
        progress: told now and then how far the run is.
        should_stop: asked now and then; when it says so, the run ends and leaves nothing.

    Raises:
        Cancelled: `should_stop` said so.
        Conflict: the recipe asks for other scores than those there are, or `out` holds something else.
        InputError: the order of the recipe's stages does not allow it.
        NotFound: `stored` is not the folder of a finished run.
        StorageError: the disk is full or refuses.
    """
    check_scores(stored, recipe)
    places = places_here(stored)
    with staged(out) as folder, seldom_collected():
        run = Run(
            recipe=recipe,
            pins=(),
            places=places,
            folder=folder,
            before=None,
            jobs=None,
            progress=progress,
            should_stop=should_stop,
        )
        report = engine_named("local").decide_again(run, stored)
        _write_reports(folder, recipe, report, stored_pins(stored))
    return report


def _write_reports(folder: Path, recipe: Recipe, report: RefineReport, pins: Sequence[Mapping[str, str]]) -> None:
    write_sinks(recipe.sinks, folder / KEPT, report)
    _write_json(folder / LOCK_JSON, lock(recipe, pins))
    (folder / RECIPE).write_text(recipe.text, encoding="utf-8")
    (folder / REPORT_HTML).write_text(render_report(report, recipe), encoding="utf-8")
    _write_json(folder / REPORT_JSON, report)


def _write_json(path: Path, value: object) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=2) + b"\n")
