"""Calls stages so that one document can fail alone: one that takes too long, or more memory than there is."""

from collections.abc import Mapping, Sequence
from time import thread_time
from typing import NamedTuple, Protocol

from goldsmith.kit.arrow import names_of, take_rows
from goldsmith.kit.columns import Batch
from goldsmith.refine.model import ORDER, DocumentStage
from goldsmith.refine.pipeline import UNFINISHED, Annotate
from goldsmith.refine.rules import as_words

NO_MEMORY = "asked for more memory than there is"

LOADING_SECONDS = 3.0
"""What a call may take beyond its stage's `cpu_seconds`, to load libraries; it is then called again."""

_PIECE_SHARE = 0.25
"""What a call with several documents should take at most, as a share of what a single one may take."""

Columns = Mapping[str, Sequence[object]]


class Step(NamedTuple):
    """Where a process is: the place of the stage among its stages, and the number of the document, if it is alone."""

    place: int
    number: int | None


BETWEEN = Step(-1, None)
"""In no stage."""


class Known(NamedTuple):
    """What earlier attempts with a batch have shown.

    Attributes:
        careful: the places of the stages that have to look at each document alone.
        unfinished: for a stage's place the numbers of the documents with which it comes to no end, and why.
    """

    careful: set[int]
    unfinished: dict[int, dict[int, str]]


class Piece(NamedTuple):
    """The columns of some documents in a row, or why there are none for the only one."""

    n_rows: int
    columns: Columns | None
    reason: str | None = None


class Meter(Protocol):
    """Measures the calls of stages."""

    def begin(self, step: Step, seconds: float) -> None:
        """A stage is about to look at a piece, which may take so many seconds of a processor."""
        ...

    def end(self) -> float:
        """It came to an end: the seconds of a processor that it took."""
        ...


class ThreadMeter:
    """Measures what this thread takes; it stops nothing."""

    __slots__ = ("_start",)

    def begin(self, step: Step, seconds: float) -> None:
        """A stage is about to look at a piece, which may take so many seconds of a processor."""
        del step, seconds
        self._start = thread_time()

    def end(self) -> float:
        """The seconds that this thread took."""
        return thread_time() - self._start


class Watched:
    """Calls the stages of a recipe, one after the other, on the documents of one batch after the other.

    A stage that takes long gets its documents in pieces. A piece that took more than one document may take is looked at
    again, each document alone, so that what a first call loads and compiles counts against nobody.
    """

    __slots__ = ("_annotate", "_known", "_meter", "_place", "_rows_per_call")

    def __init__(self, meter: Meter, annotate: Annotate) -> None:
        self._meter, self._annotate = meter, annotate
        self._rows_per_call: dict[int, int] = {}
        self._place = -1
        self._known = Known(set(), {})

    def begin(self, known: Known) -> None:
        """The next batch is about to pass the first stage."""
        self._place, self._known = -1, known

    def __call__(self, stage: DocumentStage, batch: Batch) -> Columns:
        """The columns of the next stage, with why it came to no end where it did not."""
        self._place += 1
        given = self._known.unfinished.get(self._place, {})
        reasons: list[str | None] = [given.get(number) for number in _numbers(batch)]
        rows = [row for row, reason in enumerate(reasons) if reason is None]
        pieces = self._pieces(stage, take_rows(batch, rows))
        if len(pieces) == 1 and len(rows) == batch.num_rows and pieces[0].columns is not None:
            return pieces[0].columns
        start = 0
        for piece in pieces:
            if piece.columns is None:
                reasons[rows[start]] = piece.reason
            start += piece.n_rows
        if all(piece.columns is None for piece in pieces):  # the columns have to be there all the same
            pieces.append(Piece(0, self._annotate(stage, batch.slice(0, 0))))
        return _spread(batch, rows, pieces, reasons)

    def _pieces(self, stage: DocumentStage, batch: Batch) -> list[Piece]:
        if self._place in self._known.careful:
            return self._one_by_one(stage, batch)
        pieces: list[Piece] = []
        start = 0
        while start < batch.num_rows or not pieces:
            n_rows = self._rows_per_call.get(self._place, batch.num_rows)
            piece = batch.slice(start, n_rows)
            start += max(1, piece.num_rows)
            columns, seconds = self._measured(stage, piece)
            if columns is None or seconds > stage.cpu_seconds:
                pieces += self._one_by_one(stage, piece)
            else:
                pieces.append(Piece(piece.num_rows, columns))
        return pieces

    def _one_by_one(self, stage: DocumentStage, batch: Batch) -> list[Piece]:
        pieces: list[Piece] = []
        for row in range(batch.num_rows):
            columns, seconds = self._measured(stage, batch.slice(row, 1))
            if seconds > stage.cpu_seconds:  # it may have loaded libraries and machine code
                columns, seconds = self._measured(stage, batch.slice(row, 1), 0.0)
            if columns is None:
                pieces.append(Piece(1, None, NO_MEMORY))
            elif seconds > stage.cpu_seconds:
                pieces.append(Piece(1, None, too_long(stage)))
            else:
                pieces.append(Piece(1, columns))
        return pieces

    def _measured(
        self, stage: DocumentStage, piece: Batch, more: float = LOADING_SECONDS
    ) -> tuple[Columns | None, float]:
        number = _numbers(piece)[0] if piece.num_rows == 1 else None
        self._meter.begin(Step(self._place, number), stage.cpu_seconds + more)
        try:
            columns = self._annotate(stage, piece)
        except MemoryError:
            columns = None
        finally:
            seconds = self._meter.end()
        if piece.num_rows:
            rows = int(_PIECE_SHARE * stage.cpu_seconds * piece.num_rows / max(seconds, 1e-9))
            self._rows_per_call[self._place] = max(1, rows)
        return columns, seconds


def too_long(stage: DocumentStage) -> str:
    """Why a document fails that took a stage too long."""
    return f"took more than {as_words(stage.cpu_seconds)} s of CPU"


def _numbers(batch: Batch) -> list[int]:
    return batch.column(ORDER).to_pylist()


def _spread(batch: Batch, rows: Sequence[int], pieces: Sequence[Piece], reasons: Sequence[str | None]) -> Columns:
    """The columns of all pieces at the places `rows` of their documents; other documents keep what they have."""
    known = names_of(batch)
    spread: dict[str, list[object]] = {}
    start = 0
    for piece in pieces:
        for name, values in (piece.columns or {}).items():
            if name not in spread:
                spread[name] = batch.column(name).to_pylist() if name in known else [None] * batch.num_rows
            for row, value in zip(rows[start : start + piece.n_rows], values, strict=True):
                spread[name][row] = value
        start += piece.n_rows
    return {**spread, UNFINISHED: list(reasons)}
