"""The job that freezes a project into a signed release."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from goldsmith import __version__
from goldsmith.errors import InputError
from goldsmith.kit.digest import canonical_json
from goldsmith.kit.folders import publish
from goldsmith.labeling.flows import audits
from goldsmith.labeling.flows.gold import final_consensus
from goldsmith.labeling.flows.reading import json_of
from goldsmith.labeling.handover import Measured
from goldsmith.labeling.model import LoadedProject
from goldsmith.labeling.store import answer_lists, items, projects, qualities, releases
from goldsmith.releases.model import (
    AccuracyEstimate,
    AnnotationRow,
    AnswerEntry,
    ConsensusEntry,
    Measure,
    ReleaseFacts,
    ReleaseRow,
)
from goldsmith.store.checkpoints import checkpoint
from goldsmith.store.migrate import VAULT
from goldsmith.store.units import UnitOfWork
from goldsmith.tasks.schemas import schema_json
from goldsmith.worker.contexts import JobContext
from goldsmith.worker.frames import write_frames
from goldsmith.worker.work.infer import infer

_CHUNK = 500


def release(context: JobContext, project: str) -> dict[str, Any]:
    """Infer what is new, then write a release; when nothing changed since the last one, that one is the result."""
    bench = context.bench
    bench.vault.database.learn()
    with bench.vault.database.read() as connection:
        loaded = bench.project(connection, project)
        if items.last_position(connection, loaded.id) < 0:
            raise InputError("This project has no items, so there is nothing to release. Import some first.")
        is_pending = _is_pending(connection, loaded.id)
    if is_pending:
        infer(context, loaded.id)
    rows, history = context.scratch / "rows.frames", context.scratch / "history.frames"
    context.report(0, None, "collecting items and answers")
    with bench.vault.database.read() as connection:  # one state of everything, while people go on answering
        loaded = bench.project(connection, loaded.id)
        facts = _facts(context, connection, loaded)
        n_items = write_frames(rows, _rows(context, connection, loaded))
        write_frames(history, _history(connection, loaded))
    context.report(n_items, n_items, "writing and signing the release")
    return _written(context, loaded, facts, rows=rows, history=history)


def _is_pending(connection: Connection, project_id: str) -> bool:
    inference = projects.inference(connection, project_id)
    return answer_lists.last_seq(connection, project_id) > (-1 if inference is None else inference["up_to_seq"])


def _written(
    context: JobContext, project: LoadedProject, facts: ReleaseFacts, *, rows: Path, history: Path
) -> dict[str, Any]:
    """Write under the next version; drop it again when it holds just what the last one holds."""
    vault = context.bench.vault
    with vault.database.read() as connection:
        version = f"v{releases.n_releases(connection, project.id) + 1}"
        last = projects.latest_release(connection, project.id)
    sealed = vault.database.write(lambda unit: checkpoint(unit, VAULT, origin=vault.origin, key=vault.key))
    result = context.compute(
        "release",
        {
            "parent": str(context.scratch / "release"),
            "version": version,
            "facts": msgspec.to_builtins(msgspec.structs.replace(facts, checkpoint=sealed.note)),
            "rows": str(rows),
            "annotations": str(history),
            "key": str(vault.folder / "keys" / "vault.key"),
        },
    )
    if last is not None and last["content_root"] == result["content_root"] and (vault.folder / last["folder"]).is_dir():
        return _outcome(
            last["version"], vault.folder / last["folder"], result["content_root"], last["n_items"], is_new=False
        )
    folder = vault.releases / project.slug / version
    if folder.exists():  # moved here by a process that was killed before it could write that down
        folder.replace(context.scratch / "unrecorded")
    publish(Path(result["path"]), folder)
    made = {"project_id": project.id, "version": version, "folder": str(folder.relative_to(vault.folder))}
    vault.database.write(lambda unit: _record(unit, context, made, result))
    return _outcome(version, folder, result["content_root"], result["n_items"], is_new=True)


def _outcome(version: str, folder: Path, content_root: str, n_items: int, *, is_new: bool) -> dict[str, Any]:
    return {
        "release": version,
        "folder": str(folder),
        "content_root": content_root,
        "n_items": n_items,
        "is_new": is_new,
    }


def _record(unit: UnitOfWork, context: JobContext, made: dict[str, Any], result: dict[str, Any]) -> None:
    release_id = context.bench.new_id()
    values = made | {
        "id": release_id,
        "created_at": unit.now,
        "content_root": result["content_root"],
        "n_items": result["n_items"],
        "certificate": canonical_json(result["certificate"]).decode(),
    }
    releases.insert_release(unit.connection, values)
    content = str(result["content_root"]).encode()
    unit.record(actor=context.actor, action="release.made", object_id=release_id, content=content)


def _facts(context: JobContext, connection: Connection, project: LoadedProject) -> ReleaseFacts:
    """What the rows do not say, but for the checkpoint."""
    inference = projects.inference(connection, project.id)
    accuracy = audits.accuracy(connection, project)
    counts = items.counts(connection, project.id)
    limits = list(_limits(counts, project, qualities.n_gold(connection, project.id)))
    if _is_pending(connection, project.id):
        limits.append("Some answers came in while this was made; the consensus does not know them yet.")
    measured = None if inference is None else msgspec.json.decode(inference["measures"], type=Measured)
    has_accuracy = accuracy.estimate is not None and accuracy.low is not None and accuracy.high is not None
    return ReleaseFacts(
        title=project.name,
        client=context.client_name,
        project=project.slug,
        schema=schema_json(project.schema),
        schema_version=project.schema_version,
        guideline=project.guideline,
        guideline_version=project.guideline_version,
        policy=msgspec.to_builtins(project.policy),
        policy_version=project.policy_version,
        recipe=None if project.recipe_lock is None else json_of(project.recipe_lock),
        measures=tuple(
            Measure(**msgspec.structs.asdict(one)) for one in ([] if measured is None else measured.measures)
        ),
        accuracy=AccuracyEstimate(
            estimate=accuracy.estimate or 0.0, low=accuracy.low or 0.0, high=accuracy.high or 0.0, n=accuracy.n
        )
        if has_accuracy
        else None,
        checkpoint="",
        known_limits=tuple(limits),
        goldsmith_version=__version__,
        created_at=context.clock.now(),
    )


def _limits(counts: dict[str, int], project: LoadedProject, n_gold: int) -> Iterator[str]:
    n_unanswered = counts["n_items"] - counts["n_answered"]
    if n_unanswered:
        yield f"{n_unanswered:,} of {counts['n_items']:,} items were answered by no person."
    n_uncertain = counts["n_items"] - counts["n_certain"]
    if n_uncertain:
        target = project.policy.target_confidence
        yield f"{n_uncertain:,} items are less certain than the target of {target:.0%}, or their certainty is unknown."
    if counts["n_contested"]:
        yield f"{counts['n_contested']:,} items are contested: their answers disagree."
    if n_gold:
        yield f"Confidence is calibrated on {n_gold:,} gold items, whose released labels are the known ones."
    else:
        yield "Confidence is calibrated with a default temperature, not with gold items."


def _rows(context: JobContext, connection: Connection, project: LoadedProject) -> Iterator[ReleaseRow]:
    after, n = "", 0
    while chunk := items.contents_by_external_id(connection, project.id, after, _CHUNK):
        ids = [row["id"] for row in chunk]
        inferred = final_consensus(connection, ids)
        said = answer_lists.current_of_items(connection, ids, "label")
        consensus: dict[str, list[ConsensusEntry]] = {}
        for row in inferred:
            consensus.setdefault(row["item_id"], []).append(_consensus(row))
        answers: dict[str, list[AnswerEntry]] = {}
        for row in said:
            answers.setdefault(row["item_id"], []).append(_answer(row))
        for row in chunk:
            yield ReleaseRow(
                external_id=row["external_id"],
                content_sha256=row["content_sha256"],
                payload=json_of(row["payload"]),
                consensus=tuple(consensus.get(row["id"], ())),
                answers=tuple(answers.get(row["id"], ())),
            )
        n += len(chunk)
        after = chunk[-1]["external_id"]
        context.report(n, None, "collecting items and answers")


def _consensus(row: Any) -> ConsensusEntry:  # Any: a row of the consensus table
    return ConsensusEntry(
        question=row["question"],
        value=msgspec.json.decode(row["value"]),
        confidence=row["confidence"],
        agreement=row["agreement"],
        n_answers=row["n_answers"],
        method=row["method"],
    )


def _answer(row: Any) -> AnswerEntry:  # Any: a row of the annotations table
    kind: Literal["person", "model"] = row["kind"]
    return AnswerEntry(
        annotator=row["name"],
        kind=kind,
        version=row["version"] or None,
        answers=json_of(row["answers"]),
        outcome=row["outcome"],
    )


def _history(connection: Connection, project: LoadedProject) -> Iterator[AnnotationRow]:
    seq = -1
    while chunk := answer_lists.after_seq(connection, project.id, seq, _CHUNK):
        for row in chunk:
            yield AnnotationRow(
                id=row["id"],
                external_id=row["external_id"],
                annotator=row["name"],
                kind=row["kind"],
                version=row["version"] or None,
                outcome=row["outcome"],
                reason=row["reason"],
                answers=json_of(row["answers"]),
                created_at=row["created_at"],
                schema_version=row["schema_version"],
                guideline_version=row["guideline_version"],
                policy_version=row["policy_version"],
                supersedes=row["supersedes"],
                is_late=bool(row["is_late"]),
                leaf_seq=row["leaf_seq"],
            )
        seq = chunk[-1]["leaf_seq"]
