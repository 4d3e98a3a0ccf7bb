"""JSON lines: one canonical JSON object a row, exactly as the rows are hashed."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar

import msgspec

from goldsmith.errors import RowError
from goldsmith.releases.exports import Exporter
from goldsmith.releases.model import ReleaseRow
from goldsmith.trust.layouts import row_line

_DECODER = msgspec.json.Decoder(ReleaseRow)


class JsonlExporter(Exporter, frozen=True, kw_only=True, tag="jsonl"):
    """Writes and reads JSON lines. Nothing is lost."""

    suffix: ClassVar[str] = ".jsonl"
    media_type: ClassVar[str] = "application/x-ndjson"

    def write(self, rows: Iterable[ReleaseRow], sink: BinaryIO) -> None:
        """Write a line for each row."""
        sink.writelines(row_line(msgspec.to_builtins(row)) for row in rows)

    def read(self, source: BinaryIO) -> Iterator[ReleaseRow]:
        """The rows, line by line.

        Raises:
            RowError: a line is no row of a release; names the line.
        """
        for number, line in enumerate(source, 1):
            try:
                yield _DECODER.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise RowError(f"line {number} is not a row of a release: {error}.") from error


plugin = JsonlExporter
