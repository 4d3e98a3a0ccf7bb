"""Documents as sources give them, and what stages make of them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from goldsmith.kit.arrow import make_batch, with_columns
from goldsmith.kit.columns import Batch, Kinds
from goldsmith.refine.model import DocumentStage
from goldsmith.refine.rules import Verdict

KINDS: Kinds = {"id": "text", "text": "text", "meta": "text", "_media": "text"}


class Given(NamedTuple):
    """A document: its id, its text, what its source knows, and what it is."""

    id: str
    text: str = "some text"
    meta: Mapping[str, str] = {}
    media: str = "text"


def batch_of(documents: Sequence[Given]) -> Batch:
    columns = {
        "id": [each.id for each in documents],
        "text": [each.text for each in documents],
        "meta": [json.dumps(each.meta) for each in documents],
        "_media": [each.media for each in documents],
    }
    return make_batch(columns, KINDS)


def values_of(stage: DocumentStage, document: Given) -> dict[str, Any]:
    """The columns of the stage, JSON decoded."""
    found = {name: values[0] for name, values in stage.annotate(batch_of([document])).items()}
    return {name: json.loads(v) if isinstance(v, str) and v[:1] in "[{" else v for name, v in found.items()}


def stops_of(stage: DocumentStage, document: Given) -> dict[str, Verdict]:
    """The verdicts of all rules that stop the document, by rule."""
    batch = batch_of([document])
    batch = with_columns(batch, stage.annotate(batch), stage.columns)
    found = {rule.name: rule.verdicts(batch)[0] for rule in stage.rules()}
    return {name: verdict for name, verdict in found.items() if verdict is not None}
