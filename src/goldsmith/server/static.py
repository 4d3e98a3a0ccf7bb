"""Serves the built browser app from memory: a request names a known file, so no path ever reaches the disk."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from litestar.types import HTTPScope, Send

from goldsmith.errors import NotFound
from goldsmith.server.problems import send_problem

UI_FOLDER = Path(__file__).resolve().parent.parent / "_ui"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_SQUEEZED = frozenset({".css", ".html", ".js", ".json", ".map", ".svg", ".txt", ".webmanifest"})
_LEAST_SQUEEZED_BYTES = 1024
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_MISSING = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Goldsmith</title>
<h1>The browser app is not built</h1>
<p>The server runs. Build the app with <code>make web</code>, then start the server again.</p>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file as it is sent."""

    content: bytes
    squeezed: bytes | None
    kind: str
    etag: str
    caching: str


class StaticFiles:
    """The files of the browser app, read once; addresses without a file are pages of the app itself."""

    __slots__ = ("_files", "_index")

    def __init__(self, folder: Path = UI_FOLDER) -> None:
        self._files: Mapping[str, StaticFile] = _read_files(folder)
        self._index = self._files.get("/index.html")

    async def __call__(self, scope: HTTPScope, send: Send) -> None:
        """Answer a GET or HEAD of anything that is not the API's."""
        method, path = scope["method"], scope["path"]
        file = self._files.get(path)
        if file is None and _is_page(path):
            file = self._index or _prepared(".html", _MISSING, caching="no-store")
        if file is None or method not in {"GET", "HEAD"}:
            await send_problem(scope, send, NotFound("There is nothing at this address."))
            return
        await _send_file(scope, send, file)


def _is_page(path: str) -> bool:
    """Whether an address without a file may be one of the app's pages: it does not end as a file of the app would."""
    return not path.startswith("/assets/") and PurePosixPath(path).suffix not in _TYPES


async def _send_file(scope: HTTPScope, send: Send, file: StaticFile) -> None:
    asked = {name: value for name, value in scope["headers"] if name in {b"if-none-match", b"accept-encoding"}}
    headers = [(b"etag", file.etag.encode()), (b"cache-control", file.caching.encode()), (b"vary", b"accept-encoding")]
    if file.etag.encode() in asked.get(b"if-none-match", b""):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    content = file.content
    if file.squeezed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
        content = file.squeezed
        headers.append((b"content-encoding", b"gzip"))
    headers += [(b"content-type", file.kind.encode()), (b"content-length", str(len(content)).encode())]
    body = b"" if scope["method"] == "HEAD" else content
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _read_files(folder: Path) -> dict[str, StaticFile]:
    if not folder.is_dir():
        return {}
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in _TYPES)
    return {"/" + path.relative_to(folder).as_posix(): _read_file(folder, path) for path in found}


def _read_file(folder: Path, path: Path) -> StaticFile:
    is_hashed = path.relative_to(folder).parts[0] == "assets"
    return _prepared(path.suffix, path.read_bytes(), caching=_FOREVER if is_hashed else _ASK_AGAIN)


def _prepared(suffix: str, content: bytes, *, caching: str) -> StaticFile:
    is_squeezable = suffix in _SQUEEZED and len(content) >= _LEAST_SQUEEZED_BYTES
    return StaticFile(
        content=content,
        squeezed=gzip.compress(content, 6, mtime=0) if is_squeezable else None,
        kind=_TYPES[suffix],
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        caching=caching,
    )
