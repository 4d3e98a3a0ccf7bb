"""Import a user's own file: look at its beginning, then take all of it."""

import asyncio
import tempfile
from pathlib import Path
from typing import IO, Annotated, cast, get_args

from litestar import post
from litestar.params import FromPath, FromQuery, QueryParameter

from goldsmith.errors import InputError, StorageError
from goldsmith.labeling.flows.imports import import_rows
from goldsmith.labeling.flows.predictions import PredictionSource
from goldsmith.labeling.guesses import guess
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.rows import Format, read_rows
from goldsmith.labeling.wire import Guess, ImportReport
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action

MAX_SAMPLE_BYTES = 1 << 20
MAX_IMPORT_BYTES = 8 << 30
_FORMAT_OF = {"text/csv": "csv", "application/x-ndjson": "jsonl", "application/json": "json"}


@post("/api/vaults/{vault:str}/imports/guess", request_max_body_size=MAX_SAMPLE_BYTES + 4096, status_code=200)
async def guess_file(request: AppRequest, vault: FromPath[str]) -> Guess:
    """What the first 1 MiB of a file look like: format, columns, which holds the text and which the id."""
    _ = await enter(request, vault, Action.IMPORT_ITEMS)
    sample = await request.body()
    return await asyncio.to_thread(guess, sample, None)


@post("/api/vaults/{vault:str}/projects/{project:str}/items", request_max_body_size=None, status_code=200)
async def import_items(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    form: Annotated[str | None, QueryParameter(name="format")] = None,
    id_column: FromQuery[str | None] = None,
    predictions: FromQuery[str | None] = None,
    predictions_source: FromQuery[str] = "import",
    predictions_version: FromQuery[str] = "1",
) -> ImportReport:
    """Import a whole file as items; the same rows again import nothing. The report says what became of each row.

    A column named in `predictions` holds what a model answers to each row: it becomes an annotation of that model.
    """
    access = await enter(request, vault, Action.IMPORT_ITEMS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    known = _form(form, request.headers.get("content-type", ""))
    source = PredictionSource(predictions, predictions_source, predictions_version) if predictions else None
    path = await _spooled(request, access.vault.folder / "scratch")
    try:
        return await asyncio.to_thread(
            _import, bench, loaded, path, form=known, id_column=id_column, actor=access.actor, predictions=source
        )
    finally:
        path.unlink(missing_ok=True)


def _import(
    bench: Workbench,
    project: LoadedProject,
    path: Path,
    *,
    form: Format,
    id_column: str | None,
    actor: str,
    predictions: PredictionSource | None,
) -> ImportReport:
    rows = read_rows(path, form, id_column=id_column or None)
    return import_rows(bench, project, rows, actor=actor, predictions=predictions)


def _form(given: str | None, content_type: str) -> Format:
    name = given or _FORMAT_OF.get(content_type.partition(";")[0].strip().lower())
    if name not in get_args(Format):
        raise InputError(f"format must be one of csv, jsonl, json, not {name!r}.")
    return cast("Format", name)


async def _spooled(request: AppRequest, folder: Path) -> Path:
    """The body of the request in a file of its own; none is left when the sender goes away or the disk is full."""
    try:
        file = await asyncio.to_thread(_new_file, folder)
    except OSError as error:
        raise _refused(error) from error
    try:
        with file:
            size = 0
            async for part in request.stream():
                size += len(part)
                _check_size(size)
                file.write(part)
    except BaseException as error:
        await asyncio.to_thread(Path(file.name).unlink)
        if isinstance(error, OSError):
            raise _refused(error) from error
        raise
    return Path(file.name)


def _new_file(folder: Path) -> IO[bytes]:
    folder.mkdir(exist_ok=True, mode=0o700)
    return tempfile.NamedTemporaryFile(dir=folder, prefix="import-", delete=False)


def _refused(error: OSError) -> StorageError:
    reason = error.strerror or str(error)
    return StorageError(f"The file could not be kept: {reason}. Nothing was imported.", hint="Make room and try again.")


def _check_size(size: int) -> None:
    if size > MAX_IMPORT_BYTES:
        raise InputError(f"A file of more than {MAX_IMPORT_BYTES:,} bytes has to be split.")
