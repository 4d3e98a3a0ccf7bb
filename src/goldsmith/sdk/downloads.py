"""Fetches a release into a folder that appears as a whole or not at all."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from goldsmith.errors import Conflict, StorageError, VerificationError
from goldsmith.sdk.transport import Transport
from goldsmith.trust.layouts import FileEntry


def download(transport: Transport, path: str, files: Iterable[FileEntry], folder: Path) -> None:
    """Fetch `files` from below `path` into the new folder `folder`.

    Raises:
        Conflict: something is there already.
        StorageError: the disk refused; nothing is left.
        VerificationError: a file arrived otherwise than it is listed; nothing is left.
    """
    if folder.exists():
        raise Conflict(f"{folder} is there already.", hint="Name a folder that is not there yet.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror}.") from error
    try:
        for entry in files:  # their names were checked when they were decoded: none leads out of the folder
            _fetch(transport, f"{path}/{quote(entry.name)}", entry, partial / entry.name)
        partial.chmod(0o755)
        partial.rename(folder)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}. Nothing of it was kept.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def download_file(transport: Transport, address: str, sha256: str, target: Path) -> None:
    """Fetch the file at `address` into the new file `target`, and check that its digest is `sha256`.

    Raises:
        Conflict: something is there already.
        StorageError: the disk refused; nothing is left.
        VerificationError: it arrived otherwise than it was stored; nothing is left.
    """
    if target.exists():
        raise Conflict(f"{target} is there already.", hint="Name a file that is not there yet.")
    digest = hashlib.sha256()
    partial = target.with_name(f".{target.name}.partial")
    try:
        with transport.stream(address) as parts, partial.open("wb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        if digest.hexdigest() != sha256:
            raise VerificationError(f"{target.name} arrived otherwise than it was stored.", hint="Download it again.")
        partial.rename(target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _fetch(transport: Transport, address: str, entry: FileEntry, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with transport.stream(address) as parts, target.open("xb") as file:
        for part in parts:
            digest.update(part)
            file.write(part)
    if digest.hexdigest() != entry.sha256:
        raise VerificationError(
            f"{entry.name} arrived otherwise than the release lists it.", hint="Download the release again."
        )
