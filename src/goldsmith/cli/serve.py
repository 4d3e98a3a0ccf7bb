"""`goldsmith serve`."""

from typing import Annotated

import typer

from goldsmith.cli.options import HomeOption, new_app, where
from goldsmith.cli.serving import serve_home

app = new_app()


@app.command()
def serve(
    home: HomeOption = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", metavar="ADDRESS")] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; 0 takes any free one.", min=0, max=65_535)
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
) -> None:
    """Serve a home: browser app, API and jobs.

    A home that does not exist is made, with a first client and its owner. Prints a sign-in link for the owner.
    """
    serve_home(where(home, host=host, port=port), opens_browser=not no_open)
