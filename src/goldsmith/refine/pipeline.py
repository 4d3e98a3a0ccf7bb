"""Runs stages over batches of documents: pure, so that any engine can do it anywhere, in any order.

Annotate first, decide later: a document that a rule drops stays in its batch and goes through the stages that follow,
so that in the end all its scores are known. Only one that fails, such as a page that cannot be read, ends there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from goldsmith.kit.arrow import join_rows, names_of, only_columns, take_rows, with_columns, without_columns
from goldsmith.kit.columns import Batch, Kind, Kinds
from goldsmith.refine.evidence.verdicts import with_spans
from goldsmith.refine.model import BASE_KINDS, ORDER, READ, DocumentStage, Stage
from goldsmith.refine.rules import Present, Rule, Stop, Verdict
from goldsmith.refine.statistics.tokenisers import TOKEN_KINDS
from goldsmith.refine.tallies import StageTally, observe, observed_columns

DIGEST = "_digest"
"""Hidden column: the XXH3 hash of 128 bits of a document as it was read, but for its place."""

STOPS, HALTED, RECORDED = "_stops", "_is_halted", "_recorded"
"""Hidden columns: what stopped a document so far, as JSON; whether it failed; what stopped it in an earlier run."""

UNFINISHED = "_unfinished"
"""A hidden column: why the stage at hand came to no end with a document, which then fails."""

UNFINISHED_RULE = "unfinished"
"""What reports call it when a stage came to no end with a document."""

RAW_KINDS: Kinds = {
    **BASE_KINDS,
    DIGEST: "bytes",
    "_media": "text",
    "_raw": "bytes",
    "_unreadable": "text",
    "_used_id": "text",
    STOPS: "text",
    HALTED: "bool",
    RECORDED: "text",
    UNFINISHED: "text",
}
"""The columns of documents as they were read."""

_CUT_BY = ("text", "language")
"""The columns on which tokens depend."""

VERDICT_KINDS: Kinds = {
    "stage": "text",
    "rule": "text",
    "value": "float",
    "threshold": "float",
    "margin": "float",
    "reason": "text",
    "evidence": "text",
    "stops": "text",
}
"""What is written beside every document that does not go on: the first rule that stopped it, and all of them."""

Annotate = Callable[[DocumentStage, Batch], Mapping[str, Sequence[object]]]
"""Gives the columns of a stage."""


class Read(DocumentStage, frozen=True, kw_only=True):
    """What happens before the first stage: files that cannot be read fail, and so do ids that stand twice."""

    name: ClassVar[str] = READ
    title: ClassVar[str] = "Read"

    def annotate(self, batch: Batch) -> Mapping[str, Sequence[object]]:
        """Nothing: readers said what there is to say."""
        del batch
        return {}

    def rules(self) -> tuple[Rule, ...]:
        """Fails what cannot be read, and the second document with an id."""
        return (
            Present(name="unreadable", column="_unreadable", action="fail"),
            Present(name="id-used-twice", column="_used_id", action="fail"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one batch.

    Attributes:
        batch: all its documents in the order of reading, with what stopped them.
        tallies: what each stage did, in their order.
    """

    batch: Batch
    tallies: tuple[StageTally, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The documents of a batch by what became of them; those that do not go on have the columns of `VERDICT_KINDS`."""

    kept: Batch
    dropped: Batch
    failed: Batch


def annotated_by(stage: DocumentStage, batch: Batch) -> Mapping[str, Sequence[object]]:
    """The columns that the stage computes."""
    return stage.annotate(batch)


def run_stages(stages: Sequence[DocumentStage], batch: Batch, annotate: Annotate = annotated_by) -> Outcome:
    """Pass one batch through stages that look at each document by itself; its bytes are let go at the end."""
    closed: list[Batch] = []
    tallies: list[StageTally] = []
    for stage in stages:
        batch, halted = _parted(batch)
        closed.extend(halted)
        decided = decide(stage, annotated(stage, batch, annotate))
        batch = decided.batch
        tallies.extend(decided.tallies)
    rest = [without_columns(part, ["_raw", DIGEST, *TOKEN_KINDS]) for part in (batch, *closed)]
    return Outcome(batch=join_rows(rest, by=ORDER), tallies=tuple(tallies))


def annotated(stage: DocumentStage, batch: Batch, annotate: Annotate = annotated_by) -> Batch:
    """A batch with the columns of a stage, and with the tokens that it hands on; those of another text are let go."""
    columns = annotate(stage, batch)
    spans: Kinds = dict.fromkeys(columns, "text")  # those that move are texts
    known = batch if columns.keys().isdisjoint(_CUT_BY) else without_columns(batch, TOKEN_KINDS)
    return with_columns(known, columns, {**spans, **RAW_KINDS, **TOKEN_KINDS, **stage.columns})


def decide(stage: Stage, annotated: Batch) -> Outcome:
    """Let the rules of `stage` decide about documents that have its columns, but for those that failed before."""
    found = _verdicts(stage, annotated)
    known = annotated.column(STOPS)
    n_rows = annotated.num_rows
    now: list[tuple[str, Verdict] | None] = [None] * n_rows
    batch = annotated
    if found:
        stops: list[str | None] = known.to_pylist()
        halted: list[bool | None] = annotated.column(HALTED).to_pylist()
        ends = list(halted)
        for row, new in found.items():
            if not halted[row]:
                now[row] = new[0]
                ends[row] = any(verdict.action == "fail" for _, verdict in new)
                stops[row] = _with_stops(stops[row], stage.name, new)
        batch = with_columns(annotated, {STOPS: stops, HALTED: ends}, RAW_KINDS)
    alive = range(n_rows) if known.null_count == n_rows else going_on(annotated)
    seen = take_rows(only_columns(annotated, observed_columns(stage)), alive)
    tally = observe(stage, seen, [now[row] for row in alive])
    return Outcome(batch=batch, tallies=(tally,))


def _verdicts(stage: Stage, batch: Batch) -> dict[int, list[tuple[str, Verdict]]]:
    """The rules that stop documents, by row; one with which the stage came to no end fails for that alone."""
    found: dict[int, list[tuple[str, Verdict]]] = {}
    unfinished, rows, finished = batch.column(UNFINISHED), range(batch.num_rows), batch
    if unfinished.null_count < batch.num_rows:
        reasons: list[str | None] = unfinished.to_pylist()
        for row, why in enumerate(reasons):
            if why is not None:
                found[row] = [(UNFINISHED_RULE, Verdict(action="fail", reason=why))]
        rows = [row for row in rows if row not in found]
        finished = take_rows(batch, rows)
    for rule in stage.rules():
        for row, verdict in zip(rows, rule.verdicts(finished), strict=True):
            if verdict is not None:
                found.setdefault(row, []).append((rule.name, verdict))
    return found


def going_on(batch: Batch) -> list[int]:
    """The places of the documents that nothing has stopped so far."""
    return [row for row, stops in enumerate(batch.column(STOPS).to_pylist()) if stops is None]


def parts_by_fate(batch: Batch, stages: Sequence[Stage] = ()) -> Parts:
    """The documents of a batch that went through all stages, by what became of them.

    Args:
        batch: the documents.
        stages: the stages that they went through, which show where in the texts stands what stopped them.
    """
    known: list[str | None] = batch.column(STOPS).to_pylist()
    stops = [() if each is None else msgspec.json.decode(each, type=tuple[Stop, ...]) for each in known]
    stops = with_spans(batch, stops, stages)
    rows: dict[str, list[int]] = {"keep": [], "drop": [], "fail": []}
    for row, found in enumerate(stops):
        rows[found[0].action if found else "keep"].append(row)
    return Parts(
        kept=take_rows(batch, rows["keep"]),
        dropped=_with_verdicts(batch, rows["drop"], stops),
        failed=_with_verdicts(batch, rows["fail"], stops),
    )


def working_kinds(stages: Sequence[Stage]) -> dict[str, Kind]:
    """The columns of documents that passed `stages`."""
    kinds: dict[str, Kind] = {name: kind for name, kind in RAW_KINDS.items() if name not in ("_raw", DIGEST)}
    for stage in stages:
        kinds |= stage.columns
    return kinds


def kept_kinds(stages: Sequence[Stage]) -> dict[str, Kind]:
    """The columns that are written of kept documents: the base, then what each stage found out."""
    known: dict[str, Kind] = {**BASE_KINDS, **working_kinds(stages)}
    return {name: kind for name, kind in known.items() if not name.startswith("_")}


def stopped_kinds(stages: Sequence[Stage]) -> dict[str, Kind]:
    """The columns that are written of dropped and failed documents: the base, the verdict, then what is known."""
    return {**BASE_KINDS, **VERDICT_KINDS, **kept_kinds(stages)}


def _parted(batch: Batch) -> tuple[Batch, tuple[Batch, ...]]:
    """The documents of a batch that go through the next stage, and those that have failed."""
    ends: list[bool | None] = batch.column(HALTED).to_pylist()
    if not any(ends):
        return batch, ()
    halted = take_rows(batch, [row for row, is_end in enumerate(ends) if is_end])
    return take_rows(batch, [row for row, is_end in enumerate(ends) if not is_end]), (halted,)


def _with_stops(known: str | None, stage: str, new: Sequence[tuple[str, Verdict]]) -> str:
    before = [] if known is None else msgspec.json.decode(known, type=list[Stop])
    return msgspec.json.encode([*before, *(Stop.of(stage, rule, verdict) for rule, verdict in new)]).decode()


def _with_verdicts(batch: Batch, rows: Sequence[int], stops: Sequence[Sequence[Stop]]) -> Batch:
    """The documents at `rows` with the columns of what stopped them; columns of stages give way to those."""
    first = [stops[row][0] for row in rows]
    columns: dict[str, list[object]] = {
        "stage": [stop.stage for stop in first],
        "rule": [stop.rule for stop in first],
        "value": [stop.value for stop in first],
        "threshold": [stop.threshold for stop in first],
        "margin": [stop.margin for stop in first],
        "reason": [stop.reason for stop in first],
        "evidence": [msgspec.json.encode(stop.evidence).decode() for stop in first],
        "stops": [_as_json(stops[row]) for row in rows],
    }
    stopped = without_columns(take_rows(batch, rows), sorted(set(names_of(batch)) & set(columns)))
    return with_columns(stopped, columns, VERDICT_KINDS)


def _as_json(stops: Sequence[Stop]) -> str:
    return msgspec.json.encode(stops).decode()
