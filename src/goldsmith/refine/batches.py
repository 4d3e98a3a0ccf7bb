"""Refines record batches of somebody else's engine: a row in, a row out, with its verdict."""

# pyarrow ships no types; what leaves this file has them where it can.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa
from msgspec.structs import replace
from xxhash import xxh3_128_hexdigest

from goldsmith.errors import InputError
from goldsmith.kit.arrow import as_kinds, join_rows, make_batch, with_columns
from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.arrow_rows import rows_of, useful_columns
from goldsmith.refine.engines.watching import Known, ThreadMeter, Watched
from goldsmith.refine.evidence.moves import Moving
from goldsmith.refine.intake import row_of
from goldsmith.refine.model import ORDER, CorpusStage, DocumentStage, Places, RawDocument
from goldsmith.refine.pipeline import RAW_KINDS, Read, parts_by_fate, run_stages, stopped_kinds
from goldsmith.refine.readers.rows import Rows
from goldsmith.refine.recipe import Recipe
from goldsmith.refine.rows import row_document

VERDICT = "verdict"

# Any: pyarrow's record batches and tables.


@dataclass(frozen=True, slots=True)
class BatchRefiner:
    """Refines record batches by the stages of a recipe that look at each document.

    A document on which a stage takes too long fails once that stage comes to an end: the process is not ours to end.
    """

    stages: tuple[DocumentStage, ...]
    source: Rows

    @classmethod
    def of(cls, recipe: Recipe, places: Places) -> "BatchRefiner":
        """The refiner of a recipe.

        Raises:
            InputError: a stage compares all documents with each other.
        """
        stages: list[DocumentStage] = [Read()]
        for stage in recipe.stages:
            if isinstance(stage, CorpusStage):
                problem = f"{stage.name} compares all documents with each other; a batch is not all of them."
                raise InputError(problem, hint="Leave it out here, or use goldsmith.refine.")
            stages.append(cast("DocumentStage", stage.bound(places)))
        return cls(tuple(stages), cast("Rows", recipe.sources[0]))

    @property
    def schema(self) -> Any:
        """The schema of what comes out."""
        return cast("Any", as_kinds(make_batch({}, {}), self._kinds())).schema

    def __call__(self, batch: Any) -> Any:
        """The refined rows of a record batch or a table, as one of the same kind."""
        if isinstance(batch, pa.Table):
            refined = [self(each) for each in batch.to_batches()]
            return pa.Table.from_batches(refined, schema=self.schema)
        names = useful_columns(batch.schema, self.source.text_field, self.source.id_field)
        rows = rows_of(batch.select(names))
        documents = [self._document(values, number) for number, values in enumerate(rows)]
        raw = [row_of(number, self.source.label, document) for number, document in enumerate(documents)]
        return self._refined(make_batch({name: [row[name] for row in raw] for name in RAW_KINDS}, RAW_KINDS))

    def over(self, batches: Iterable[Any]) -> Iterator[Any]:
        """The refined batches of a stream of them, as `mapInArrow` of Spark wants it."""
        return map(self, batches)

    def _document(self, values: Mapping[str, object], number: int) -> RawDocument:
        document = row_document(self.source.as_file(), values, number + 1)
        if document.failure or values.get(self.source.id_field) not in (None, ""):
            return document
        content = document.raw if document.raw is not None else (document.text or "").encode(errors="surrogatepass")
        return replace(document, id=xxh3_128_hexdigest(content))

    def _refined(self, raw: Batch) -> Any:
        watched = Watched(ThreadMeter(), Moving.among(self.stages))
        watched.begin(Known(set(), {}))
        parts = parts_by_fate(run_stages(self.stages, raw, watched).batch)
        kinds: Kinds = {ORDER: "int", **self._kinds()}
        named = [("keep", parts.kept), ("drop", parts.dropped), ("fail", parts.failed)]
        told = [
            as_kinds(with_columns(part, {VERDICT: [verdict] * part.num_rows}, kinds), kinds) for verdict, part in named
        ]
        return cast("Any", join_rows(told, by=ORDER)).drop_columns([ORDER])

    def _kinds(self) -> Kinds:
        kinds: Kinds = {"id": "text", VERDICT: "text", **stopped_kinds(self.stages)}
        return {name: kind for name, kind in kinds.items() if name != ORDER}
