"""The command line. One file per command; a command's file is loaded only when it is called."""

import signal
import sys
from types import FrameType, TracebackType
from typing import Annotated, NoReturn

import typer
import typer.main

from goldsmith import __version__
from goldsmith.cli.lazy import LazyGroup
from goldsmith.cli.messages import tell_error, tell_unexpected
from goldsmith.errors import GoldsmithError

app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"goldsmith {__version__}")
        raise typer.Exit


@app.callback()
def goldsmith(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Raw data in, certified training and evaluation data out."""


def main() -> None:
    """Run the command that the arguments name; ends the process with its exit code."""
    sys.excepthook = _on_unexpected
    signal.signal(signal.SIGTERM, _on_sigterm)
    try:
        typer.main.get_command(app).main(prog_name="goldsmith")
    except GoldsmithError as error:
        tell_error(error)
        sys.exit(error.exit_code)


def _on_sigterm(number: int, _frame: FrameType | None) -> NoReturn:
    """End as after an error, so that what is open is closed."""
    sys.exit(128 + number)


def _on_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    tell_unexpected(kind, error, trace)
