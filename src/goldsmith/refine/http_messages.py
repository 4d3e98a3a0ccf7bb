"""HTTP responses as archives store them: the status, the headers, and the content with its encodings undone."""

import codecs
import io
import re
import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_MAX_HEAD = 64 << 10
_HEAD_SAMPLE = 512


class ContentFault(ValueError):
    """The content of a response cannot be read; its message says why."""


class Response(NamedTuple):
    """A response.

    Attributes:
        status: the status code; None when it has no status line.
        headers: the headers by their names in lower case; of several with one name the first.
        body: what follows them, as it was sent.
        fields: all headers in order, with their names in lower case.
    """

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    fields: tuple[tuple[str, str], ...] = ()

    def all_of(self, name: str) -> str:
        """The values of all headers with a name in lower case, each on a line of its own."""
        return "\n".join(value for each, value in self.fields if each == name)


def parse_response(raw: bytes) -> Response:
    """The response in `raw`; what does not look like one has no status."""
    end = _HEAD_END.search(raw, 0, _MAX_HEAD)
    if end is None or not raw.startswith(b"HTTP/"):
        return Response(None, {}, raw)
    lines = raw[: end.start()].decode("latin-1").splitlines()
    status = _STATUS.match(lines[0])
    fields = parse_fields(lines[1:])
    return Response(int(status[1]) if status else None, _first_of_each(fields), raw[end.end() :], tuple(fields))


def parse_fields(lines: list[str]) -> list[tuple[str, str]]:
    """Headers in order, their names in lower case; a line that begins with a space goes on with the one before."""
    fields: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            if fields:
                name, value = fields.pop()
                fields.append((name, f"{value} {line.strip()}".strip()))
            continue
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return fields


def parse_headers(lines: list[str]) -> dict[str, str]:
    """Headers by their names in lower case; of several with one name the first."""
    return _first_of_each(parse_fields(lines))


def _first_of_each(fields: list[tuple[str, str]]) -> dict[str, str]:
    return dict(reversed(fields))


def content_of(response: Response, *, max_bytes: int) -> bytes:
    """The content of a response, at most `max_bytes` of it and one; transfer and content encodings are undone.

    Archives often keep the headers of encodings that they have undone: a body that is readable as it stands is taken
    as it is.

    Raises:
        ContentFault: the encoding is not known, the content is damaged or ends early.
    """
    body = response.body
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    named = [each.strip().lower() for each in response.headers.get("content-encoding", "").split(",")]
    for encoding in reversed([each for each in named if each not in ("", "identity", "none", "utf-8")]):
        try:
            body = _undone(body, encoding, max_bytes + 1)
        except ContentFault:
            if not _is_readable(body):
                raise
    return body[: max_bytes + 1]


def _undone(body: bytes, encoding: str, most: int) -> bytes:
    undo = _ENCODINGS.get(encoding)
    if undo is None:
        raise ContentFault(f"the content encoding {encoding[:40]!r} is not known")
    return undo(body, most) if body else body


def _unchunked(body: bytes) -> bytes:
    """The chunks of a body as one."""
    parts: list[bytes] = []
    place = 0
    while True:
        head = _CHUNK.match(body, place)
        if head is None:
            if not parts:
                return body
            raise ContentFault("the content ends early: a chunk is missing")
        size = int(head[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[head.end() : head.end() + size])
        if len(parts[-1]) < size:
            raise ContentFault("the content ends early: a chunk is cut")
        end = _LINE_END.match(body, head.end() + size)
        place = end.end() if end else head.end() + size


def _is_readable(body: bytes) -> bool:
    """Whether a body is text or markup as it stands, which no compressed one is."""
    head = body[:_HEAD_SAMPLE]
    try:
        _ = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.lstrip().startswith(b"<")
    return b"\0" not in head


def _inflated(body: bytes, most: int, *, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    try:
        content = unpacker.decompress(body, most)
    except zlib.error as error:
        raise ContentFault(f"the compressed content is damaged: {error}") from error
    if not unpacker.eof and len(content) < most:
        raise ContentFault("the compressed content ends early")
    return content


def _gzip(body: bytes, most: int) -> bytes:
    return _inflated(body, most, window=31)


def _deflate(body: bytes, most: int) -> bytes:
    """Deflate with the header of zlib, as the standard says, or without, as some servers send it."""
    try:
        return _inflated(body, most, window=15)
    except ContentFault:
        return _inflated(body, most, window=-15)


def _by_arrow(codec: str) -> Callable[[bytes, int], bytes]:
    def undo(body: bytes, most: int) -> bytes:
        arrow: Any = import_module("pyarrow")  # Any: it has no types
        parts: list[bytes] = []
        n_left = most
        try:
            with arrow.CompressedInputStream(io.BytesIO(body), codec) as stream:
                while n_left > 0 and (part := stream.read(min(n_left, 1 << 20))):
                    parts.append(part)
                    n_left -= len(part)
        except (OSError, ValueError) as error:
            raise ContentFault(f"the compressed content is damaged: {error}") from error
        return b"".join(parts)

    return undo


_ENCODINGS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _by_arrow("brotli"),
    "zstd": _by_arrow("zstd"),
}
