"""Files of images, audio and PDF as items: each is uploaded unless the vault has it, then a row names it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.errors import InputError
from goldsmith.labeling.wire import ImportReport, Rejected
from goldsmith.sdk.transport import Transport
from goldsmith.sdk.uploads import read_parts

# Any: how an item refers to a file is JSON whose keys depend on the kind of file.

_PART_BYTES = 1 << 20
_ASK_FIRST_BYTES = 1 << 18  # a smaller file is sent sooner than it is asked for
_MOST_SHOWN = 100


class MediaFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to import and what it is called in the vault: its path inside the folder that was given."""

    path: Path
    name: str


def found_files(given: Iterable[Path]) -> list[MediaFile]:
    """The files that were given and all files inside the folders that were given, sorted; hidden ones are left out.

    Raises:
        InputError: something is not there, or a folder holds nothing.
    """
    found: list[MediaFile] = []
    for path in given:
        if path.is_dir():
            inside = sorted(_files_in(path))
            if not inside:
                raise InputError(f"{path} holds no files.", hint="Give a folder with files to import.")
            found += [MediaFile(path=one, name=one.relative_to(path).as_posix()) for one in inside]
        elif path.is_file():
            found.append(MediaFile(path=path, name=path.name))
        else:
            raise InputError(f"There is no file or folder {path}.")
    return found


def upload_file(transport: Transport, vault_path: str, file: MediaFile) -> dict[str, Any]:
    """How an item refers to a file, which is sent unless the vault has its bytes.

    Raises:
        InputError: it cannot be read, is of no type that is taken, or broken.
    """
    blobs = f"{vault_path}/blobs"
    if _size_of(file.path) >= _ASK_FIRST_BYTES:
        digest = _digest(file.path)
        media_type = transport.media_type_at(f"{blobs}/{digest}")
        if media_type is not None:
            return {"blob": digest, "name": file.name, "media_type": media_type}
    return transport.upload(
        blobs,
        dict[str, Any],
        parts=read_parts(file.path),
        content_type="application/octet-stream",
        query={"name": file.name},
    )


class Tally:
    """What became of the files and rows of an import that is sent in many requests."""

    def __init__(self) -> None:
        self._reports: list[ImportReport] = []
        self._rejected: list[Rejected] = []
        self._n_rejected = 0

    def reject(self, number: int, reason: str) -> None:
        """Count a file that nothing can be made of."""
        self._n_rejected += 1
        if len(self._rejected) < _MOST_SHOWN:
            self._rejected.append(Rejected(line=number, reason=reason))

    def add(self, report: ImportReport, numbers: list[int]) -> None:
        """Count what became of rows, told by the numbers of their files."""
        moved = [msgspec.structs.replace(one, line=numbers[one.line - 1]) for one in report.rejected]
        self._reports.append(msgspec.structs.replace(report, rejected=moved))

    def report(self) -> ImportReport:
        """All of it."""
        rejected = [*self._rejected, *(one for report in self._reports for one in report.rejected)]
        return ImportReport(
            n_read=self._n_rejected + sum(one.n_read for one in self._reports),
            n_accepted=sum(one.n_accepted for one in self._reports),
            n_duplicate=sum(one.n_duplicate for one in self._reports),
            n_changed=sum(one.n_changed for one in self._reports),
            n_rejected=self._n_rejected + sum(one.n_rejected for one in self._reports),
            rejected=sorted(rejected, key=lambda one: one.line)[:_MOST_SHOWN],
        )


def field_for(fields: Iterable[Mapping[str, Any]], media_type: str) -> str:
    """The field of a project that holds files of a media type.

    Raises:
        InputError: there is none, or there are several.
    """
    kind = "pdf" if media_type == "application/pdf" else media_type.partition("/")[0]
    names = [str(field["name"]) for field in fields if field.get("type") == kind]
    if len(names) == 1:
        return names[0]
    if names:
        raise InputError(
            f"the project has {len(names)} fields of the kind {kind}; import a table whose columns name the files."
        )
    raise InputError(f"it is {media_type}, and the project has no field of the kind {kind}.")


def _files_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not is_hidden and path.is_file():
            yield path


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}.") from error


def _digest(path: Path) -> str:
    state = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_PART_BYTES):
                state.update(part)
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}.") from error
    return state.hexdigest()
