"""Rows: what a program hands over, by `goldsmith.refine(recipe, rows)`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, cast

from goldsmith.errors import InputError
from goldsmith.refine.model import Places, RawDocument, Reading, Source
from goldsmith.refine.rows import InputFile, row_document


class Rows(Source, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reads the rows that a program hands over: mappings, or the rows of an Arrow table.

    Conversations are recognised as in files; the other fields of a row are kept in `meta`.

    Attributes:
        text_field: the field that holds the text.
        id_field: the field that holds the id; a row without one is called after its place.
    """

    kind: ClassVar[str] = "rows"
    title: ClassVar[str] = "Rows of a program"

    text_field: str = "text"
    id_field: str = "id"

    def read(self, places: Places) -> Reading:
        """The rows in their order."""
        if places.rows is None:
            problem = f"source {self.label!r}: no program hands over any rows."
            raise InputError(problem, hint="Call goldsmith.refine(recipe, rows), or name files in the recipe.")
        return Reading(None, self._documents(places.rows))

    def _documents(self, rows: Iterable[Mapping[str, object]]) -> Iterator[RawDocument]:
        file = self.as_file()
        for number, values in enumerate(rows, 1):
            if isinstance(cast("object", values), Mapping):
                yield row_document(file, values, number)
            else:
                yield file.row_failure(number, f"a row has to be a mapping, not {type(values).__name__}")

    def as_file(self) -> InputFile:
        """These rows as if they were those of a file."""
        return InputFile(
            path=Path(self.label),
            origin=self.label,
            name=self.label,
            text_field=self.text_field,
            id_field=self.id_field,
            max_bytes=self.max_bytes,
        )


plugin = Rows
