"""docs/cli.md: every command with its arguments and options."""

import inspect
from collections.abc import Iterator
from enum import Enum, EnumType
from itertools import compress
from pathlib import Path
from typing import Any, NamedTuple, cast

import typer.main

from goldsmith.cli import app
from tools.pages.markdown import page, table

# Any: Typer's commands are Click's, under a private name; they are read by their attributes.

INTRODUCTION = """\
`goldsmith COMMAND --help` says the same in the terminal. Commands that return data take `--json`. An error is one line
on standard error and an exit code of [the list](errors.md). A command that finds a server on its home talks to it; else
it opens the home itself."""

HEADING = ("argument or option", "value", "default", "meaning")

KINDS: dict[object, str] = {int: "whole number", float: "number", Path: "path"}


class Command(NamedTuple):
    """A command that can be run: its words after `goldsmith`, and what Typer made of it."""

    words: tuple[str, ...]
    command: Any

    @property
    def title(self) -> str:
        """What one types."""
        return " ".join(("goldsmith", *self.words))


def render() -> str:
    """The page."""
    return page("Commands", INTRODUCTION, *map(_section, commands()))


def commands() -> Iterator[Command]:
    """Every command that is not hidden, in the order of `goldsmith --help`."""
    yield from _below(Command((), typer.main.get_command(app)))


def parameters_of(command: Command) -> list[Any]:
    """The arguments and options of a command, without `--help`."""
    return [parameter for parameter in command.command.params if parameter.name != "help" and not _is_hidden(parameter)]


def name_of(parameter: Any) -> str:
    """How a parameter is given: `PROJECT` or `--home`."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).upper()
    return " / ".join([*parameter.opts, *parameter.secondary_opts])


def _below(command: Command) -> Iterator[Command]:
    inner = getattr(command.command, "commands", None)
    if inner is None:
        yield command
        return
    for name, found in inner.items():
        if not getattr(found, "hidden", False):
            yield from _below(Command((*command.words, name), found))


def _section(command: Command) -> str:
    parts = [f"## {command.title}", inspect.cleandoc(command.command.help or "").replace("\f", "")]
    if rows := [_row(parameter) for parameter in parameters_of(command)]:
        parts.append(table(HEADING, rows).strip())
    return "\n\n".join(parts)


def _row(parameter: Any) -> tuple[str, str, str, str]:
    return f"`{name_of(parameter)}`", _value(parameter), _default(parameter), parameter.help or ""


def _value(parameter: Any) -> str:
    kind: object = parameter.type_descriptor.annotation
    if getattr(parameter, "is_flag", False):
        return ""
    if parameter.min is not None or parameter.max is not None:
        bounds = [f"at least {parameter.min}", f"at most {parameter.max}"]
        given = (parameter.min is not None, parameter.max is not None)
        return f"number, {', '.join(compress(bounds, given))}"
    if isinstance(kind, EnumType):
        return " or ".join(f"`{member.value}`" for member in cast("type[Enum]", kind))
    return str(parameter.metavar).lower() if parameter.metavar else KINDS.get(kind, "text")


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, False, "", ()) or callable(parameter.default):
        return ""
    return f"`{parameter.default}`"


def _is_hidden(parameter: Any) -> bool:
    return bool(getattr(parameter, "hidden", False))
