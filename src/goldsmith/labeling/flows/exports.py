"""All items with their answers and consensus as they are now, as lines of JSON, in constant memory."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from goldsmith.labeling.flows.gold import final_consensus
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import answer_lists, items
from goldsmith.labeling.workbench import Workbench

_CHUNK = 500


def export_lines(bench: Workbench, project: LoadedProject) -> Iterator[bytes]:
    """Some hundred lines at a time, in the order of the external ids; each is {id, external_id, payload, …}."""
    bench.vault.database.learn()
    after = ""
    while True:
        with bench.vault.database.read() as connection:
            chunk = items.contents_by_external_id(connection, project.id, after, _CHUNK)
            ids = [row["id"] for row in chunk]
            said = answer_lists.current_of_items(connection, ids, "label") if ids else []
            inferred = final_consensus(connection, ids) if ids else []
        if not chunk:
            return
        yield b"".join(_lines(chunk, said, inferred))
        after = chunk[-1]["external_id"]


def _lines(chunk: list[RowMapping], said: list[RowMapping], inferred: list[dict[str, Any]]) -> Iterator[bytes]:
    answers: dict[str, list[dict[str, object]]] = {}
    for row in said:
        answers.setdefault(row["item_id"], []).append(_answer(row))
    consensus: dict[str, list[dict[str, object]]] = {}
    for row in inferred:
        consensus.setdefault(row["item_id"], []).append(_consensus(row))
    for row in chunk:
        line = {
            "id": row["id"],
            "external_id": row["external_id"],
            "payload": msgspec.Raw(row["payload"].encode()),
            "annotations": answers.get(row["id"], []),
            "consensus": consensus.get(row["id"], []),
        }
        yield msgspec.json.encode(line) + b"\n"


def _answer(row: RowMapping) -> dict[str, object]:
    return {
        "id": row["id"],
        "annotator": row["name"],
        "kind": row["kind"],
        "version": row["version"] or None,
        "outcome": row["outcome"],
        "reason": row["reason"],
        "answers": msgspec.Raw(row["answers"].encode()),
        "created_at": row["created_at"],
    }


def _consensus(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "question": row["question"],
        "value": msgspec.Raw(row["value"].encode()),
        "confidence": row["confidence"],
        "agreement": row["agreement"],
        "n_answers": row["n_answers"],
        "method": row["method"],
    }
