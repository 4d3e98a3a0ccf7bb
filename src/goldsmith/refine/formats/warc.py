"""WARC: the pages and texts of web archives, without the headers and encodings that they were sent in."""

from collections.abc import Iterator

from goldsmith.refine.archives import ROOM_FOR_HTTP, Record, read_records
from goldsmith.refine.http_messages import ContentFault, Response, content_of, parse_response
from goldsmith.refine.model import Media, RawDocument
from goldsmith.refine.rows import InputFile
from goldsmith.refine.seen_ids import SeenIds

_TYPES = frozenset({"response", "resource", "conversion"})
_MEDIA: dict[str, Media] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "text",
}
_PAGE = (b"<!doctype html", b"<html")
_SNIFFED = 512
_SUCCESS = (200, 203)


class Warc:
    """Reads the records of web archives that hold HTML or text: answers with success, resources, and extracted text.

    The id of a document is its address, and where an address comes again in the files of a source, the address and the
    record's own id. What is known about it: `url`, `date`, `content_type`, and `truncated` where the crawler stopped.
    """

    def __init__(self) -> None:
        self._seen = SeenIds()

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The documents of an archive in order; after damage reading goes on at the next record."""
        number = 0
        try:
            for record in read_records(file.path, types=_TYPES, max_bytes=file.max_bytes + ROOM_FOR_HTTP):
                number += 1
                if record.fault:
                    yield file.row_failure(number, record.fault)
                    continue
                document = self._document(file, record, number)
                if document is not None:
                    yield document
        except OSError as error:
            yield file.failure(f"cannot be read: {error.strerror or error}")

    def close(self) -> None:
        """Forget the addresses."""
        self._seen.close()

    def _document(self, file: InputFile, record: Record, number: int) -> RawDocument | None:
        said = record.headers.get("content-type", "")
        response = Response(200, {"content-type": said}, record.block)
        if said.lower().startswith("application/http"):
            response = parse_response(record.block)
        kind = response.headers.get("content-type", "")
        if response.status not in _SUCCESS or (kind and _media(kind, b"") is None):
            return None
        if len(record.block) < record.size:
            return self._failed(file, record, number, _too_large(file, f"{record.size:,} bytes, "))
        try:
            raw = content_of(response, max_bytes=file.max_bytes)
        except ContentFault as error:
            return self._failed(file, record, number, str(error))
        media = _media(kind, raw)
        if media is None:
            return None
        if len(raw) > file.max_bytes:
            return self._failed(file, record, number, _too_large(file, "unpacked "))
        name, origin = self._name(file, record, number), f"{file.origin}:{number}"
        return RawDocument(id=name, origin=origin, media=media, raw=raw, meta=_meta(record, kind))

    def _failed(self, file: InputFile, record: Record, number: int, reason: str) -> RawDocument:
        origin = f"{file.origin}:{number}"
        return RawDocument(id=self._name(file, record, number), origin=origin, failure=f"{origin}: {reason}")

    def _name(self, file: InputFile, record: Record, number: int) -> str:
        """The address; with the record's id where the address was used before."""
        address = _address(record)
        if not address:
            return f"{file.name}:{number}"
        if self._seen.add(address, "") is None:
            return address
        own = record.headers.get("warc-record-id", "").strip("<>") or f"{file.name}:{number}"
        return f"{address} {own}"


def _address(record: Record) -> str:
    return record.headers.get("warc-target-uri", "").strip("<> ")


def _media(kind: str, raw: bytes) -> Media | None:
    """What a content is by its type, or without a type by how it begins."""
    if kind:
        return _MEDIA.get(kind.partition(";")[0].strip().lower())
    return "html" if raw[:_SNIFFED].lstrip().lower().startswith(_PAGE) else None


def _meta(record: Record, kind: str) -> dict[str, str]:
    known = {
        "url": _address(record),
        "date": record.headers.get("warc-date", ""),
        "content_type": kind,
        "truncated": record.headers.get("warc-truncated", ""),
    }
    return {name: value for name, value in known.items() if value}


def _too_large(file: InputFile, size: str) -> str:
    return f"{size}more than {file.max_bytes:,} bytes; raise `max_bytes` of its source to read it"


plugin = Warc
