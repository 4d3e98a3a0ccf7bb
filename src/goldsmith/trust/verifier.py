"""Verifies a release folder offline: the signature, every file, every row, and names what was changed.

Light on purpose: no pyarrow. Only a Parquet file that was changed is decoded, by a child process, to name its rows.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from goldsmith.errors import InputError, KeyMissing, StorageError, VerificationError
from goldsmith.kit.digest import canonical_json, file_sha256, sha256_hex
from goldsmith.trust import dsse, layouts
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.layouts import Manifest, Sheet
from goldsmith.trust.logs import read_checkpoint
from goldsmith.trust.parquet_marks import changed_parquet_rows
from goldsmith.trust.reports import Fault, VerifyReport, VerifyStatus, worst
from goldsmith.trust.row_checks import check_contents
from goldsmith.trust.row_marks import (
    RowMark,
    changed_rows,
    lines_for_list,
    lines_of_list,
    marks_of_jsonl,
    marks_of_list,
)

_MAX_CONTROL_BYTES = 64 << 20

T = TypeVar("T", bound=msgspec.Struct)


class _Signed(NamedTuple):
    """The outcome of checking the signature."""

    faults: list[Fault]
    key: VerifyingKey | None
    manifest_sha256: str | None
    is_trusted: bool


def verify_release(folder: Path, key: VerifyingKey | None) -> VerifyReport:
    """Whether a release is exactly what was signed; else every fault by file, and by row where the file has rows.

    Args:
        folder: the release.
        key: the signer's key from a source you trust. Without it the key inside the release is used, which the
            report says, together with the fingerprint to compare.

    Raises:
        KeyMissing: no key was given and the release holds none.
        StorageError: the disk refused to read a file, so that nothing can be said.
    """
    try:
        return _verified(folder, key)
    except OSError as error:
        message = f"the release cannot be verified: {error.filename or folder} cannot be read: {error.strerror}."
        raise StorageError(message, hint="Copy the release to a disk that can be read and try again.") from error


def _verified(folder: Path, key: VerifyingKey | None) -> VerifyReport:
    if not any((folder / name).is_file() for name in layouts.UNLISTED):
        return VerifyReport(folder=str(folder), status=VerifyStatus.NOT_A_RELEASE)
    signed = _check_signature(folder, key)
    manifest, faults = _read_manifest(folder, signed)
    if manifest is not None:
        faults = [*faults, *_check_files(folder, manifest)]
        if not faults and signed.is_trusted and signed.key is not None:
            faults = _check_claims(folder, manifest, signed.key)
    found = _without_echo([*signed.faults, *faults])
    status = worst(found)
    return VerifyReport(
        folder=str(folder),
        status=status,
        faults=found,
        version=manifest.version if manifest else None,
        content_root=manifest.content_root if manifest else None,
        n_files=len(manifest.files) + len(layouts.UNLISTED) if manifest else 0,
        n_items=_n_rows(manifest, layouts.ITEMS),
        n_annotations=_n_rows(manifest, layouts.ANNOTATIONS),
        key_id=signed.key.key_id if signed.key else None,
        fingerprint=signed.key.fingerprint if signed.key else None,
        is_key_from_release=key is None,
    )


def _check_signature(folder: Path, given: VerifyingKey | None) -> _Signed:
    """Read the envelope and check who signed it. A flaw in it still lets the files be judged by what it says."""
    key, faults = (given, list[Fault]()) if given is not None else _key_inside(folder)
    content = _control_bytes(folder / layouts.ENVELOPE)
    if content is None:
        return _Signed([*faults, _missing(layouts.ENVELOPE)], key, None, is_trusted=False)
    try:
        envelope = dsse.read_envelope(content)
        statement = msgspec.convert(dsse.statement_of(envelope), dsse.Statement)
    except VerificationError as error:
        return _Signed([*faults, _changed(layouts.ENVELOPE, f"was changed: {error}")], key, None, is_trusted=False)
    digests = {subject.name: subject.digest for subject in statement.subject}
    sha256 = digests.get(layouts.MANIFEST, {}).get("sha256")
    if canonical_json(envelope) + b"\n" != content:
        faults.append(_changed(layouts.ENVELOPE, "was changed: it is not in the form in which releases are signed"))
    is_trusted = key is not None and dsse.is_signed_by(envelope, key)
    if key is not None and not is_trusted:
        faults.append(_bad_signature(envelope, key))
    if statement.predicate_type != layouts.PREDICATE_TYPE:
        faults.append(_changed(layouts.ENVELOPE, f"is a statement of another kind, {statement.predicate_type[:80]!r}"))
    return _Signed(faults, key, sha256, is_trusted=is_trusted)


def _bad_signature(envelope: dsse.Envelope, key: VerifyingKey) -> Fault:
    """Somebody else's signature, or a signature of ours over something else: two different verdicts."""
    names = [one.keyid for one in envelope.signatures]
    renamed = [msgspec.structs.replace(one, keyid=key.key_id) for one in envelope.signatures]
    is_renamed = dsse.is_signed_by(msgspec.structs.replace(envelope, signatures=tuple(renamed)), key)
    if key.key_id in names or is_renamed:
        return _changed(layouts.ENVELOPE, "was changed: the signature does not fit what it signs")
    shown = ", ".join(name[:80] for name in names) or "nobody"
    text = f"is signed by {shown}, not by {key.key_id}"
    return Fault(kind=VerifyStatus.UNKNOWN_KEY, file=layouts.ENVELOPE, text=text)


def _key_inside(folder: Path) -> tuple[VerifyingKey | None, list[Fault]]:
    try:
        return VerifyingKey.load(folder / layouts.PUBLIC_KEY), []
    except KeyMissing as error:
        message = f"no key was given and {folder / layouts.PUBLIC_KEY} cannot be read, so nothing can be verified."
        raise KeyMissing(message, hint="Give the signer's key, a line that begins with 'ed25519:'.") from error
    except InputError as error:
        return None, [_changed(layouts.PUBLIC_KEY, f"was changed: {error}")]


def _read_manifest(folder: Path, signed: _Signed) -> tuple[Manifest | None, list[Fault]]:
    """The manifest, if the files can be judged by it."""
    content = _control_bytes(folder / layouts.MANIFEST)
    if content is None:
        return None, [_missing(layouts.MANIFEST)]
    is_as_signed = signed.manifest_sha256 == sha256_hex(content)
    if signed.is_trusted and not is_as_signed:
        return None, [_changed(layouts.MANIFEST, "was changed, so that the other files cannot be judged")]
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return None, [_changed(layouts.MANIFEST, f"is not a manifest: {error}")]
    return manifest, []


def _check_files(folder: Path, manifest: Manifest) -> list[Fault]:
    """Compare the folder with the manifest's list: hashes, missing files, files that do not belong."""
    wrong: set[str] = set()
    faults: list[Fault] = []
    for entry in manifest.files:
        path = folder / entry.name
        if path.is_symlink() or not path.is_file():
            faults.append(_missing(entry.name))
        elif path.stat().st_size != entry.size_bytes or file_sha256(path) != entry.sha256:
            wrong.add(entry.name)
    absent = {fault.file for fault in faults}
    for sheet in layouts.SHEETS:
        faults += _name_rows(folder, manifest, sheet, wrong=wrong, absent=absent)
    named = {fault.file for fault in faults}
    faults += [_changed(name, "was changed") for name in sorted(wrong - named)]
    listed = {entry.name for entry in manifest.files} | layouts.UNLISTED
    return [
        *faults,
        *(_changed(name, "does not belong to the release") for name in _found(folder) if name not in listed),
    ]


def _name_rows(folder: Path, manifest: Manifest, sheet: Sheet, *, wrong: set[str], absent: set[str]) -> Iterator[Fault]:
    """Name the rows of those files of a sheet that are wrong, as far as the others can tell."""
    longest = max((entry.longest_line_bytes for entry in manifest.sheets if entry.name == sheet.name), default=0)
    unsound = wrong | absent
    if sheet.hashes in wrong and sheet.jsonl not in unsound:
        found = lines_of_list(folder / sheet.hashes)
        yield from changed_rows(sheet.hashes, lines_for_list(folder / sheet.jsonl, longest), found)
    signed = _signed_marks(folder, sheet, unsound, longest)
    if sheet.jsonl in wrong and signed is not None:
        yield from changed_rows(sheet.jsonl, signed, marks_of_jsonl(folder / sheet.jsonl, longest))
    signed = _signed_marks(folder, sheet, unsound, longest)
    if sheet.parquet in wrong and signed is not None:
        yield from changed_parquet_rows(folder, sheet, signed)


def _signed_marks(folder: Path, sheet: Sheet, unsound: set[str], longest: int) -> Iterator[RowMark] | None:
    """The rows as signed, from the list of row hashes or else from the JSON lines."""
    if sheet.hashes not in unsound:
        return marks_of_list(folder / sheet.hashes)
    return marks_of_jsonl(folder / sheet.jsonl, longest) if sheet.jsonl not in unsound else None


def _check_claims(folder: Path, manifest: Manifest, key: VerifyingKey) -> list[Fault]:
    """Recompute what the signer claims. Only a signer who is wrong about his own release fails here."""
    faults = check_contents(folder, manifest)
    if manifest.key_id != key.key_id:
        faults.append(_changed(layouts.MANIFEST, f"names the key {manifest.key_id[:80]!r}, but {key.key_id} signed it"))
    try:
        read_checkpoint(manifest.checkpoint, key)
    except VerificationError as error:
        faults.append(_changed(layouts.MANIFEST, f"holds a checkpoint that does not hold: {error}"))
    return faults


def _without_echo(faults: list[Fault]) -> tuple[Fault, ...]:
    """Drop what only follows from another fault: a changed key in the release makes its signature look wrong."""
    files = {fault.file for fault in faults if fault.kind is not VerifyStatus.UNKNOWN_KEY}
    if layouts.PUBLIC_KEY in files:
        return tuple(fault for fault in faults if fault.kind is not VerifyStatus.UNKNOWN_KEY)
    return tuple(faults)


def _found(folder: Path) -> list[str]:
    """Every file of the folder, and every folder that is not `rows`; links are not followed."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    return sorted(name for name in names if name != "rows" or not (folder / name).is_dir())


def _control_bytes(path: Path) -> bytes | None:
    """A small file as bytes, cut far above any sensible size; None when it is not there."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(_MAX_CONTROL_BYTES)


def _n_rows(manifest: Manifest | None, sheet: Sheet) -> int:
    entry = manifest.sheet(sheet.name) if manifest else None
    return entry.n_rows if entry else 0


def _missing(file: str) -> Fault:
    return Fault(kind=VerifyStatus.INCOMPLETE, file=file, text="is missing")


def _changed(file: str, text: str) -> Fault:
    return Fault(kind=VerifyStatus.TAMPERED, file=file, text=text)
