"""Which bytes of a file a request wants (RFC 9110, section 14)."""

import re
from typing import NamedTuple

from goldsmith.errors import InputError

_ONE_RANGE = re.compile(r"bytes=\s*(?P<first>\d{0,19})\s*-\s*(?P<last>\d{0,19})\s*")


class RangeOutside(InputError):
    """Raised when a file has none of the bytes that were asked for; says how many it has."""

    code = "range-not-satisfiable"
    status = 416

    def __init__(self, message: str, *, size_bytes: int) -> None:
        super().__init__(message, hint="Ask for bytes that it has.")
        self.size_bytes = size_bytes


class ByteRange(NamedTuple):
    """A part of a file, its last byte included."""

    first: int
    last: int

    @property
    def n_bytes(self) -> int:
        """How many bytes it has."""
        return self.last - self.first + 1


def wanted_range(header: str | None, size_bytes: int) -> ByteRange | None:
    """The part that a `Range` header asks for; None for the whole file: several ranges and other units count as that.

    Raises:
        RangeOutside: the file has no such bytes.
    """
    found = _ONE_RANGE.fullmatch(header or "")
    if found is None or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        n_last = min(int(found["last"]), size_bytes)
        first, last = size_bytes - n_last, size_bytes - 1
    else:
        first = int(found["first"])
        last = min(int(found["last"]), size_bytes - 1) if found["last"] else size_bytes - 1
        if found["last"] and int(found["last"]) < first:
            return None
    if first > last:
        raise RangeOutside(f"The file has {size_bytes:,} bytes.", size_bytes=size_bytes)
    return ByteRange(first, last)


def etag_matches(header: str | None, etag: str) -> bool:
    """Whether one of the tags in an `If-None-Match` header is `etag`."""
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags
