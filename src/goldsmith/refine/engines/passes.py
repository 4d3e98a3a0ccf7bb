"""Passes documents through all stages of a recipe, with documents between two passes in Parquet on the disk.

Engines differ in where stages run that look at each document; all else is done here, once and in order.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import groupby, takewhile
from pathlib import Path
from typing import cast

from goldsmith import __version__
from goldsmith.errors import Cancelled, InputError
from goldsmith.kit.arrow import take_rows
from goldsmith.kit.columns import Batch, Kind
from goldsmith.kit.overlaps import Behind, ahead
from goldsmith.kit.parquet import ParquetParts, read_parquet
from goldsmith.refine.engines import Run, load_named
from goldsmith.refine.engines.comparing import Conclusion, Forgetting, chains, concluded, stopped_places
from goldsmith.refine.engines.hands import Hands
from goldsmith.refine.engines.showcases import Showcase
from goldsmith.refine.evidence.gallery import Gallery
from goldsmith.refine.evidence.moves import Moving
from goldsmith.refine.intake import Documents, Intake
from goldsmith.refine.journals import Journal, journaled
from goldsmith.refine.locks import fingerprint
from goldsmith.refine.model import Comparison, CorpusStage, DocumentStage, Progress, Stage
from goldsmith.refine.outputs import DROPPED, FAILED, JOURNAL, KEPT, read_report
from goldsmith.refine.pipeline import (
    Annotate,
    Outcome,
    Parts,
    Read,
    going_on,
    kept_kinds,
    stopped_kinds,
    working_kinds,
)
from goldsmith.refine.prevalences import checks_of, with_contamination
from goldsmith.refine.reports import LanguageCount, RefineReport, SourceCount
from goldsmith.refine.stored import StoredDocuments, recorded
from goldsmith.refine.summaries import summarise_names, summarise_numbers, summarise_stage, warnings_of
from goldsmith.refine.tallies import NamesTally, StageTally, names_in

WORK = "work"
"""The folder of what is needed while a run goes on."""

SPILL_LEVEL = 1
"""How hard documents between two passes are compressed: as little as pays."""


def pass_documents(run: Run, hands: Hands) -> RefineReport:
    """Pass the documents of the recipe's sources through its stages into the run's folder; returns what happened."""
    places = replace(run.places, scratch=run.folder / WORK)
    stages = [stage.bound(run.places) for stage in run.recipe.stages]
    moving = Moving.among(stages)
    older = () if run.before is None else (run.before,)
    with Journal(run.folder / JOURNAL, _fingerprint(run), older=older) as journal:
        if journal.is_empty:
            hands.prepare(_first_of((Read(), *stages)), moving)
        sources = [(source, source.read(places)) for source in run.recipe.sources]
        report = _pass(run, stages, Intake(sources), annotate=moving, hands=_Remembering(journal, hands))
    return with_contamination(report, checks_of(stages))


def pass_stored(run: Run, stored: Path, hands: Hands) -> RefineReport:
    """Pass the documents of a finished run through the stages of the recipe; returns what happened."""
    report = _pass(run, run.recipe.stages, StoredDocuments(stored), annotate=recorded, hands=hands)
    return with_contamination(report, {each.stage: each.check for each in read_report(stored).contamination})


def _pass(run: Run, stages: Sequence[Stage], documents: Documents, *, annotate: Annotate, hands: Hands) -> RefineReport:
    work = run.folder / WORK
    work.mkdir()
    with ExitStack() as stack:
        passes = _Passes(run, (Read(), *stages), documents, hands=hands, stack=stack)
        passes.run(work, annotate)
    shutil.rmtree(work)
    return passes.report()


class _Remembering:
    """Hands that look up in the journal what became of documents as they were read."""

    def __init__(self, journal: Journal, hands: Hands) -> None:
        self._journal, self._hands = journal, hands
        self.prepare, self.parted = hands.prepare, hands.parted

    def annotated(
        self, stages: Sequence[DocumentStage], batches: Iterator[Batch], annotate: Annotate
    ) -> Iterator[Outcome]:
        """What stages make of each batch."""
        if not isinstance(stages[0], Read):
            return self._hands.annotated(stages, batches, annotate)
        compute = partial(self._hands.annotated, stages, annotate=annotate)
        return journaled(self._journal, batches, compute)


def _first_of(stages: Sequence[Stage]) -> list[DocumentStage]:
    """The stages before the first that compares documents with each other."""
    return [
        cast("DocumentStage", stage) for stage in takewhile(lambda stage: not isinstance(stage, CorpusStage), stages)
    ]


def _fingerprint(run: Run) -> bytes:
    """What decides about the results of the stages before the first that compares documents with each other."""
    n_first = len(_first_of(run.recipe.stages))
    return fingerprint(run.recipe.stages[:n_first], run.pins[:n_first])


class _Passes:
    """One run: documents go through it once for the stages that look at each, and once more for every comparison."""

    __slots__ = (
        "_dropped",
        "_failed",
        "_gallery",
        "_hands",
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
        "_writing",
    )

    def __init__(
        self,
        run: Run,
        stages: Sequence[Stage],
        documents: Documents,
        *,
        hands: Hands,
        stack: ExitStack,
    ) -> None:
        self._run = run
        self._intake = documents
        self._hands = hands
        self._stages = stages
        self._tallies = [StageTally() for _ in self._stages]
        stopped = stopped_kinds(self._stages)
        self._kept = stack.enter_context(ParquetParts(run.folder / KEPT, kept_kinds(self._stages)))
        self._dropped = stack.enter_context(ParquetParts(run.folder / DROPPED, stopped))
        self._failed = stack.enter_context(ParquetParts(run.folder / FAILED, stopped))
        self._writing = stack.enter_context(Behind())
        self._kept_by_source: Counter[str] = Counter()
        self._kept_names: list[dict[str, NamesTally]] = [{} for _ in self._stages]
        self._languages: Counter[str] = Counter()
        self._n_characters = 0
        self._showcases: list[Showcase] = []
        self._gallery = Gallery(stages)

    def run(self, work: Path, annotate: Annotate) -> None:
        """Pass all documents through all stages."""
        stream = self._intake.batches()
        for is_comparison, group in groupby(range(len(self._stages)), self._is_comparison):
            if is_comparison:
                for places in chains(self._stages, list(group)):
                    stream = self._compare(places, stream, work / f"{places[0]}")
            else:
                stream = self._annotated(list(group), stream, annotate)
        for parts in self._hands.parted(self._stages, stream):
            self._keep(parts)
        if self._tallies[0].n_in == 0:
            raise InputError("the sources of this recipe hold no documents.", hint="Add a source that exists here.")

    def report(self) -> RefineReport:
        """What happened."""
        recipe, tallies = self._run.recipe, self._tallies
        pairs = list(zip(self._stages, tallies, strict=True))
        shown = self._gallery.chosen()
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
            stages=tuple(summarise_stage(stage, tally, shown) for stage, tally in pairs),
            histograms=tuple(each for stage, tally in pairs for each in summarise_numbers(stage, tally, shown)),
            names=tuple(
                each
                for (stage, tally), kept in zip(pairs, self._kept_names, strict=True)
                for each in summarise_names(stage, tally, kept, n_kept=self._kept.n_rows)
            ),
            languages=tuple(
                LanguageCount(language=name, n=n)
                for name, n in sorted(self._languages.items(), key=lambda item: (-item[1], item[0]))
            ),
            cluster_counts=tuple(each.count() for each in self._showcases),
            clusters=tuple(diff for each in self._showcases for diff in each.diffs()),
            documents=shown.documents,
            warnings=(*silent, *warnings_of(self._stages[1:], tallies[1:])),
        )

    def _is_comparison(self, place: int) -> bool:
        return isinstance(self._stages[place], CorpusStage)

    def _annotated(self, places: Sequence[int], batches: Iterator[Batch], annotate: Annotate) -> Iterator[Batch]:
        stages = [cast("DocumentStage", self._stages[place]) for place in places]
        for outcome in self._hands.annotated(stages, self._watched(batches), annotate):
            self._count(places, outcome.tallies)
            yield outcome.batch
            if places[0] == 0:
                self._tell("Reading", self._tallies[0].n_in, self._intake.total)

    def _compare(self, places: Sequence[int], batches: Iterator[Batch], folder: Path) -> Iterator[Batch]:
        """Compare the documents that go on with each other, at several stages; the others pass by."""
        folder.mkdir()
        with ExitStack() as stack:
            comparisons = [stack.enter_context(closing(self._comparison(place, folder))) for place in places]
            with ParquetParts(folder / "documents", self._spilled(places[0]), level=SPILL_LEVEL) as spill:
                for batch in self._watched(batches):
                    spill.write(batch)
                    rows = take_rows(batch, going_on(batch))
                    for comparison in comparisons:
                        comparison.add(rows)
            parts = sorted((folder / "documents").iterdir())
            conclusions = self._conclusions(places, comparisons, parts, spill.n_rows)
        title, done = self._stages[places[-1]].title, 0
        for batch, outcomes in concluded(conclusions, self._watched(ahead(read_parquet(parts)))):
            self._count(places, [tally for outcome in outcomes for tally in outcome.tallies])
            for showcase in self._showcases[-len(places) :]:
                showcase.see(batch)
            yield outcomes[-1].batch
            done += batch.num_rows
            self._tell(title, done, spill.n_rows)
        shutil.rmtree(folder)

    def _comparison(self, place: int, folder: Path) -> Comparison:
        stage, own = cast("CorpusStage", self._stages[place]), folder / f"{place}"
        own.mkdir()
        return cast("Comparison", load_named(stage.comparison)(stage, own))

    def _conclusions(
        self, places: Sequence[int], comparisons: Sequence[Comparison], parts: Sequence[Path], total: int
    ) -> list[Conclusion]:
        """What stages find out one after the other; each forgets what those before it stopped."""
        conclusions: list[Conclusion] = []
        for place, comparison in zip(places, comparisons, strict=True):
            stage = cast("CorpusStage", self._stages[place])
            self._tell(stage.title, 0, total)
            if isinstance(comparison, Forgetting) and conclusions:
                comparison.forget(list(stopped_places(conclusions, self._watched(read_parquet(parts)))))
            compared = comparison.decide(self._run.should_stop)
            self._showcases.append(Showcase(stage, compared.clusters))
            conclusions.append(Conclusion(self._stages, place, compared))
        return conclusions

    def _spilled(self, place: int) -> Mapping[str, Kind]:
        """The columns of documents on their way to the stage at `place`; stored ones have those of all stages."""
        is_stored = isinstance(self._intake, StoredDocuments)
        return working_kinds(self._stages if is_stored else self._stages[:place])

    def _count(self, places: Sequence[int], tallies: Sequence[StageTally]) -> None:
        for place, tally in zip(places, tallies, strict=True):
            self._tallies[place].merge(tally)

    def _keep(self, parts: Parts) -> None:
        self._gallery.see_stopped(parts.dropped, "dropped")
        self._gallery.see_stopped(parts.failed, "failed")
        self._gallery.see_kept(parts.kept)
        self._writing.call(self._write, parts)
        kept = parts.kept
        for stage, names in zip(self._stages, self._kept_names, strict=True):
            for column, found in names_in(stage, kept).items():
                names.setdefault(column, NamesTally()).merge(found)
        self._kept_by_source.update(kept.column("source").to_pylist())
        self._languages.update(name for name in kept.column("language").to_pylist() if name is not None)
        self._n_characters += sum(len(text) for text in kept.column("text").to_pylist())

    def _write(self, parts: Parts) -> None:
        self._dropped.write(parts.dropped)
        self._failed.write(parts.failed)
        self._kept.write(parts.kept)

    def _watched(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            if self._run.should_stop():
                raise Cancelled("refining was stopped; nothing was written.")
            yield batch

    def _tell(self, phase: str, done: int, total: int | None) -> None:
        self._run.progress(Progress(phase=phase, done=done, total=total))
