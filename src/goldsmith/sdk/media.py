"""Files of images, audio and PDF as items: each is uploaded unless the vault has it, then a row names it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.errors import InputError
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.media_rows import FileNames, media_names, only_table, rows_of_files, rows_of_table
from goldsmith.labeling.rows import read_rows
from goldsmith.labeling.wire import ImportReport, Rejected
from goldsmith.sdk.transport import Transport
from goldsmith.sdk.uploads import format_of, read_parts

# Any: how an item refers to a file is JSON whose keys depend on the kind of file.

_PART_BYTES = 1 << 20
_ASK_FIRST_BYTES = 1 << 18  # a smaller file is sent sooner than it is asked for
_MOST_SHOWN = 100
_ROWS_AT_A_TIME = 100

SendRows = Callable[[list[dict[str, object]], str | None], ImportReport]
"""Sends rows; takes the name of the column with their ids, too."""


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


class FileImport:
    """An import of files into one project: each file is one request, rows go in hundreds."""

    def __init__(
        self, transport: Transport, vault_path: str, fields: Iterable[Mapping[str, Any]], send_rows: SendRows
    ) -> None:
        self._transport = transport
        self._blobs = f"{vault_path}/blobs"
        self._fields = media_names(fields)
        self._send_rows = send_rows
        self._files: dict[str, Path] = {}

    def run(self, given: Iterable[Path], *, id_column: str | None) -> ImportReport:
        """Import files, folders, or a table with the files that it names; what became of each.

        Raises:
            InputError: something is not there, or the project has no field for files.
        """
        files = found_files(given)
        self._files = {file.name: file.path for file in files}
        table = only_table(self._files)
        if table is None:
            names = [file.name for file in files]
            return self._sent(rows_of_files(names, self._fields, self._take), id_column)
        path = self._files.pop(table)
        rows = read_rows(path, format_of(path), id_column=id_column)
        find = FileNames(self._files, table).find if self._files else Beside(path.parent, self._files).find
        return self._sent(rows_of_table(rows, self._fields, find, self._take), id_column)

    def _sent(self, rows: Iterable[ImportRow], id_column: str | None) -> ImportReport:
        tally, waiting = Tally(), list[ImportRow]()
        for row in rows:
            if row.fault:
                tally.reject(row.line, row.fault)
                continue
            waiting.append(row)
            if len(waiting) == _ROWS_AT_A_TIME:
                self._send(waiting, id_column, tally)
                waiting = []
        if waiting:
            self._send(waiting, id_column, tally)
        return tally.report()

    def _send(self, rows: list[ImportRow], id_column: str | None, tally: Tally) -> None:
        report = self._send_rows([row.payload for row in rows], id_column)
        tally.add(report, [row.line for row in rows])

    def _take(self, name: str) -> dict[str, Any]:
        """How an item refers to a file, which is sent unless the vault has its bytes."""
        path = self._files[name]
        if _size_of(path) >= _ASK_FIRST_BYTES:
            digest = _digest(path)
            media_type = self._transport.media_type_at(f"{self._blobs}/{digest}")
            if media_type is not None:
                return {"blob": digest, "name": name, "media_type": media_type}
        return self._transport.upload(
            self._blobs,
            dict[str, Any],
            parts=read_parts(path),
            content_type="application/octet-stream",
            query={"name": name},
        )


class Beside:
    """Finds the files that a table names in its own folder, and notes them in `files`; none outside that folder."""

    def __init__(self, folder: Path, files: dict[str, Path]) -> None:
        self._folder = folder.resolve()
        self._files = files

    def find(self, cell: str) -> str | None:
        """The file that a cell means: by its path from the table."""
        try:
            path = (self._folder / cell.strip().replace("\\", "/")).resolve()
            if not path.is_relative_to(self._folder) or not path.is_file():
                return None
        except (OSError, ValueError):  # a name that no file can have
            return None
        name = path.relative_to(self._folder).as_posix()
        self._files[name] = path
        return name


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
