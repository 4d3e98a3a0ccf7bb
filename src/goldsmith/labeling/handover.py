"""What the vault's process and its computing children hand each other; light, since a child imports it for each job."""

import msgspec

from goldsmith.labeling.wire import MeasureRow


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a file: its line (from 1), its id if it has one, its payload, or why it cannot be used."""

    line: int
    external_id: str | None = None
    payload: dict[str, object] = {}
    fault: str = ""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """One annotator's answers to one item, as the computing process gets them."""

    item_id: str
    external_id: str
    annotator_id: str
    answers: str


class Inferred(msgspec.Struct, frozen=True, array_like=True):
    """The consensus on one question of one item, as the computing process gives it; `value` is canonical JSON."""

    item_id: str
    question: str
    value: str
    confidence: float | None
    agreement: float | None
    n_answers: int
    method: str


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What an inference measured about a project as a whole."""

    measures: list[MeasureRow]
    agreement_of: dict[str, float]
