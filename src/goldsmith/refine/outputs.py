"""The folder that a run leaves: it appears whole or not at all, and is read back in batches."""

import errno
import fcntl
import os
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from goldsmith.errors import ComputeError, Conflict, NotFound, StorageError
from goldsmith.refine.reports import RefineReport

KEPT, DROPPED, FAILED = "kept", "dropped", "failed"
JOURNAL = "journal"
"""The folder with what became of each batch: what a killed run leaves, and what makes the next run short."""

REPORT_JSON, REPORT_HTML, LOCK_JSON, RECIPE = "report.json", "report.html", "recipe.lock.json", "recipe.yaml"
AUDIT_JSON = "audit.json"
"""What people said of a sample of the documents. A run that replaces another one keeps it: answers are dear."""

MARKS = (REPORT_JSON, LOCK_JSON)
"""Files that say that a folder was written by a run, so that the next run may replace it."""

_GOES_ON = "What was done so far is kept, and the same command goes on from there."
_NOTHING = "{} holds no refined documents; run `goldsmith refine` first."
_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def staged(out: Path) -> Generator[Path]:
    """A new folder that becomes `out` when the block ends well, and vanishes when it does not.

    It lies beside `out`. What a killed run left there is removed by the next one, but for its journal. The journal also
    stays when the run could not go on for reasons that may pass: it was interrupted, the disk was full, a process died.

    Raises:
        Conflict: `out` holds something else than a run's files, or another run is writing it.
        StorageError: the disk is full or refuses.
    """
    with storage_errors(out):
        _restore(out)
        _check_replaceable(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = _beside(out, "partial")
        partial.mkdir(exist_ok=True)
        with _held(partial, out):
            _empty(partial)
            try:
                yield partial
                if (out / AUDIT_JSON).is_file():
                    shutil.copy2(out / AUDIT_JSON, partial / AUDIT_JSON)
                _sync(partial)
                _replace(out, partial)
            except (KeyboardInterrupt, OSError, ComputeError):
                _empty(partial)
                with suppress(OSError):
                    partial.rmdir()  # without a journal nothing is worth keeping
                raise
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise


@contextmanager
def storage_errors(out: Path) -> Generator[None]:
    """Turns what the disk refuses into one error that says that nothing was half-written.

    Raises:
        StorageError: the disk is full or refuses.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageError(
                f"the disk is full: {out} was not written.", hint=f"Make room there. {_GOES_ON}"
            ) from error
        problem = error.strerror or str(error)
        raise StorageError(f"{out} was not written: {problem} ({error.filename or out}).") from error


def parts_of(out: Path, kind: str) -> Sequence[Path]:
    """The Parquet files of `kept`, `dropped` or `failed` documents, in order.

    Raises:
        NotFound: `out` is not the folder of a finished run.
    """
    if not (out / REPORT_JSON).is_file():
        raise NotFound(_NOTHING.format(out))
    return sorted((out / kind).glob("part-*.parquet"))


def read_report(out: Path) -> RefineReport:
    """What the run that made the folder `out` did.

    Raises:
        Conflict: another version wrote its report.
        NotFound: `out` is not the folder of a finished run.
    """
    path = out / REPORT_JSON
    if not path.is_file():
        raise NotFound(_NOTHING.format(out))
    try:
        return msgspec.json.decode(path.read_bytes(), type=RefineReport)
    except msgspec.DecodeError as error:
        raise Conflict(
            f"{path} was written by another version of Goldsmith.", hint="Run the recipe again with `goldsmith refine`."
        ) from error


def _beside(out: Path, suffix: str) -> Path:
    return out.parent / f".{out.name}.{suffix}"


def _restore(out: Path) -> None:
    """Undo what a kill left between the two renames of `_replace`."""
    old = _beside(out, "old")
    if old.exists():
        if out.exists():
            shutil.rmtree(old)
        else:
            old.rename(out)


def _check_replaceable(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise Conflict(f"{out} is a file; choose another folder.")
    if any(out.iterdir()) and not all((out / mark).is_file() for mark in MARKS):
        raise Conflict(f"{out} holds files of yours; choose an empty or a new folder.")


@contextmanager
def _held(partial: Path, out: Path) -> Generator[None]:
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(f"another run is writing {out}; wait for it or choose another folder.") from error
        yield
    finally:
        os.close(descriptor)


def _empty(folder: Path) -> None:
    """Remove all but the journal."""
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != JOURNAL:
            shutil.rmtree(entry)
        elif not entry.is_dir():
            entry.unlink()


def _sync(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _replace(out: Path, partial: Path) -> None:
    old = _beside(out, "old")
    if out.exists():
        out.rename(old)
    partial.rename(out)
    shutil.rmtree(old, ignore_errors=True)
