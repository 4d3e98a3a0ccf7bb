"""Reads a release that is on disk, for a server that shows it. Whether it was changed, `trust.verifier` says."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from goldsmith.errors import NotFound, VerificationError
from goldsmith.kit.digest import file_sha256
from goldsmith.releases.documents import verify_commands
from goldsmith.releases.exporters.csv import CsvExporter
from goldsmith.releases.exporters.jsonl import JsonlExporter
from goldsmith.releases.model import Certificate
from goldsmith.trust import layouts
from goldsmith.trust.keys import VerifyingKey
from goldsmith.trust.layouts import FileEntry, Manifest

_T = TypeVar("_T", bound=msgspec.Struct)


class StoredRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release as its folder tells of it; `files` are those its manifest lists, and the manifest and the signature."""

    version: str
    created_at: int
    certificate: Certificate
    envelope_key_id: str
    key_fingerprint: str
    files: tuple[FileEntry, ...]
    verify_commands: tuple[str, str, str]


class _Named(msgspec.Struct, frozen=True):
    name: str


class _SchemaNames(msgspec.Struct, frozen=True):
    fields: tuple[_Named, ...] = ()
    questions: tuple[_Named, ...] = ()


def read_release(folder: Path) -> StoredRelease:
    """What there is to show of a release.

    Raises:
        NotFound: there is none.
        VerificationError: its manifest or certificate cannot be read.
    """
    manifest = _read(folder / layouts.MANIFEST, Manifest)
    key = VerifyingKey.load(folder / layouts.PUBLIC_KEY)
    own = tuple(_entry(folder, name) for name in layouts.UNLISTED)
    return StoredRelease(
        version=manifest.version,
        created_at=manifest.created_at,
        certificate=_read(folder / layouts.CERTIFICATE, Certificate),
        envelope_key_id=key.key_id,
        key_fingerprint=key.fingerprint,
        files=tuple(sorted((*manifest.files, *own), key=lambda entry: entry.name)),
        verify_commands=verify_commands(key),
    )


def path_of(folder: Path, name: str) -> Path:
    """The path of one file of a release, by the name its manifest lists it under.

    Raises:
        NotFound: the release has no such file, or the name leads out of it.
    """
    path = folder / name
    if not layouts.is_file_name(name) or path.is_symlink() or not path.is_file():
        raise NotFound(f"the release has no file {name[:80]!r}.")
    return path


def spreadsheet(folder: Path) -> Iterator[bytes]:
    """The items as spreadsheet-safe CSV, in portions; the columns are those of the release's schema.

    Raises:
        NotFound: there is no release.
        VerificationError: its schema cannot be read.
    """
    names = _read(folder / "schema.json", _SchemaNames)
    exporter = CsvExporter(
        fields=tuple(field.name for field in names.fields),
        questions=tuple(question.name for question in names.questions),
    )
    return _portions(path_of(folder, layouts.ITEMS.jsonl), exporter)


def _portions(path: Path, exporter: CsvExporter) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from exporter.portions(JsonlExporter().read(source))


def _entry(folder: Path, name: str) -> FileEntry:
    path = path_of(folder, name)
    return FileEntry(name=name, sha256=file_sha256(path), size_bytes=path.stat().st_size)


def _read(path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"there is no release in {path.parent.name!r}.") from error
    except msgspec.DecodeError as error:
        raise VerificationError(f"{path.name} cannot be read: {error}.", hint="Verify the release.") from error
