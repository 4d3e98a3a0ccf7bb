"""What the vault's process and its computing children hand each other; light, since a child imports it for each job."""

from typing import Literal

import msgspec

from goldsmith.labeling.progress_wire import MeasureRow
from goldsmith.labeling.quality_wire import PlanPoint, QuestionQuality
from goldsmith.labeling.wire import Json


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
    at: int = 0
    active_ms: int = 0


class KnownAnswer(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one item: gold that was given, or what an auditor answered."""

    external_id: str
    origin: Literal["given", "audit"]
    answers: str


class Inferred(msgspec.Struct, frozen=True, array_like=True):
    """The consensus on one question of one item, as the computing process gives it; `value` is canonical JSON.

    It is contested where the answers disagree and more of them do not settle it.
    """

    item_id: str
    question: str
    value: str
    confidence: float | None
    agreement: float | None
    n_answers: int
    method: str
    is_contested: bool = False


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What an inference measured about a project as a whole.

    Attributes:
        measures: agreement, by question.
        agreement_of: how often each annotator agrees with the consensus.
        quality: how good the labels of each question are.
        live_models: by question, what foresees what an answer does to its item.
        plan: what more answers of people would bring.
        plan_note: what is to be said of the plan, or why there is none.
    """

    measures: list[MeasureRow]
    agreement_of: dict[str, float]
    quality: list[QuestionQuality] = []
    live_models: dict[str, Json] = {}
    plan: list[PlanPoint] = []
    plan_note: str = ""
