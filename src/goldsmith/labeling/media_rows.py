"""Rows made of files: one for each file, or those of a table whose columns name files that lie beside it."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from goldsmith.errors import InputError, RowError
from goldsmith.labeling.handover import ImportRow

# Any: how an item refers to a file is JSON whose keys depend on the kind of file.

TakeFile = Callable[[str], dict[str, Any]]
"""Takes the file with a name into the vault; how an item refers to it. Raises InputError when that cannot be."""

FindFile = Callable[[str], str | None]
"""The name of the file that the cell of a table means; None when there is none."""

TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")
_MEDIA = ("image", "audio", "pdf")


def is_table(name: str) -> bool:
    """Whether a file's name says that it holds rows."""
    return name.lower().endswith(TABLE_SUFFIXES)


def only_table(names: Iterable[str]) -> str | None:
    """The table among some files; None when there is none.

    Raises:
        InputError: there are several.
    """
    tables = sorted(name for name in names if is_table(name))
    if len(tables) > 1:
        raise InputError(
            f"There are {len(tables)} tables: {', '.join(tables[:3])}.", hint="Leave one, or none to import each file."
        )
    return tables[0] if tables else None


def media_names(fields: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The names of the fields that hold files, by kind, of a schema's `fields`.

    Raises:
        InputError: there are none.
    """
    found: dict[str, list[str]] = {}
    for field in fields:
        if field.get("type") in _MEDIA:
            found.setdefault(str(field["type"]), []).append(str(field["name"]))
    if not found:
        raise InputError(
            "The project has no field for files.", hint="Give its schema a field of the type image, audio or pdf."
        )
    return found


def rows_of_files(names: Sequence[str], fields: Mapping[str, list[str]], take: TakeFile) -> Iterator[ImportRow]:
    """A row for each file; one that cannot be used carries its name and the reason.

    Args:
        names: of the files.
        fields: from `media_names`.
        take: takes a file.
    """
    for line, name in enumerate(names, start=1):
        try:
            value = take(name)
            yield ImportRow(line=line, payload={_field_for(fields, str(value["media_type"])): value})
        except InputError as error:
            yield ImportRow(line=line, fault=f"{name}: {error}")


def rows_of_table(
    rows: Iterable[ImportRow], fields: Mapping[str, list[str]], find: FindFile, take: TakeFile
) -> Iterator[ImportRow]:
    """The rows of a table, each cell that names a file replaced by how an item refers to that file.

    Args:
        rows: of the table.
        fields: from `media_names`.
        find: finds files by what cells say.
        take: takes a file; asked once for each of the last thousand.
    """
    columns = [name for names in fields.values() for name in names]
    taken: dict[str, dict[str, Any]] = {}
    for row in rows:
        try:
            named = {name: row.payload[name] for name in columns if isinstance(row.payload.get(name), str)}
            values = {name: _taken(str(cell), find, take, taken) for name, cell in named.items() if cell}
            yield msgspec.structs.replace(row, payload=row.payload | values) if values else row
        except InputError as error:
            yield ImportRow(line=row.line, fault=str(error))


class FileNames:
    """Finds files of a folder or an archive by what a table calls them."""

    def __init__(self, names: Iterable[str], table: str) -> None:
        """Know the files.

        Args:
            names: their paths inside the folder.
            table: the path of the table; its cells may count from its own folder.
        """
        self._names = set(names)
        self._base = posixpath.dirname(table)
        self._by_last: dict[str, list[str]] = {}
        for name in self._names:
            self._by_last.setdefault(posixpath.basename(name), []).append(name)

    def find(self, cell: str) -> str | None:
        """The file that a cell means: by its path from the table, from the folder, or by its name when it is unique."""
        path = cell.strip().replace("\\", "/")
        for candidate in (posixpath.normpath(posixpath.join(self._base, path)), posixpath.normpath(path)):
            if candidate in self._names:
                return candidate
        same = self._by_last.get(path, [])
        return same[0] if len(same) == 1 else None


def _taken(cell: str, find: FindFile, take: TakeFile, taken: dict[str, dict[str, Any]]) -> dict[str, Any]:
    name = find(cell)
    if name is None:
        raise RowError(f"it names the file {cell[:200]!r}, which is not there.")
    if name not in taken:
        if len(taken) >= 1000:
            taken.clear()
        try:
            taken[name] = take(name)
        except InputError as error:
            raise RowError(f"{name}: {error}") from error
    return taken[name]


def _field_for(fields: Mapping[str, list[str]], media_type: str) -> str:
    kind = "pdf" if media_type == "application/pdf" else media_type.partition("/")[0]
    names = fields.get(kind, [])
    if not names:
        raise RowError(f"it is {media_type}, and the project has no field of the type {kind}.")
    if len(names) > 1:
        raise RowError(f"the project has {len(names)} fields of the type {kind}; name its files in a table.")
    return names[0]
