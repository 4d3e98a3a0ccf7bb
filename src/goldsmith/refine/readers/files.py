"""Files: documents in files, folders and globs, and in the rows, records and conversations of files that hold many."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import ClassVar

from goldsmith.errors import InputError
from goldsmith.refine.disk import (
    Content,
    Found,
    as_text,
    matcher,
    media_of,
    read_content,
    read_head,
    unpacked_name,
    walk,
)
from goldsmith.refine.formats import HOLDS_MANY, Format, format_of, load_format
from goldsmith.refine.model import Places, RawDocument, Reading, Source
from goldsmith.refine.rows import InputFile

_WILD = frozenset("*?[")
_SNIFFED = 64 << 10
_ROWS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")


class Files(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reads every file of its folders, files and globs that has one of the extensions; `.gz` and `.zst` are unpacked.

    By the end of its name a file is HTML, text, or one of: JSON Lines and JSON (rows, or conversations as OpenAI's
    `messages` and ShareGPT's `conversations`), CSV and TSV, Parquet, a web archive (WARC), PDF, DOCX or EPUB. A `.json`
    file in a folder is taken when it begins with rows that hold texts or conversations.

    The id of a document is its own: a row's `id`, a record's address; without one, the source's name and the path
    under the folder, with the number of the row.

    Attributes:
        paths: folders, files, and globs such as `data/**/*.log`; relative ones start at the recipe's folder.
        extensions: the files to take from folders; files that are named or matched by a glob are always taken.
        extra_names: more files to take from folders by their whole name, such as `copyright`.
        text_field: the field or column of a row that holds the text.
        id_field: the field or column that holds the id; a row without one is called after its file and place.
    """

    kind: ClassVar[str] = "files"
    title: ClassVar[str] = "Files and folders"

    paths: tuple[str, ...]
    extensions: tuple[str, ...] = (
        *(".txt", ".md", ".rst", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".json"),
        *(".csv", ".tsv", ".parquet", ".warc", ".wet", ".pdf", ".docx", ".epub"),
    )
    extra_names: tuple[str, ...] = ()
    text_field: str = "text"
    id_field: str = "id"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.paths:
            raise ValueError("`paths` has to name at least one file, folder or glob")
        for extension in self.extensions:
            if not extension.startswith("."):
                raise ValueError(f"`extensions` begin with a dot; write '.{extension}'")

    def read(self, places: Places) -> Reading:
        """The documents of all paths in the order of the recipe, and within a folder sorted by name."""
        found = [each for path in self.paths for each in self._find(places.base / Path(path).expanduser())]
        holds_many = any(format_of(each.name) in HOLDS_MANY for each in found)
        return Reading(None if holds_many else len(found), self._documents(found))

    def _find(self, path: Path) -> list[Found]:
        if path.is_file():
            return [Found(as_text(path.name), path)]
        if path.is_dir():
            found = [each for each in walk(path) if each.failure or self._is_wanted(each)]
            wanted = ", ".join([*self.extensions, *self.extra_names])
            return found or self._nothing(f"the folder {path} has no file that ends in {wanted}")
        wild = next((place for place, part in enumerate(path.parts) if _WILD & set(part)), None)
        if wild is None:
            return self._nothing(f"{path} does not exist")
        root, pattern = Path(*path.parts[:wild]), matcher("/".join(path.parts[wild:]))
        if not root.is_dir():
            return self._nothing(f"the folder {root} does not exist")
        return [each for each in walk(root) if pattern.match(each.name)] or self._nothing(f"no file matches {path}")

    def _nothing(self, problem: str) -> list[Found]:
        raise InputError(f"source {self.label!r}: {problem}.", hint="Mend `paths` in the recipe.")

    def _is_wanted(self, found: Found) -> bool:
        file = unpacked_name(found.name.rpartition("/")[2])
        if file in self.extra_names:
            return True
        return file.lower().endswith(self.extensions) and (
            format_of(found.name) != "json_values" or self._holds_rows(found.path)
        )

    def _holds_rows(self, path: Path) -> bool:
        """Whether a JSON file begins like rows with texts or conversations: most hold settings and the like."""
        head = read_head(path, n_bytes=_SNIFFED)
        names = (self.text_field, "messages", "conversations", "conversation")
        return _ROWS.match(head) is not None and any(f'"{name}"'.encode() in head for name in names)

    def _documents(self, found: list[Found]) -> Iterator[RawDocument]:
        formats: dict[str, Format] = {}
        with ExitStack() as stack:
            for each in found:
                kind = format_of(each.name)
                if each.failure or kind is None:
                    yield self._whole(each)
                    continue
                if kind not in formats:
                    formats[kind] = stack.enter_context(closing(load_format(kind)))
                yield from formats[kind].read(self._input(each))

    def _whole(self, found: Found) -> RawDocument:
        name, origin = f"{self.label}/{found.name}", as_text(str(found.path))
        raw, failure = (
            Content(None, found.failure) if found.failure else read_content(found.path, max_bytes=self.max_bytes)
        )
        return RawDocument(id=name, origin=origin, media=media_of(name), raw=raw, failure=failure)

    def _input(self, found: Found) -> InputFile:
        return InputFile(
            path=found.path,
            name=f"{self.label}/{found.name}",
            text_field=self.text_field,
            id_field=self.id_field,
            max_bytes=self.max_bytes,
        )


plugin = Files
