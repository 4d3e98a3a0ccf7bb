"""From a request to the workbench of its vault and the project it names."""

import asyncio

from goldsmith.kit.digest import sha256_hex
from goldsmith.labeling.model import Annotator, LoadedProject
from goldsmith.labeling.store.annotators import find_annotator
from goldsmith.labeling.workbench import Workbench
from goldsmith.server.callers import Access
from goldsmith.server.state import AppRequest, services_of
from goldsmith.store.idempotency import RequestKey


def bench_of(request: AppRequest, access: Access) -> Workbench:
    """The workbench of the vault that the caller has entered."""
    return services_of(request).benches.of(access.vault.slug)


async def load_project(bench: Workbench, reference: str) -> LoadedProject:
    """The project with this id or slug; asks the database only when it is not known yet.

    Raises:
        NotFound: the vault has no such project.
    """
    known = bench.known_project(reference)
    return known if known is not None else await asyncio.to_thread(_read_project, bench, reference)


async def annotator_of(bench: Workbench, access: Access) -> str:
    """The caller's id as an annotator of the vault, made at first use."""
    annotator = Annotator(kind="person", name=access.actor)
    known = bench.known_annotator(annotator)
    if known is not None:
        return known
    made = await access.vault.database.write_async(
        lambda unit: bench.annotator_id(unit.connection, annotator, unit.now)
    )
    bench.remember_annotator(annotator, made)
    return made


async def annotator_if_known(bench: Workbench, access: Access) -> str:
    """The caller's id as an annotator of the vault; empty while they have not worked there. It writes nothing."""
    annotator = Annotator(kind="person", name=access.actor)
    known = bench.known_annotator(annotator)
    return known if known is not None else await asyncio.to_thread(_find_annotator, bench, annotator)


async def request_key(request: AppRequest, access: Access) -> RequestKey | None:
    """The request's `Idempotency-Key`, bound to the caller and to what is asked for; None when it has none.

    Raises:
        InputError: the key is empty, too long, or not printable.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return RequestKey(key=key, actor=access.actor, request_sha256=sha256_hex(asked))


def _find_annotator(bench: Workbench, annotator: Annotator) -> str:
    with bench.vault.database.read() as connection:
        return find_annotator(connection, annotator) or ""


def _read_project(bench: Workbench, reference: str) -> LoadedProject:
    with bench.vault.database.read() as connection:
        return bench.project(connection, reference)
