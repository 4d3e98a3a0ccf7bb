"""`goldsmith run`."""

from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.options import DEFAULT_VAULT, HomeOption, JsonOption, VaultOption, new_app, where
from goldsmith.cli.running import run_and_serve
from goldsmith.cli.texts import read_recipe

app = new_app()


@app.command()
def run(
    recipe: Annotated[Path, typer.Argument(help="The recipe, a YAML file.", metavar="RECIPE")],
    *,
    home: HomeOption = None,
    vault: VaultOption = DEFAULT_VAULT,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the home afterwards.")] = False,
    port: Annotated[int | None, typer.Option(help="The port to serve on.", min=0, max=65_535)] = None,
    as_json: JsonOption = False,
) -> None:
    """Do all that a recipe says, from raw files to a signed release.

    Running it again imports nothing twice, and makes a new release only when something has changed.
    """
    place, read = where(home, vault, port=port), read_recipe(recipe)
    run_and_serve(place, read, recipe.parent, as_json=as_json, serves=serve)
