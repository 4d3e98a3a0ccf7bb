"""A labelled view for spreadsheets: one line an item, safe to open. Not a copy of the release: see `loss`.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, which `read` takes off again.
Source: OWASP, "CSV Injection"; RFC 4180 for the form. The file begins with a byte order mark, without which Excel
takes UTF-8 for another encoding.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, ClassVar

import msgspec

from goldsmith.errors import RowError
from goldsmith.kit.digest import canonical_json
from goldsmith.releases.exports import Exporter
from goldsmith.releases.model import ReleaseRow
from goldsmith.trust.layouts import flat_cells, is_flat

_BOM = b"\xef\xbb\xbf"
_FIXED = ("external_id", "content_sha256")
_WHOLE = "payload"
_MAX_CELL = 1 << 30
# An apostrophe that is already there before such a character gets another one, so that no two values look the same.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


class CsvExporter(Exporter, frozen=True, kw_only=True, tag="csv"):
    """A view for spreadsheets: id, content hash, fields, and label and confidence of each question.

    Not a copy of a release: single answers are left out, and so is every part of the payload that is no field of the
    schema. A cell that a spreadsheet would run as a formula gets an apostrophe in front.

    Attributes:
        fields: the schema's fields, in order; without them the whole payload stands in one column as JSON.
        questions: the schema's questions, in order.
    """

    suffix: ClassVar[str] = ".csv"
    media_type: ClassVar[str] = "text/csv; charset=utf-8"
    loss: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "payload": "Only the schema's fields are written; a value that is no text becomes JSON text.",
            "consensus": "Only label and confidence of the schema's questions are written; other values become text.",
            "answers": "Single answers are left out.",
        }
    )

    def write(self, rows: Iterable[ReleaseRow], sink: BinaryIO) -> None:
        """Write the heading and a line for each row."""
        sink.writelines(self.portions(rows))

    def portions(self, rows: Iterable[ReleaseRow]) -> Iterator[bytes]:
        """The same bytes as `write`, a line at a time, for a server that streams them."""
        yield _BOM + _line(self._heading())
        for row in rows:
            yield _line(self._cells(row))

    def read(self, source: BinaryIO) -> Iterator[ReleaseRow]:
        """The rows with what a spreadsheet view keeps of them.

        Raises:
            RowError: the heading is another one, or a line has another number of cells; names the line.
        """
        text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
        before = csv.field_size_limit(_MAX_CELL)
        try:
            lines = csv.reader(text, strict=True)
            heading = self._heading()
            for number, cells in enumerate(lines, 1):
                if len(cells) != len(heading) or (number == 1 and [_bare(cell) for cell in cells] != heading):
                    raise RowError(f"row {number} has {len(cells)} cells {cells[:3]}, not the columns {heading}.")
                if number > 1:
                    yield self._row(dict(zip(heading, map(_bare, cells), strict=True)))
        except (csv.Error, UnicodeDecodeError) as error:
            raise RowError(f"this is not CSV as an export writes it: {error}.") from error
        finally:
            csv.field_size_limit(before)
            text.detach()

    def _heading(self) -> list[str]:
        fields = [_column(name) for name in self.fields] or [_WHOLE]
        return [*_FIXED, *fields, *(f"{kind}.{name}" for name in self.questions for kind in ("label", "confidence"))]

    def _cells(self, row: ReleaseRow) -> list[str]:
        fields = [row.payload.get(name) for name in self.fields] or [row.payload]
        flat = flat_cells([msgspec.to_builtins(one) for one in row.consensus])
        judged = [flat.get(f"{kind}.{name}") for name in self.questions for kind in ("label", "confidence")]
        return [row.external_id, row.content_sha256, *map(_text, [*fields, *judged])]

    def _row(self, cells: Mapping[str, str]) -> ReleaseRow:
        payload: dict[str, Any] = {name: cells[_column(name)] for name in self.fields}  # the client's values
        return ReleaseRow(
            external_id=cells["external_id"],
            content_sha256=cells["content_sha256"],
            payload=payload or msgspec.json.decode(cells[_WHOLE]),
            consensus=(),
            answers=(),
        )


def _column(field: str) -> str:
    """The heading of a field: its name, unless another column is called so."""
    return f"field.{field}" if field in _FIXED or is_flat(field) or field.startswith("field.") else field


def _line(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return text.getvalue().encode()


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical_json(value).decode()


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


plugin = CsvExporter
