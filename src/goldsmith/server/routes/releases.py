"""Releases: the certificates, the files, the spreadsheet view; and the vault's signed checkpoint."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec
from litestar import MediaType, get
from litestar.params import FromPath
from litestar.response import File, Stream
from sqlalchemy import RowMapping

from goldsmith.errors import NotFound
from goldsmith.kit.digest import file_sha256
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import releases as store
from goldsmith.labeling.workbench import Workbench
from goldsmith.releases.diffs import changes
from goldsmith.releases.documents import verify_commands
from goldsmith.releases.exporters.csv import CsvExporter
from goldsmith.releases.exporters.jsonl import JsonlExporter
from goldsmith.releases.model import Certificate
from goldsmith.releases.wire import ReleaseCard, ReleaseRows, ReleaseView
from goldsmith.server.access import enter
from goldsmith.server.benches import bench_of, load_project
from goldsmith.server.state import AppRequest
from goldsmith.store.checkpoints import checkpoint
from goldsmith.store.migrate import VAULT
from goldsmith.tasks.schemas import parse_schema
from goldsmith.trust.authorize import Action
from goldsmith.trust.layouts import ITEMS, MANIFEST, UNLISTED, FileEntry, Manifest

_LINES_AT_A_TIME = 500


@get("/api/vaults/{vault:str}/projects/{project:str}/releases")
async def list_releases(request: AppRequest, vault: FromPath[str], project: FromPath[str]) -> ReleaseRows:
    """The releases of a project, the newest first."""
    access = await enter(request, vault, Action.READ_RELEASE)
    bench = bench_of(request, access)
    return await asyncio.to_thread(_cards, bench, await load_project(bench, project))


@get("/api/vaults/{vault:str}/projects/{project:str}/releases/{version:str}")
async def get_release(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], version: FromPath[str]
) -> ReleaseView:
    """A release: its certificate, its files, and how to verify it."""
    access = await enter(request, vault, Action.READ_RELEASE)
    bench = bench_of(request, access)
    return await asyncio.to_thread(_view, bench, await load_project(bench, project), version)


@get(
    "/api/vaults/{vault:str}/projects/{project:str}/releases/{version:str}/files/{name:path}",
    media_type="application/octet-stream",
)
async def get_release_file(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], version: FromPath[str], *, name: FromPath[str]
) -> File:
    """A file of a release, byte for byte."""
    access = await enter(request, vault, Action.READ_RELEASE)
    bench = bench_of(request, access)
    path = await asyncio.to_thread(_file, bench, await load_project(bench, project), version, name.lstrip("/"))
    return File(path=path, filename=path.name, content_disposition_type="attachment")


@get(
    "/api/vaults/{vault:str}/projects/{project:str}/releases/{version:str}/items.csv",
    media_type="text/csv",
)
async def get_release_csv(
    request: AppRequest, vault: FromPath[str], project: FromPath[str], version: FromPath[str]
) -> Stream:
    """The items of a release as a spreadsheet-safe CSV: cells that a spreadsheet would run begin with an apostrophe."""
    access = await enter(request, vault, Action.READ_RELEASE)
    bench = bench_of(request, access)
    loaded = await load_project(bench, project)
    items = await asyncio.to_thread(_file, bench, loaded, version, ITEMS.jsonl)
    headers = {"Content-Disposition": f'attachment; filename="{loaded.slug}-{version}.csv"'}
    return Stream(_streamed(csv_lines(items.parent)), headers=headers)


@get("/api/vaults/{vault:str}/log/checkpoint", media_type=MediaType.TEXT)
async def get_checkpoint(request: AppRequest, vault: FromPath[str]) -> str:
    """The vault's log as it stands: its size and root in a signed note."""
    access = await enter(request, vault, Action.READ_LOG)
    work = partial(checkpoint, plane=VAULT, origin=access.vault.origin, key=access.vault.key)
    return (await access.vault.database.write_async(work)).note


def csv_lines(folder: Path) -> Iterator[bytes]:
    """The items of the release in `folder` as lines of spreadsheet-safe CSV."""
    schema = parse_schema(msgspec.json.decode((folder / "schema.json").read_bytes()))
    sheet = CsvExporter(
        fields=tuple(field.name for field in schema.fields),
        questions=tuple(question.name for question in schema.questions),
    )
    with (folder / ITEMS.jsonl).open("rb") as source:
        yield from sheet.portions(JsonlExporter().read(source))


async def _streamed(lines: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Some hundred lines at a time, read in a thread."""
    while part := await asyncio.to_thread(lambda: b"".join(islice(lines, _LINES_AT_A_TIME))):
        yield part


def _cards(bench: Workbench, project: LoadedProject) -> ReleaseRows:
    with bench.vault.database.read() as connection:
        rows = store.list_releases(connection, project.id)
    return ReleaseRows(rows=[_card(row) for row in rows])


def _card(row: RowMapping) -> ReleaseCard:
    certificate = msgspec.json.decode(row["certificate"], type=Certificate)
    return ReleaseCard(
        version=row["version"],
        created_at=row["created_at"],
        n_items=row["n_items"],
        content_root=row["content_root"],
        accuracy_text=certificate.accuracy.text,
    )


def _file(bench: Workbench, project: LoadedProject, version: str, name: str) -> Path:
    """The path of a file that the release lists: a name never leads anywhere else."""
    with bench.vault.database.read() as connection:
        row = store.find_release(connection, project.id, version)
    folder = bench.vault.folder / row["folder"]
    path = folder / name
    if name not in {entry.name for entry in _files(folder)} or not path.is_file():
        raise NotFound(f"The release has no file {name[:80]!r}.")
    return path


def _view(bench: Workbench, project: LoadedProject, version: str) -> ReleaseView:
    with bench.vault.database.read() as connection:
        row = store.find_release(connection, project.id, version)
        before = store.release_before(connection, project.id, row["id"])
    folder = bench.vault.folder / row["folder"]
    key = bench.vault.key.verifying
    earlier = None if before is None else bench.vault.folder / before["folder"]
    has_before = earlier is not None and earlier.is_dir()
    return ReleaseView(
        version=row["version"],
        created_at=row["created_at"],
        certificate=msgspec.json.decode(row["certificate"], type=Certificate),
        envelope_key_id=key.key_id,
        key_fingerprint=key.fingerprint,
        files=_files(folder),
        verify_commands=list(verify_commands(key)),
        changes=changes(earlier, folder) if earlier is not None and has_before else None,
        since=before["version"] if before is not None and has_before else None,
    )


def _files(folder: Path) -> list[FileEntry]:
    """The files of a release as its manifest lists them, and the two that it cannot list."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        unlisted = [
            FileEntry(name=name, sha256=file_sha256(folder / name), size_bytes=(folder / name).stat().st_size)
            for name in sorted(UNLISTED)
        ]
    except (OSError, msgspec.DecodeError) as error:
        raise NotFound("The folder of this release is gone or damaged. Restore it from a backup.") from error
    return [*manifest.files, *unlisted]
