"""Commands that are loaded when they are called, so that `goldsmith --help` answers at once."""

import importlib
from collections.abc import Iterator, MutableMapping
from typing import Any, NamedTuple

import typer.main
from typer.core import TyperCommand, TyperGroup

# Any: Typer's commands and contexts are Click's, under names that Typer keeps to itself.


class Entry(NamedTuple):
    """Where a command is, and the line about it in the list; that line is the first of its own help."""

    module: str
    help: str


ENTRIES = {
    "demo": Entry("demo", "Run the bundled recipe on documents of this machine, then serve."),
    "serve": Entry("serve", "Serve a home: browser app, API and jobs."),
    "run": Entry("run", "Do all that a recipe says, from raw files to a signed release."),
    "refine": Entry("refine", "Refine the documents of a recipe, and nothing else."),
    "recipes": Entry("recipes", "The recipes that come with Goldsmith."),
    "project": Entry("projects", "Projects: make, show, steer and measure them."),
    "import": Entry(
        "imports",
        "Import rows or media files as items; the same again imports nothing.",
    ),
    "items": Entry("items", "Items: list, show, route and export them."),
    "label": Entry("label", "Answer choice questions in the terminal, by number keys."),
    "release": Entry("releases", "Releases: make, show and download them."),
    "verify": Entry("verify", "Check a release offline, and name what was changed by file and row."),
    "consensus": Entry("consensus", "Infer the label of every task from votes, with calibrated confidence."),
    "agreement": Entry("agreement", "Measure how far annotators agree, from a file of their votes."),
    "suspects": Entry("suspects", "Rank labels or answers that are likely wrong, with the evidence."),
    "route": Entry("route", "Say which tasks need another answer, and what a budget of answers buys."),
    "job": Entry("jobs", "Jobs: list, watch and cancel slow work."),
    "user": Entry("users", "People: admit them, give links and roles."),
    "token": Entry("tokens", "API tokens of the owner, for programs."),
}


def loaded(module: str) -> Any:
    """A module of the command line, loaded now: the one place where an import waits until it is needed.

    Python takes seconds to load all that one command or another needs; each command pays for its own part alone.
    """
    return importlib.import_module(f"goldsmith.cli.{module}")


class LazyGroup(TyperGroup):
    """The list of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command as the list shows it; the command itself is loaded once it is called."""
        del ctx
        entry = ENTRIES.get(cmd_name)
        return None if entry is None else TyperCommand(name=cmd_name, help=entry.help)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order in which they are listed."""
        del ctx
        return list(ENTRIES)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name, loaded."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found if name is None else self.commands[name], rest


class DefaultGroup(TyperGroup):
    """Commands of which one is meant when none is named: `goldsmith refine FILE` is `goldsmith refine recipe FILE`."""

    default = "recipe"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, with the name of the command that is meant in front."""
        is_plain = bool(args) and args[0] not in self.commands and args[0] not in ctx.help_option_names
        return super().parse_args(ctx, [self.default, *args] if is_plain else args)


class _Commands(MutableMapping[str, Any]):
    """The commands by name, each loaded when it is taken."""

    def __getitem__(self, name: str) -> Any:
        command = typer.main.get_command(loaded(ENTRIES[name].module).app)
        command.name = name
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(ENTRIES)

    def __len__(self) -> int:
        return len(ENTRIES)

    def __setitem__(self, name: str, command: Any) -> None:
        raise TypeError(f"{name} cannot be added: commands are listed in ENTRIES.")

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"{name} cannot be removed: commands are listed in ENTRIES.")
