"""The main job: raw files to documents to items to answers to consensus to a signed release."""

from typing import Any

import msgspec

from goldsmith.errors import RecipeError
from goldsmith.kit.digest import canonical_json
from goldsmith.labeling.flows.imports import Importer
from goldsmith.labeling.flows.projects import (
    change_guideline,
    change_policy,
    change_schema,
    create_project,
    requeue,
)
from goldsmith.labeling.flows.refits import finish_refit
from goldsmith.labeling.handover import ImportRow
from goldsmith.labeling.model import LoadedProject, slug_of
from goldsmith.labeling.project_wire import NewProject
from goldsmith.labeling.store import projects
from goldsmith.labeling.wire import ImportReport
from goldsmith.store.units import UnitOfWork
from goldsmith.worker.contexts import JobContext
from goldsmith.worker.frames import read_frames
from goldsmith.worker.work.annotate import annotate
from goldsmith.worker.work.infer import infer
from goldsmith.worker.work.release import release


def refine(context: JobContext, recipe: str, *, origin: str, base: str) -> dict[str, Any]:
    """Refine only: the counts, and the folder that holds the documents and the report."""
    made = context.compute("refine", _parameters(context, recipe, origin=origin, base=base))
    return {"refine": made["counts"] | {"folder": made["folder"], "report": made["name"]}}


def run(context: JobContext, recipe: str, *, origin: str, base: str) -> dict[str, Any]:
    """Do all that a recipe says; the counts of each step. Doing it again adds only what is new.

    Raises:
        RecipeError: the recipe is malformed, or its project section is missing or does not fit.
    """
    made = context.compute("refine", _parameters(context, recipe, origin=origin, base=base))
    result: dict[str, Any] = {"refine": made["counts"] | {"folder": made["folder"], "report": made["name"]}}
    project = _project(context, made, origin)
    result["project"] = project.slug
    report = _import(context, project, made["n_rows"])
    result["import"] = msgspec.to_builtins(report)
    if made["models"]:
        result |= annotate(context, project.id, made["models"])
    result["inference"] = infer(context, project.id)
    if made["wants_release"]:
        result["release"] = release(context, project.id)
    return result


def _parameters(context: JobContext, recipe: str, *, origin: str, base: str) -> dict[str, str]:
    return {
        "recipe": recipe,
        "origin": origin,
        "base": base,
        "corpora": str(context.bench.vault.corpora),
        "rows": str(context.scratch / "documents.frames"),
    }


def _project(context: JobContext, made: dict[str, Any], origin: str) -> LoadedProject:
    if made["project"] is None:
        raise RecipeError(f"{origin}: it has no section `project`, so there is nothing to label.", hint="Add one.")
    try:
        new = msgspec.convert(made["project"], NewProject)
    except msgspec.ValidationError as error:
        raise RecipeError(f"{origin}: section `project`: {error}") from error
    bench = context.bench
    reference = bench.vault.database.write(lambda unit: _ensure(unit, context, new, made["lock"]))
    bench.forget(reference)
    with bench.vault.database.read() as connection:
        project = bench.project(connection, reference)
    requeue(bench, project.id)
    finish_refit(bench, project.id)
    return project


def _ensure(unit: UnitOfWork, context: JobContext, new: NewProject, lock: dict[str, Any]) -> str:
    """The id of the recipe's project: made, or brought up to the recipe where the recipe's own section has changed."""
    bench, body = context.bench, canonical_json(lock).decode()
    slug = slug_of(new.name)
    if not projects.slug_exists(unit.connection, slug):
        return create_project(unit, bench, new, actor=context.actor, recipe_lock=body)
    project = bench.peek_project(unit.connection, slug)
    before: dict[str, Any] = msgspec.json.decode(project.recipe_lock or "{}")
    if before.get("project_sha256") != lock["project_sha256"]:
        change_schema(unit, project, new.schema, actor=context.actor)
        change_guideline(unit, project, new.guideline, actor=context.actor)
        change_policy(unit, project, new.policy, actor=context.actor)
    if project.recipe_lock != body:
        projects.update_project(unit.connection, project.id, {"recipe_lock": body})
    return project.id


def _import(context: JobContext, project: LoadedProject, n_rows: int) -> ImportReport:
    importer = Importer(context.bench, project, actor=context.actor)
    n = 0
    for chunk in importer.chunks(read_frames(context.scratch / "documents.frames", ImportRow)):
        importer.add(chunk)
        n += len(chunk)
        context.report(n, n_rows, "importing items")
    return importer.report()
