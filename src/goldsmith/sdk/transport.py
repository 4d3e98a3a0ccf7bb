"""The one place that talks HTTP: sends, decodes into typed answers, turns problems into errors, tries again."""

import ipaddress
import re
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TypeVar

import httpx
import msgspec

from goldsmith.errors import InputError, ServerError
from goldsmith.sdk.problems import error_of

T = TypeVar("T")

Sleep = Callable[[float], None]
Query = Mapping[str, str | int | None]
"""Parameters of an address; those that are None are left out."""

_TIMEOUT = httpx.Timeout(60, connect=10)
_LONG = httpx.Timeout(None, connect=10)
_WAITS_S = (0.2, 0.5, 1.0, 2.0)
"""How long to wait before each further attempt, when the connection failed."""


class Transport:
    """Sends requests to one server with one token."""

    def __init__(
        self, url: str, token: str, *, base: httpx.BaseTransport | None = None, sleep: Sleep = time.sleep
    ) -> None:
        """Prepare to talk to `url`.

        Args:
            url: the server's address.
            token: an API token.
            base: how bytes travel; the network by default.
            sleep: waits between attempts.
        """
        self.url = url.rstrip("/")
        self.sleep = sleep
        host = _checked(self.url).host
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {_checked_token(token)}", "Accept-Encoding": "identity"},
            timeout=_TIMEOUT,
            transport=base,
            trust_env=not _is_loopback(host),  # a proxy must not see a token for this machine
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, kind: type[T], query: Query | None = None) -> T:
        """What is at `path`, as a `kind`; tried again when the connection fails."""
        return self._decoded(self._sent("GET", path, query=query, is_repeatable=True), kind)

    def send(self, method: str, path: str, kind: type[T], *, body: object = None, is_repeatable: bool = False) -> T:
        """Send `body` as JSON and read the answer as a `kind`.

        Args:
            method: the HTTP method.
            path: where to.
            kind: the type of the answer.
            body: a struct or plain values; nothing is sent when it is None.
            is_repeatable: whether it may be sent again when the connection fails. The server makes one thing of what is
                sent twice: by the id inside, or by the `Idempotency-Key` that goes with it.

        Raises:
            GoldsmithError: what the server answers as a problem.
            ServerError: no server answers, or not as a Goldsmith server does.
        """
        content = None if body is None else msgspec.json.encode(body)
        return self._decoded(self._sent(method, path, content=content, is_repeatable=is_repeatable), kind)

    def upload(self, path: str, kind: type[T], *, parts: Iterable[bytes], content_type: str, query: Query) -> T:
        """Send a stream of bytes, however long it takes, and read the answer as a `kind`."""
        with self._reaching():
            response = self._http.post(
                path,
                params=_present(query),
                content=parts,
                headers={"Content-Type": content_type},
                timeout=_LONG,
            )
        _check(response, response.content)
        return self._decoded(response, kind)

    def media_type_at(self, path: str) -> str | None:
        """The type of the file at `path`, which is not fetched; None when there is none."""
        with self._reaching():
            response = self._http.head(path)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        _check(response, response.content)
        return str(response.headers.get("content-type", "")).partition(";")[0]

    @contextmanager
    def stream(self, path: str) -> Generator[Iterator[bytes]]:
        """The body at `path` in parts, as they arrive."""
        with self._reaching(), self._http.stream("GET", path, timeout=_LONG) as response:
            if not response.is_success:
                _check(response, response.read())
            yield response.iter_bytes()

    def _sent(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        content: bytes | None = None,
        is_repeatable: bool,
    ) -> httpx.Response:
        headers = {} if content is None else {"Content-Type": "application/json"}
        if is_repeatable and method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        waits = iter(_WAITS_S if is_repeatable else ())
        while True:
            try:
                response = self._http.request(
                    method, path, params=_present(query or {}), content=content, headers=headers
                )
            except httpx.TransportError as error:
                wait = next(waits, None)
                if wait is None:
                    raise self._unreachable(error) from error
                self.sleep(wait)
            else:
                _check(response, response.content)
                return response

    def _decoded(self, response: httpx.Response, kind: type[T]) -> T:
        if kind is type(None):
            return msgspec.convert(None, kind)
        try:
            return msgspec.json.decode(response.content, type=kind)
        except msgspec.DecodeError as error:
            raise ServerError(
                f"What {self.url} answered is not what this version reads: {error}. Check that the address is that of "
                "a Goldsmith server, and that both have the same version."
            ) from error

    @contextmanager
    def _reaching(self) -> Generator[None]:
        try:
            yield
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: httpx.TransportError) -> ServerError:
        reason = str(error) or type(error).__name__
        return ServerError(
            f"No answer from {self.url}: {reason}. Check the address, and that the server runs.",
            problem_code="unreachable",
            http_status=0,
        )


def _check(response: httpx.Response, body: bytes) -> None:
    if not response.is_success:
        content_type = response.headers.get("content-type", "")
        raise error_of(status=response.status_code, content_type=content_type, body=body)


def _present(query: Query) -> dict[str, str | int]:
    return {name: value for name, value in query.items() if value is not None}


def _checked(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InputError(f"{url!r} is not an address: {error}.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise InputError(f"{url!r} is not the address of a server.", hint="Write one such as http://127.0.0.1:8321.")
    return parsed


def _checked_token(token: str) -> str:
    """The token as it came; never said back, for it may be a secret with one wrong letter."""
    if not token:
        raise InputError("The token is empty.", hint="Make one with `goldsmith token create`.")
    if not re.fullmatch(r"[!-~]+", token):
        raise InputError("This is not a token: it holds letters or spaces that no token has.")
    return token


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
