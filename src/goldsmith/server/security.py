"""What every request has to be and every answer has to carry: host, origin, content type, and strict headers."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from litestar.types import HTTPScope

from goldsmith.errors import Forbidden, GoldsmithError, InputError
from goldsmith.server.cookies import is_https
from goldsmith.settings import Settings, variable_of

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
BODY_TYPES = frozenset(
    {b"application/json", b"text/csv", b"application/x-ndjson", b"application/octet-stream", b"application/zip"}
)

FILES_PATH = "/files"
"""The end of the one path that takes forms: other sites' pages can send these, though not past `_foreign_origin`."""

_FORM = b"multipart/form-data"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({b"same-origin", b"none"})
_READ = frozenset(
    {
        b"host",
        b"origin",
        b"sec-fetch-site",
        b"content-type",
        b"content-length",
        b"transfer-encoding",
        b"authorization",
        b"cookie",
    }
)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "media-src 'self' blob:; frame-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'"
)

SANDBOXED_DOCUMENT_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
"""For a document with other people's content, shown in a sandboxed frame: no script, no origin, no loads."""

_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_NO_STORE = (b"cache-control", b"no-store")
_HSTS = (b"strict-transport-security", b"max-age=31536000")


def host_name(host: str) -> str:
    """The host without its port; an IPv6 address keeps its brackets."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()


class Guard:
    """The checks of one installation, prepared once."""

    __slots__ = ("_api_headers", "_hosts", "_page_headers", "_public_host", "_public_origin")

    def __init__(self, settings: Settings) -> None:
        public = urlsplit(settings.public_url) if settings.public_url else None
        self._public_host = "" if public is None else host_name(public.netloc)
        self._public_origin = b"" if public is None else f"{public.scheme}://{public.netloc}".lower().encode()
        others = {host_name(host) for host in settings.allowed_hosts} | ({self._public_host} - {""})
        self._hosts = LOOPBACK_HOSTS | others
        self._page_headers = (*_HEADERS, _HSTS) if is_https(settings) else _HEADERS
        self._api_headers = (*self._page_headers, _NO_STORE)

    def refusal(self, scope: HTTPScope) -> GoldsmithError | None:
        """Why a request must not go on; None when it may."""
        method, headers = scope["method"], scope["headers"]
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:  # no name holds one, and PostgreSQL refuses it
            return InputError("The address holds a NUL character.")
        if method in _SAFE_METHODS:
            for name, value in headers:
                if name == b"host":
                    return self._wrong_host(value)
            return self._wrong_host(b"")
        found = {name: value for name, value in headers if name in _READ}
        host = found.get(b"host", b"")
        takes_forms = scope["path"].endswith(FILES_PATH)
        return (
            self._wrong_host(host) or self._foreign_origin(host, found) or _wrong_type(found, takes_forms=takes_forms)
        )

    def extra_headers(self, present: Iterable[tuple[bytes, bytes]], *, is_api: bool) -> list[tuple[bytes, bytes]]:
        """The headers that an answer lacks; a header that a route set itself stays as it is."""
        names = {name for name, _ in present}
        wanted = self._api_headers if is_api else self._page_headers
        return [header for header in wanted if header[0] not in names]

    def _wrong_host(self, host: bytes) -> GoldsmithError | None:
        name = host_name(host.decode("latin-1"))
        if name in self._hosts:
            return None
        return InputError(
            f"This server does not answer for the host {name[:100]!r}.",
            hint=f"Its operator can add it to {variable_of('allowed_hosts')}.",
        )

    def _foreign_origin(self, host: bytes, found: dict[bytes, bytes]) -> GoldsmithError | None:
        """A page of another site can make a browser send our cookie, but neither these headers nor a bearer token.

        What has neither a browser's headers nor a cookie comes from a program, which no page can steer.
        """
        if b"authorization" in found:
            return None
        site, origin = found.get(b"sec-fetch-site"), found.get(b"origin")
        if site is not None:
            is_own = site in _OWN_SITES
        elif origin is not None:
            is_own = origin.lower() == self._own_origin(host)
        else:
            is_own = b"cookie" not in found
        return None if is_own else Forbidden("This request came from another site.")

    def _own_origin(self, host: bytes) -> bytes:
        if self._public_origin and host_name(host.decode("latin-1")) == self._public_host:
            return self._public_origin
        return b"http://" + host.lower()


def _wrong_type(found: dict[bytes, bytes], *, takes_forms: bool) -> GoldsmithError | None:
    has_body = found.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in found
    kind = found.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if not has_body or kind in BODY_TYPES or (takes_forms and kind == _FORM):
        return None
    known = ", ".join(sorted(one.decode() for one in BODY_TYPES))
    return InputError(f"A body of this content type is not taken; send one of {known}.")
