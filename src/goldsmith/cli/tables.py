"""Writes a table in the format that the file's name says."""

from io import BytesIO
from pathlib import Path

import polars as pl

from goldsmith.cli.files import written_whole
from goldsmith.errors import InputError

FORMATS = ".csv, .jsonl or .parquet"


def write_table(path: Path, frame: pl.DataFrame, what: str) -> None:
    """Write `frame` whole or not at all.

    Args:
        path: where to.
        frame: the rows.
        what: what they are, for people.

    Raises:
        InputError: the file's name ends in no format that is written.
    """
    buffer = BytesIO()
    match path.suffix.lower():
        case ".csv":
            frame.write_csv(buffer)
        case ".jsonl":
            frame.write_ndjson(buffer)
        case ".parquet":
            frame.write_parquet(buffer)
        case _:
            raise InputError(f"{path.name}: {what} are written as {FORMATS}; end the file's name in one of these.")
    _ = written_whole(path, [buffer.getvalue()])
