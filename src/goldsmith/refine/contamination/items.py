"""Reads test sets: each row of a table, each object of a JSON file and each text file is one item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, cast

import msgspec

from goldsmith.errors import InputError
from goldsmith.kit.digest import file_sha256
from goldsmith.refine.disk import Found, read_content
from goldsmith.refine.formats import HOLDS_MANY, format_of, load_format
from goldsmith.refine.model import Places, RawDocument
from goldsmith.refine.readers.files import Files
from goldsmith.refine.rows import InputFile
from goldsmith.refine.stores import local_path, scheme_of

QUESTIONS = ("question", "prompt", "problem", "input", "query", "instruction", "text", "sentence", "content")
"""The fields that an item's own text is looked for in, the first that there is."""

ANSWERS = (
    *("choices", "options", "answer", "answers", "target", "targets", "output", "solution", "response"),
    *("completion", "canonical_solution"),
)
"""The fields that are taken along when they are there."""

CLEAN_FIELDS = ("text",)
"""The field with the text of a clean document, where there are several in one file."""

_EXTENSIONS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".txt", ".md")
_MAX_BYTES = 16 << 20
_SHOWN = 10


class SetFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a test set: its name in reports, where it is, and what was in it when it was bound."""

    name: str
    path: str
    sha256: str


class SetItem(NamedTuple):
    """An item: `file:item`, its own text, and what goes with it, such as choices and the answer."""

    name: str
    question: str
    rest: str


class _TestSets(Files, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The files of test sets, found as documents are; of a folder's `.json` files those that begin like items.

    Attributes:
        fields: names of which such a file has at least one.
    """

    fields: tuple[str, ...]

    def found(self, places: Places) -> Iterator[tuple[str, Found]]:
        """Each path of the recipe with each file that it leads to."""
        for path in self.paths:
            scheme = scheme_of(path)
            if scheme is not None and scheme != "file":
                hint = "Copy it to this machine first."
                raise InputError(f"the test set {path} is not on this machine.", hint=hint)
            local = places.base / (local_path(path) if scheme else Path(path).expanduser())
            yield from ((path, each) for each in self._find(local))

    def _holds_rows(self, head: bytes) -> bool:
        return head.lstrip()[:1] in (b"[", b"{") and any(f'"{name}"'.encode() in head for name in self.fields)


def find_files(paths: Sequence[str], places: Places, fields: Sequence[str]) -> tuple[SetFile, ...]:
    """The files of test sets in the order of the recipe, each with its hash.

    Raises:
        InputError: a path leads to no file, or a file cannot be read.
    """
    source = _TestSets(name="test sets", paths=tuple(paths), extensions=_EXTENSIONS, fields=tuple(fields or QUESTIONS))
    found = list(dict.fromkeys(source.found(places)))
    shown = [each.name for _, each in found]
    return tuple(
        _as_file(each, each.name if shown.count(each.name) == 1 else f"{Path(path).as_posix()}/{each.name}")
        for path, each in found
    )


def read_items(files: Iterable[SetFile], fields: Sequence[str]) -> list[SetItem]:
    """The items of test sets, in order.

    Args:
        files: the files.
        fields: the fields with an item's text, its question first; without any they are guessed.

    Raises:
        InputError: a file changed since it was bound, cannot be read, or has no item; it names the fields that it has.
    """
    return [item for file in files for item in _items_of(file, fields)]


def _as_file(found: Found, name: str) -> SetFile:
    if found.failure:
        raise InputError(f"the test set {name} cannot be read: {found.failure}.")
    try:
        return SetFile(name=name, path=str(found.path.absolute()), sha256=file_sha256(found.path))
    except OSError as error:
        raise InputError(f"the test set {name} cannot be read: {error.strerror or error}.") from error


def _items_of(file: SetFile, fields: Sequence[str]) -> list[SetItem]:
    path = Path(file.path)
    try:
        is_same = file_sha256(path) == file.sha256
    except OSError as error:
        raise InputError(f"the test set {file.name} cannot be read: {error.strerror or error}.") from error
    if not is_same:
        raise InputError(f"the test set {file.name} changed during the run.", hint="Run the recipe again.")
    kind = format_of(file.path)
    if kind is None or kind not in HOLDS_MANY:
        return [SetItem(f"{file.name}:1", _whole_text(file), "")]
    items = list(_unique(_rows(file, kind, fields)))
    if not items:
        raise InputError(f"the test set {file.name} holds no item with a text.", hint="Leave the file out.")
    return items


def _whole_text(file: SetFile) -> str:
    content = read_content(Path(file.path), max_bytes=_MAX_BYTES)
    document = RawDocument(id=file.name, origin=file.path, raw=content.raw, failure=content.failure)
    text = _text_of(file, document)
    if not text.strip():
        raise InputError(f"the test set {file.name} holds no item with a text.", hint="Leave the file out.")
    return text


def _rows(file: SetFile, kind: str, fields: Sequence[str]) -> Iterator[SetItem]:
    question = _question_field(file, kind, fields)
    others = [name for name in (fields[1:] if fields else ANSWERS) if name != question]
    seen: set[str] = set()
    for document in _documents(file, kind, question):
        text = _text_of(file, document)
        seen.update(document.meta)
        rest = "\n".join(_flat(document.meta[name]) for name in others if name in document.meta)
        if text.strip():
            number = document.origin.rpartition(":")[2]
            is_given = document.id != f"{file.name}:{number}"
            yield SetItem(f"{file.name}:{document.id}" if is_given else document.id, text, rest)
    missing = [name for name in fields[1:] if name not in seen]
    if missing:
        raise InputError(f"the test set {file.name} has no field {missing[0]!r}; {_listed(seen | {question})}.")


def _question_field(file: SetFile, kind: str, fields: Sequence[str]) -> str:
    """The field with an item's own text: the first that the first row has."""
    problem = "it has no rows"
    for name in fields[:1] or QUESTIONS:
        first = next(iter(_documents(file, kind, name)), None)
        if first is not None and first.failure is None:
            return name
        problem = problem if first is None else (first.failure or problem)
    wanted = repr(fields[0]) if fields else f"any of {', '.join(QUESTIONS)}"
    raise InputError(
        f"the test set {file.name} has no item with a text in {wanted}: {problem}.",
        hint="Name its fields in `fields` of the stage, the question first.",
    )


def _documents(file: SetFile, kind: str, question: str) -> Iterator[RawDocument]:
    rows = InputFile(
        path=Path(file.path),
        origin=file.name,
        name=file.name,
        text_field=question,
        id_field="id",
        max_bytes=_MAX_BYTES,
    )
    with closing(load_format(kind)) as reader:
        yield from reader.read(rows)


def _text_of(file: SetFile, document: RawDocument) -> str:
    from goldsmith.refine.charsets import decode  # noqa: PLC0415 - large, and only run when a recipe runs

    failure, text = document.failure, document.text
    if failure is None and text is None:
        text, _, failure = decode(document.raw or b"", is_html=False)
    if failure is not None or text is None:
        raise InputError(f"an item of the test set {file.name} cannot be read: {failure}.")
    return text


def _flat(value: str) -> str:
    """The texts inside of a value, such as the choices of a list, one a line."""
    if not value.startswith(("[", "{")):
        return value
    try:
        decoded: object = msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value
    return "\n".join(_leaves(decoded))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in cast("Mapping[str, object]", value).values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _leaves(each)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def _unique(items: Iterable[SetItem]) -> Iterator[SetItem]:
    """The items, with a number behind a name that was used before."""
    used: dict[str, int] = {}
    for item in items:
        used[item.name] = n = used.get(item.name, 0) + 1
        yield item if n == 1 else item._replace(name=f"{item.name}#{n}")


def _listed(names: Iterable[str]) -> str:
    return "its fields: " + ", ".join(sorted(names)[:_SHOWN])
