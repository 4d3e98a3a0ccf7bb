"""The local engine: batches on this machine, with documents between two passes in Parquet on the disk."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import groupby
from pathlib import Path
from typing import cast

from goldsmith import __version__
from goldsmith.errors import Cancelled, InputError
from goldsmith.kit.arrow import ParquetParts, as_kinds, read_parquet, take_rows, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.engines import Run, load_named
from goldsmith.refine.engines.pool import mapped
from goldsmith.refine.engines.showcases import Showcase
from goldsmith.refine.evidence.moves import Moving
from goldsmith.refine.intake import Documents, Intake
from goldsmith.refine.model import Comparison, CorpusStage, DocumentStage, Progress, Stage
from goldsmith.refine.outputs import DROPPED, FAILED, KEPT
from goldsmith.refine.pipeline import (
    Annotate,
    Read,
    decide,
    going_on,
    kept_kinds,
    parts_by_fate,
    stopped_kinds,
    working_kinds,
)
from goldsmith.refine.reports import LanguageCount, RefineReport, SourceCount
from goldsmith.refine.rules import Resembles
from goldsmith.refine.stored import StoredDocuments, recorded
from goldsmith.refine.summaries import summarise_names, summarise_numbers, summarise_stage, warnings_of
from goldsmith.refine.tallies import NamesTally, StageTally, names_in

SPILL_LEVEL = 1
"""How hard documents between two passes are compressed: as little as pays."""


class LocalEngine:
    """Runs a recipe in this process, or in several on this machine."""

    def run(self, run: Run) -> RefineReport:
        """Write the documents into the run's folder; returns what happened."""
        sources = [(source, source.read(run.places)) for source in run.recipe.sources]
        stages = [stage.bound(run.places) for stage in run.recipe.stages]
        return _pass(run, stages, Intake(sources), Moving.among(stages))

    def decide_again(self, run: Run, stored: Path) -> RefineReport:
        """Write what the rules of the run's recipe make of the documents in the folder `stored`, scores as they are."""
        return _pass(run, run.recipe.stages, StoredDocuments(stored), recorded)


def _pass(run: Run, stages: Sequence[Stage], documents: "Documents", annotate: Annotate) -> RefineReport:
    work = run.folder / "work"
    work.mkdir()
    with ExitStack() as stack:
        passes = _Passes(run, (Read(), *stages), documents, annotate=annotate, stack=stack)
        passes.run(work)
    shutil.rmtree(work)
    return passes.report()


class _Passes:
    """One run: documents go through it once for the stages that look at each, and once more for every comparison."""

    __slots__ = (
        "_annotate_with",
        "_dropped",
        "_failed",
        "_intake",
        "_kept",
        "_kept_by_source",
        "_kept_names",
        "_languages",
        "_n_characters",
        "_run",
        "_showcases",
        "_stages",
        "_tallies",
    )

    def __init__(
        self, run: Run, stages: Sequence[Stage], documents: Documents, *, annotate: Annotate, stack: ExitStack
    ) -> None:
        self._run = run
        self._intake = documents
        self._annotate_with = annotate
        self._stages = stages
        self._tallies = [StageTally() for _ in self._stages]
        stopped = stopped_kinds(self._stages)
        self._kept = stack.enter_context(ParquetParts(run.folder / KEPT, kept_kinds(self._stages)))
        self._dropped = stack.enter_context(ParquetParts(run.folder / DROPPED, stopped))
        self._failed = stack.enter_context(ParquetParts(run.folder / FAILED, stopped))
        self._kept_by_source: Counter[str] = Counter()
        self._kept_names: list[dict[str, NamesTally]] = [{} for _ in self._stages]
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
            names=tuple(
                each
                for (stage, tally), kept in zip(pairs, self._kept_names, strict=True)
                for each in summarise_names(stage, tally, kept, n_kept=self._kept.n_rows)
            ),
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
        outcomes = mapped(stages, self._watched(batches), jobs=self._run.jobs, annotate=self._annotate_with)
        for outcome in outcomes:
            self._count(places, outcome.tallies)
            yield outcome.batch
            if places[0] == 0:
                self._tell("Reading", self._tallies[0].n_in, self._intake.total)

    def _compare(self, place: int, batches: Iterator[Batch], folder: Path) -> Iterator[Batch]:
        """Compare the documents that go on with each other; the others pass by."""
        stage = cast("CorpusStage", self._stages[place])
        folder.mkdir()
        with closing(cast("Comparison", load_named(stage.comparison)(stage, folder))) as comparison:
            with ParquetParts(folder / "documents", working_kinds(self._stages[:place]), level=SPILL_LEVEL) as spill:
                for batch in self._watched(batches):
                    spill.write(batch)
                    comparison.add(take_rows(batch, going_on(batch)))
            total, done, start = spill.n_rows, 0, 0
            self._tell(stage.title, 0, total)
            compared = comparison.decide(self._run.should_stop)
        showcase = Showcase(stage.name, compared.clusters if _shows_differences(stage) else ())
        self._showcases.append(showcase)
        for batch in self._watched(read_parquet(sorted((folder / "documents").iterdir()))):
            rows = going_on(batch)
            columns = _spread(compared.columns, rows, start, batch.num_rows)
            start += len(rows)
            showcase.see(batch)
            compared_batch = with_columns(batch, columns, stage.columns)
            outcome = decide(stage, with_columns(compared_batch, stage.concluded(compared_batch), stage.columns))
            self._count([place], outcome.tallies)
            yield outcome.batch
            done += batch.num_rows
            self._tell(stage.title, done, total)
        shutil.rmtree(folder)

    def _count(self, places: Sequence[int], tallies: Sequence[StageTally]) -> None:
        for place, tally in zip(places, tallies, strict=True):
            self._tallies[place].merge(tally)

    def _keep(self, batch: Batch) -> None:
        parts = parts_by_fate(batch, self._stages)
        self._dropped.write(as_kinds(parts.dropped, stopped_kinds(self._stages)))
        self._failed.write(as_kinds(parts.failed, stopped_kinds(self._stages)))
        kept = parts.kept
        self._kept.write(kept)
        for stage, names in zip(self._stages, self._kept_names, strict=True):
            for column, found in names_in(stage, kept).items():
                names.setdefault(column, NamesTally()).merge(found)
        self._kept_by_source.update(kept.column("source").to_pylist())
        self._languages.update(name for name in kept.column("language").to_pylist() if name is not None)
        self._n_characters += sum(len(text) for text in kept.column("text").to_pylist())

    def _watched(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            if self._run.should_stop():
                raise Cancelled("refining was stopped; nothing was written.")
            yield batch

    def _tell(self, phase: str, done: int, total: int | None) -> None:
        self._run.progress(Progress(phase=phase, done=done, total=total))


def _spread(
    columns: Mapping[str, Sequence[object]], rows: Sequence[int], start: int, n_rows: int
) -> dict[str, list[object]]:
    """The values from `start` on, at the places `rows` of a batch of `n_rows`; the other documents have none."""
    spread: dict[str, list[object]] = {name: [None] * n_rows for name in columns}
    for name, values in columns.items():
        for place, row in enumerate(rows, start):
            spread[name][row] = values[place]
    return spread


def _shows_differences(stage: CorpusStage) -> bool:
    return any(isinstance(rule, Resembles) for rule in stage.rules())
