"""Reads the documents that a run left, a batch at a time. Needs Arrow, so it is not part of the package's front."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from goldsmith.kit.parquet import read_parquet
from goldsmith.refine.outputs import KEPT, parts_of


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One kept document.

    Attributes:
        id: the user's id; for files the source's name and the path.
        text: the refined text.
        source: the source that it came from.
        language: its language, when the recipe asks for it.
        meta: what the source knew about it, such as `package` and `declared_licence`.
    """

    id: str
    text: str
    source: str
    language: str | None
    meta: Mapping[str, str]


def read_kept(out: Path) -> Iterator[Document]:
    """The kept documents of a finished run in the order of reading, with a row group in memory at a time.

    Raises:
        NotFound: `out` is not the folder of a finished run.
    """
    names = ("id", "text", "source", "language", "meta")
    for batch in read_parquet(parts_of(out, KEPT), columns=names):
        for name, text, source, language, meta in zip(*(batch.column(each).to_pylist() for each in names), strict=True):
            known = msgspec.json.decode(meta, type=dict[str, str])
            yield Document(id=name, text=text, source=source, language=language, meta=known)
