"""Writes a file that appears as a whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from goldsmith.errors import StorageError


def written_whole(path: Path, parts: Iterable[bytes]) -> int:
    """Write `parts` to `path`, replacing what is there; how many bytes.

    Raises:
        StorageError: the disk refused; what was there before is there still.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error
    n_bytes = 0
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for part in parts:
                n_bytes += file.write(part)
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return n_bytes
