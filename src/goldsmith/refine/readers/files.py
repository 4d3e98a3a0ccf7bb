"""Files: documents in files, folders and globs, and in the rows, records and conversations of files that hold many."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import chain
from pathlib import Path
from typing import ClassVar, NoReturn, Protocol

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
from goldsmith.refine.inputs import Inputs, LocalFiles, Opened, Stored, StoredFiles, head_of
from goldsmith.refine.model import Places, RawDocument, Reading, Source
from goldsmith.refine.rows import InputFile
from goldsmith.refine.stores import Address, Store, address_of, local_path, scheme_of

_WILD = frozenset("*?[")
_SNIFFED = 64 << 10
_ROWS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")


class Files(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reads every file of its folders, files and globs that has one of the extensions; `.gz` and `.zst` are unpacked.

    Paths can also be addresses: `file://`, `s3://bucket/folder`, `gs://bucket/folder` and `az://account/container/folder`,
    also with globs, or one file at `https://`. Objects are read in the order of their keys. Credentials come from the
    environment, such as `AWS_ACCESS_KEY_ID`; the extra `goldsmith[stores]` has the library.

    By the end of its name a file is HTML, text, or one of: JSON Lines and JSON (rows, or conversations as OpenAI's
    `messages` and ShareGPT's `conversations`), CSV and TSV, Parquet, a web archive (WARC), PDF, DOCX or EPUB. A `.json`
    file in a folder is taken when it begins with rows that hold texts or conversations.

    The id of a document is its own: a row's `id`, a record's address; without one, the source's name and the path
    under the folder, with the number of the row.

    Attributes:
        paths: folders, files, globs such as `data/**/*.log`, and addresses; relative ones start at the recipe's folder.
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
        found = [self._inputs(path, places) for path in self.paths]
        names = [name for inputs in found for name in inputs.names]
        holds_many = any(format_of(name) in HOLDS_MANY for name in names)
        return Reading(None if holds_many else len(names), self._documents(found))

    def _inputs(self, path: str, places: Places) -> Inputs:
        scheme = scheme_of(path)
        if scheme is None or scheme == "file":
            return LocalFiles(self._find(places.base / (local_path(path) if scheme else Path(path).expanduser())))
        if not places.may_fetch:
            hint = "Refine them with `goldsmith refine RECIPE --out DIR`, and import what is kept."
            raise InputError(f"source {self.label!r}: a server fetches nothing from elsewhere.", hint=hint)
        address = address_of(path)
        store = Store(address.store)
        return StoredFiles(store, self._find_stored(store, address), places.scratch)

    def _find_stored(self, store: Store, address: Address) -> list[Stored]:
        parts = address.key.split("/")
        wild = next((place for place, part in enumerate(parts) if _WILD & set(part)), None)
        if wild is None and parts[-1] and (only := store.entry(address.key)):
            return [Stored(parts[-1], only)]
        if not store.lists:
            return self._nothing(f"there is no file {address}; folders of web servers cannot be listed")
        root = "/".join(parts[:wild]).rstrip("/")
        under = [Stored(each.key[len(root) :].lstrip("/"), each) for each in store.entries(root)]
        if wild is not None:
            pattern = matcher("/".join(parts[wild:]))
            return [each for each in under if pattern.match(each.name)] or self._nothing(f"no object matches {address}")
        wanted = [each for each in under if self._is_wanted(each.name, partial(head_of, store, each))]
        return wanted or self._nothing(f"{address} has no object that ends in {self._endings()}")

    def _find(self, path: Path) -> list[Found]:
        if path.is_file():
            return [Found(as_text(path.name), path)]
        if path.is_dir():
            heads = ((each, partial(read_head, each.path)) for each in walk(path))
            found = [each for each, head in heads if each.failure or self._is_wanted(each.name, head)]
            return found or self._nothing(f"the folder {path} has no file that ends in {self._endings()}")
        wild = next((place for place, part in enumerate(path.parts) if _WILD & set(part)), None)
        if wild is None:
            return self._nothing(f"{path} does not exist")
        root, pattern = Path(*path.parts[:wild]), matcher("/".join(path.parts[wild:]))
        if not root.is_dir():
            return self._nothing(f"the folder {root} does not exist")
        return [each for each in walk(root) if pattern.match(each.name)] or self._nothing(f"no file matches {path}")

    def _endings(self) -> str:
        return ", ".join([*self.extensions, *self.extra_names])

    def _nothing(self, problem: str) -> NoReturn:
        raise InputError(f"source {self.label!r}: {problem}.", hint="Mend `paths` in the recipe.")

    def _is_wanted(self, name: str, head: "_Head") -> bool:
        file = unpacked_name(name.rpartition("/")[2])
        if file in self.extra_names:
            return True
        is_known = file.lower().endswith(self.extensions)
        return is_known and (format_of(name) != "json_values" or self._holds_rows(head(n_bytes=_SNIFFED)))

    def _holds_rows(self, head: bytes) -> bool:
        """Whether a JSON file begins like rows with texts or conversations: most hold settings and the like."""
        names = (self.text_field, "messages", "conversations", "conversation")
        return _ROWS.match(head) is not None and any(f'"{name}"'.encode() in head for name in names)

    def _documents(self, found: Sequence[Inputs]) -> Iterator[RawDocument]:
        formats: dict[str, Format] = {}
        with ExitStack() as stack:
            for each in chain.from_iterable(inputs.opened(self.max_bytes) for inputs in found):
                kind = format_of(each.name)
                if each.failure or kind is None:
                    yield self._whole(each)
                    continue
                if kind not in formats:
                    formats[kind] = stack.enter_context(closing(load_format(kind)))
                yield from formats[kind].read(self._input(each))

    def _whole(self, opened: Opened) -> RawDocument:
        name, failure = f"{self.label}/{opened.name}", opened.failure
        raw, failure = Content(None, failure) if failure else read_content(opened.path, max_bytes=self.max_bytes)
        return RawDocument(id=name, origin=opened.origin, media=media_of(name), raw=raw, failure=failure)

    def _input(self, opened: Opened) -> InputFile:
        return InputFile(
            path=opened.path,
            origin=opened.origin,
            name=f"{self.label}/{opened.name}",
            text_field=self.text_field,
            id_field=self.id_field,
            max_bytes=self.max_bytes,
        )


class _Head(Protocol):
    """Gives the first bytes of a file."""

    def __call__(self, *, n_bytes: int) -> bytes: ...


plugin = Files
