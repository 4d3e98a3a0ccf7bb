"""What `goldsmith refine` does; apart from its options, so that `--help` loads none of it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.following import follow, showing_steps
from goldsmith.cli.messages import say, say_json
from goldsmith.cli.options import Where
from goldsmith.cli.running import refine_facts
from goldsmith.cli.texts import read_recipe
from goldsmith.errors import InputError
from goldsmith.refine.flows import places_here
from goldsmith.refine.flows import redecide as decide_anew
from goldsmith.refine.flows import refine as refine_into
from goldsmith.refine.presets import preset_recipe
from goldsmith.refine.recipe import Recipe, with_sinks
from goldsmith.refine.reports import RefineReport
from goldsmith.sdk.wire import Refined

SOME_FAILED = 3
"""The exit code of `--strict` when documents failed."""


class Using(NamedTuple):
    """How to refine into a folder of one's own: with which engine, in how many processes, and what stays."""

    engine: str
    jobs: int | None
    keeps_journal: bool


def refine_recipe(
    given: str,
    preset: str | None,
    *,
    also: Sequence[str],
    out: Path | None,
    place: Where,
    using: Using,
    is_quiet: bool,
) -> Refined:
    """Refine into a folder of one's own, or as a job of a home."""
    path = Path(given)
    recipe = with_sinks(read_recipe(path) if preset is None else preset_recipe(preset, given), also)
    if out is not None:
        return _into(out, recipe, path.parent, using=using, is_quiet=is_quiet)
    if using != Using("local", None, keeps_journal=True):
        problem = "--engine, --jobs and --no-journal are for a folder of your own; a home decides for itself."
        raise InputError(problem, hint="Add --out DIR.")
    with connected(place, runs_jobs=True, makes_home=True) as door:
        job = door.vault.refine(recipe.text, origin=recipe.origin, base=str(path.parent.absolute()))
        done = follow(door, job, is_quiet=is_quiet)
    return msgspec.convert((done.result or {})["refine"], Refined)


def redecide_folder(folder: Path, path: Path, *, out: Path | None, is_quiet: bool) -> Refined:
    """Let the rules of a recipe decide anew about a finished run."""
    recipe, place = read_recipe(path), out or folder
    with showing_steps(is_quiet=is_quiet) as show:
        report = decide_anew(folder, recipe, place, progress=lambda one: show(one.phase, one.done, one.total))
    return _refined(report, place, recipe)


def _into(out: Path, recipe: Recipe, base: Path, *, using: Using, is_quiet: bool) -> Refined:
    with showing_steps(is_quiet=is_quiet) as show:
        report = refine_into(
            recipe,
            out,
            places=places_here(base.absolute(), may_fetch=True),
            jobs=using.jobs or os.cpu_count() or 1,
            engine=using.engine,
            keep_journal=using.keeps_journal,
            progress=lambda progress: show(progress.phase, progress.done, progress.total),
        )
    return _refined(report, out, recipe)


def _refined(report: RefineReport, folder: Path, recipe: Recipe) -> Refined:
    return Refined(
        n_read=report.n_read,
        n_kept=report.n_kept,
        n_dropped=report.n_dropped,
        n_failed=report.n_failed,
        folder=str(folder.absolute()),
        report=recipe.name,
    )


def tell_refined(refined: Refined, *, strict: bool, as_json: bool) -> None:
    """Say what was refined; a failed document ends a strict command with an exit code of its own."""
    if as_json:
        say_json(refined)
    else:
        for name, text in refine_facts(refined):
            say(f"  {name:<10} {text}")
    if strict and refined.n_failed:
        raise typer.Exit(SOME_FAILED)
