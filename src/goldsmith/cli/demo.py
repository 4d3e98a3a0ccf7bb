"""`goldsmith demo`."""

from pathlib import Path
from typing import Annotated

import typer

from goldsmith.cli.options import HomeOption, JsonOption, new_app, where
from goldsmith.cli.running import run_and_serve
from goldsmith.cli.texts import DEMO, bundled_recipe

app = new_app()


@app.command()
def demo(
    *,
    home: HomeOption = None,
    port: Annotated[int | None, typer.Option(help="The port to serve on.", min=0, max=65_535)] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the release.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run the bundled recipe on documents of this machine, then serve.

    Refines the licence texts that every machine has, asks three programs which licence each is, writes a signed release
    and serves it, so that people can answer what the programs are not certain of. Nothing leaves the machine.
    """
    run_and_serve(where(home, port=port), bundled_recipe(DEMO), Path.cwd(), as_json=as_json, serves=not no_serve)
