"""Runs a stage that takes repeats out of texts, as the engine does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import msgspec

from goldsmith.kit.arrow import make_batch, names_of, with_columns
from goldsmith.kit.columns import Batch
from goldsmith.refine.engines import load_named
from goldsmith.refine.model import Comparison, CorpusStage
from goldsmith.refine.repairing.edits import Change, undo

Row = dict[str, Any]


def rows_after(stage: CorpusStage, folder: Path, texts: Mapping[str, str], *, step: int = 100) -> dict[str, Row]:
    """The columns of each document by its id."""
    items = list(texts.items())
    batches = [
        make_batch(
            {"id": [name for name, _ in part], "text": [text for _, text in part]}, {"id": "text", "text": "text"}
        )
        for part in (items[start : start + step] for start in range(0, len(items), step))
    ]
    comparison = cast("Comparison", load_named(stage.comparison)(stage, folder))
    for batch in batches:
        comparison.add(batch)
    columns = comparison.decide(lambda: False).columns
    comparison.close()
    found: dict[str, Row] = {}
    start = 0
    for batch in batches:
        part = {name: values[start : start + batch.num_rows] for name, values in columns.items()}
        start += batch.num_rows
        told = with_columns(batch, part, stage.columns)
        found |= _by_id(with_columns(told, stage.concluded(told), stage.columns))
    return found


def original(row: Row, spans: str) -> str:
    """The text with all that was taken out put back."""
    return undo(row["text"], msgspec.json.decode(row[spans] or "[]", type=list[Change]))


def _by_id(batch: Batch) -> dict[str, Row]:
    names: Sequence[str] = names_of(batch)
    columns = [batch.column(name).to_pylist() for name in names]
    return {row[names.index("id")]: dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)}
