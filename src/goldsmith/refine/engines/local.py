"""The local engine: batches on this machine, with documents between two passes in Parquet on the disk."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import groupby
from pathlib import Path
from typing import cast

from goldsmith import __version__
from goldsmith.errors import Cancelled, InputError
from goldsmith.kit.arrow import ParquetParts, merge_rows, read_parquet, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.engines import Run, load_named
from goldsmith.refine.engines.pool import mapped
from goldsmith.refine.engines.showcases import Showcase
from goldsmith.refine.intake import Intake
from goldsmith.refine.model import Comparison, CorpusStage, DocumentStage, Progress, Stage
from goldsmith.refine.outputs import DROPPED, FAILED, KEPT
from goldsmith.refine.pipeline import (
    FAILED_KINDS,
    ORDER,
    Outcome,
    Read,
    decide,
    dropped_kinds,
    kept_kinds,
    working_kinds,
)
from goldsmith.refine.reports import LanguageCount, RefineReport, SourceCount
from goldsmith.refine.rules import Resembles
from goldsmith.refine.summaries import summarise_numbers, summarise_stage, warnings_of
from goldsmith.refine.tallies import StageTally

SPILL_LEVEL = 1
"""How hard documents between two passes are compressed: as little as pays."""


class LocalEngine:
    """Runs a recipe in this process, or in several on this machine."""

    def run(self, run: Run) -> RefineReport:
        """Write the documents into the run's folder; returns what happened."""
        stages = (Read(), *run.recipe.stages)
        work = run.folder / "work"
        work.mkdir()
        with ExitStack() as stack:
            passes = _Passes(run, stages, stack)
            passes.run(work)
        shutil.rmtree(work)
        return passes.report()


class _Passes:
    """One run: documents go through it once for the stages that look at each, and once more for every comparison."""

    __slots__ = (
        "_dropped",
        "_failed",
        "_intake",
        "_kept",
        "_kept_by_source",
        "_languages",
        "_n_characters",
        "_run",
        "_showcases",
        "_stages",
        "_tallies",
    )

    def __init__(self, run: Run, stages: Sequence[Stage], stack: ExitStack) -> None:
        self._run = run
        self._stages = stages
        self._tallies = [StageTally() for _ in stages]
        self._intake = Intake([(source, source.read(run.places)) for source in run.recipe.sources])
        self._kept = stack.enter_context(ParquetParts(run.folder / KEPT, kept_kinds(stages)))
        self._dropped = stack.enter_context(ParquetParts(run.folder / DROPPED, dropped_kinds(stages)))
        self._failed = stack.enter_context(ParquetParts(run.folder / FAILED, FAILED_KINDS))
        self._kept_by_source: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._n_characters = 0
        self._showcases: list[Showcase] = []

    def run(self, work: Path) -> None:
        """Pass all documents through all stages."""
        stream = self._intake.batches()
        for is_comparison, group in groupby(range(len(self._stages)), self._is_comparison):
            places = list(group)
            if is_comparison:
                for place in places:
                    stream = self._compare(place, stream, work / f"{place}")
            else:
                stream = self._annotate(places, stream)
        for batch in stream:
            self._keep(batch)
        if self._tallies[0].n_in == 0:
            raise InputError("the sources of this recipe hold no documents.", hint="Add a source that exists here.")

    def report(self) -> RefineReport:
        """What happened."""
        recipe, tallies = self._run.recipe, self._tallies
        pairs = list(zip(self._stages, tallies, strict=True))
        read = self._intake.n_by_source
        silent = [f"Source {name!r} gave no documents." for name, n_read in read.items() if n_read == 0]
        return RefineReport(
            name=recipe.name,
            title=recipe.title,
            recipe_sha256=recipe.sha256,
            goldsmith=__version__,
            n_read=tallies[0].n_in,
            n_kept=self._kept.n_rows,
            n_dropped=self._dropped.n_rows,
            n_failed=self._failed.n_rows,
            kept_characters=self._n_characters,
            sources=tuple(
                SourceCount(source=name, n_read=n_read, n_kept=self._kept_by_source[name])
                for name, n_read in read.items()
            ),
            stages=tuple(summarise_stage(stage, tally) for stage, tally in pairs),
            histograms=tuple(each for stage, tally in pairs for each in summarise_numbers(stage, tally)),
            languages=tuple(
                LanguageCount(language=name, n=n)
                for name, n in sorted(self._languages.items(), key=lambda item: (-item[1], item[0]))
            ),
            n_clusters=sum(each.n_clusters for each in self._showcases),
            clusters=tuple(diff for each in self._showcases for diff in each.diffs()),
            warnings=(*silent, *warnings_of(self._stages[1:], tallies[1:])),
        )

    def _is_comparison(self, place: int) -> bool:
        return isinstance(self._stages[place], CorpusStage)

    def _annotate(self, places: Sequence[int], batches: Iterator[Batch]) -> Iterator[Batch]:
        stages = [cast("DocumentStage", self._stages[place]) for place in places]
        for outcome in mapped(stages, self._watched(batches), jobs=self._run.jobs):
            yield from self._sort_out(places, outcome)
            if places[0] == 0:
                self._tell("Reading", self._tallies[0].n_in, self._intake.total)

    def _compare(self, place: int, batches: Iterator[Batch], folder: Path) -> Iterator[Batch]:
        stage = cast("CorpusStage", self._stages[place])
        folder.mkdir()
        with closing(cast("Comparison", load_named(stage.comparison)(stage, folder))) as comparison:
            with ParquetParts(folder / "documents", working_kinds(self._stages[:place]), level=SPILL_LEVEL) as spill:
                for batch in self._watched(batches):
                    spill.write(batch)
                    comparison.add(batch)
            total, start = spill.n_rows, 0
            self._tell(stage.title, 0, total)
            compared = comparison.decide(self._run.should_stop)
        showcase = Showcase(stage.name, compared.clusters if _shows_differences(stage) else ())
        self._showcases.append(showcase)
        for batch in self._watched(read_parquet(sorted((folder / "documents").iterdir()))):
            end = start + batch.num_rows
            columns = {name: values[start:end] for name, values in compared.columns.items()}
            showcase.see(batch)
            yield from self._sort_out([place], decide(stage, with_columns(batch, columns, stage.columns)))
            start = end
            self._tell(stage.title, start, total)
        shutil.rmtree(folder)

    def _sort_out(self, places: Sequence[int], outcome: Outcome) -> Iterator[Batch]:
        for place, tally in zip(places, outcome.tallies, strict=True):
            self._tallies[place].merge(tally)
        if outcome.dropped:
            self._dropped.write(merge_rows(outcome.dropped, dropped_kinds(self._stages), by=ORDER))
        if outcome.failed:
            self._failed.write(merge_rows(outcome.failed, FAILED_KINDS, by=ORDER))
        if outcome.kept.num_rows:
            yield outcome.kept

    def _keep(self, batch: Batch) -> None:
        self._kept.write(batch)
        self._kept_by_source.update(batch.column("source").to_pylist())
        self._languages.update(name for name in batch.column("language").to_pylist() if name is not None)
        self._n_characters += sum(len(text) for text in batch.column("text").to_pylist())

    def _watched(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            if self._run.should_stop():
                raise Cancelled("refining was stopped; nothing was written.")
            yield batch

    def _tell(self, phase: str, done: int, total: int | None) -> None:
        self._run.progress(Progress(phase=phase, done=done, total=total))


def _shows_differences(stage: CorpusStage) -> bool:
    return any(isinstance(rule, Resembles) for rule in stage.rules())
