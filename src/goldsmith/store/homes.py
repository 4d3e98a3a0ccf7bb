"""A home: the folder of one installation. It is owned by one process at a time, and its lock says by whom."""

import fcntl
import os
import re
import secrets
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import msgspec

from goldsmith.errors import HomeInUse, InputError, NotFound, StorageError
from goldsmith.kit.clock import Clock, SystemClock
from goldsmith.store.databases import Database, PostgresqlDatabase, SqliteDatabase
from goldsmith.store.engines import create_postgresql_database
from goldsmith.store.migrate import DIRECTORY, VAULT, Plane
from goldsmith.trust.keys import SigningKey

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_INSTALLATION = re.compile(r"[0-9a-z]{1,32}")
_FORMAT = 1
_RESTORE = "Restore it from a backup of the home."


class HomeFile(msgspec.Struct, frozen=True, kw_only=True):
    """What `home.json` says: the format of the folder and the name of the installation."""

    format: int
    installation: str


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Who owns a home just now: the process, and the address it serves at, if it serves."""

    pid: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The work plane: people, engagements, sign-in, and their own log."""

    database: Database
    key: SigningKey
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """Everything of one client: its database, its key, its folder, its log."""

    slug: str
    folder: Path
    database: Database
    key: SigningKey
    origin: str

    @property
    def releases(self) -> Path:
        """The folder of this vault's releases."""
        return self.folder / "releases"

    @property
    def corpora(self) -> Path:
        """The folder of this vault's refined documents and their reports."""
        return self.folder / "corpora"


class Home:
    """An opened home. Close it, or use it in a `with` statement, so that others can open it."""

    def __init__(self, path: Path, *, clock: Clock | None = None, database_url: str | None = None) -> None:
        """Open the home in `path`, making it when it does not exist.

        Raises:
            HomeInUse: another process owns it; the message says which one.
            StorageError: the folder cannot be written or was made by a newer version.
        """
        self.path = path
        self.clock = clock or SystemClock()
        self._database_url = database_url
        self._vaults: dict[str, Vault] = {}
        self._opening = threading.Lock()
        self._is_closed = False
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _take_lock(path)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            self.installation = _read_home_file(path).installation
            self.directory = Directory(
                key=_key(path / "keys" / "directory.key"),
                database=self._open(path / "directory.db", DIRECTORY, "directory"),
                origin=f"goldsmith/{self.installation}/directory",
            )
        except OSError as error:
            _let_go(self._lock)
            raise _unusable(path, error) from error
        except BaseException:
            _let_go(self._lock)
            raise

    def __enter__(self) -> "Home":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def announce(self, url: str | None) -> None:
        """Write into the lock at which address this process serves."""
        _write_owner(self._lock, Owner(pid=os.getpid(), url=url))

    def vault_slugs(self) -> list[str]:
        """The vaults that this home has, sorted."""
        folder = self.path / "vaults"
        return sorted(part.name for part in folder.iterdir() if part.is_dir()) if folder.exists() else []

    def vault(self, slug: str) -> Vault:
        """The vault of a client, opened at first use.

        Raises:
            NotFound: there is no such vault.
        """
        with self._opening:
            if slug not in self._vaults:
                if slug not in self.vault_slugs():
                    raise NotFound(f"There is no vault {slug!r}.")
                try:
                    self._vaults[slug] = self._open_vault(slug)
                except OSError as error:
                    raise _unusable(self.path / "vaults" / slug, error) from error
            return self._vaults[slug]

    def create_vault(self, slug: str) -> Vault:
        """The vault of a client, made when it does not exist.

        Raises:
            InputError: the slug is not lower-case letters, digits and dashes.
        """
        if _SLUG.fullmatch(slug) is None:
            raise InputError(f"{slug!r} cannot name a vault: use 1 to 40 lower-case letters, digits and dashes.")
        try:
            (self.path / "vaults" / slug).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unusable(self.path, error) from error
        return self.vault(slug)

    def close(self) -> None:
        """Finish what waits and let go of the home; doing it again does nothing."""
        with self._opening:
            if self._is_closed:
                return
            self._is_closed = True
        for vault in self._vaults.values():
            vault.database.close()
        self.directory.database.close()
        _let_go(self._lock)

    def _open_vault(self, slug: str) -> Vault:
        folder = self.path / "vaults" / slug
        shutil.rmtree(folder / "scratch", ignore_errors=True)  # what a killed process was at
        return Vault(
            slug=slug,
            folder=folder,
            key=_key(folder / "keys" / "vault.key"),
            database=self._open(folder / "vault.db", VAULT, "vault_" + slug.replace("-", "_")),
            origin=f"goldsmith/{self.installation}/{slug}",
        )

    def _open(self, path: Path, plane: Plane, name: str) -> Database:
        if self._database_url is None:
            return SqliteDatabase(path, plane, self.clock)
        database = f"goldsmith_{self.installation}_{name}"
        return PostgresqlDatabase(create_postgresql_database(self._database_url, database), plane, self.clock)


def owner_of(path: Path) -> Owner | None:
    """Who owns the home in `path` just now; None when nobody does."""
    try:
        descriptor = os.open(path / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_owner(descriptor)
    finally:
        os.close(descriptor)
    return None


def _take_lock(path: Path) -> int:
    descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = _read_owner(descriptor)
        os.close(descriptor)
        where = f" and serves at {owner.url}" if owner.url else ""
        raise HomeInUse(
            f"The home {path} is in use by process {owner.pid}{where}.",
            hint="Stop that process, or name another home with --home.",
        ) from None
    _write_owner(descriptor, Owner(pid=os.getpid()))
    return descriptor


def _let_go(descriptor: int) -> None:
    with suppress(OSError):
        os.truncate(descriptor, 0)
    os.close(descriptor)


def _unusable(path: Path, error: OSError) -> StorageError:
    hint = "Make room there and give it the rights it needs, or name another home with --home."
    return StorageError(f"{path} cannot be used as a home: {error.strerror}.", hint=hint)


def _write_owner(descriptor: int, owner: Owner) -> None:
    content = msgspec.json.encode(owner)
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, content, 0)


def _read_owner(descriptor: int) -> Owner:
    try:
        return msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Owner)
    except msgspec.DecodeError:
        return Owner(pid=0)


def _read_home_file(path: Path) -> HomeFile:
    file = path / "home.json"
    if not file.exists():
        if (path / "keys").exists():  # a new name would break the chain of every log in here
            raise StorageError(f"{file} is missing from a home in use.", hint=_RESTORE)
        _write_durably(file, msgspec.json.encode(HomeFile(format=_FORMAT, installation=secrets.token_hex(4))) + b"\n")
    try:
        found = msgspec.json.decode(file.read_bytes(), type=HomeFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StorageError(f"{file} is damaged: {error}.", hint=_RESTORE) from error
    if found.format != _FORMAT:
        raise StorageError(f"{path} has format {found.format}; this Goldsmith reads format {_FORMAT}. Upgrade it.")
    if _INSTALLATION.fullmatch(found.installation) is None:
        raise StorageError(f"{file} is damaged: {found.installation[:40]!r} names no installation.", hint=_RESTORE)
    return found


def _write_durably(file: Path, content: bytes) -> None:
    partial = file.with_suffix(".partial")
    with partial.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(file)


def _key(path: Path) -> SigningKey:
    """A plane's key, made once; a key that has gone missing later is an error, never silently replaced."""
    marker = path.with_suffix(".made")
    if not marker.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            SigningKey.generate().save(path)
        marker.touch()
    return SigningKey.load(path)
