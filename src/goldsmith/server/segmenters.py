"""The operator's own segmenter: files of one folder that browsers run beside the page, with nothing else in reach."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from goldsmith.errors import NotFound, SettingsError
from goldsmith.server.security import host_name
from goldsmith.settings import variable_of

__all__ = ["ENTRY", "ROUTE", "SegmenterFile", "SegmenterFiles", "find_segmenter", "worker_policy"]

ENTRY = "segmenter.js"
ROUTE = "/api/segmenter/"
_TYPES = {
    ".bin": "application/octet-stream",
    ".data": "application/octet-stream",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".onnx": "application/octet-stream",
    ".tflite": "application/octet-stream",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmenterFile:
    """One file as it is sent; `etag` changes with the file."""

    path: Path
    media_type: str
    etag: str


class SegmenterFiles:
    """What lay in the folder when the server started; no other path is ever opened."""

    __slots__ = ("_files", "name")

    def __init__(self, name: str, files: Mapping[str, Path]) -> None:
        self.name = name
        self._files = files

    def find(self, name: str) -> SegmenterFile:
        """The file of that name, in the folder or below.

        Raises:
            NotFound: there was none when the server started, or it is gone.
        """
        path = self._files.get(name.removeprefix("/"))
        try:
            if path is None:
                raise FileNotFoundError(name)
            known = path.stat()
        except OSError as error:
            raise NotFound("The segmenter has no such file.") from error
        etag = f'"{known.st_size:x}-{known.st_mtime_ns:x}"'
        return SegmenterFile(path=path, media_type=_TYPES[path.suffix], etag=etag)


def find_segmenter(folder: Path | None) -> SegmenterFiles | None:
    """The segmenter in a folder; None where no folder is set.

    Raises:
        SettingsError: it is no folder, or has no `segmenter.js`.
    """
    if folder is None:
        return None
    root = folder.expanduser().resolve()
    if not (root / ENTRY).is_file():
        raise SettingsError(
            f"{variable_of('segmenter')} has to be a folder with a file {ENTRY}; {folder} is not.",
            hint="docs/segmenters.md says what it has to do.",
        )
    found = (path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix in _TYPES)
    inside = {path.relative_to(root).as_posix(): path for path in found if path.resolve().is_relative_to(root)}
    return SegmenterFiles(root.name, inside)


def worker_policy(host: str) -> str:
    """The content security policy of the worker: it loads its own files, may compile WebAssembly, and reaches nothing.

    Args:
        host: as the request names it, with its port; one that this server answers for.
    """
    source = f"{host}{ROUTE}" if _is_name(host) else "'self'"
    return f"default-src 'none'; script-src {source} 'wasm-unsafe-eval'; connect-src {source}"


def _is_name(host: str) -> bool:
    """Whether a policy can name it: of addresses in numbers, it can name 127.0.0.1 alone."""
    name = host_name(host)
    try:
        return str(ipaddress.ip_address(name.strip("[]"))) == "127.0.0.1"
    except ValueError:
        return True
