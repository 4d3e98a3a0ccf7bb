"""Files: documents in files, folders and globs, and rows of JSON Lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from goldsmith.errors import InputError
from goldsmith.refine.disk import Content, Found, as_text, matcher, media_of, read_content, unpacked_name, walk
from goldsmith.refine.json_lines import read_json_lines
from goldsmith.refine.model import Places, RawDocument, Reading, Source

_WILD = frozenset("*?[")


class Files(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reads every file of its folders, files and globs that has one of the extensions; `.gz` files are unpacked.

    The id of a document is the source's name and the path under the folder; of a row of JSON Lines, its `id`.

    Attributes:
        paths: folders, files, and globs such as `data/**/*.log`; relative ones start at the recipe's folder.
        extensions: the files to take from folders; files that are named or matched by a glob are always taken.
        extra_names: more files to take from folders by their whole name, such as `copyright`.
        text_field: the field of a JSON Lines row that holds the text.
        id_field: the field that holds the id; a row without one is called after its file and line.
    """

    kind: ClassVar[str] = "files"
    title: ClassVar[str] = "Files and folders"

    paths: tuple[str, ...]
    extensions: tuple[str, ...] = (".txt", ".md", ".rst", ".html", ".htm", ".jsonl")
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
        has_rows = any(_is_json_lines(each.name) for each in found)
        return Reading(None if has_rows else len(found), self._documents(found))

    def _find(self, path: Path) -> list[Found]:
        if path.is_file():
            return [Found(as_text(path.name), path)]
        if path.is_dir():
            found = [each for each in walk(path) if each.failure or self._is_wanted(each.name)]
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

    def _is_wanted(self, name: str) -> bool:
        file = unpacked_name(name.rpartition("/")[2])
        return file.lower().endswith(self.extensions) or file in self.extra_names

    def _documents(self, found: list[Found]) -> Iterator[RawDocument]:
        for each in found:
            name, origin = f"{self.label}/{each.name}", str(each.path)
            if each.failure is None and _is_json_lines(each.name):
                yield from read_json_lines(
                    each.path, name=name, text_field=self.text_field, id_field=self.id_field, max_bytes=self.max_bytes
                )
                continue
            content = Content(None, each.failure) if each.failure else read_content(each.path, max_bytes=self.max_bytes)
            yield RawDocument(
                id=name, origin=as_text(origin), media=media_of(name), raw=content.raw, failure=content.failure
            )


def _is_json_lines(name: str) -> bool:
    return unpacked_name(name).lower().endswith((".jsonl", ".ndjson"))


plugin = Files
