"""The files of the operator's own segmenter."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import File

from goldsmith.errors import NotFound
from goldsmith.server.access import caller
from goldsmith.server.segmenters import worker_policy
from goldsmith.server.state import AppRequest, services_of


@get("/api/segmenter/{name:path}", media_type="application/octet-stream")
async def get_segmenter_file(request: AppRequest, name: FromPath[str]) -> Response[Any]:
    """A file of the segmenter that the operator has put in, for whoever is signed in."""
    _ = await caller(request)
    segmenter = services_of(request).segmenter
    if segmenter is None:
        raise NotFound("This server has no segmenter.")
    file = segmenter.find(name)
    headers = {
        "Content-Security-Policy": worker_policy(request.headers.get("host", "")),
        "Cache-Control": "private, no-cache",
        "ETag": file.etag,
    }
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    return File(file.path, media_type=file.media_type, content_disposition_type="inline", headers=headers)
