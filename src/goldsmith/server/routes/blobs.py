"""Blobs: the bytes of images, audio and PDF files, sent in and given out."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, NamedTuple

from litestar import MediaType, Response, get, head, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from goldsmith.labeling.wire import Json
from goldsmith.media.kinds import SUFFIXES
from goldsmith.media.model import BlobRecord
from goldsmith.media.rooms import MediaRoom
from goldsmith.server.access import enter
from goldsmith.server.callers import Access
from goldsmith.server.parts import checked_name, receive
from goldsmith.server.ranges import ByteRange, etag_matches, wanted_range
from goldsmith.server.state import AppRequest, services_of
from goldsmith.trust.authorize import Action, authorize
from goldsmith.trust.sealing import SealedReader

_PART_BYTES = 1 << 18
_INERT = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Were a blob ever opened as a document, it would run nothing, load nothing and belong to no origin."""

_CACHED = "private, max-age=86400, immutable"


@post("/api/vaults/{vault:str}/blobs", request_max_body_size=None, status_code=200)
async def upload_blob(
    request: AppRequest, vault: FromPath[str], *, name: Annotated[str, QueryParameter()] = ""
) -> Json:
    """Take in an image, audio or PDF file; the body is its bytes, `name` what it is called.

    The answer is how an item refers to it: the value of a field of that type.
    """
    access = await enter(request, vault, Action.IMPORT_ITEMS)
    room = media_of(request, access)
    checked = checked_name(name)
    with room.blobs.receiving() as incoming:
        await receive(request, incoming, room.limits.max_bytes)
        record = await room.work(lambda: room.take_in(incoming, actor=access.actor))
    return record.reference(checked or record.sha256[:12] + SUFFIXES[record.media_type])


@get("/api/vaults/{vault:str}/blobs/{sha256:str}", media_type="application/octet-stream")
async def get_blob(request: AppRequest, vault: FromPath[str], sha256: FromPath[str]) -> Response[bytes] | Stream:
    """The bytes of a file, or the range that is asked for. They never change, and never run in this origin."""
    wanted = await _wanted(request, vault, sha256)
    if wanted.status == HTTPStatus.NOT_MODIFIED:
        return Response(b"", status_code=wanted.status, headers=wanted.headers)
    reader, first = await asyncio.to_thread(_begun, wanted.room, wanted.record, wanted.part)
    parts = _rest(reader, first, wanted.part)
    return Stream(parts, status_code=wanted.status, headers=wanted.headers, media_type=wanted.record.media_type)


@head("/api/vaults/{vault:str}/blobs/{sha256:str}", media_type="application/octet-stream")
async def head_blob(request: AppRequest, vault: FromPath[str], sha256: FromPath[str]) -> Response[None]:
    """Whether the vault has a file: its type and its size, and not its bytes."""
    wanted = await _wanted(request, vault, sha256)
    return Response(None, status_code=wanted.status, headers=wanted.headers, media_type=MediaType.TEXT)


class _Wanted(NamedTuple):
    """A file that the caller may see, the part of it that they ask for, and what goes before it in the answer."""

    room: MediaRoom
    record: BlobRecord
    part: ByteRange
    status: int
    headers: dict[str, str]


async def _wanted(request: AppRequest, vault: str, sha256: str) -> _Wanted:
    access = await enter(request, vault, Action.VIEW_PROJECT)
    room = media_of(request, access)
    record = await visible_blob(room, access, sha256)
    etag = f'"{record.sha256}"'
    headers = headers_of(record.media_type, etag=etag, name=_file_name(record)) | {"Accept-Ranges": "bytes"}
    everything = ByteRange(0, record.size_bytes - 1)
    if etag_matches(request.headers.get("if-none-match"), etag):
        return _Wanted(room, record, everything, HTTPStatus.NOT_MODIFIED, headers)
    is_same = request.headers.get("if-range") in (None, etag)
    part = wanted_range(request.headers.get("range") if is_same else None, record.size_bytes)
    if part is None:
        headers["Content-Length"] = str(record.size_bytes)
        return _Wanted(room, record, everything, HTTPStatus.OK, headers)
    headers["Content-Length"] = str(part.n_bytes)
    headers["Content-Range"] = f"bytes {part.first}-{part.last}/{record.size_bytes}"
    return _Wanted(room, record, part, HTTPStatus.PARTIAL_CONTENT, headers)


def media_of(request: AppRequest, access: Access) -> MediaRoom:
    """The media of the vault that the caller has entered."""
    return services_of(request).media.of(access.vault.slug)


async def visible_blob(room: MediaRoom, access: Access, sha256: str) -> BlobRecord:
    """What is known of a blob that the caller may see.

    Raises:
        NotFound: there is none, or it is on no item that they may see.
    """
    actor = None if authorize(access.role, Action.VIEW_ITEMS) else access.actor
    return await asyncio.to_thread(room.find_for, sha256, actor)


def headers_of(media_type: str, *, etag: str, name: str) -> dict[str, str]:
    """The headers of an answer with content of others: it never changes and never runs."""
    is_shown = not media_type.startswith("application/pdf")
    return {
        "Content-Type": media_type,
        "Content-Disposition": f'{"inline" if is_shown else "attachment"}; filename="{name}"',
        "Content-Security-Policy": _INERT,
        "ETag": etag,
        "Cache-Control": _CACHED,
    }


def _file_name(record: BlobRecord) -> str:
    """A name that says nothing: what a file was called is for those who see its item."""
    return record.sha256[:12] + SUFFIXES[record.media_type]


def _begun(room: MediaRoom, record: BlobRecord, part: ByteRange) -> tuple[SealedReader, bytes]:
    """The reader and the first bytes, so that damage there is told before an answer begins."""
    reader = room.open(record)
    try:
        reader.seek(part.first)
        return reader, _read(reader, min(_PART_BYTES, part.n_bytes))
    except BaseException:
        reader.close()
        raise


async def _rest(reader: SealedReader, first: bytes, part: ByteRange) -> AsyncIterator[bytes]:
    try:
        left = part.n_bytes - len(first)
        yield first
        while left > 0:
            more = await asyncio.to_thread(_read, reader, min(_PART_BYTES, left))
            left -= len(more)
            yield more
    finally:
        reader.close()


def _read(reader: SealedReader, n_bytes: int) -> bytes:
    """`n_bytes` from where the reader is; it gives at most a chunk at a time."""
    parts: list[bytes] = []
    while n_bytes > 0 and (part := reader.read(n_bytes)):
        parts.append(part)
        n_bytes -= len(part)
    return b"".join(parts)
