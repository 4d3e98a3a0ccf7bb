"""Finds documents of a finished run: those that a rule stopped, or one by its id."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from goldsmith.errors import InputError, NotFound
from goldsmith.kit.arrow import names_of
from goldsmith.kit.columns import Batch
from goldsmith.kit.nearest import nearest
from goldsmith.kit.parquet import read_parquet
from goldsmith.refine.evidence.documents import rows_of, shown, stopping
from goldsmith.refine.outputs import DROPPED, FAILED, KEPT, RECIPE, parts_of, read_report
from goldsmith.refine.pipeline import Read
from goldsmith.refine.recipe import load_recipe
from goldsmith.refine.reports import Fate, RefineReport, ShownDocument, StageCount
from goldsmith.refine.rules import Stop

_FOLDERS: dict[str, Fate] = {DROPPED: "dropped", FAILED: "failed", KEPT: "kept"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which documents to find.

    Attributes:
        stage: those that this stage stops.
        rule: those that a rule of this name stops.
        id: those with this id, kept ones too.
    """

    stage: str | None = None
    rule: str | None = None
    id: str | None = None

    def has(self, stop: Stop) -> bool:
        """Whether a verdict is one of those asked for."""
        return self.stage in (None, stop.stage) and self.rule in (None, stop.rule)


class Found(NamedTuple):
    """Documents of a run, and how many there are in all where that is known before they are read."""

    n: int | None
    documents: Iterator[ShownDocument]


def find_documents(out: Path, wanted: Wanted) -> Found:
    """The documents of the run in the folder `out` that are `wanted`, in the order of reading, the dropped ones first.

    Raises:
        InputError: the run had no such stage or rule.
        NotFound: `out` is not the folder of a finished run, or has no document with that id.
    """
    report = read_report(out)
    n = _count(report, wanted)
    if wanted.id is not None:
        documents = list(_documents(out, wanted))
        if not documents:
            raise NotFound(f"{out} holds no document {wanted.id!r}" + (" that this stops." if _names(wanted) else "."))
        return Found(len(documents), iter(documents))
    return Found(n, _documents(out, wanted))


def _documents(out: Path, wanted: Wanted) -> Iterator[ShownDocument]:
    recipe = load_recipe((out / RECIPE).read_text(encoding="utf-8"), origin=str(out / RECIPE))
    stages = (Read(), *recipe.stages)
    for folder, fate in _FOLDERS.items():
        if folder == KEPT and (wanted.id is None or _names(wanted)):
            continue
        for batch in read_parquet(parts_of(out, folder)):
            find = rows_of(batch)
            for row, stops in _rows(batch, wanted):
                asked = sorted(stops, key=lambda stop: not wanted.has(stop)) if _names(wanted) else stops
                yield shown(find(row), fate, stages, stopping(asked))


def _rows(batch: Batch, wanted: Wanted) -> Iterator[tuple[int, list[Stop]]]:
    ids: list[str] = batch.column("id").to_pylist()
    none: list[str | None] = [None] * batch.num_rows
    known: list[str | None] = batch.column("stops").to_pylist() if "stops" in names_of(batch) else none
    for row, (name, raw) in enumerate(zip(ids, known, strict=True)):
        if wanted.id is not None and name != wanted.id:
            continue
        stops = [] if raw is None else msgspec.json.decode(raw, type=list[Stop])
        if not _names(wanted) or any(map(wanted.has, stops)):
            yield row, stops


def _names(wanted: Wanted) -> bool:
    return wanted.stage is not None or wanted.rule is not None


def _count(report: RefineReport, wanted: Wanted) -> int | None:
    """How many documents are wanted, where the report knows it."""
    stages = {stage.stage: stage for stage in report.stages}
    if wanted.stage is not None and wanted.stage not in stages:
        raise InputError(f"there is no stage {wanted.stage!r}; {nearest(wanted.stage, stages)}")
    counts = _rules(stages if wanted.stage is None else {wanted.stage: stages[wanted.stage]})
    if wanted.rule is not None and wanted.rule not in counts:
        raise InputError(f"there is no rule {wanted.rule!r}; {nearest(wanted.rule, counts)}")
    if wanted.rule is not None:
        found = counts[wanted.rule]
        return found[0] if len(found) == 1 else None
    return None if wanted.stage is not None else report.n_dropped + report.n_failed


def _rules(stages: dict[str, StageCount]) -> dict[str, list[int]]:
    """How many documents each rule stops, by name; several stages can have a rule of one name."""
    counts: dict[str, list[int]] = {}
    for stage in stages.values():
        for rule in stage.rules:
            counts.setdefault(rule.rule, []).append(rule.n_all)
    return counts
