"""Adds to the verdicts about a document where in its text stands what shows them.

Spans are found at the end, in the text as it is written: so they fit it whatever later stages did to it, and are the
same when rules decide anew about documents that were stored.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from goldsmith.kit.arrow import names_of
from goldsmith.kit.columns import Batch
from goldsmith.refine.evidence.spans import as_evidence
from goldsmith.refine.model import Stage
from goldsmith.refine.rules import NumberRule, Stop

Stops = Sequence[Stop]


class Witnesses:
    """The stages of a recipe by the rules that they stop documents with."""

    __slots__ = ("_by_rule",)

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._by_rule: dict[tuple[str, str, float | None], Stage] = {}
        for stage in reversed(stages):
            for rule in stage.rules():
                self._by_rule[stage.name, rule.name, None] = stage
                if isinstance(rule, NumberRule):
                    self._by_rule[stage.name, rule.name, rule.threshold] = stage

    def of(self, stop: Stop) -> Stage | None:
        """The stage that gave a verdict; the threshold tells two of one name apart."""
        named = self._by_rule.get((stop.stage, stop.rule, None))
        return self._by_rule.get((stop.stage, stop.rule, stop.threshold), named)


def with_spans(batch: Batch, stops: Sequence[Stops], stages: Sequence[Stage]) -> list[Stops]:
    """What stopped each document of `batch`, with the spans of its text that show it."""
    witnesses = Witnesses(stages)
    columns = _Columns(batch)
    return [[_shown(stop, witnesses, columns, row) for stop in found] for row, found in enumerate(stops)]


class _Columns:
    """The values of a batch, each column read once it is needed."""

    __slots__ = ("_batch", "_known", "_names")

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._names = {name for name in names_of(batch) if not name.startswith("_")}
        self._known: dict[str, list[object]] = {}

    def of(self, stage: Stage, row: int) -> Mapping[str, object]:
        return {name: self.value(name, row) for name in stage.columns if name in self._names and name != "text"}

    def value(self, name: str, row: int) -> object:
        if name not in self._known:
            self._known[name] = self._batch.column(name).to_pylist()
        return self._known[name][row]


def _shown(stop: Stop, witnesses: Witnesses, columns: _Columns, row: int) -> Stop:
    stage = witnesses.of(stop)
    text = None if stage is None else columns.value("text", row)
    if stage is None or not isinstance(text, str):
        return stop
    evidence = as_evidence(stage.spans_of(stop.rule, text, columns.of(stage, row)))
    return replace(stop, evidence={**stop.evidence, **evidence}) if evidence else stop
