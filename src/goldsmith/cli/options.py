"""Options that several commands share, and what they amount to."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from typer.core import TyperGroup

from goldsmith.settings import Settings, load_settings

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The home folder; GOLDSMITH_HOME or ~/.goldsmith when it is not given.", metavar="DIR"),
]
VaultOption = Annotated[str, typer.Option("--vault", help="The client's vault.", metavar="NAME")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
ProjectOption = Annotated[
    str | None,
    typer.Option(
        "--project", "-p", help="The project's short name; not needed when there is only one.", metavar="NAME"
    ),
]

DEFAULT_VAULT = "default"


def new_app(help_text: str | None = None, group: type[TyperGroup] = TyperGroup) -> typer.Typer:
    """A command, or a group of commands that `help_text` describes; their help is plain text, which loads fast."""
    shown = {"help_option_names": ["-h", "--help"]}
    return typer.Typer(
        cls=group,
        help=help_text,
        no_args_is_help=help_text is not None,
        add_completion=False,
        rich_markup_mode=None,
        context_settings=shown,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The home and the vault that a command is about."""

    settings: Settings
    vault: str

    @property
    def home(self) -> Path:
        """The home folder."""
        return self.settings.home_folder


def where(home: Path | None, vault: str = DEFAULT_VAULT, *, host: str | None = None, port: int | None = None) -> Where:
    """The settings, with the options of a command before them.

    Raises:
        SettingsError: a setting is unknown or does not fit.
    """
    given = {"home": home, "host": host, "port": port}
    settings = load_settings(os.environ)
    changed = msgspec.structs.replace(settings, **{name: value for name, value in given.items() if value is not None})
    return Where(settings=changed, vault=vault)
