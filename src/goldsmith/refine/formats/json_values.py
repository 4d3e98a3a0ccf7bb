"""JSON: a list of rows, one object, or objects one after the other, with a part of the file in memory at a time."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO

from goldsmith.refine.disk import READING_ERRORS, open_content, why_unreadable
from goldsmith.refine.formats.json_lines import object_document
from goldsmith.refine.json_parsing import NotJson, as_unicode_values
from goldsmith.refine.model import RawDocument
from goldsmith.refine.rows import InputFile

_CHUNK = 1 << 20
_MARK = re.compile(r"[^ \t\r\n]")
_DECODER = json.JSONDecoder()


class JsonValues:
    """Reads files with any number of JSON objects, in a list or not; the number of a row is its place among them."""

    def read(self, file: InputFile) -> Iterator[RawDocument]:
        """The rows of a file in order; after a value that is no JSON the rest cannot be told apart."""
        number = 0
        try:
            with open_content(file.path) as content:
                for value in _values(content, file.max_bytes):
                    number += 1
                    yield _document(file, value, number)
        except READING_ERRORS as error:
            yield file.failure(f"after row {number}: {why_unreadable(error)}")
        except NotJson as error:
            yield file.row_failure(number + 1, f"not JSON: {error}; the rest of the file is not read")

    def close(self) -> None:
        """Nothing is kept between files."""


def _document(file: InputFile, value: object, number: int) -> RawDocument:
    try:
        return object_document(file, as_unicode_values(value), number)
    except NotJson as error:
        return file.row_failure(number, str(error))


class _Text:
    """The part of a file that was read; from `place` on it is not yet understood."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.pending = ""
        self.place = 0
        self.has_ended = False

    @property
    def n_pending(self) -> int:
        """How many characters are not yet understood."""
        return len(self.pending) - self.place

    def more(self, n_bytes: int) -> None:
        """Read on.

        Raises:
            NotJson: the file is not UTF-8.
        """
        raw = self._content.read(n_bytes)
        self.has_ended = not raw
        try:
            self.pending = self.pending[self.place :] + self._decoder.decode(raw, self.has_ended)
        except UnicodeDecodeError as error:
            raise NotJson(f"not UTF-8: {error.reason}") from error
        self.place = 0

    def next_mark(self) -> str:
        """The next character that is no space, which stays; empty at the end."""
        while True:
            mark = _MARK.search(self.pending, self.place)
            self.place = len(self.pending) if mark is None else mark.start()
            if mark is not None:
                return mark[0]
            if self.has_ended:
                return ""
            self.more(_CHUNK)

    def skip_mark(self) -> None:
        """Pass over the character that `next_mark` gave."""
        self.place += 1


def _values(content: IO[bytes], max_bytes: int) -> Iterator[object]:
    """The values of a list, or values without one, in order.

    Raises:
        NotJson: what comes next is none.
    """
    text = _Text(content)
    is_list = text.next_mark() == "["
    if is_list:
        text.skip_mark()
        if text.next_mark() == "]":
            return
    while text.next_mark() or is_list:
        yield _value(text, max_bytes)
        if is_list:
            mark = text.next_mark()
            if mark not in (",", "]"):
                raise NotJson(f"after a row comes ',' or ']', not {mark!r}" if mark else "the list has no end")
            text.skip_mark()
            if mark == "]":
                return


def _value(text: _Text, max_bytes: int) -> object:
    while True:
        try:
            value, end = _DECODER.raw_decode(text.pending, text.place)
        except RecursionError as error:
            raise NotJson("nested too deeply") from error
        except json.JSONDecodeError as error:  # not the whole value yet, or none
            problem = error.msg if text.n_pending else "the file ends before the list does"
        except ValueError as error:  # a number of thousands of digits
            raise NotJson(str(error)) from error
        else:
            if end < len(text.pending) or text.has_ended:
                text.place = end
                return value
            problem = ""  # a number may go on
        if text.has_ended:
            raise NotJson(problem)
        if text.n_pending > max_bytes:
            raise NotJson(f"{problem or 'no end'}, or a row with more than {max_bytes:,} bytes (`max_bytes`)")
        text.more(max(_CHUNK, text.n_pending))


plugin = JsonValues
