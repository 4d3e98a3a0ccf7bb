"""Refining from a program: `goldsmith.refine(recipe, documents)` and `goldsmith.refine_batches(recipe)`."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from goldsmith.refine.flows import places_here
from goldsmith.refine.flows import refine as refine_into
from goldsmith.refine.given import ROWS, GivenRecipe, base_of, documents_of, recipe_of
from goldsmith.refine.model import Progress
from goldsmith.refine.outputs import DROPPED, FAILED, KEPT, parts_of
from goldsmith.refine.reports import RefineReport

if TYPE_CHECKING:
    from goldsmith.refine.batches import BatchRefiner

# Any: pyarrow has no types.


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class RefinedDocuments:
    """What came out of refining.

    Attributes:
        report: what happened.
        folder: where the documents and the report are; it goes with this object unless the caller named it.
    """

    report: RefineReport
    folder: Path

    def kept(self) -> Any:
        """The kept documents in the order of reading, as a `pyarrow.RecordBatchReader`."""
        return self._reader(KEPT)

    def dropped(self) -> Any:
        """The dropped documents with what dropped them, as a `pyarrow.RecordBatchReader`."""
        return self._reader(DROPPED)

    def failed(self) -> Any:
        """The documents that could not be read, with why, as a `pyarrow.RecordBatchReader`."""
        return self._reader(FAILED)

    def _reader(self, kind: str) -> Any:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        parts = parts_of(self.folder, kind)
        return cast("Any", arrow).RecordBatchReader.from_batches(
            cast("Any", parquet).read_schema(parts[0]), self._batches(parts)
        )

    def _batches(self, parts: Sequence[Path]) -> Iterator[Any]:
        kit: Any = import_module("goldsmith.kit.parquet")
        yield from kit.read_parquet(parts)  # as long as it is read, the folder stays


def _ignore(_: Progress) -> None:
    """Progress that nobody watches."""


def refine(
    recipe: GivenRecipe,
    documents: object = None,
    *,
    out: str | PathLike[str] | None = None,
    jobs: int | None = None,
    engine: str = "local",
    text_field: str = "text",
    id_field: str = "id",
    progress: Callable[[Progress], None] = _ignore,
) -> RefinedDocuments:
    """Refine documents; returns what happened, and the documents that were kept, dropped and failed.

    Args:
        recipe: a path, the text of a recipe, the name of a preset such as `web`, a mapping, or a list of stages such as
            `["extract-html", {"length": {"min_characters": 100}}]`.
        documents: a folder, a file, a glob, an address such as `s3://bucket/folder`, a list of these, rows as mappings
            (any iterator), or a table, data set or reader of Arrow or whatever hands over an Arrow stream. Without
            documents, those of the recipe's own sources.
        out: the folder to make; without it, a temporary one that goes with what is returned.
        jobs: processes that look at documents; as many as there are processors without it.
        engine: where it runs.
        text_field: the field or column that holds the text of a row.
        id_field: the field or column that holds the id of a row.
        progress: told now and then how far the run is.

    Raises:
        ComputeError: processes died for no reason that lies in a document.
        Conflict: `out` holds something else, or another run is writing it.
        InputError: the documents are none of these, do not exist, or there are none.
        RecipeError: it is no recipe.
        StorageError: the disk is full or refuses.
    """
    given = None if documents is None else documents_of(documents, text_field=text_field, id_field=id_field)
    read = recipe_of(recipe, None if given is None else given.source)
    places = replace(places_here(base_of(recipe), may_fetch=True), rows=None if given is None else given.rows)
    holder = Path(tempfile.mkdtemp(prefix="goldsmith-")) if out is None else None
    folder = Path(out) if out is not None else cast("Path", holder) / read.name
    try:
        report = refine_into(
            read,
            folder,
            places=places,
            jobs=jobs or os.cpu_count() or 1,
            engine=engine,
            keep_journal=holder is None,
            progress=progress,
        )
    except BaseException:
        if holder is not None:
            shutil.rmtree(holder, ignore_errors=True)
        raise
    refined = RefinedDocuments(report=report, folder=folder)
    if holder is not None:
        weakref.finalize(refined, shutil.rmtree, holder, ignore_errors=True)
    return refined


def refine_batches(recipe: GivenRecipe, *, text_field: str = "text", id_field: str = "id") -> "BatchRefiner":
    """A function that refines record batches where they are: in Spark, Ray Data, Daft or a loop of one's own.

    It takes a `pyarrow.RecordBatch` or `pyarrow.Table` and gives one with a row for each of its rows, in their order,
    with the refined text, all scores, and in `verdict` whether the document is kept, dropped or failed, and why. It can
    be pickled. Stages that compare all documents cannot be part of it.

    Args:
        recipe: as `goldsmith.refine` takes it; its sources do not matter.
        text_field: the column that holds the text.
        id_field: the column that holds the id; a row without one is called by a hash of its text.

    Raises:
        InputError: a stage compares all documents with each other.
        RecipeError: it is no recipe.
    """
    source = {**ROWS, "text_field": text_field, "id_field": id_field}
    batches: Any = import_module("goldsmith.refine.batches")  # it needs Arrow
    return cast("BatchRefiner", batches.BatchRefiner.of(recipe_of(recipe, source), places_here(base_of(recipe))))
