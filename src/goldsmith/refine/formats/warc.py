"""WARC: the pages and texts of web archives, without the headers and encodings that they were sent in."""

from collections.abc import Iterator
from contextlib import suppress

from goldsmith.refine.addresses import Address, parse_address
from goldsmith.refine.archives import ROOM_FOR_HTTP, Record, read_records
from goldsmith.refine.http_messages import ContentFault, Response, content_of, parse_response
from goldsmith.refine.model import Media, RawDocument
from goldsmith.refine.rows import InputFile
from goldsmith.refine.seen_ids import SeenIds
from goldsmith.refine.usage import HEADERS
from goldsmith.refine.usage.robots import MAX_BYTES
from goldsmith.refine.usage.sites import FILES, Sites

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
    record's own id. What is known about it: `url`, `date`, `content_type`, `truncated` where the crawler stopped, and
    what was said about its use, in headers and in files of its site that came before it.
    """

    def __init__(self) -> None:
        self._seen = SeenIds()
        self._sites = Sites()

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
        address = parse_address(_address(record))
        if address is not None and address.path in FILES and response.status in _SUCCESS:
            self._note(address, response)
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
        meta = {**_meta(record, response), **(self._sites.said_of(address) if address is not None else {})}
        return RawDocument(id=name, origin=origin, media=media, raw=raw, meta=meta)

    def _note(self, address: Address, response: Response) -> None:
        """Remember what a site says about its pages; a file that cannot be unpacked says nothing."""
        with suppress(ContentFault):
            self._sites.note(address, content_of(response, max_bytes=MAX_BYTES))

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


def _meta(record: Record, response: Response) -> dict[str, str]:
    known = {
        "url": _address(record),
        "date": record.headers.get("warc-date", ""),
        "content_type": response.headers.get("content-type", ""),
        "truncated": record.headers.get("warc-truncated", ""),
        **{name.replace("-", "_"): response.all_of(name) for name in HEADERS},
    }
    return {name: value for name, value in known.items() if value}


def _too_large(file: InputFile, size: str) -> str:
    return f"{size}more than {file.max_bytes:,} bytes; raise `max_bytes` of its source to read it"


plugin = Warc
