"""`audit.json` beside a run."""

import os
from pathlib import Path

import msgspec

from goldsmith.errors import Conflict, NotFound
from goldsmith.kit.digest import sha256_hex
from goldsmith.refine.auditing.model import FORMAT, Audit
from goldsmith.refine.outputs import AUDIT_JSON, REPORT_JSON, storage_errors


def read_audit(out: Path) -> Audit:
    """The audit of the run in the folder `out`.

    Raises:
        Conflict: a version of Goldsmith wrote it that this one does not know.
        NotFound: it was not audited.
    """
    path = out / AUDIT_JSON
    if not path.is_file():
        raise NotFound(f"{out} was not audited yet.", hint=f"Draw documents with: goldsmith refine audit {out}")
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Audit)
    except msgspec.DecodeError as error:
        raise Conflict(
            f"{path} is no audit that this version reads: {error}.", hint="Draw anew with --again."
        ) from error
    if found.format != FORMAT:
        raise Conflict(f"{path} has the format {found.format}, and this version reads {FORMAT}.")
    return found


def write_audit(out: Path, audit: Audit) -> None:
    """Write `audit.json`, as a whole or not at all.

    Raises:
        StorageError: the disk is full or refuses.
    """
    replace_file(
        out / AUDIT_JSON, msgspec.json.format(msgspec.json.encode(audit, order="deterministic"), indent=1) + b"\n"
    )


def replace_file(path: Path, content: bytes) -> None:
    """Write a file, as a whole or not at all.

    Raises:
        StorageError: the disk is full or refuses.
    """
    partial = path.with_name(f".{path.name}.partial")
    with storage_errors(path):
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)


def is_of_this_run(audit: Audit, out: Path) -> bool:
    """Whether the documents were drawn from the run as it lies in the folder now."""
    return audit.report_sha256 == sha256_hex((out / REPORT_JSON).read_bytes())
