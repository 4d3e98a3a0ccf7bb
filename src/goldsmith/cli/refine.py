"""`goldsmith refine`."""

import os
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from goldsmith.cli.doors import connected
from goldsmith.cli.following import follow, showing_steps
from goldsmith.cli.lazy import DefaultGroup
from goldsmith.cli.messages import say, say_json
from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, VaultOption, new_app, where
from goldsmith.cli.running import refine_facts
from goldsmith.cli.texts import read_recipe
from goldsmith.refine.flows import places_here
from goldsmith.refine.flows import redecide as decide_anew
from goldsmith.refine.flows import refine as refine_into
from goldsmith.refine.presets import preset_recipe
from goldsmith.refine.recipe import Recipe
from goldsmith.refine.reports import RefineReport
from goldsmith.sdk.wire import Refined

SOME_FAILED = 3
"""The exit code of `--strict` when documents failed."""

StrictOption = Annotated[bool, typer.Option(help="End with exit code 3 when a document failed.")]

app = new_app("Refine the documents of a recipe, and nothing else.", group=DefaultGroup)


@app.command(DefaultGroup.default)
def refine(
    recipe: Annotated[
        Path,
        typer.Argument(help="The recipe, a YAML file; with --preset the folder or file to refine.", metavar="RECIPE"),
    ],
    *,
    preset: Annotated[
        str | None, typer.Option(help="Take a recipe that comes with Goldsmith, such as `web`.", metavar="NAME")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder of your own for the result; no home is needed then.", metavar="DIR")
    ] = None,
    strict: StrictOption = False,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    as_json: JsonOption = False,
) -> None:
    """Refine the documents of a recipe, and nothing else.

    The result is a folder: what was kept, dropped and failed as Parquet, each with its reason, and a report.
    """
    read = read_recipe(recipe) if preset is None else preset_recipe(preset, recipe)
    if out is not None:
        refined = _into(out, read, recipe.parent, is_quiet=as_json)
    else:
        with connected(where(home, vault), runs_jobs=True, makes_home=True) as door:
            job = door.vault.refine(read.text, origin=read.origin, base=str(recipe.parent.absolute()))
            done = follow(door, job, is_quiet=as_json)
        refined = msgspec.convert((done.result or {})["refine"], Refined)
    _tell(refined, strict=strict, as_json=as_json)


@app.command()
def redecide(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="FOLDER")],
    recipe: Annotated[Path, typer.Argument(help="Its recipe, with other thresholds.", metavar="RECIPE")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Where the result goes; without it, into the same folder.", metavar="DIR")
    ] = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Decide anew with other thresholds, without computing scores again.

    The result is what `goldsmith refine` with this recipe would have written; only duplicates are compared again.
    """
    read = read_recipe(recipe)
    place = out or folder
    with showing_steps(is_quiet=as_json) as show:
        report = decide_anew(folder, read, place, progress=lambda one: show(one.phase, one.done, one.total))
    _tell(_refined(report, place, read), strict=strict, as_json=as_json)


def _into(out: Path, recipe: Recipe, base: Path, *, is_quiet: bool) -> Refined:
    with showing_steps(is_quiet=is_quiet) as show:
        report = refine_into(
            recipe,
            out,
            places=places_here(base.absolute()),
            jobs=os.cpu_count() or 1,
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


def _tell(refined: Refined, *, strict: bool, as_json: bool) -> None:
    if as_json:
        say_json(refined)
    else:
        for name, text in refine_facts(refined):
            say(f"  {name:<10} {text}")
    if strict and refined.n_failed:
        raise typer.Exit(SOME_FAILED)
