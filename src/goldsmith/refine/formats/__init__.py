"""Formats of files: one file is one format, chosen by the end of a file's name and loaded when such a file is read."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Protocol, cast

from goldsmith.refine.disk import unpacked_name
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile

_FORMATS: Mapping[str, str] = {
    ".csv": "delimited",
    ".docx": "docx",
    ".epub": "epub",
    ".json": "json_values",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".parquet": "parquet",
    ".pdf": "pdf",
    ".tab": "delimited",
    ".tsv": "delimited",
    ".warc": "warc",
    ".warc.wet": "warc",
}
"""The modules of this package that read files whose names end so; a file with another name is one document."""

_ENDINGS = tuple(_FORMATS)

HOLDS_MANY = frozenset({"delimited", "json_lines", "json_values", "parquet", "warc"})
"""The formats whose files hold any number of documents."""


class Format(Protocol):
    """Reads files of one format; one object reads all files of a source, one after the other."""

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The documents of a file in order; what cannot be read is a document that says why."""
        ...

    def close(self) -> None:
        """Let go of what the files have in common, such as a process."""
        ...


def format_of(name: str) -> str | None:
    """The format that a file's name says it has; None for one document of text or HTML."""
    whole = unpacked_name(name).lower()
    if not whole.endswith(_ENDINGS):
        return None
    return next((known for ending, known in _FORMATS.items() if whole.endswith(ending)), None)


def load_format(name: str) -> Format:
    """A new reader of the format."""
    return cast("Format", import_module(f"{__name__}.{name}").plugin())
