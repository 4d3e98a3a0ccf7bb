"""The job that lets model annotators answer a project's items."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.labeling.flows.annotations import Author, ModelAnswer, retire_versions, submit_models
from goldsmith.labeling.flows.reading import json_of
from goldsmith.labeling.model import Annotator, LoadedProject
from goldsmith.labeling.store import answer_lists, items
from goldsmith.models.model import ModelItem
from goldsmith.store.units import UnitOfWork
from goldsmith.worker.computing.annotate import Answered
from goldsmith.worker.contexts import JobContext
from goldsmith.worker.frames import read_frames, write_frames

_CHUNK = 500


def annotate(context: JobContext, project: str, models: list[dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Let each model answer every item; how many answers of each were new."""
    bench = context.bench
    bench.vault.database.learn()
    with bench.vault.database.read() as connection:
        loaded = bench.project(connection, project)
    path = context.scratch / "items.frames"
    context.report(0, None, "reading the items")
    write_frames(path, _model_items(context, loaded))
    result = context.compute("annotate", {"models": models, "items": str(path), "folder": str(context.scratch)})
    return {"models": {model["name"]: _store_model(context, loaded, model) for model in result["models"]}}


def _model_items(context: JobContext, project: LoadedProject) -> Iterator[ModelItem]:
    after = ""
    while True:
        with context.bench.vault.database.read() as connection:
            rows = items.contents_by_external_id(connection, project.id, after, _CHUNK)
            ids = [row["id"] for row in rows]
            said = answer_lists.current_of_items(connection, ids, "label") if ids else []
        if not rows:
            return
        by_people = {row["item_id"]: json_of(row["answers"]) for row in said if row["kind"] == "person"}
        for row in rows:
            yield ModelItem(row["id"], json_of(row["payload"]), by_people.get(row["id"], {}))
        after = rows[-1]["external_id"]


def _store_model(context: JobContext, project: LoadedProject, model: dict[str, Any]) -> dict[str, Any]:
    """Store what one model answered; its version, how many answers it gave, and how many were new."""
    database = context.bench.vault.database
    annotator = Annotator(kind="model", name=model["name"], version=model["version"])
    n_done = n_new = 0
    answered = read_frames(Path(model["path"]), Answered)
    while chunk := list(islice(answered, _CHUNK)):
        n_new += database.write(partial(_store, context=context, project=project, annotator=annotator, chunk=chunk))
        n_done += len(chunk)
        context.report(n_done, model["n"], f"storing the answers of {annotator.name}")
    database.write(lambda unit: retire_versions(unit, context.bench, project, annotator))
    return {"version": annotator.version, "n_answers": model["n"], "n_new": n_new}


def _store(
    unit: UnitOfWork, context: JobContext, project: LoadedProject, *, annotator: Annotator, chunk: list[Answered]
) -> int:
    bench = context.bench
    author = Author(
        actor=f"{annotator.name} {annotator.version}",
        annotator_id=bench.annotator_id(unit.connection, annotator, unit.now),
    )
    payloads = {
        row["item_id"]: row["payload"]
        for row in items.payloads(unit.connection, project.id, [one.item_id for one in chunk])
    }
    given = [
        ModelAnswer(item_id=one.item_id, answers=one.answers, payload=msgspec.json.decode(payloads[one.item_id]))
        for one in chunk
        if one.item_id in payloads
    ]
    return submit_models(unit, bench, project, author=author, given=given, annotator=annotator)
