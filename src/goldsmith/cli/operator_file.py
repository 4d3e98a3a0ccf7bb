"""The file that a server leaves in its home for commands beside it."""

import os
import tempfile
from pathlib import Path

import msgspec

from goldsmith.errors import StorageError

FILE = "operator.json"


class OperatorFile(msgspec.Struct, frozen=True, kw_only=True):
    """The server's address, and a session for each vault. Worth nothing once the server has ended."""

    url: str
    tokens: dict[str, str]


def read_operator_file(home: Path) -> OperatorFile | None:
    """What the server of a home left; None when there is nothing to read."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=OperatorFile)
    except (OSError, msgspec.DecodeError):
        return None


def write_operator_file(home: Path, content: OperatorFile) -> None:
    """Write it whole, for the home's owner alone.

    Raises:
        StorageError: the disk refused.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=home)  # mode 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(content))
        Path(name).replace(home / FILE)
    except OSError as error:
        raise StorageError(f"{home / FILE} cannot be written: {error.strerror}.") from error
