"""Writes a release: a folder that appears whole and signed, or not at all."""

import contextlib
import fcntl
import os
import platform
import re
import secrets
import shutil
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from goldsmith.errors import Conflict, InputError, RowError, StorageError
from goldsmith.kit.digest import canonical_json, file_sha256, sha256_hex
from goldsmith.releases.certificates import Contents, Tally, make_certificate
from goldsmith.releases.columns import AnnotationColumns, ItemColumns
from goldsmith.releases.documents import certificate_text, public_key_text, readme_text
from goldsmith.releases.model import (
    AnnotationRow,
    Certificate,
    ReleaseFacts,
    ReleaseRow,
    WrittenRelease,
    stated,
)
from goldsmith.releases.sheets import Leaves, SheetWriter, check_plain
from goldsmith.trust import dsse, layouts
from goldsmith.trust.keys import SigningKey
from goldsmith.trust.layouts import ContentRow, FileEntry, Manifest, SheetEntry, content_leaf

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PARTIAL = ".partial"


class _WrittenItems(NamedTuple):
    sheet: SheetEntry
    content_root: str
    tally: Tally


def write_release(
    parent: Path,
    version: str,
    facts: ReleaseFacts,
    *,
    rows: Iterable[ReleaseRow],
    annotations: Iterable[AnnotationRow],
    key: SigningKey,
) -> WrittenRelease:
    """Write, sign and publish the release `parent/version`; memory does not grow with the number of rows.

    Everything is written into a hidden folder beside it, made durable, and renamed: whoever looks sees a whole
    release or none. What an earlier interrupted attempt left is removed.

    Args:
        parent: the folder of the project's releases; made if it is missing.
        version: the name of the folder, such as `v1`.
        facts: everything the rows do not say.
        rows: items sorted by `external_id` in code point order, each once.
        annotations: the history behind them, in any order.
        key: the vault's key, which also signed the checkpoint in `facts`.

    Raises:
        InputError: the version cannot name a folder, or the checkpoint is not signed by `key`.
        RowError: a row is out of order, doubled or cannot be written; names it.
        Conflict: a release of this version is there already.
        StorageError: the disk refused, such as a full one; nothing is left behind.
    """
    if _VERSION.fullmatch(version) is None:
        raise InputError(f"{version!r} cannot name a release: up to 64 letters, digits, dots, dashes, such as v1.")
    target = parent / version
    if target.exists():
        raise Conflict(f"the release {target} exists already.", hint="A release never changes; make the next version.")
    try:
        with _partial_folder(parent, version) as folder:
            written = _write_into(folder, version, facts, rows=rows, annotations=annotations, key=key)
            _make_durable(folder)
            _publish(folder, target)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"the release could not be written to {parent}: {reason}."
        raise StorageError(message, hint="Nothing was kept of it. Make room and try again.") from error
    return msgspec.structs.replace(written, path=str(target))


def _write_into(
    folder: Path,
    version: str,
    facts: ReleaseFacts,
    *,
    rows: Iterable[ReleaseRow],
    annotations: Iterable[AnnotationRow],
    key: SigningKey,
) -> WrittenRelease:
    (folder / "rows").mkdir()
    items = _write_items(folder, facts, rows)
    history = _write_annotations(folder, annotations)
    contents = Contents(
        content_root=items.content_root,
        n_items=items.tally.n_items,
        n_answered=items.tally.n_answered,
        n_annotations=history.n_rows,
        who=items.tally.who(),
    )
    certificate = make_certificate(version, facts, contents, key.verifying)
    _write_documents(folder, facts, certificate, key)
    entries = [_entry(folder, path) for path in _files(folder)]
    manifest = canonical_json(_manifest(facts, certificate, (items.sheet, history), entries)) + b"\n"
    (folder / layouts.MANIFEST).write_bytes(manifest)
    statement = _statement(certificate, sha256_hex(manifest))
    (folder / layouts.ENVELOPE).write_bytes(dsse.sign_statement(statement, key) + b"\n")
    entries += [_entry(folder, folder / name) for name in layouts.UNLISTED]
    return WrittenRelease(
        path=str(folder),
        content_root=items.content_root,
        certificate=certificate,
        files=tuple(sorted(entries, key=lambda entry: entry.name)),
    )


def _write_items(folder: Path, facts: ReleaseFacts, rows: Iterable[ReleaseRow]) -> _WrittenItems:
    columns = ItemColumns(_names(facts.schema, "fields"), _names(facts.schema, "questions"))
    tally, contents, last = Tally(), Leaves(), None
    with SheetWriter(folder, layouts.ITEMS, columns) as sheet:
        for given in rows:
            _check_order(last, given.external_id)
            row = stated(given)
            check_plain(row.external_id, [row.payload, *(one.value for one in row.consensus)])
            check_plain(row.external_id, [one.answers for one in row.answers])
            plain: dict[str, Any] = msgspec.to_builtins(row)  # values of every type a client's item can hold
            sheet.add(plain)
            contents.add(content_leaf(ContentRow(**plain)))
            tally.add(row)
            last = row.external_id
    return _WrittenItems(sheet.entry(), contents.root(), tally)


def _write_annotations(folder: Path, annotations: Iterable[AnnotationRow]) -> SheetEntry:
    with SheetWriter(folder, layouts.ANNOTATIONS, AnnotationColumns()) as sheet:
        for annotation in annotations:
            check_plain(annotation.external_id, [annotation.answers])
            sheet.add(msgspec.to_builtins(annotation))
    return sheet.entry()


def _check_order(last: str | None, external_id: str) -> None:
    if last is None or external_id > last:
        return
    if external_id == last:
        raise RowError(f"item {external_id!r} stands in the release twice; each external id may stand there once.")
    raise RowError(f"item {external_id!r} comes after {last!r}; the rows have to be sorted by external id.")


def _write_documents(folder: Path, facts: ReleaseFacts, certificate: Certificate, key: SigningKey) -> None:
    documents = {
        "schema.json": _readable(facts.schema),
        "policy.json": _readable(facts.policy),
        "guideline.md": facts.guideline.encode(),
        layouts.CERTIFICATE: _readable(msgspec.to_builtins(certificate)),
        "certificate.md": certificate_text(certificate).encode(),
        "README.md": readme_text(certificate, key.verifying).encode(),
        layouts.PUBLIC_KEY: public_key_text(key.verifying).encode(),
    }
    if facts.recipe is not None:
        documents["recipe.lock.json"] = _readable(facts.recipe)
    for name, content in documents.items():
        (folder / name).write_bytes(content)


def _manifest(
    facts: ReleaseFacts, certificate: Certificate, sheets: tuple[SheetEntry, ...], files: Iterable[FileEntry]
) -> Manifest:
    tools = {
        "goldsmith": facts.goldsmith_version,
        "msgspec": msgspec.__version__,
        "pyarrow": str(pa.__version__),
        "python": platform.python_version(),
    }
    return Manifest(
        format=layouts.FORMAT,
        version=certificate.version,
        project=facts.project,
        client=facts.client,
        created_at=facts.created_at,
        key_id=certificate.signed_by,
        content_root=certificate.content_root,
        n_answered=certificate.n_answered,
        sheets=sheets,
        certificate=msgspec.to_builtins(certificate),
        files=tuple(files),
        tools=tools,
        checkpoint=facts.checkpoint,
    )


def _statement(certificate: Certificate, manifest_sha256: str) -> dict[str, Any]:
    """The in-toto statement: about the manifest and the content root, with the certificate's chief claims."""
    return {
        "_type": dsse.STATEMENT_TYPE,
        "subject": [
            {"name": layouts.MANIFEST, "digest": {"sha256": manifest_sha256}},
            {"name": "content", "digest": {"goldsmithContentRoot": certificate.content_root}},
        ],
        "predicateType": layouts.PREDICATE_TYPE,
        "predicate": {
            "accuracy": certificate.accuracy.text,
            "client": certificate.client,
            "created_at": certificate.created_at,
            "log": msgspec.to_builtins(certificate.log),
            "n_answered": certificate.n_answered,
            "n_items": certificate.n_items,
            "project": certificate.project,
            "version": certificate.version,
        },
    }


def _publish(folder: Path, target: Path) -> None:
    """Make the folder visible under its name, and that durable; otherwise it goes with the rest."""
    try:
        folder.rename(target)
    except OSError as error:
        if target.exists():
            raise Conflict(f"the release {target} was written by somebody else in the meantime.") from error
        raise
    try:
        _sync(target.parent)
    except OSError:
        target.rename(folder)
        raise


@contextlib.contextmanager
def _partial_folder(parent: Path, version: str) -> Generator[Path]:
    """A hidden folder that is gone afterwards unless it was renamed; held by a lock, so that leftovers are known."""
    parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(parent, version)
    folder = parent / f".{version}.{secrets.token_hex(4)}{_PARTIAL}"
    folder.mkdir()
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(held)
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers(parent: Path, version: str) -> None:
    """Remove what a killed process left; a folder that another process is writing is locked and stays."""
    for folder in parent.glob(f".{version}.*{_PARTIAL}"):
        found = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(found)


def _make_durable(folder: Path) -> None:
    for path in [*_files(folder), folder / "rows", folder]:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _entry(folder: Path, path: Path) -> FileEntry:
    name = path.relative_to(folder).as_posix()
    return FileEntry(name=name, sha256=file_sha256(path), size_bytes=path.stat().st_size)


def _names(schema: dict[str, Any], part: str) -> list[str]:
    """The names of a schema's fields or questions."""
    return [str(entry["name"]) for entry in schema.get(part, [])]


def _readable(value: object) -> bytes:
    return msgspec.json.format(canonical_json(value), indent=2) + b"\n"
