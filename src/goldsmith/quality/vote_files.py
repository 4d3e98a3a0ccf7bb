"""Reads votes and known labels from files: CSV, TSV, JSONL and Parquet, each also compressed where that is usual."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl

from goldsmith.errors import VotesError
from goldsmith.quality.votes import Coded, Floats, Int64s, Votes

TASK, ANNOTATOR, LABEL, TIME, WEIGHT = "task", "annotator", "label", "time", "weight"
NAMES: Mapping[str, tuple[str, ...]] = {
    TASK: ("task", "item"),
    ANNOTATOR: ("annotator", "worker"),
    LABEL: ("label",),
    TIME: ("time", "timestamp"),
    WEIGHT: ("weight",),
}
"""What a column may be called; the first name is ours."""

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_LINES = {".jsonl", ".ndjson"}
_PARQUET = {".parquet", ".pq"}
_PACKED = {".gz", ".zst"}
_FORMATS = "CSV (.csv, .tsv), JSONL (.jsonl, .ndjson) or Parquet (.parquet)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of a file, in its order.

    Attributes:
        tasks: the name of each answer's task.
        annotators: who gave it.
        labels: what was answered.
        times: float64[n], seconds since 1970 (or any clock, if the file has plain numbers); None without such a column.
        weights: float64[n], how many votes each counts for; None without such a column.
    """

    tasks: pl.Series
    annotators: pl.Series
    labels: pl.Series
    times: Floats | None
    weights: Floats | None

    def votes(self, classes: Sequence[str] | None = None) -> Votes:
        """The votes; of several by one annotator on one task the last by time counts, without times the last row.

        Args:
            classes: all classes there are, in the order of their codes; the sorted labels when not given.

        Raises:
            VotesError: there are no votes, a label is no class, or a weight is not above 0.
        """
        order = None if self.times is None else np.argsort(self.times, kind="stable")
        tasks, annotators, labels = _coded(self.tasks), _coded(self.annotators), _coded(self.labels)
        if classes is not None:
            labels = _as_classes(labels, classes)
        return Votes.from_codes(tasks, annotators, labels, weights=self.weights, order=order)

    def arrivals(self, votes: Votes) -> Int64s:
        """int64[n_votes], for each of `votes`, made of these answers, a number that is higher the later it came."""
        n = len(self.tasks)
        order = np.arange(n) if self.times is None else np.argsort(self.times, kind="stable")
        task, annotator = _coded(self.tasks).codes.astype(np.int64), _coded(self.annotators).codes
        pair = task * votes.n_annotators + annotator
        kept = votes.task.astype(np.int64) * votes.n_annotators + votes.annotator
        found = np.empty(votes.n_votes, np.int64)
        found[np.searchsorted(kept, pair[order])] = np.arange(n)  # of several the last stays
        return found

    def tasks_in_order(self) -> list[str]:
        """The name of each task once, in the order in which they first come."""
        return self.tasks.unique(maintain_order=True).to_list()


def read_answers(path: Path) -> Answers:
    """The answers of a file with the columns `task`, `annotator` (or `worker`), `label` and maybe `time` and `weight`.

    Times are numbers or ISO 8601 texts. Other columns are left aside.

    Raises:
        VotesError: the file is not there or in no known format, a column is missing, or a row misses a value; names
            the row and the value.
    """
    read = _read(path)
    columns = _columns(path, read, [TASK, ANNOTATOR, LABEL], [TIME, WEIGHT])
    frame = read.select(**{ours: pl.col(theirs) for ours, theirs in columns.items()})
    _check_filled(path, frame.select(TASK, ANNOTATOR, LABEL))
    return Answers(
        tasks=frame[TASK],
        annotators=frame[ANNOTATOR],
        labels=frame[LABEL],
        times=_times(path, frame[TIME]) if TIME in columns else None,
        weights=_numbers(path, frame[WEIGHT]) if WEIGHT in columns else None,
    )


def read_votes(path: Path | str, *, classes: Sequence[str] | None = None) -> Votes:
    """The votes of a file; see `read_answers`."""
    return read_answers(Path(path)).votes(classes)


def read_labels(path: Path | str) -> dict[str, str]:
    """The known label of tasks, by task: a file with the columns `task` and `label`.

    Raises:
        VotesError: as `read_answers`, or a task has two labels.
    """
    path = Path(path)
    read = _read(path)
    columns = _columns(path, read, [TASK, LABEL], [])
    frame = read.select(**{ours: pl.col(theirs) for ours, theirs in columns.items()})
    _check_filled(path, frame)
    found: dict[str, str] = {}
    for row, (task, label) in enumerate(frame.select(TASK, LABEL).iter_rows()):
        if found.setdefault(task, label) != label:
            place = _place(path, row)
            raise VotesError(f"{place}: the task {task!r} has the label {label!r}, and {found[task]!r} further up.")
    return found


def read_columns(path: Path) -> pl.DataFrame:
    """All columns of a file, as texts.

    Raises:
        VotesError: the file is not there, or in none of the formats that are read.
    """
    return _read(path)


def read_tasks(path: Path) -> list[str]:
    """The names of tasks, each once, in the order of a file with the column `task`; errors as of `read_answers`."""
    read = _read(path)
    frame = read.select(pl.col(_columns(path, read, [TASK], [])[TASK]).alias(TASK))
    _check_filled(path, frame)
    return frame[TASK].unique(maintain_order=True).to_list()


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise VotesError(f"{path} {what}; name a file: {_FORMATS}.")
    kinds = [suffix.lower() for suffix in path.suffixes]
    kind = kinds[-2] if len(kinds) > 1 and kinds[-1] in _PACKED else kinds[-1] if kinds else ""
    if kind in _SEPARATORS:
        return _table(path, _SEPARATORS[kind])
    if kind in _LINES:
        return _lines(path)
    if kind in _PARQUET:
        return _parquet(path)
    raise VotesError(f"{path.name}: its name says none of the formats that are read: {_FORMATS}.")


def _table(path: Path, separator: str) -> pl.DataFrame:
    try:
        return pl.read_csv(path, separator=separator, infer_schema=False)
    except pl.exceptions.NoDataError:
        raise VotesError(f"{path.name} is empty; it needs a line with the names of its columns.") from None
    except pl.exceptions.PolarsError as error:
        raise VotesError(f"{path.name}: {_what_is_wrong(path, separator) or _first_line(error)}") from error


def _what_is_wrong(path: Path, separator: str) -> str:
    """The first row of a table that does not fit, in words; empty where none is found."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=separator, strict=True)
            n_columns = len(next(rows))
            for row in rows:
                if row and len(row) > n_columns:
                    return f"line {rows.line_num} has {len(row)} values for {n_columns} columns; put texts in quotes."
    except UnicodeDecodeError:
        return "it is not UTF-8; save it as UTF-8."
    except (csv.Error, StopIteration, OSError):
        return ""
    return ""


def _lines(path: Path) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []  # Any: foreign JSON
    for number, line in _numbered_lines(path):
        try:
            row = msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise VotesError(f"{path.name}, line {number}: {error}; each line has to be a JSON object.") from error
        rows.append(row)
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame(
        {name: [_as_text(row.get(name)) for row in rows] for name in names}, dict.fromkeys(names, pl.String)
    )


def _numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if path.suffix in _PACKED:
        content = pl.read_csv(path, has_header=False, separator="\x01", quote_char=None, infer_schema=False)
        lines = [line or "" for line in content.to_series().to_list()]
        yield from ((number, line.encode()) for number, line in enumerate(lines, 1) if line.strip())
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _as_text(value: object) -> str | None:
    match value:
        case None:
            return None
        case str():
            return value
        case _:
            return msgspec.json.encode(value).decode()


def _parquet(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise VotesError(f"{path.name} is not a Parquet file: {_first_line(error)}") from error
    plain = {name: kind for name, kind in frame.schema.items() if not kind.is_nested()}
    iso = "%Y-%m-%dT%H:%M:%S%.f"
    return frame.select(
        pl.col(name).dt.to_string(iso) if kind == pl.Datetime else pl.col(name).cast(pl.String)
        for name, kind in plain.items()
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def _columns(path: Path, read: pl.DataFrame, needed: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """What the file calls the columns, by our names for them."""
    known = {name.strip().lower(): name for name in read.columns}
    found = {ours: known[name] for ours in (*needed, *wanted) for name in reversed(NAMES[ours]) if name in known}
    missing = [ours for ours in needed if ours not in found]
    if missing:
        has = ", ".join(read.columns) or "none"
        raise VotesError(f"{path.name} has no column {' or '.join(NAMES[missing[0]])!r}; it has {has}. Rename one.")
    return found


def _place(path: Path, row: int) -> str:
    return f"{path.name}, row {row + 1}"


def _check_filled(path: Path, frame: pl.DataFrame) -> None:
    for name in frame.columns:
        is_empty = frame[name].is_null() | (frame[name] == "")
        if is_empty.any():
            place = _place(path, is_empty.arg_max() or 0)
            n = int(is_empty.sum())
            cure = (
                "take the row out or fill it in" if n == 1 else f"as in {n:,} rows; take such rows out or fill them in"
            )
            raise VotesError(f"{place}: its {name} is empty{';' if n == 1 else ','} {cure}.")


def _numbers(path: Path, column: pl.Series) -> Floats:
    numbers = column.cast(pl.Float64, strict=False)
    wrong = numbers.is_null()
    if wrong.any():
        row = wrong.arg_max() or 0
        raise VotesError(f"{_place(path, row)}: its {column.name} is {column[row]!r}, not a number.")
    return numbers.to_numpy()


def _times(path: Path, column: pl.Series) -> Floats:
    numbers = column.cast(pl.Float64, strict=False)
    if not numbers.is_null().any():
        return numbers.to_numpy()
    moments = column.str.to_datetime(time_unit="us", time_zone="UTC", strict=False, exact=True)
    wrong = moments.is_null()
    if wrong.any():
        row = wrong.arg_max() or 0
        place = _place(path, row)
        raise VotesError(f"{place}: its time is {column[row]!r}, neither a number nor like 2026-11-22T17:30:00Z.")
    return moments.dt.epoch("us").to_numpy() / 1e6


def _coded(column: pl.Series) -> Coded:
    """Codes in the order of the sorted names."""
    names = column.unique().sort()
    codes = column.rank("dense").cast(pl.Int32) - 1 if len(names) else column.cast(pl.Int32)
    return Coded(np.ascontiguousarray(codes.to_numpy()), tuple(names.to_list()))


def _as_classes(labels: Coded, classes: Sequence[str]) -> Coded:
    code_of = {name: code for code, name in enumerate(classes)}
    if len(code_of) < len(classes):
        raise VotesError("a class is named twice; name each once.")
    unknown = [name for name in labels.names if name not in code_of]
    if unknown:
        raise VotesError(f"the label {unknown[0]!r} is not one of the classes {', '.join(classes)}.")
    moved = np.array([code_of[name] for name in labels.names], np.int32)
    return Coded(moved[labels.codes], tuple(classes))
