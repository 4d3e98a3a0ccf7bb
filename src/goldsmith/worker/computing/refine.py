"""Refine raw files into documents, and hand the kept ones over as rows to import."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pyarrow.parquet as pq

from goldsmith.errors import InputError
from goldsmith.kit.digest import canonical_json, sha256_hex
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.model import check_project_name
from goldsmith.labeling.policies import parse_policy
from goldsmith.labeling.project_wire import NewProject
from goldsmith.refine.flows import places_here, refine
from goldsmith.refine.model import Progress
from goldsmith.refine.outputs import LOCK_JSON
from goldsmith.refine.recipe import Recipe, load_recipe
from goldsmith.tasks.schemas import parse_schema
from goldsmith.worker.computing.annotate import parse_model
from goldsmith.worker.computing.reports import Reporter
from goldsmith.worker.frames import write_frames

_BATCH_ROWS = 256
_COLUMNS = ["id", "text", "source", "language", "meta"]


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the task gets: the recipe, what to call it in errors, the folder its relative paths start
    from, where the documents go, where the rows go.
    """

    recipe: str
    origin: str
    base: str
    corpora: str
    rows: str


def run(parameters: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Refine; the counts, the lock of the recipe, its other sections, and how many rows there are to import."""
    given = msgspec.convert(parameters, Parameters)
    recipe = load_recipe(given.recipe, origin=given.origin)
    check_sections(recipe)
    folder = Path(given.corpora) / recipe.name

    def tell(progress: Progress) -> None:
        reporter.report(progress.done, progress.total, progress.phase)

    report = refine(recipe, folder, places=places_here(Path(given.base)), jobs=1, progress=tell)
    reporter.report(report.n_kept, report.n_kept, "handing over the documents")
    n_rows = write_frames(Path(given.rows), _rows(folder / "kept"))
    project = recipe.extra.get("project")
    lock: dict[str, object] = msgspec.json.decode((folder / LOCK_JSON).read_bytes())
    return {
        "name": recipe.name,
        "title": recipe.title,
        "folder": str(folder),
        "counts": {
            "n_read": report.n_read,
            "n_kept": report.n_kept,
            "n_dropped": report.n_dropped,
            "n_failed": report.n_failed,
        },
        "n_rows": n_rows,
        "lock": lock | {"project_sha256": sha256_hex(canonical_json(project))},
        "project": project,
        "models": _models(recipe),
        "wants_release": "release" in recipe.extra,
    }


def check_sections(recipe: Recipe) -> None:
    """Refuse a recipe whose project or models do not fit, before anything is read.

    Raises:
        RecipeError: names the line of the section or the model.
    """
    project = recipe.extra.get("project")
    if project is not None:
        try:
            new = msgspec.convert(project, NewProject)
            check_project_name(new.name)
            parse_schema(new.schema)
            parse_policy(new.policy)
        except (msgspec.ValidationError, InputError) as error:
            raise recipe.error(f"project: {error}", "project") from error
    for i, entry in enumerate(_models(recipe)):
        try:
            parse_model(entry)
        except InputError as error:
            raise recipe.error(str(error), "models", i) from error


def _models(recipe: Recipe) -> list[dict[str, dict[str, Any]]]:
    """The section `models`: each entry is a name, or a name with its parameters."""
    section = recipe.extra.get("models")
    if section is not None and not isinstance(section, list):
        raise recipe.error("`models` has to be a list of model annotators.", "models")
    entries = cast("list[object]", section or [])
    return [cast("dict[str, dict[str, Any]]", one) if isinstance(one, dict) else {str(one): {}} for one in entries]


def _rows(kept: Path) -> Iterator[ImportRow]:
    line = 0
    for path in sorted(kept.glob("*.parquet")):
        file: Any = pq.ParquetFile(path)  # Any: pyarrow has no types
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=_COLUMNS):
            rows: list[dict[str, str | None]] = batch.to_pylist()
            for row in rows:
                line += 1
                meta: dict[str, object] = msgspec.json.decode(row["meta"] or "{}")
                facts = {"path": row["id"], "source": row["source"], "language": row["language"]}
                yield ImportRow(line=line, external_id=row["id"], payload=meta | facts | {"text": row["text"]})
