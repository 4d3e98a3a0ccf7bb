"""Runs a recipe from a command and tells what came of it: what `goldsmith run` and `goldsmith demo` share."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from goldsmith.cli.doors import Door, connected
from goldsmith.cli.following import follow
from goldsmith.cli.hints import verify_command
from goldsmith.cli.messages import counted, note, one_line, say, say_json
from goldsmith.cli.options import Where
from goldsmith.cli.serving import check_port, serve_home
from goldsmith.errors import RecipeError
from goldsmith.labeling.progress_wire import Progress
from goldsmith.labeling.wire import ImportReport
from goldsmith.refine.recipe import Recipe
from goldsmith.refine.reports import RefineReport
from goldsmith.sdk.wire import Refined, RunResult
from goldsmith.store.homes import owner_of

_N_REASONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a recipe.

    Attributes:
        verify: the command that verifies the release.
    """

    job_id: str
    result: RunResult
    progress: Progress
    verify: str | None


def run_and_serve(where: Where, recipe: Recipe, base: Path, *, as_json: bool, serves: bool) -> None:
    """Run a recipe, say what came of it, and serve the home unless it is served or that is not wanted.

    Raises:
        RecipeError: the recipe makes no project.
        GoldsmithError: what the job raised.
    """
    if "project" not in recipe.extra:
        raise RecipeError(
            f"{recipe.origin}: it has no section `project`, so there is nothing to label.",
            hint="Add one, or only refine with `goldsmith refine`.",
        )
    if serves:
        check_port(where)
    with connected(where, runs_jobs=True, makes_home=True) as door:
        if not as_json:
            note(f"{one_line(recipe.title)}: running {recipe.origin} in {where.home}")
        outcome = _run(door, recipe, base, is_quiet=as_json)
        served_at = door.served_at
    if as_json:
        say_json(_as_json(recipe, outcome))
    else:
        _tell(outcome)
    if served_at is not None and not as_json:
        say(f"It is served at {served_at}")
    if serves and owner_of(where.home) is None:
        say()
        serve_home(where, opens_browser=not as_json)


def _run(door: Door, recipe: Recipe, base: Path, *, is_quiet: bool) -> Outcome:
    job = door.vault.run(recipe.text, origin=recipe.origin, base=str(base.absolute()))
    done = follow(door, job, is_quiet=is_quiet)
    result = msgspec.convert(done.result, RunResult)
    project = door.vault.project(result.project)
    release = None if result.release is None else project.show_release(result.release.release)
    command = None if result.release is None or release is None else verify_command(result.release.folder, release)
    return Outcome(
        job_id=done.id,
        result=result,
        progress=project.progress(),
        verify=command,
    )


def _report(folder: Path) -> RefineReport:
    return msgspec.json.decode((folder / "report.json").read_bytes(), type=RefineReport)


def _reasons(report: RefineReport) -> dict[str, int]:
    """Why documents were left out: the rules of all stages with their counts, the most frequent first."""
    counts = [(rule.rule, rule.n) for stage in report.stages for rule in stage.rules if rule.n]
    return dict(sorted(counts, key=lambda count: -count[1]))


def _tell(outcome: Outcome) -> None:
    for name, text in _facts(outcome):
        say(f"  {name:<10} {text}")
    if outcome.verify is not None:
        say()
        say("Verify the release, here or on any other machine:")
        say(f"  {outcome.verify}")


def refine_facts(refined: Refined) -> Iterator[tuple[str, str]]:
    """What refining did, as lines with a word before each."""
    fates = f"{refined.n_kept:,} kept + {refined.n_dropped:,} dropped + {refined.n_failed:,} failed"
    yield "documents", f"{refined.n_read:,} read = {fates}"
    report = _report(Path(refined.folder))
    if reasons := list(_reasons(report).items())[:_N_REASONS]:
        yield "", f"left out: {', '.join(f'{n:,} {one_line(rule, 40)}' for rule, n in reasons)}"
    for warning in report.warnings:
        yield "warning", one_line(warning)
    yield "report", str(Path(refined.folder) / "report.html")


def _facts(outcome: Outcome) -> Iterator[tuple[str, str]]:
    progress, release = outcome.progress, outcome.result.release
    yield from refine_facts(outcome.result.refine)
    yield "items", _imported(outcome.result.imported)
    for name, model in outcome.result.models.items():
        program = model.version if model.version.startswith(name) else f"{name} {model.version}"
        yield "answers", f"{model.n_answers:,} by the program {program} ({model.n_new:,} new)"
    certain = f"{progress.n_certain:,} of {counted(progress.n_items, 'item')} are certain"
    yield "consensus", f"{certain}; {progress.n_need_people:,} wait for a person"
    if release is not None:
        state = "new" if release.is_new else "unchanged: nothing has changed since it was made"
        yield "release", f"{release.release} of {counted(release.n_items, 'item')}, {state}"
        yield "", release.folder
        yield "content", release.content_root
        yield "accuracy", progress.accuracy.text


def _imported(report: ImportReport) -> str:
    if report.n_accepted == 0 and report.n_duplicate == report.n_read:
        return f"nothing new: all {report.n_read:,} were there already"
    parts = [f"{report.n_accepted:,} imported", f"{report.n_duplicate:,} there already"]
    if report.n_changed:
        parts.append(f"{report.n_changed:,} there with other content, left as they are")
    if report.n_rejected:
        parts.append(f"{report.n_rejected:,} refused")
    return f"{report.n_read:,} documents: " + ", ".join(parts)


def _as_json(recipe: Recipe, outcome: Outcome) -> dict[str, Any]:
    return {
        "recipe": recipe.name,
        "job": outcome.job_id,
        **msgspec.to_builtins(outcome.result),
        "reasons": _reasons(_report(Path(outcome.result.refine.folder))),
        "progress": outcome.progress,
        "verify": outcome.verify,
    }
