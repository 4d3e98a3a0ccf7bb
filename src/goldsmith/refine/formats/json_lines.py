"""JSON Lines: each row becomes a document, and a row that cannot be read says on which line it stands."""

from collections.abc import Iterator
from typing import IO, cast

from goldsmith.refine.disk import READING_ERRORS, open_content, why_unreadable
from goldsmith.refine.json_parsing import NotJson, parse_json
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile, row_document

_MARK = b"\xef\xbb\xbf"
_CHUNK = 1 << 20


class JsonLines:
    """Reads files with one JSON object in each line; empty lines are passed over."""

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The rows of a file in order."""
        number = 0
        try:
            with open_content(file.path) as content:
                while line := content.readline(file.max_bytes + 1):
                    number += 1
                    if len(line) > file.max_bytes and not line.endswith(b"\n"):
                        _skip_line(content)
                        yield file.too_long(number, "line")
                    elif stripped := line.removeprefix(_MARK if number == 1 else b"").strip():
                        yield _document(file, stripped, number)
        except READING_ERRORS as error:
            yield file.failure(f"after line {number}: {why_unreadable(error)}")

    def close(self) -> None:
        """Nothing is kept between files."""


def object_document(file: InputFile, value: object, number: int) -> RawDocument:
    """The document in a JSON value that has to be an object."""
    if not isinstance(value, dict):
        return file.row_failure(number, f"a row has to be an object with {file.text_field!r}")
    return row_document(file, cast("dict[str, object]", value), number)


def _document(file: InputFile, line: bytes, number: int) -> RawDocument:
    try:
        return object_document(file, parse_json(line), number)
    except NotJson as error:
        return file.row_failure(number, f"not JSON: {error}")


def _skip_line(content: IO[bytes]) -> None:
    while (rest := content.readline(_CHUNK)) and not rest.endswith(b"\n"):
        pass


plugin = JsonLines
