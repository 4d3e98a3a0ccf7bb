"""Files as items: one, several as a form sends them, or a ZIP archive, with a table that names them or without."""

import asyncio
import io

from litestar import post
from litestar.params import FromPath, FromQuery

from goldsmith.errors import InputError
from goldsmith.labeling.flows.media_imports import FileImport, Table
from goldsmith.labeling.media_rows import only_table
from goldsmith.labeling.wire import ImportReport
from goldsmith.media.rooms import MediaRoom
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.parts import FormReceiver, checked_name, receive
from goldsmith.server.routes.blobs import media_of
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action
from goldsmith.trust.sealing import SealedReader

MAX_ARCHIVE_BYTES = 64 << 30


@post("/api/vaults/{vault:str}/projects/{project:str}/files", request_max_body_size=None, status_code=200)
async def import_files(
    request: AppRequest,
    vault: FromPath[str],
    project: FromPath[str],
    *,
    name: FromQuery[str] = "",
    id_column: FromQuery[str | None] = None,
) -> ImportReport:
    """Import images, audio and PDF files as items, one for each; the same bytes again import nothing.

    The body is one file (`application/octet-stream`, with its `name`), several (`multipart/form-data`) or an archive
    (`application/zip`). A table among them (CSV, JSON lines, JSON) makes the items instead: the cells in the columns of
    the project's media fields name files. Each file that cannot be used is in the report with its name and the reason.
    """
    access = await enter(request, vault, Action.IMPORT_ITEMS)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    room = media_of(request, access)
    importing = FileImport(bench, loaded, room, actor=access.actor)
    match request.headers.get("content-type", "").partition(";")[0].strip().lower():
        case "application/zip":
            return await _from_archive(request, room, importing, id_column)
        case "multipart/form-data":
            form = FormReceiver(room, actor=access.actor)
            await form.receive(request)
        case "application/octet-stream":
            form = FormReceiver(room, actor=access.actor)
            with room.blobs.receiving() as incoming:
                await receive(request, incoming, room.limits.max_bytes)
                await form.take(checked_name(name) or "file", incoming)
        case other:
            raise InputError(
                f"A body of the type {other[:60]!r} holds no files.",
                hint="Send application/octet-stream, multipart/form-data or application/zip.",
            )
    return await asyncio.to_thread(_from_form, form, importing, id_column)


async def _from_archive(
    request: AppRequest, room: MediaRoom, importing: FileImport, id_column: str | None
) -> ImportReport:
    with room.blobs.receiving() as incoming:
        await receive(request, incoming, MAX_ARCHIVE_BYTES)
        incoming.end()
        sealed = incoming.sealed
        with io.BufferedReader(SealedReader(sealed.path.open("rb"), sealed.opened)) as file:
            return await asyncio.to_thread(importing.run, file, incoming.size_bytes, id_column=id_column)


def _from_form(form: FormReceiver, importing: FileImport, id_column: str | None) -> ImportReport:
    table = only_table(form.tables)
    if table is None:
        return importing.run_files(form.received.names, form.received.take)
    found = Table(name=table, parts=[form.tables[table]], id_column=id_column)
    return importing.run_table(found, form.received.names, form.received.take)
