"""Lists and fetches the objects of S3, Google Cloud Storage, Azure and web servers, with `obstore`.

Credentials and endpoints come from the environment alone (`AWS_*`, `GOOGLE_*`, `AZURE_*`); nothing of them, and no
answer of a store beyond its error code, gets into a message.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from goldsmith.errors import InputError

# Any: obstore is an optional library, so its types are not always there.

SCHEMES = ("s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss", "http", "https")
"""What the address of an object store can begin with."""

_WEB = ("http", "https")
_AZURE = ("az", "adl", "azure", "abfs", "abfss")
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT", "GOOGLE_BASE_URL")
_CHUNK = 4 << 20
_RETRIES = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
_PATIENCE = {"connect_timeout": "10s"}

_URL = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_STATUS = re.compile(r"status code: (\d{3}(?: [A-Z][A-Za-z ]{0,40})?)")
_OF_ONE_OBJECT = frozenset({"AccessDenied", "InvalidObjectState", "NoSuchKey"})
_WORDS = {
    "AccessDenied": "the credentials do not allow it",
    "InvalidAccessKeyId": "the store does not know this access key",
    "InvalidObjectState": "it is archived and has to be restored first",
    "NoSuchBucket": "there is no such bucket",
    "NoSuchKey": "there is no such object",
    "SignatureDoesNotMatch": "the secret key does not fit the access key",
}
_METADATA = ("169.254.169.254", "metadata.google.internal")


class Address(NamedTuple):
    """Where objects lie: the store, such as `s3://bucket`, and the key or the beginning of keys in it."""

    store: str
    key: str

    def __str__(self) -> str:
        return f"{self.store}/{self.key}"


class Unfetched(Exception):
    """One object cannot be fetched; the message says why."""


def scheme_of(path: str) -> str | None:
    """What a path begins with before `://`, in lower case; None for a path on this machine."""
    found = _URL.match(path)
    return found[1].lower() if found else None


def local_path(url: str) -> Path:
    """The path that a `file://` address names.

    Raises:
        InputError: it names another machine.
    """
    host, slash, path = url[len("file://") :].partition("/")
    if host not in ("", "localhost") or not slash:
        raise InputError(f"{url} names no file of this machine.", hint="Write file:///folder/file, or the path alone.")
    return Path("/" + unquote(path))


def address_of(url: str) -> Address:
    """The address in a URL.

    Raises:
        InputError: there is no such kind of store, no bucket, or the URL carries credentials.
    """
    scheme = scheme_of(url) or ""
    if scheme not in SCHEMES:
        known = ", ".join(f"{each}://" for each in ("s3", "gs", "az", "http", "https", "file"))
        raise InputError(f"{scheme}:// is no kind of store; there are {known}.")
    host, _, key = url[len(scheme) + 3 :].partition("/")
    has_user = "@" in host and (scheme in _WEB or ":" in host.partition("@")[0])
    if has_user or (scheme in _WEB and "?" in key):
        raise InputError(
            "an address in `paths` carries credentials, which would be written beside the result.",
            hint="Take them from the environment, such as AWS_ACCESS_KEY_ID.",
        )
    if scheme in _AZURE and "@" not in host:
        container, _, key = key.partition("/")
        host = f"{host}/{container}"
    if not host.strip("/") or host.endswith("/"):
        raise InputError(f"{url} names no bucket.")
    return Address(f"{scheme}://{host}", key.lstrip("/"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An object of a store: its key and its size in bytes."""

    key: str
    size: int


class Store:
    """One bucket, container or web server."""

    __slots__ = ("_library", "_store", "name")

    def __init__(self, name: str) -> None:
        """Open the store; nothing is sent yet.

        Args:
            name: such as `s3://bucket`.

        Raises:
            InputError: the library is not installed, or the environment has settings that it does not understand.
        """
        try:
            self._library: Any = import_module("obstore")
        except ImportError as error:
            hint = "Install it: pip install 'goldsmith[stores]'."
            raise InputError(f"{name} needs the library obstore, which is not installed.", hint=hint) from error
        self.name = name
        is_plain = name.startswith("http://") or any(_is_plain(os.environ.get(each)) for each in _ENDPOINTS)
        options = {**_PATIENCE, "allow_http": True} if is_plain else _PATIENCE
        try:
            self._store: Any = self._library.store.from_url(
                f"{name}/", client_options=options, retry_config=dict(_RETRIES)
            )
        except self._faults() as error:
            raise self._trouble(error) from None

    @property
    def lists(self) -> bool:
        """Whether it says what it holds; a web server does not."""
        return scheme_of(self.name) not in _WEB

    def entries(self, prefix: str) -> Iterator[Entry]:
        """The objects whose keys lie under `prefix`, in no order.

        Raises:
            InputError: the store cannot be listed.
        """
        try:
            for chunk in self._library.list(self._store, prefix=prefix.rstrip("/") or None):
                for meta in chunk:
                    yield Entry(meta["path"], int(meta["size"]))
        except self._faults() as error:
            raise self._trouble(error) from None

    def entry(self, key: str) -> Entry | None:
        """The object with this key, if there is one.

        Raises:
            InputError: the store does not answer, or refuses.
        """
        try:
            return Entry(key, int(self._library.head(self._store, key)["size"]))
        except FileNotFoundError:
            return None
        except self._faults() as error:
            raise self._trouble(error) from None

    def head(self, entry: Entry, n_bytes: int) -> bytes:
        """The first bytes of an object; none of one that cannot be read."""
        try:
            return bytes(self._library.get_range(self._store, entry.key, start=0, length=min(n_bytes, entry.size)))
        except self._faults():
            return b""

    def fetch(self, entry: Entry, path: Path) -> None:
        """Write an object to `path`, with a few MiB of it in memory.

        Raises:
            Unfetched: this object is gone, or may not be read.
            InputError: the store does not answer, or refuses altogether.
        """
        try:
            answer = self._library.get(self._store, entry.key)
            with path.open("wb") as file:
                for chunk in answer.stream(min_chunk_size=_CHUNK):
                    file.write(chunk)
        except FileNotFoundError:
            raise Unfetched(_WORDS["NoSuchKey"]) from None
        except self._faults() as error:
            code = _CODE.search(str(error))
            if code and code[1] in _OF_ONE_OBJECT:
                raise Unfetched(_WORDS[code[1]]) from None
            raise self._trouble(error) from None

    def _faults(self) -> tuple[type[Exception], ...]:
        return (self._library.exceptions.BaseError, OSError, ValueError)

    def _trouble(self, error: Exception) -> InputError:
        said = str(error)
        code, status = _CODE.search(said), _STATUS.search(said)
        if any(host in said for host in _METADATA):
            hint = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for a public bucket."
            return InputError(f"{self.name} cannot be read: there are no credentials in the environment.", hint=hint)
        if code:
            why = _WORDS.get(code[1], f"the store says {code[1]}")
        elif status:
            why = f"the store answers {status[1].strip()}"
        elif "error sending request" in said or "timed out" in said or "dns error" in said:
            why = "nothing answers there"
        else:
            why = f"the store refuses ({type(error).__name__})"
        return InputError(f"{self.name} cannot be read: {why}.", hint="Check the address and the environment.")


def _is_plain(endpoint: str | None) -> bool:
    return endpoint is not None and endpoint.lower().startswith("http://")
