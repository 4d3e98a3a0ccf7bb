"""Import files that were sent as a ZIP archive, with a table that names them or without."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from goldsmith.errors import InputError
from goldsmith.labeling.flows.imports import import_rows
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.media_rows import (
    FileNames,
    TakeFile,
    is_table,
    media_names,
    only_table,
    rows_of_files,
    rows_of_table,
)
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.rows import Format, read_rows
from goldsmith.labeling.wire import ImportReport
from goldsmith.labeling.workbench import Workbench
from goldsmith.media.archives import Archive
from goldsmith.media.kinds import HEAD_BYTES, file_type_of
from goldsmith.media.rooms import MediaRoom

_FORMS: dict[str, Format] = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json"}
_MAX_TABLE_BYTES = 1 << 30

# Any: how an item refers to a file is JSON whose keys depend on the kind of file.


class Table(NamedTuple):
    """A table whose cells name files.

    Attributes:
        parts: its bytes.
        id_column: the column with each row's id, if it has one.
    """

    name: str
    parts: Iterable[bytes]
    id_column: str | None


class FileImport:
    """The import of files into one project."""

    def __init__(self, bench: Workbench, project: LoadedProject, room: MediaRoom, *, actor: str) -> None:
        self._bench = bench
        self._project = project
        self._room = room
        self._actor = actor

    def run(self, file: IO[bytes], size_bytes: int, *, id_column: str | None) -> ImportReport:
        """Import what an archive holds.

        Raises:
            InputError: the archive as a whole cannot be used, or the project has no field for files.
        """
        archive = Archive(file, size_bytes)
        names = [name for name in archive.names if not is_table(name)]
        table = only_table(archive.names)

        def take(name: str) -> dict[str, Any]:
            return self._take(archive, name)

        if table is None:
            return self.run_files(names, take)
        if archive.size_of(table) > _MAX_TABLE_BYTES:
            raise InputError(f"The table {table} has more than {_MAX_TABLE_BYTES:,} bytes.", hint="Split it.")
        found = Table(name=table, parts=archive.parts(table), id_column=id_column)
        return self.run_table(found, names, take)

    def run_files(self, names: Sequence[str], take: TakeFile) -> ImportReport:
        """Import files that were taken in, one item for each.

        Raises:
            InputError: the project has no field for files.
        """
        return self._import(rows_of_files(names, self._fields(), take))

    def run_table(self, table: Table, names: Sequence[str], take: TakeFile) -> ImportReport:
        """Import the rows of a table, whose cells name files.

        Raises:
            InputError: the table as a whole cannot be read, or the project has no field for files.
        """
        fields = self._fields()
        scratch = self._bench.vault.folder / "scratch"
        scratch.mkdir(exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=scratch, prefix="table-") as folder:
            path = Path(folder) / ("table" + Path(table.name).suffix.lower())
            with path.open("wb") as file:
                file.writelines(table.parts)
            rows = read_rows(path, _FORMS[path.suffix], id_column=table.id_column)
            return self._import(rows_of_table(rows, fields, FileNames(names, table.name).find, take))

    def _fields(self) -> dict[str, list[str]]:
        return media_names(msgspec.to_builtins(self._project.schema.fields))

    def _take(self, archive: Archive, name: str) -> dict[str, Any]:
        limit = self._room.limits.max_bytes
        if archive.size_of(name) > limit:
            raise InputError(f"it has {archive.size_of(name):,} bytes; at most {limit:,} are taken.")
        with self._room.blobs.receiving() as incoming:
            for part in archive.parts(name):
                if not incoming.size_bytes:
                    file_type_of(part[:HEAD_BYTES])  # before gigabytes of something else are unpacked
                incoming.write(part)
            return self._room.take_in(incoming, actor=self._actor).reference(name)

    def _import(self, rows: Iterator[ImportRow]) -> ImportReport:
        return import_rows(self._bench, self._project, rows, actor=self._actor)
