"""The sealed files of one vault: whatever is stored under a label is found again under it, whole or not at all.

A file's name on the disk is a keyed digest of its label. Who sees the folder, or a copy of it, cannot tell whether a
file that they know is in it, nor whether two vaults hold the same one.
"""

import hashlib
import hmac
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from goldsmith.errors import NotFound, StorageError
from goldsmith.trust.keys import SigningKey, derive_secret
from goldsmith.trust.sealing import Opened, SealedReader, Sealer, unwrap

_PART_BYTES = 1 << 18


class Sealed(NamedTuple):
    """A sealed file that a limited process may read: where it lies and the one key that opens it and nothing else."""

    path: Path
    opened: Opened


class Incoming:
    """A file that is being received: sealed while it comes in, and gone again unless it is kept."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(prefix="blob-", dir=folder)
        self._file: IO[bytes] = os.fdopen(descriptor, "w+b")
        self.path = Path(name)
        self._sealer = Sealer(self._file)

    @property
    def size_bytes(self) -> int:
        """How much was received."""
        return self._sealer.size_bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of what was received."""
        return self._sealer.sha256

    @property
    def sealed(self) -> Sealed:
        """The way to read it before it is kept; call `end` first."""
        return Sealed(self.path, self._sealer.opened)

    def write(self, part: bytes) -> None:
        """Receive a part."""
        self._sealer.write(part)

    def end(self) -> None:
        """Nothing more comes."""
        self._sealer.flush()

    def read_head(self, n_bytes: int) -> bytes:
        """The first bytes of what was received; call `end` before."""
        with SealedReader(self.path.open("rb"), self._sealer.opened) as reader:
            return reader.read(n_bytes)

    def seal(self, wrapping_key: bytes, label: str) -> None:
        """Make it durable under a label."""
        self._sealer.finish(wrapping_key, label)

    def close(self) -> None:
        """Let go of the file; what was not moved elsewhere is gone."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class Blobs:
    """The sealed files of a vault in one of its folders."""

    def __init__(self, folder: Path, scratch: Path, key: SigningKey) -> None:
        """Know a folder of sealed files.

        Args:
            folder: where they lie; made at the first one.
            scratch: where files lie that are being received, on the same disk; emptied when the vault is opened.
            key: the vault's key, from which the keys of all files and the names of all files follow.
        """
        secret = key.secret()
        self._folder = folder
        self._scratch = scratch
        self._wrapping_key = derive_secret(secret, "blob-keys", "1")
        self._naming_key = derive_secret(secret, "blob-names", "1")

    @contextmanager
    def receiving(self) -> Generator[Incoming]:
        """A new file to write into; gone at the end of the block unless `keep` was called with it.

        Raises:
            StorageError: the disk refuses it.
        """
        try:
            incoming = Incoming(self._scratch)
        except OSError as error:
            raise _refused(error) from error
        try:
            yield incoming
        except OSError as error:
            raise _refused(error) from error
        finally:
            incoming.close()

    def keep(self, incoming: Incoming, label: str) -> None:
        """Store a received file under a label, durably; what is there already stays."""
        path = self._path(label)
        incoming.seal(self._wrapping_key, label)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.link(incoming.path, path)  # unlike a rename it leaves a file alone that somebody may be reading
        for folder in (path.parent, self._folder):
            _sync(folder)

    def has(self, label: str) -> bool:
        """Whether something is stored under a label."""
        return self._path(label).exists()

    def find(self, label: str) -> Sealed:
        """The sealed file under a label, and its key.

        Raises:
            NotFound: there is none.
            BlobDamaged: it is not what was stored.
        """
        path = self._path(label)
        with _opened(path, label) as file:
            return Sealed(path, unwrap(file, self._wrapping_key, label))

    def open(self, label: str) -> SealedReader:
        """The content under a label, to be read from any place. Close it.

        Raises:
            NotFound: there is none.
            BlobDamaged: it is not what was stored.
        """
        file = _opened(self._path(label), label)
        try:
            return SealedReader(file, unwrap(file, self._wrapping_key, label), label)
        except BaseException:
            file.close()
            raise

    def digest(self, label: str) -> str:
        """SHA-256 of the content under a label, read anew.

        Raises:
            NotFound: there is none.
            BlobDamaged: it is not what was stored.
        """
        state = hashlib.sha256()
        with self.open(label) as reader:
            while part := reader.read(_PART_BYTES):
                state.update(part)
        return state.hexdigest()

    def forget(self, label: str) -> None:
        """Delete what is under a label, if there is something."""
        with suppress(FileNotFoundError):
            self._path(label).unlink()

    def _path(self, label: str) -> Path:
        name = hmac.new(self._naming_key, label.encode(), hashlib.sha256).hexdigest()
        return self._folder / name[:2] / name


def _opened(path: Path, label: str) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"There is no stored file {label}.", hint="Restore it from a backup of the home.") from None
    except OSError as error:
        raise StorageError(f"The stored file {label} cannot be read: {error.strerror}.") from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(error: OSError) -> StorageError:
    reason = error.strerror or str(error)
    return StorageError(f"The file could not be kept: {reason}.", hint="Make room and try again.")
