"""Web addresses: which one a document has, what its parts are, and when two are the same."""

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import NamedTuple

import msgspec

from goldsmith.kit.columns import Batch

FIELDS = ("url", "URL", "uri", "source_url", "WARC-Target-URI")
"""What a source may call the address of a document, in the order in which they are looked at."""

_ADDRESS = re.compile(r"(https?)://([^/?#\s]+)([^?#\s]*)(?:\?([^#\s]*))?(?:#(\S*))?", re.IGNORECASE)
_HOST = re.compile(r"(?:[^@]*@)?(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::(\d*))?")


class Address(NamedTuple):
    """An address of the web and its parts; `text[host_start:host_end]` is the host as it was written.

    Attributes:
        text: the address as it was written.
        scheme: `http` or `https`.
        host: the host in lower case, in ASCII where it can be said so, without a dot at the end.
        port: what follows the host; None without one, and for the usual port of the scheme.
        path: the path as it was written; it begins at `path_start`.
        query: what follows the first question mark; None without one.
        fragment: what follows the number sign; None without one.
    """

    text: str
    scheme: str
    host: str
    host_start: int
    host_end: int
    port: str | None
    path: str
    path_start: int
    query: str | None
    fragment: str | None


def addresses_of(batch: Batch) -> list[Address | None]:
    """The address of each document: what its source says it is, or else its id where that is one."""
    rows = zip(batch.column("id").to_pylist(), batch.column("meta").to_pylist(), strict=True)
    return [address_of(name, known_of(meta)) for name, meta in rows]


def known_of(meta: str | None) -> Mapping[str, str]:
    """What the source knows about a document."""
    return {} if meta in (None, "", "{}") else msgspec.json.decode(meta, type=dict[str, str])


def address_of(name: str | None, known: Mapping[str, str]) -> Address | None:
    """The address of the document with the id `name`; None when it has none."""
    for text in (*(known.get(field) for field in FIELDS), name):
        if text and (found := parse_address(text)) is not None:
            return found
    return None


def parse_address(text: str) -> Address | None:
    """The parts of an address; None for what is no address of the web.

    Example:
        >>> parse_address("https://Example.org:443/a?b=1").host
        'example.org'
    """
    match = _ADDRESS.match(text)
    host = None if match is None else _HOST.fullmatch(match[2])
    if match is None or host is None:
        return None
    scheme, start = match[1].lower(), match.start(2)
    usual = {"http": "80", "https": "443"}[scheme]
    return Address(
        text=match[0],
        scheme=scheme,
        host=_as_ascii(host[1].lower().rstrip(".")),
        host_start=start + host.start(1),
        host_end=start + host.end(1),
        port=None if host[2] in (None, "", usual) else host[2],
        path=match[3],
        path_start=match.start(3),
        query=match[4],
        fragment=match[5],
    )


def is_number(host: str) -> bool:
    """Whether a host is an IP address and no name."""
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False


def domain_in(host: str, *lists: frozenset[str]) -> str | None:
    """The domain of these lists that a host is, or lies under; the longest of several.

    Example:
        >>> domain_in("news.example.org", frozenset({"example.org"}))
        'example.org'
    """
    rest = host
    while rest:
        if any(rest in domains for domains in lists):
            return rest
        rest = rest.partition(".")[2]
    return None


def parse_domains(lines: Iterable[str]) -> frozenset[str]:
    """The domains of a list, one a line: bare, as addresses, as `*.example.org`, or as in a hosts file.

    What follows a number sign is a comment. Names of this machine, as hosts files begin with, are left out.
    """
    found: set[str] = set()
    for line in lines:
        words = line.partition("#")[0].split()
        if len(words) > 1 and is_number(words[0]):
            words = words[1:]
        for word in words:
            address = parse_address(word if "://" in word else f"http://{word.removeprefix('*').lstrip('.')}")
            if address is not None and (address.host not in _OWN_NAMES) and "." in address.host.strip("."):
                found.add(address.host)
    return frozenset(found)


_OWN_NAMES = frozenset({"localhost", "localhost.localdomain", "broadcasthost", "0.0.0.0", "127.0.0.1"})  # noqa: S104


def _as_ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
