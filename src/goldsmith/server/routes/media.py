"""What is shown of a file beside its bytes: small versions and tiles of images, peaks of audio, pages of PDF files."""

import asyncio
from functools import partial
from typing import NamedTuple

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from goldsmith.errors import BlobDamaged, NotFound
from goldsmith.kit.digest import sha256_hex
from goldsmith.media import derivatives
from goldsmith.media.derivatives import PageText
from goldsmith.media.kinds import SUFFIXES
from goldsmith.media.model import BlobRecord
from goldsmith.media.peaks import Peaks
from goldsmith.media.rooms import MediaRoom
from goldsmith.server.access import enter
from goldsmith.server.ranges import etag_matches
from goldsmith.server.routes.blobs import headers_of, media_of, visible_blob
from goldsmith.server.state import AppRequest
from goldsmith.trust.authorize import Action

_BLOB = "/api/vaults/{vault:str}/blobs/{sha256:str}"
_PNG = b"\x89PNG"
_DEFAULT_BUCKETS = 120_000


@get(_BLOB + "/thumbnail", media_type="image/jpeg")
async def get_thumbnail(
    request: AppRequest, vault: FromPath[str], sha256: FromPath[str], *, size: FromQuery[int] = 256
) -> Response[bytes]:
    """An image, or the first page of a PDF, with its longer side made `size` at most: 128, 256, 512 ... 4096."""
    seen = await _seen(request, vault, sha256)
    return _picture(request, await seen.room.work(lambda: derivatives.thumbnail(seen.room, seen.record, size)))


@get(_BLOB + "/tiles/{level:int}/{x:int}/{y:int}", media_type="image/jpeg")
async def get_tile(
    request: AppRequest,
    vault: FromPath[str],
    sha256: FromPath[str],
    level: FromPath[int],
    *,
    x: FromPath[int],
    y: FromPath[int],
) -> Response[bytes]:
    """A tile of 256 pixels of an image; level 0 is its full size, and each further level half of the one before."""
    seen = await _seen(request, vault, sha256)
    find = partial(derivatives.kept_tile, seen.room, seen.record, level=level, x=x, y=y)
    content = await asyncio.to_thread(find)
    if content is None:
        await seen.room.build(lambda: derivatives.cut_tiles(seen.room, seen.record))
        content = await asyncio.to_thread(find)
    if content is None:
        raise BlobDamaged("The tiles of the image were damaged while they were read.", hint="Try again.")
    return _picture(request, content)


@get(_BLOB + "/peaks")
async def get_peaks(
    request: AppRequest, vault: FromPath[str], sha256: FromPath[str], *, buckets: FromQuery[int] = _DEFAULT_BUCKETS
) -> Peaks:
    """The outline of audio: the lowest and highest sample of each of at most `buckets` parts, 10 ms or longer."""
    seen = await _seen(request, vault, sha256)
    return await seen.room.work(lambda: derivatives.peaks(seen.room, seen.record, buckets))


@get(_BLOB + "/pages/{page:str}", media_type="image/png")
async def get_page_picture(
    request: AppRequest,
    vault: FromPath[str],
    sha256: FromPath[str],
    page: FromPath[str],
    *,
    scale: FromQuery[float] = 1.5,
) -> Response[bytes]:
    """A page of a PDF, such as `1.png` for the first, with `scale` pixels for each point."""
    seen = await _seen(request, vault, sha256)
    number = _page_number(page.removesuffix(".png"))
    work = partial(derivatives.page_picture, seen.room, seen.record, number, scale)
    return _picture(request, await seen.room.work(work))


@get(_BLOB + "/pages/{page:str}/text")
async def get_page_text(
    request: AppRequest, vault: FromPath[str], sha256: FromPath[str], page: FromPath[str]
) -> PageText:
    """The text of a page of a PDF, from 1, with the box of each code point in points from the top left."""
    seen = await _seen(request, vault, sha256)
    number = _page_number(page)
    return await seen.room.work(lambda: derivatives.page_text(seen.room, seen.record, number))


class _Seen(NamedTuple):
    """A file that the caller may see."""

    room: MediaRoom
    record: BlobRecord


async def _seen(request: AppRequest, vault: str, sha256: str) -> _Seen:
    access = await enter(request, vault, Action.VIEW_PROJECT)
    room = media_of(request, access)
    return _Seen(room, await visible_blob(room, access, sha256))


def _page_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFound("There is no such page; the first is 1.")
    return int(text)


def _picture(request: AppRequest, content: bytes) -> Response[bytes]:
    """A picture that never changes under its address."""
    media_type = "image/png" if content.startswith(_PNG) else "image/jpeg"
    etag = f'"{sha256_hex(content)[:32]}"'
    headers = headers_of(media_type, etag=etag, name="picture" + SUFFIXES[media_type])
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(b"", status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
